/* What HTML alone cannot do: the keys, the day, drafts of forms, the map's word to its page. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");

  const typing = (event) => event.target.closest("input, select, textarea, [contenteditable], summary, iframe");
  const day = document.querySelector("[data-day] input[name=on]");
  const goTo = (value) => {
    const url = new URL(location.href);
    if (value === day.form.dataset.today) url.searchParams.delete("on");
    else url.searchParams.set("on", value);
    location.assign(url);
  };
  const step = (count, unit) => {
    const [year, month, date] = day.value.split("-").map(Number);
    let next;
    if (unit === "month") {
      const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
      next = new Date(Date.UTC(year, month - 1 + count, Math.min(date, last)));
    } else next = new Date(Date.UTC(year, month - 1, date + count));
    const text = next.toISOString().slice(0, 10);
    if (text >= day.min && text <= day.max) goTo(text);
  };
  if (day) day.addEventListener("change", () => { if (day.value && day.checkValidity()) goTo(day.value); });

  const keys = document.getElementById("keys");
  document.querySelectorAll("[data-keys]").forEach((button) => button.addEventListener("click", () => keys.showModal()));
  document.addEventListener("keydown", (event) => {
    if (typing(event) || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const acts = {
      ArrowLeft: () => day && step(-1, event.shiftKey ? "month" : "day"),
      ArrowRight: () => day && step(1, event.shiftKey ? "month" : "day"),
      t: () => day && goTo(day.form.dataset.today),
      "/": () => document.querySelector("[data-search]")?.focus(),
      "?": () => keys.showModal(),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open], details.ratio[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* In the narrow bar the current entry is scrolled to. */
  const bar = document.querySelector("nav.side");
  const shown = bar?.querySelector("[aria-current]");
  if (shown) bar.scrollLeft = shown.offsetLeft - (bar.clientWidth - shown.offsetWidth) / 2;

  /* The navigation folds to its pictures; a cookie tells the next page before it is painted. */
  const fold = document.querySelector("[data-fold]");
  if (fold) fold.addEventListener("click", () => {
    const folded = root.classList.toggle("folded");
    fold.setAttribute("aria-expanded", String(!folded));
    fold.closest("nav").querySelectorAll("a").forEach((link) => { link.title = folded ? link.textContent.trim() : ""; });
    document.cookie = `navigation=${folded ? "folded" : ""}; path=/; max-age=31536000; SameSite=Lax`;
  });

  /* Another row in a formset: the empty form is copied. */
  document.querySelectorAll("[data-add-row]").forEach((button) => button.addEventListener("click", () => {
    const box = button.closest("[data-formset]");
    const total = box.querySelector("[name$=TOTAL_FORMS]");
    const row = box.querySelector("template").content.cloneNode(true);
    row.querySelectorAll("[name], [id], [for]").forEach((node) => ["name", "id", "for", "aria-controls"].forEach((name) => {
      if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace("__prefix__", total.value));
    }));
    box.querySelector("tbody").append(row);
    if (window.htmx) htmx.process(box.querySelector("tbody").lastElementChild);
    total.value = Number(total.value) + 1;
  }));
  /* What was typed is kept in this browser for one person: it goes once that person logs out or
     another logs in, and that of an application once its page says it was sent (data-arrived). */
  const forget = () => Object.keys(localStorage).filter((key) => /^(draft|dossier):/.test(key)).forEach((key) => localStorage.removeItem(key));
  const { person } = root.dataset;
  if (person) {
    if ((localStorage.getItem("person") ?? person) !== person) forget();
    localStorage.setItem("person", person);
  }
  document.querySelectorAll("form[data-leaves]").forEach((form) => form.addEventListener("submit", forget));
  document.querySelectorAll("[data-arrived]").forEach((node) => localStorage.removeItem(`dossier:${node.dataset.arrived}`));
  /* A form marked data-draft keeps what was typed until it has arrived: another page answers then.
     A key chosen by typing (data-kept) is kept with its words, and rows added are added again. */
  const here = new URLSearchParams(location.search);
  here.delete("on");
  const place = location.pathname + (here.size ? `?${here}` : "");
  const sent = sessionStorage.getItem("sent");
  const arrived = sent && sent !== place && !location.pathname.startsWith("/accounts/");
  if (arrived) localStorage.removeItem(`draft:${sent}`);
  sessionStorage.removeItem("sent");
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = `draft:${place}`;
    const fields = () => [...form.elements].filter((f) => f.name && ("kept" in f.dataset || !["hidden", "password", "file", "submit", "radio"].includes(f.type)));
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept && !form.querySelector(".errors, .error")) {
      form.querySelectorAll("[data-formset]").forEach((box) => {
        const total = box.querySelector("[name$=TOTAL_FORMS]");
        const prefix = total.name.replace("TOTAL_FORMS", "");
        const last = Math.max(-1, ...Object.keys(kept).filter((name) => name.startsWith(prefix)).map((name) => parseInt(name.slice(prefix.length), 10) || 0));
        while (Number(total.value) <= Math.min(last, 199)) box.querySelector("[data-add-row]").click();
      });
      const typed = new Map(fields().map((f) => [f, f.type !== "checkbox" && f.localName !== "select" && f.value]));
      const empty = (f) => ![...(f.closest("[data-formset] tr")?.querySelectorAll("input") || [f])].some((one) => typed.get(one));
      fields().forEach((f) => {
        if (!(f.name in kept)) return;
        if (f.type === "checkbox") f.checked = kept[f.name];
        else if (!f.value || (f.localName === "select" && f.closest("[data-formset] tr") && empty(f))) f.value = kept[f.name];
      });
    }
    const keep = () => localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.type === "checkbox" ? f.checked : f.value]))));
    form.addEventListener("input", keep);
    form.addEventListener("submit", () => sessionStorage.setItem("sent", place));
  });
  document.querySelectorAll("select[data-submit], input[data-submit]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));

  /* The map's document says what was chosen; the page goes there or opens it at the right. */
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || !event.data || event.data.kind !== "open") return;
    const target = new URL(event.data.url, location.origin);
    if (target.origin !== location.origin) return;
    const panel = document.getElementById("panel");
    if (event.data.panel && panel && window.htmx) {
      const page = new URL(location.href);
      page.searchParams.set("unit", event.data.id);
      history.replaceState(null, "", page);
      htmx.ajax("GET", target.pathname + target.search, { target: "#panel", swap: "innerHTML" });
    } else location.assign(target);
  });
})();
