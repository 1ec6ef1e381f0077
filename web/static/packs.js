/* The editor of a pack: numbers beside the lines, the way from a finding to its line, and a word before a text that is
   not saved is left. Everything works without it, but the numbers. */
"use strict";
(() => {
  const form = document.getElementById("editor"), text = form.querySelector("textarea"), lost = document.getElementById("lost");
  const numbers = document.createElement("div");
  numbers.className = "numbers";
  numbers.ariaHidden = "true";
  text.before(numbers);
  let sent = false;

  function count() {
    const lines = text.value.split("\n").length;
    if (numbers.childElementCount !== lines) numbers.replaceChildren(...Array.from({ length: lines }, (_, n) => {
      const one = document.createElement("span");
      one.textContent = n + 1;
      return one;
    }));
    numbers.scrollTop = text.scrollTop;
  }

  function goTo(line) {
    const before = text.value.split("\n").slice(0, line - 1), start = before.reduce((sum, one) => sum + one.length + 1, 0);
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    text.scrollTop = text.scrollHeight / numbers.childElementCount * Math.max(0, line - 6);
    text.scrollLeft = 0;
  }

  text.addEventListener("input", count);
  text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
  document.addEventListener("htmx:error", () => { lost.hidden = false; });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => { lost.hidden = ctx.response.status < 400; });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("beforeunload", (event) => {
    if (!sent && text.value !== text.defaultValue) event.preventDefault();
  });
  count();
})();
