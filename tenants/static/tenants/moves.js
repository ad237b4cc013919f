// The form of a plan: lines are added, and what is typed into them is looked up.
const form = document.querySelector("[data-moves]");
const total = form.querySelector("[name=steps-TOTAL_FORMS]");
const empty = form.querySelector("[data-empty-step]");

form.querySelector("[data-add-step]").addEventListener("click", () => {
  const holder = document.createElement("div");
  holder.append(empty.content.cloneNode(true));
  for (const node of holder.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.replaceAll("__prefix__", total.value));
    }
  }
  empty.before(...holder.children);
  total.value = Number(total.value) + 1;
  form.querySelector(`[name=steps-${total.value - 1}-lease]`).focus();
});

let asked = 0;
form.addEventListener("input", async (event) => {
  const field = event.target;
  const what = field.dataset.pick;
  if (!what) return;
  const mine = ++asked;
  await new Promise((done) => setTimeout(done, 200));
  if (mine !== asked) return;
  const query = new URLSearchParams({ what, q: field.value, park: form.elements.park.value });
  const answer = await fetch(`${form.dataset.pickUrl}?${query}`);
  if (!answer.ok || mine !== asked) return;
  const list = document.getElementById("pick-list") ?? document.createElement("datalist");
  list.id = "pick-list";
  list.innerHTML = await answer.text();
  const kept = what === "unit" && field.value.includes(",") ? field.value.replace(/[^,]*$/, "") : "";
  for (const option of list.options) option.value = kept + option.value;
  document.body.append(list);
  for (const other of form.querySelectorAll("[list=pick-list]")) other.removeAttribute("list");
  field.setAttribute("list", "pick-list");
});
