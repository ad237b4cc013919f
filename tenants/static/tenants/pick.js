/* Choosing by typing: suggestions under the field, by arrow keys, Enter, Escape or the mouse. */
(() => {
  "use strict";
  const parts = (box) => ({ words: box.querySelector("[role=combobox]"), key: box.querySelector("[type=hidden]"), list: box.querySelector("[role=listbox]") });
  const options = (list) => [...list.querySelectorAll("[role=option]")];
  const show = (box, open) => {
    const { words, list } = parts(box);
    list.hidden = !open;
    words.setAttribute("aria-expanded", String(open));
    if (!open) words.removeAttribute("aria-activedescendant");
  };
  const mark = (box, index) => {
    const { words, list } = parts(box);
    options(list).forEach((one, i) => one.setAttribute("aria-selected", String(i === index)));
    const one = options(list)[index];
    if (!one) return;
    words.setAttribute("aria-activedescendant", one.id);
    one.scrollIntoView({ block: "nearest" });
  };
  const take = (box, one) => {
    const { words, key } = parts(box);
    words.value = one.textContent;
    key.value = one.dataset.key;
    show(box, false);
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const asked = new WeakMap();
  const ask = async (box) => {
    const { words, list } = parts(box);
    asked.get(box)?.abort();
    const stop = new AbortController();
    asked.set(box, stop);
    try {
      const address = new URL(box.dataset.pick, location.href);
      address.searchParams.set("typed", words.value);
      const answer = await fetch(address, { signal: stop.signal });
      const { found, none } = await answer.json();
      list.replaceChildren(...found.map(([key, told], index) => {
        const one = document.createElement("span");
        one.id = `${list.id}-${index}`;
        one.dataset.key = key;
        one.textContent = told;
        one.setAttribute("role", "option");
        return one;
      }));
      if (!found.length) list.textContent = none;
      show(box, document.activeElement === words);
      if (found.length && words.value.trim()) mark(box, 0);
    } catch (error) { if (error.name !== "AbortError") throw error; }
  };
  const of = (event) => event.target.closest?.("[data-pick]");
  let wait;
  document.addEventListener("input", (event) => {
    const box = of(event);
    if (!box || !event.isTrusted) return;
    parts(box).key.value = "";
    clearTimeout(wait);
    wait = setTimeout(ask, 200, box);
  }, true);
  document.addEventListener("keydown", (event) => {
    const box = of(event);
    if (!box) return;
    const { words, list } = parts(box);
    const all = options(list);
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(box);
      else if (all.length) mark(box, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && at >= 0) take(box, all[at]);
    } else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(box, false); }
    else if (event.key === "Tab" && !list.hidden && all.length === 1 && words.value.trim()) take(box, all[0]);
  });
  document.addEventListener("mousedown", (event) => {
    const one = event.target.closest?.("[data-pick] [role=option]");
    if (one) { event.preventDefault(); take(one.closest("[data-pick]"), one); }
  });
  document.addEventListener("focusout", (event) => { const box = of(event); if (box) show(box, false); });
})();
