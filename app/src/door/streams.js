"use strict";
(() => {
  const root = document.querySelector("[data-follow]");
  const { follow: topic, base } = root.dataset;
  const RETRY = 2000;
  // A line that says nothing for so long is held back by something between: a heartbeat comes each 15 seconds, a welcome at once.
  const [WELCOME, SILENCE] = [8000, 40000];

  // Follows the topic from its beginning: by Server-Sent Events, and by long polling where those do not come through.
  const listen = (hear, say) => {
    let since = "";
    const address = (path) => `${base}${path}?topics=${encodeURIComponent(topic)}&since=${encodeURIComponent(since)}`;
    // Returns true when nothing will follow.
    const frame = (one) => {
      if (one.cursor) since = one.cursor;
      if (one.type === "event") return hear(one) === "over";
      const isGone = one.type === "gap" && one.reason === "gone";
      if (isGone) say("gone");
      return isGone;
    };
    const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const poll = async () => {
      for (;;) {
        try {
          const answer = await fetch(address("/live/long-poll"), { cache: "no-store" });
          if (answer.status === 401 || answer.status === 403) return say("refused");
          const frames = answer.status === 204 ? [] : await answer.json();
          since = answer.headers.get("live-cursor") ?? since;
          if (answer.ok) say("live");
          if (Array.isArray(frames) && frames.some(frame)) return;
          if (!answer.ok) await later(1000 * (Number(answer.headers.get("retry-after")) || 2));
        } catch {
          say("lost");
          await later(RETRY);
        }
      }
    };
    const stream = () => {
      const source = new EventSource(address("/live/sse"));
      let timer = 0;
      let heard = false;
      const stop = () => {
        clearTimeout(timer);
        source.close();
      };
      const wait = (milliseconds) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          stop();
          if (heard) stream();
          else poll();
        }, milliseconds);
      };
      const take = (one, id) => {
        heard = true;
        wait(SILENCE);
        say("live");
        if (frame({ ...one, cursor: id })) stop();
      };
      source.onmessage = ({ data, lastEventId }) => take({ type: "event", ...JSON.parse(data) }, lastEventId);
      for (const type of ["welcome", "heartbeat", "gap", "bye"]) {
        source.addEventListener(type, ({ data, lastEventId }) => take({ ...JSON.parse(data), type }, lastEventId));
      }
      source.onerror = () => {
        say("lost");
        if (source.readyState !== EventSource.CLOSED) return;
        // No stream, but an answer: polling tells which.
        stop();
        setTimeout(heard ? stream : poll, RETRY);
      };
      wait(WELCOME);
    };
    stream();
  };

  const state = root.querySelector("[data-state]");
  const show = (name) => {
    const text = root.querySelector(`[data-when="${name}"]`).textContent;
    // It is read out when it changes.
    if (state.textContent !== text) state.textContent = text;
  };

  // The list: whatever has changed, the server renders it again.
  const list = root.querySelector("[data-list]");
  if (list) {
    let [asks, again] = [false, false];
    const refresh = async () => {
      if (asks) {
        again = true;
        return;
      }
      asks = true;
      do {
        again = false;
        try {
          const answer = await fetch(root.dataset.page ?? location.href, { cache: "no-store" });
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-list]");
          // Whoever answers a question there, or stands at a button, is not disturbed.
          const isBusy = list.querySelector("details[open], button:focus, summary:focus") !== null;
          again ||= isBusy;
          if (answer.ok && fresh && !isBusy) {
            // Whoever goes through it by keyboard stays where they are.
            const at = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
            list.replaceChildren(...fresh.children);
            if (at) [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === at)?.focus();
          }
        } catch {
          // The line is lost, and says so.
        }
        // News of many streams are one question.
        await new Promise((resolve) => setTimeout(resolve, 500));
      } while (again);
      asks = false;
    };
    let isLost = false;
    listen(refresh, (name) => {
      // What became of them meanwhile may be told no more.
      if (name === "live" && isLost) refresh();
      isLost = name === "lost";
      show(name);
    });
    return;
  }

  // One stream.
  const [MOST_ITEMS, MOST_TEXT] = [10000, 1 << 20];
  const [box, joined] = [root.querySelector("[data-items]"), root.querySelector("[data-joined]")];
  const [progress, counted, missed] = ["progress", "count", "missed"].map((name) => root.querySelector(`[data-${name}]`));
  const newest = root.querySelector("[data-newest]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let [items, kept, total, lost, dropped, isDrawn, isOver] = [[], 0, 0, 0, 0, true, false];

  // Colours and movements of a terminal go; what could hide or turn text round is shown to be there.
  const plain = (text) =>
    text
      .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, "")
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  const isDone = (item) => typeof item?.done === "number" && item.done >= 0 && item.done <= 1;

  const isAtEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  const draw = () => {
    isDrawn = true;
    const follows = isAtEnd();
    if (joined.checked) box.replaceChildren(items.join(""));
    else {
      // Each row knows which item it is: the first ones go, new ones come.
      const from = dropped;
      while (box.firstChild && !(Number(box.firstChild.dataset?.item) >= from)) box.firstChild.remove();
      const next = box.lastChild ? Number(box.lastChild.dataset.item) + 1 : from;
      const rows = items.slice(next - from).map((text, index) => {
        const row = document.createElement("p");
        row.dataset.item = next + index;
        row.textContent = text;
        return row;
      });
      box.append(...rows);
    }
    counted.textContent = number.format(total);
    missed.hidden = lost + dropped === 0;
    missed.querySelector("b").textContent = number.format(lost + dropped);
    if (follows) box.scrollTop = box.scrollHeight;
  };
  const soon = () => {
    if (!isDrawn) return;
    isDrawn = false;
    // A page that nobody sees draws no frames.
    if (document.hidden) setTimeout(draw, 1000);
    else requestAnimationFrame(draw);
  };
  const add = (item) => {
    if (isDone(item)) {
      progress.hidden = false;
      progress.value = item.done;
      if (Object.keys(item).length === 1) return;
    }
    const text = plain(typeof item === "string" ? item : JSON.stringify(item));
    items.push(text);
    kept += text.length;
    while (items.length > MOST_ITEMS || (kept > MOST_TEXT && items.length > 1)) {
      kept -= items.shift().length;
      dropped += 1;
    }
  };
  const hear = ({ data }) => {
    if (data.type === "items") {
      // Of some of them it may have heard before its line was cut.
      const known = Math.max(0, total - data.first);
      lost += Math.max(0, data.first - total);
      for (const item of data.items.slice(known)) add(item);
      total = Math.max(total, data.first + data.items.length);
    }
    if (data.type === "end") {
      lost += Math.max(0, data.total - total);
      total = Math.max(total, data.total);
      isOver = true;
      show(data.reason);
      root.querySelector("[data-error]").textContent = plain(data.error ?? "");
    }
    soon();
    return isOver ? "over" : "";
  };
  joined.addEventListener("change", () => {
    box.replaceChildren();
    draw();
    box.scrollTop = box.scrollHeight;
  });
  newest.addEventListener("click", () => {
    box.scrollTop = box.scrollHeight;
    box.focus();
  });
  box.addEventListener("scroll", () => {
    newest.hidden = isAtEnd();
  });
  listen(hear, (name) => isOver || show(name));
})();
