"use strict";
(() => {
  const root = document.querySelector("[data-board]");
  if (!root) return;
  // A page is asked for anew no more often than this, and no more seldom.
  const [QUICKEST, SLOWEST] = [5000, 300000];
  // A server that has not answered by then is not reached, milliseconds.
  const PATIENCE = 30000;
  let [isPaused, isLost, timer, asked] = [false, false, 0, 0];
  // The moment at which the next dashboard of a wall has its turn.
  let turn = 0;

  const number = (name) => Number(root.dataset[name]);
  const isWall = root.dataset.wall !== undefined;
  const isTurning = () => root.dataset.seconds !== undefined;
  const begin = () => {
    turn = performance.now() + number("seconds") * 1000;
  };

  // The state of the page: live, paused, or lost. A wall says nothing while all is well.
  const say = () => {
    const state = root.querySelector("[data-state]");
    const text = root.dataset[isLost ? "wordLost" : isPaused ? "wordPaused" : "wordLive"];
    const shown = isWall && !isLost && !isPaused ? "" : text;
    if (state.textContent !== shown) state.textContent = shown;
    for (const one of root.querySelectorAll("[data-script]")) one.hidden = false;
    const button = root.querySelector("[data-pause]");
    if (!button) return;
    button.hidden = false;
    button.textContent = root.dataset[isPaused ? "wordGo" : "wordPause"];
  };

  const place = (fresh, isNext) => {
    for (const name of [...root.attributes].map((one) => one.name)) {
      if (name.startsWith("data-") && !fresh.hasAttribute(name)) root.removeAttribute(name);
    }
    for (const one of fresh.attributes) root.setAttribute(one.name, one.value);
    if (isNext) {
      root.replaceChildren(...fresh.childNodes);
      return;
    }
    const active = document.activeElement;
    const name = active && root.contains(active) && active.getAttribute("aria-label");
    for (const part of root.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      // What stays the same is not read out again.
      if (other && part.innerHTML !== other.innerHTML) part.replaceChildren(...other.childNodes);
    }
    // Whoever stood at the link of a card stands there still.
    if (name && !root.contains(document.activeElement)) {
      const again = [...root.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === name);
      again?.focus({ preventScroll: true });
    }
  };

  // Asks for a page and shows it in the place of this one, or, of the same dashboard, what of it has changed.
  const show = async (address, isNext = false) => {
    const mine = (asked += 1);
    clearTimeout(timer);
    try {
      const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-board]");
      if (mine !== asked || (isPaused && !isNext)) return;
      // A sign-in page, or a dashboard that was removed: it is shown as it is. An answer of a proxy before the server is none.
      const isOurs = page.querySelector('meta[name="application-name"][content="Pulseboard"]') !== null;
      if (!fresh && isOurs && (answer.redirected || [401, 403, 404].includes(answer.status))) {
        location.assign(answer.url);
        return;
      }
      isLost = !fresh;
      if (fresh) {
        const isOther = answer.url.split("?")[0] !== location.href.split("?")[0];
        if (isNext || isOther) {
          document.title = page.title;
          history.replaceState(null, "", answer.url);
        }
        place(fresh, isNext || (isWall && isOther));
        if (isNext) begin();
      }
    } catch {
      // The server is not reached, and the page says so; what is shown stays.
      if (mine !== asked) return;
      isLost = true;
    }
    say();
    follow();
  };
  const next = () => show(root.dataset.next, true);
  const follow = () => {
    clearTimeout(timer);
    if (isPaused || document.hidden) return;
    const wait = isLost ? QUICKEST : Math.min(SLOWEST, Math.max(QUICKEST, number("step")));
    const rest = isTurning() ? Math.max(0, turn - performance.now()) : Infinity;
    if (rest <= wait) timer = setTimeout(next, isLost ? Math.max(rest, QUICKEST) : rest);
    else timer = setTimeout(() => show(location.href), wait);
  };
  const pause = () => {
    isPaused = !isPaused;
    say();
    if (isPaused) clearTimeout(timer);
    else {
      begin();
      show(location.href);
    }
  };

  root.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-pause]")) pause();
  });
  document.addEventListener("keydown", (event) => {
    if (!isWall || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnLink = event.target instanceof Element && event.target.closest("a, button");
    if (event.key === "Escape") root.querySelector("[data-exit]").click();
    else if (event.key === " " && !isOnLink) pause();
    else if (event.key === "ArrowRight" && isTurning()) next();
    else return;
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (!isPaused) show(location.href);
  });

  begin();
  say();
  // The server names times of the zone that the address says: it becomes the reader's.
  const zone = -new Date(number("now")).getTimezoneOffset();
  if (zone === number("zone")) follow();
  else {
    const address = new URL(location.href);
    address.searchParams.set("zone", String(zone));
    history.replaceState(null, "", address);
    show(address.href);
  }
})();
