/* Says at once where a slider stands; the pictures follow when the server has computed them. */
"use strict";
document.addEventListener("input", ({ target }) => {
  const told = target.type === "range" && document.querySelector(`output[for="${target.id}"]`);
  if (told) told.textContent = told.dataset.before + Number(target.value).toLocaleString("en-US") + told.dataset.after;
});
