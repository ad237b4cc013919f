/* The stacking plan: one listener for all cells; keys go from cell to cell; several can be picked. */
(() => {
  "use strict";
  const plan = document.querySelector("[data-plan]");
  if (!plan) return;
  const panel = document.getElementById("panel");
  const bar = document.querySelector("[data-picked]");
  const cells = [...plan.querySelectorAll(".line a")];
  const picked = new Set();
  const keyOf = (cell) => cell.pathname.split("/")[2];
  const areaOf = (cell) => Number(cell.querySelector("u").textContent.replaceAll(",", ""));
  const floorOf = (cell) => cell.closest("[data-floor]").dataset.floor;
  const wordsOf = (cell) => [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean);
  let current = cells.find((cell) => keyOf(cell) === plan.dataset.open) || cells[0];
  let last = null;
  const picking = document.querySelector("[data-picking]");

  /* One stop of the Tab key for the whole plan. */
  const focus = (cell) => {
    if (!cell) return;
    current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    cell.focus();
  };
  cells.forEach((cell) => { cell.tabIndex = -1; });
  if (current) {
    current.tabIndex = 0;
    current.setAttribute("aria-describedby", "plan-keys");
  }

  const show = () => {
    const some = [...picked];
    const area = some.reduce((sum, cell) => sum + areaOf(cell), 0);
    const query = (name, rest) => rest.map((cell) => `${name}=${keyOf(cell)}`).join("&");
    bar.hidden = !some.length;
    bar.querySelector("[data-count]").textContent =
      `${some.length} ${plan.dataset.pickWords} · ${area.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ㎡`;
    const letting = bar.querySelector("[data-let]");
    if (letting) letting.href = `${letting.pathname}?${query("unit", some)}`;
    const merge = bar.querySelector("[data-merge]");
    if (merge) {
      const fits = some.length > 1 && new Set(some.map(floorOf)).size === 1;
      merge.hidden = !fits;
      if (fits) merge.href = `/units/${keyOf(some[0])}/merge/?${query("with", some.slice(1))}`;
    }
  };
  const pick = (cell, on = !picked.has(cell)) => {
    picked[on ? "add" : "delete"](cell);
    cell.classList.toggle("picked-cell", on);
    last = cell;
  };
  const range = (cell) => {
    const [from, to] = [cells.indexOf(last || cell), cells.indexOf(cell)].sort((a, b) => a - b);
    cells.slice(from, to + 1).forEach((one) => pick(one, true));
    last = cell;
  };
  bar.querySelector("[data-clear]").addEventListener("click", () => {
    [...picked].forEach((cell) => pick(cell, false));
    show();
  });

  /* The panel has its own address; without it the link leads to the unit's page. */
  const address = (key) => {
    const url = new URL(location.href);
    if (key) url.searchParams.set("unit", key);
    else url.searchParams.delete("unit");
    history.replaceState(null, "", url);
    const field = document.querySelector("[data-day]");
    let kept = field.querySelector("[name=unit]");
    if (!kept) field.prepend(kept = Object.assign(document.createElement("input"), { type: "hidden", name: "unit" }));
    kept.value = key;
    kept.disabled = !key;
    cells.forEach((cell) => { if (cell.hasAttribute("aria-current")) cell.removeAttribute("aria-current"); });
  };
  const open = (cell) => {
    const key = keyOf(cell);
    address(key);
    cell.setAttribute("aria-current", "true");
    htmx.ajax("GET", plan.dataset.panel.replace("/0/", `/${key}/`) + cell.search, { target: "#panel", swap: "innerHTML" });
  };
  const close = () => {
    panel.replaceChildren();
    address("");
    if (current) current.focus();
  };
  if (plan.dataset.open && current) current.setAttribute("aria-current", "true");
  panel.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close();
  });

  plan.addEventListener("click", (event) => {
    const cell = event.target.closest(".line a");
    if (!cell || event.button) return;
    event.preventDefault();
    focus(cell);
    if (event.shiftKey) range(cell);
    else if (event.ctrlKey || event.metaKey || picking.getAttribute("aria-pressed") === "true") pick(cell);
    else return open(cell);
    show();
  });
  plan.addEventListener("pointerover", (event) => {
    const cell = event.target.closest(".line a");
    if (cell && !cell.title) cell.title = [...cell.childNodes].map((node) => node.textContent + (node.nodeName === "U" ? " ㎡" : "")).join(" · ");
  });

  /* Touch has no Ctrl: a switch lets taps pick. */
  picking.addEventListener("click", () => picking.setAttribute("aria-pressed", String(picking.getAttribute("aria-pressed") !== "true")));

  /* Above and below: the cell whose middle is nearest. */
  const beside = (cell, step) => {
    const lines = [...plan.querySelectorAll(".line")];
    const line = lines[lines.indexOf(cell.parentElement) + step];
    if (!line) return null;
    const middle = (one) => one.offsetLeft + one.offsetWidth / 2;
    return [...line.children].reduce((best, one) => Math.abs(middle(one) - middle(cell)) < Math.abs(middle(best) - middle(cell)) ? one : best);
  };
  plan.addEventListener("keydown", (event) => {
    const cell = event.target.closest(".line a");
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = cells.indexOf(cell);
    const to = {
      ArrowLeft: () => cells[at - 1], ArrowRight: () => cells[at + 1],
      ArrowUp: () => beside(cell, -1), ArrowDown: () => beside(cell, 1),
      Home: () => cell.parentElement.firstElementChild, End: () => cell.parentElement.lastElementChild,
    }[event.key];
    if (to) {
      const next = to();
      if (event.shiftKey && next) { pick(cell, true); pick(next, true); show(); }
      focus(next);
    } else if (event.key === " ") {
      pick(cell);
      show();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]") && panel.childElementCount) close();
  });

  const mark = document.querySelector("[data-mark]");
  const marked = document.querySelector("[data-marked]");
  mark.addEventListener("input", () => {
    const words = mark.value.trim().toLowerCase();
    let hits = 0;
    cells.forEach((cell) => {
      const hit = words !== "" && wordsOf(cell).slice(1).join(" ").toLowerCase().includes(words);
      cell.classList.toggle("hit", hit);
      if (hit && !hits++) cell.scrollIntoView({ block: "nearest" });
    });
    plan.classList.toggle("dimmed", words !== "");
    marked.textContent = words ? hits : "";
  });
  mark.form.addEventListener("submit", (event) => { if (document.activeElement === mark) event.preventDefault(); });
})();
