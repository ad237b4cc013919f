/* One box in the heading marks every row of the list. */
document.querySelectorAll("form[data-select-all]").forEach((form) => {
  const head = form.querySelector("th[data-all]");
  if (!head) return;
  const all = Object.assign(document.createElement("input"), { type: "checkbox" });
  all.setAttribute("aria-label", form.dataset.selectAll);
  const boxes = () => [...form.querySelectorAll("td input[type=checkbox]")];
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  form.addEventListener("change", () => { all.checked = boxes().length > 0 && boxes().every((box) => box.checked); });
  head.replaceChildren(all);
});
