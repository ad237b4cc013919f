/* The sum of the weights typed so far, beside the heading of the table. */
(() => {
  "use strict";
  const out = document.querySelector("[data-weights]");
  if (!out) return;
  const fields = [...document.querySelectorAll(".criteria-rows input[type=number]")];
  const add = () => { out.textContent = fields.reduce((sum, f) => sum + Number(f.value || 0), 0); };
  document.addEventListener("input", add);
  add();
})();
