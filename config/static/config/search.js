/* The finds below the search field: shown as they come, chosen by keys. */
(() => {
  "use strict";
  const input = document.querySelector("[data-search]");
  const list = document.getElementById("finds");
  if (!input || !list) return;
  let at = -1;
  const links = () => [...list.querySelectorAll("a[role=option]")];
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };
  const choose = (index) => {
    at = index;
    links().forEach((link, i) => link.setAttribute("aria-selected", String(i === at)));
    const link = links()[at];
    if (link) { input.setAttribute("aria-activedescendant", link.id); link.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  list.addEventListener("htmx:afterSwap", () => { at = -1; show(input.value.trim() !== "" && document.activeElement === input); });
  input.addEventListener("keydown", (event) => {
    const count = links().length;
    if (event.key === "Escape") { if (!list.hidden) { event.preventDefault(); show(false); } }
    else if (list.hidden) { if (event.key === "ArrowDown" && count) { event.preventDefault(); show(true); } }
    else if (event.key === "ArrowDown" && count) { event.preventDefault(); choose((at + 1) % count); }
    else if (event.key === "ArrowUp" && count) { event.preventDefault(); choose((at <= 0 ? count : at) - 1); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); links()[at].click(); }
  });
  input.addEventListener("input", () => { if (!input.value.trim()) show(false); });
  input.form.addEventListener("focusout", (event) => { if (!input.form.contains(event.relatedTarget)) show(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault());
})();
