/* Keeps an open page current: asks each second, while the page is visible, whether something is new for it, and has
   htmx bring it up to date around what the reader is doing. Forms that somebody has typed in are left as they are, and
   the rows of a board stay where they are: what would come, go or move is offered. The words are in base.html. */
"use strict";
(() => {
  const EVERY = 1000, SLOWEST = 15000, PATIENCE = 5000, RECENT = 60000; // ms
  const line = document.querySelector(".live"), offer = line.querySelector("button");
  const page = () => document.getElementById("live");
  let timer, fading, newest, putBack, asking = false, met = Date.now(), lost = 0, taking = false;
  let listed = page().dataset.after; // when the rows were last those that the list has

  function say(state) {
    clearTimeout(fading);
    line.classList.toggle("off", state !== "live" && state !== "updated");
    for (const words of line.querySelectorAll("[data-say]")) words.hidden = words.dataset.say !== state;
    if (state === "updated") fading = setTimeout(say, RECENT, "live");
  }

  async function ask() {
    clearTimeout(timer);
    if (asking || document.hidden) return;
    asking = true;
    let wait = EVERY;
    try {
      const { ask, after } = page().dataset;
      const answer = await fetch(`${ask}?after=${after}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if ([403, 404, 410].includes(answer.status)) return location.reload(); // the page itself says why
      if (![200, 304, 401].includes(answer.status)) throw new Error(answer.statusText);
      if (answer.status === 401) {
        say("signed-out");
        wait = PATIENCE;
        lost = 1;
      } else {
        if (lost || Date.now() - met > 2 * PATIENCE) say("updated");
        lost = 0;
        met = Date.now();
      }
      if (answer.status === 200) {
        newest = await answer.text();
        page().dispatchEvent(new Event("news"));
      }
    } catch {
      if (++lost > 1) {
        line.querySelector("time").textContent = new Date(met).toLocaleTimeString("en-US", { timeStyle: "short" });
        say("lost");
      }
      wait = Math.min(EVERY * 2 ** (lost - 1), SLOWEST);
    }
    asking = false;
    timer = setTimeout(ask, wait * (1 - 0.2 * Math.random())); // not all pages at the same moment
  }

  const changed = (one) =>
    /checkbox|radio/.test(one.type) ? one.checked !== one.defaultChecked
    : one.options ? one.value !== ([...one.options].find((o) => o.defaultSelected) ?? one.options[0])?.value
    : "defaultValue" in one && one.value !== one.defaultValue;

  /* htmx leaves out what has the class: the card of a form, so that nothing is lost when the page no longer has it. */
  function keepTyped() {
    for (const form of page().querySelectorAll("form"))
      (form.closest("article[id]") ?? form).classList.toggle("typed",
        [...form.elements].some(changed) || form.querySelector("[role=alert]") !== null); // it came back with what was typed
  }

  /* Give the fresh table the rows that the reader has, in their order; return how many would come, go or move. */
  function holdRows(shown, fresh, gone) {
    const rows = new Map([...gone.content.children, ...fresh.rows].map((row) => [row.id, row]));
    const kept = [...shown.rows].filter((row) => rows.has(row.id) || !("erased" in gone.dataset));
    const order = [...fresh.rows].map((row) => row.id), climb = [];
    const places = kept.map((row) => order.indexOf(row.id)).filter((place) => place >= 0);
    for (const place of places) {
      const at = climb.findIndex((other) => other > place); // the longest run of rows that are still in order
      climb[at < 0 ? climb.length : at] = place;
    }
    fresh.replaceChildren(...kept.map((row) => rows.get(row.id) ?? row.cloneNode(true)));
    return kept.length - climb.length + order.length - places.length;
  }

  /* What is read stays where it is on the screen: the thing that has the focus, else the first row that is seen. */
  function hold() {
    const top = (one) => one?.getBoundingClientRect().top, seen = (one) => top(one) > 0 && top(one) < innerHeight;
    const row = [...page().querySelectorAll("tbody tr[id]")].find(seen)?.id;
    const held = () => document.activeElement.closest("#live :focus");
    const find = seen(held()) ? held : () => document.getElementById(row);
    const before = top(find());
    putBack = () => scrollBy(0, (top(find()) ?? before) - before || 0);
  }

  function offering(count, after) {
    offer.hidden = !count;
    line.classList.toggle("offers", count > 0);
    if (!count) listed = after;
    offer.textContent = offer.dataset[count === 1 ? "one" : "many"].replace("#", count);
  }

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    keepTyped();
    ctx.request.body.set("after", taking ? listed : page().dataset.after);
    const seen = page().querySelector(".typed [name=seen]");
    if (seen) ctx.request.body.set("since", seen.value);
  });

  document.addEventListener("htmx:before:swap", (event) => {
    const next = event.detail.tasks[0]?.fragment.querySelector("#live"), status = event.detail.ctx.response.status;
    if (!next) {
      event.preventDefault();
      taking = false;
      if (status < 500) page().dataset.after = newest; // it would be refused each second
      return say("stale");
    }
    keepTyped();
    hold();
    for (const told of page().querySelectorAll("[autofocus]")) told.removeAttribute("autofocus"); // once, not at each news
    const shown = page().querySelector(".board tbody"), fresh = next.querySelector(".board tbody"), { after } = next.dataset;
    if (!shown || taking) return offering(0, after);
    if (fresh) return offering(holdRows(shown, fresh, next.querySelector("#gone")), after);
    event.preventDefault(); // everybody would go
    page().dataset.after = after;
    offering(shown.rows.length);
  });

  document.addEventListener("htmx:after:swap", () => {
    if (taking && document.activeElement === document.body) page().querySelector(".board")?.focus({ preventScroll: true });
    else putBack?.();
    taking = false;
    say("updated");
  });

  offer.addEventListener("click", () => {
    taking = true;
    page().dispatchEvent(new Event("news"));
  });
  document.addEventListener("visibilitychange", ask);
  addEventListener("online", ask);
  line.hidden = false;
  timer = setTimeout(ask, EVERY * Math.random());
})();
