"use strict";
(() => {
  const root = document.querySelector("[data-explore]");
  if (!root) return;
  const MINUTE = 60000;
  // A page is asked for anew no more often than this, and no more seldom.
  const [QUICKEST, SLOWEST] = [2000, 300000];
  // A shorter time has nothing more to show.
  const SHORTEST = 5000;
  let [moment, drag, isPaused, isZooming, timer, asked] = [null, null, false, false, 0, 0];
  // A server that has not answered by then is not reached, milliseconds.
  const PATIENCE = 30000;

  const all = (selector, from = root) => [...from.querySelectorAll(selector)];
  const data = (name) => Number(root.dataset[name]);
  const view = () => ({ from: data("from"), to: data("to"), step: data("step"), zone: data("zone") });
  const isLive = () => root.dataset.live !== undefined && root.querySelector("[data-plot]") !== null;

  // The picture of a plot that is shown, and where its data begin and end, as shares of its width.
  const picture = (plot) => {
    const shown = [...plot.children].find((one) => one.dataset.left !== undefined && one.offsetWidth > 0);
    return shown && { box: plot.getBoundingClientRect(), left: Number(shown.dataset.left), right: Number(shown.dataset.right) };
  };
  const timeAt = (plot, x) => {
    const of = picture(plot);
    if (!of) return null;
    const { from, to } = view();
    const share = ((x - of.box.left) / of.box.width - of.left) / (of.right - of.left);
    return from + Math.min(1, Math.max(0, share)) * (to - from);
  };
  const shareAt = (plot, time) => {
    const of = picture(plot);
    if (!of) return null;
    const { from, to } = view();
    return of.left + ((time - from) / (to - from)) * (of.right - of.left);
  };

  const two = (number) => String(number).padStart(2, "0");
  const told = (time) => {
    const { zone, step } = view();
    const at = new Date(time + zone * MINUTE);
    const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${step < MINUTE ? `:${two(at.getUTCSeconds())}` : ""}`;
    return `${at.toISOString().slice(0, 10)} ${clock}`;
  };

  const piece = (plot, name) => {
    let one = plot.querySelector(`.${name}`);
    if (!one) {
      one = document.createElement("div");
      one.className = name;
      plot.append(one);
    }
    return one;
  };

  // The crosshair: one moment in every chart, with the values of its step in the legends.
  const draw = () => {
    const { step } = view();
    for (const plot of all("[data-plot]")) {
      const line = piece(plot, "explore__line");
      const share = moment === null || moment < view().from ? null : shareAt(plot, moment);
      line.hidden = share === null;
      if (share !== null) line.style.left = `${100 * share}%`;
      const zoom = piece(plot, "explore__zoom");
      zoom.hidden = drag === null || drag.from === drag.to;
      if (!zoom.hidden) {
        const ends = [drag.from, drag.to].map((time) => shareAt(plot, time)).sort((one, other) => one - other);
        zoom.style.left = `${100 * ends[0]}%`;
        zoom.style.width = `${100 * (ends[1] - ends[0])}%`;
      }
    }
    for (const row of all("[data-values]")) {
      const values = row.dataset.values.split("|");
      const place = moment === null ? -1 : Math.floor((moment - Number(row.dataset.start)) / step);
      // A series whose samples are farther apart than a step is long shows the one before.
      let value = "";
      for (let back = 0; back < Number(row.dataset.pace) && !value && place >= 0; back += 1) value = values[place - back] ?? "";
      row.querySelector("[data-at]").textContent = value || (moment === null ? "" : "–");
    }
    const shown = root.querySelector("[data-moment]");
    const text = moment === null ? "" : told(moment);
    if (shown.textContent !== text) shown.textContent = text;
  };
  const point = (time) => {
    const { from, to } = view();
    moment = time === null ? null : Math.min(to, Math.max(from, time));
    draw();
  };

  // The state of the page: live, paused, or lost.
  const say = (isLost = false) => {
    const state = root.querySelector("[data-state]");
    state.parentElement.hidden = !isLive() && !isLost;
    const word = isLost ? "wordLost" : isPaused ? "wordPaused" : "wordLive";
    const text = isLive() || isLost ? root.dataset[word] : "";
    if (state.textContent !== text) state.textContent = text;
    const button = root.querySelector("[data-pause]");
    button.hidden = !isLive();
    button.textContent = root.dataset[isPaused ? "wordGo" : "wordPause"];
  };

  // Makes of the server's document one that can be pointed at.
  const prepare = () => {
    for (const one of all("[data-script]")) one.hidden = false;
    for (const plot of all("[data-plot]")) {
      plot.tabIndex = 0;
      plot.setAttribute("role", "group");
      plot.setAttribute("aria-label", `${plot.dataset.name}. ${plot.dataset.keys}`);
    }
    say();
    draw();
  };

  // An element that has the focus is found again by its name.
  const FOCUSABLE = "a, button, input, [tabindex]";
  const nameOf = (one) => one && root.contains(one) && (one.dataset.name ?? one.getAttribute("aria-label") ?? (one.id || one.textContent));
  // Asks for a view, and shows it in the place of this one. `parts` are the parts that may change while someone uses the page; without them
  // all of it is replaced.
  const show = async (address, { parts, push } = {}) => {
    // A refresh does not overtake a zoom.
    if (parts && isZooming) return;
    const mine = (asked += 1);
    isZooming = Boolean(push);
    clearTimeout(timer);
    let isLost = true;
    try {
      const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-explore]");
      if (mine !== asked) return;
      // Nothing moves under a finger.
      if (parts && (isPaused || drag)) return follow();
      if (fresh) {
        isLost = false;
        if (push) history.pushState({ zoomed: true }, "", address);
        const name = nameOf(document.activeElement);
        const scrolled = all(".history__numbers").map((one) => one.scrollLeft);
        for (const one of fresh.attributes) root.setAttribute(one.name, one.value);
        if (!fresh.hasAttribute("data-live")) root.removeAttribute("data-live");
        if (parts) {
          for (const part of all("[data-part]")) {
            const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
            // What stays the same is not read out again.
            if (other && part.innerHTML !== other.innerHTML) part.replaceChildren(...other.childNodes);
          }
        } else {
          root.replaceChildren(...fresh.childNodes);
        }
        prepare();
        for (const [place, one] of all(".history__numbers").entries()) one.scrollLeft = scrolled[place] ?? 0;
        // Whoever stood at a link or a chart stands there still.
        if (name && !root.contains(document.activeElement)) {
          all(FOCUSABLE).find((one) => nameOf(one) === name)?.focus({ preventScroll: true });
        }
      }
    } catch {
      // The server is not reached, and the page says so.
    }
    if (mine === asked) isZooming = false;
    say(isLost);
    follow();
  };
  const refresh = () => {
    const address = new URL(location.href);
    // What was found stays as it is.
    address.searchParams.delete("find");
    return show(address.href, { parts: true });
  };
  const follow = () => {
    clearTimeout(timer);
    if (!isLive() || isPaused || document.hidden) return;
    timer = setTimeout(refresh, Math.min(SLOWEST, Math.max(QUICKEST, view().step)));
  };

  const zoomTo = (from, to) => {
    if (to - from < SHORTEST) {
      const middle = (from + to) / 2;
      [from, to] = [middle - SHORTEST / 2, middle + SHORTEST / 2];
    }
    const address = new URL(location.href);
    for (const name of ["span", "start", "end"]) address.searchParams.delete(name);
    address.searchParams.set("from", String(Math.max(0, Math.round(from))));
    address.searchParams.set("to", String(Math.round(to)));
    address.hash = "";
    return show(address.href, { push: true });
  };
  const goBack = () => {
    if (history.state?.zoomed) history.back();
    else point(null);
  };

  const plotOf = (event) => (event.target instanceof Element ? event.target.closest("[data-plot]") : null);
  root.addEventListener("pointerdown", (event) => {
    const plot = plotOf(event);
    if (!plot || event.button !== 0) return;
    const time = timeAt(plot, event.clientX);
    drag = { plot, from: time, to: time, x: event.clientX };
    point(time);
    plot.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    const plot = drag?.plot ?? plotOf(event);
    if (!plot) return;
    const time = timeAt(plot, event.clientX);
    if (drag) drag.to = Math.abs(event.clientX - drag.x) < 4 ? drag.from : time;
    point(time);
  });
  root.addEventListener("pointerup", () => {
    const done = drag;
    drag = null;
    if (done && done.from !== done.to) zoomTo(Math.min(done.from, done.to), Math.max(done.from, done.to));
    else draw();
  });
  root.addEventListener("pointercancel", () => {
    drag = null;
    draw();
  });
  root.addEventListener("pointerout", (event) => {
    const to = event.relatedTarget instanceof Element ? event.relatedTarget.closest("[data-plot]") : null;
    // A finger that is lifted leaves the line where it was.
    if (plotOf(event) && !to && !drag && event.pointerType === "mouse" && !plotOf({ target: document.activeElement })) point(null);
  });
  root.addEventListener("dblclick", (event) => {
    if (plotOf(event)) goBack();
  });
  root.addEventListener("keydown", (event) => {
    if (!plotOf(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, to, step } = view();
    const middle = moment ?? (from + to) / 2;
    const far = event.shiftKey ? 10 : 1;
    const moves = {
      ArrowLeft: () => point((moment ?? to) - step * far),
      ArrowRight: () => point((moment ?? from) + step * far),
      Home: () => point(from),
      End: () => point(to),
      "+": () => zoomTo(middle - (middle - from) / 2, middle + (to - middle) / 2),
      "=": () => zoomTo(middle - (middle - from) / 2, middle + (to - middle) / 2),
      "-": () => zoomTo(middle - (middle - from) * 2, middle + (to - middle) * 2),
      Escape: goBack,
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  root.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-pause]")) return;
    isPaused = !isPaused;
    say();
    if (isPaused) clearTimeout(timer);
    else refresh();
  });
  // A canvas is refused, or stays empty, beyond these.
  const [LONGEST, LARGEST] = [16384, 1 << 26];
  // Draws the server's picture, twice as fine as a screen where there is room, and hands it over as a file.
  const save = async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(2, LONGEST / Math.max(width, height), Math.sqrt(LARGEST / (width * height)));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height].map((length) => Math.floor(length * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((made) => canvas.toBlob(made, "image/png"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    const from = Number(new URL(address).searchParams.get("from"));
    link.download = `pulseboard-${told(from).slice(0, 16).replace(" ", "-").replace(":", "")}.png`;
    link.click();
    // The browser has its own hold of it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
  };
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-png]");
    if (!link) return;
    event.preventDefault();
    save(link.href).then(
      () => say(),
      () => say(true),
    );
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (isLive() && !isPaused) refresh();
  });
  addEventListener("popstate", () => show(location.href));
  addEventListener("resize", draw);

  prepare();
  if (root.dataset.address) history.replaceState(history.state, "", root.dataset.address);
  // The server names times of the zone that the address says: it becomes the reader's.
  const zone = -new Date(view().to).getTimezoneOffset();
  if (zone === view().zone) follow();
  else {
    const address = new URL(location.href);
    // Times of a clock are of the zone that they were written in.
    if (address.searchParams.has("start") || address.searchParams.has("end")) {
      for (const name of ["start", "end"]) address.searchParams.delete(name);
      address.searchParams.set("from", String(view().from));
      address.searchParams.set("to", String(view().to));
    }
    address.searchParams.set("zone", String(zone));
    history.replaceState(history.state, "", address);
    show(address.href);
  }
})();
