/* The application form saves what changed as one types. Until the server has said that a value is
   kept it stays in this browser, and is sent again: after a lost connection, a log-in, a reload. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-dossier]");
  if (!form || !window.htmx) return;
  const key = `dossier:${location.pathname}`;
  const said = document.getElementById("saved");
  const fieldsOf = (name) => [...form.elements].filter((f) => f.name === name && f.type !== "hidden");
  const told = (name, value) => JSON.stringify(fieldsOf(name).map(value).filter((v) => v !== false));
  const read = (name) => told(name, (f) => (f.type === "checkbox" ? f.checked && f.value : f.value));
  /* As the page came: one may have typed before this script was there. */
  const chosen = (f) => ([...f.options].find((one) => one.defaultSelected) ?? f.options[0])?.value ?? "";
  const served = (name) => told(name, (f) => (f.type === "checkbox" ? f.defaultChecked && f.value : f.options ? chosen(f) : f.defaultValue ?? f.value));
  const write = (name, kept) => {
    const values = JSON.parse(kept);
    fieldsOf(name).forEach((f, n) => { if (f.type === "checkbox") f.checked = values.includes(f.value); else f.value = values[n] ?? ""; });
  };
  const base = new Map();
  const remember = () => [...form.elements].forEach((f) => { if (f.name && !base.has(f.name)) base.set(f.name, served(f.name)); });
  remember();

  /* name → {value, base}: typed here and not known to be kept. */
  const dirty = new Map(Object.entries(JSON.parse(localStorage.getItem(key) || "{}")));
  const store = () => {
    form.toggleAttribute("data-unsaved", dirty.size > 0);
    if (dirty.size) localStorage.setItem(key, JSON.stringify(Object.fromEntries(dirty)));
    else localStorage.removeItem(key);
  };
  const go = () => htmx.trigger(form, "typed");
  let sent = new Map();

  document.addEventListener("input", ({ target }) => {
    if (target.form !== form || !target.name || target.type === "hidden") return;
    remember();
    dirty.set(target.name, { value: read(target.name), base: base.get(target.name) });
    store();
    go();
  });

  form.addEventListener("htmx:configRequest", (event) => {
    if (event.target !== form) return;
    sent = new Map([...dirty].filter(([, one]) => !one.older).map(([name, one]) => [name, one.value]));
    if (!sent.size) { event.preventDefault(); return; }
    const data = event.detail.formData;
    [...new Set(data.keys())].forEach((name) => { if (name !== "csrfmiddlewaretoken" && !sent.has(name) && !name.startsWith("area_m")) data.delete(name); });
    data.set("fields", [...sent.keys()].join(","));
    said.classList.remove("failed");
    said.textContent = said.dataset.saving;
  });
  form.addEventListener("dossier-saved", (event) => {
    event.detail.fields.forEach((name) => {
      base.set(name, sent.get(name));
      if (dirty.get(name)?.value === sent.get(name)) dirty.delete(name);
    });
    store();
    if ([...dirty].some(([name, one]) => !one.older && sent.get(name) !== one.value)) go();
  });

  const fail = (words) => { said.classList.add("failed"); said.textContent = words; };
  let again = 0;
  const failed = (event) => {
    if (event.target !== form) return;
    fail(said.dataset.failed);
    clearTimeout(again);
    again = setTimeout(go, 10000);
  };
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => form.addEventListener(name, failed));
  window.addEventListener("online", go);
  document.addEventListener("htmx:beforeSwap", (event) => {
    /* A log-in page answered instead. */
    if (!new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) return;
    event.detail.shouldSwap = false;
    fail(said.dataset.left);
  });

  /* What an earlier visit could not send: taken up again, unless the server has something newer. */
  dirty.forEach((one, name) => {
    const now = base.get(name);
    if (now === undefined || now === one.value) dirty.delete(name);
    else if (now === one.base) { if (read(name) === now) write(name, one.value); }
    else {
      one.older = true;
      const note = document.createElement("span");
      note.className = "help unsent";
      note.textContent = JSON.parse(one.value).join(", ");
      document.getElementById(`error-${name}`)?.before(note);
    }
  });
  base.forEach((was, name) => {
    if (read(name) !== was && !dirty.get(name)?.older) dirty.set(name, { value: read(name), base: was });
  });
  store();
  /* Once htmx, which was loaded before, has found the form. */
  document.addEventListener("DOMContentLoaded", () => { if ([...dirty.values()].some((one) => !one.older)) go(); });

  /* Files: too large is said before anything is sent; the rest shows how far it is. */
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "file" || !target.dataset.most) return;
    const large = target.files[0] && target.files[0].size > Number(target.dataset.most);
    target.setCustomValidity(large ? target.dataset.tooLarge : "");
    target.reportValidity();
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector?.("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
})();
