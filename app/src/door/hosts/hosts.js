"use strict";
(() => {
  const root = document.querySelector("[data-hosts]");
  const find = (selector) => root.querySelector(selector);
  const texts = {};
  for (const one of root.querySelectorAll("[data-text]")) texts[one.dataset.text] = one.textContent;
  const form = find("form");
  const [filter, sort, group] = ["q", "sort", "group"].map((name) => form.elements[name]);
  const [count, none, state] = ["count", "none", "state"].map((name) => find(`[data-${name}]`));
  const heads = [...root.querySelectorAll("[data-sort]")];
  const table = find("[data-list]");
  // A second between two questions; five at least between two documents, and a minute where they do not agree with the numbers.
  const [EVERY, PATIENCE, REARRANGE, LATELY, CLOCK] = [1000, 10000, 5000, 10000, 2000];
  const [SOONEST, LATEST] = [5000, 60000];

  // Numbers and lengths of time, as the server writes them.
  const fixed = (value, decimals) => (Math.round(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
  const rate = (value) => {
    if (value === null) return texts.unknown;
    const names = ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s"];
    let step = 0;
    for (; value >= 999.95 && step < 5; step += 1) value /= 1000;
    return `${fixed(value, step === 0 || value >= 99.95 ? 0 : 1)}\u00a0${names[step]}`;
  };
  const UNITS = [
    [86400, "days"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  // In the largest unit, or in the two largest ones.
  const length = (seconds, parts) => {
    const index = UNITS.findIndex(([unit]) => seconds >= unit || unit === 1);
    const [unit, name] = UNITS[index];
    const number = Math.floor(seconds / unit);
    const text = name === "days" && number === 1 ? texts.day : texts[name].replace("{n}", number);
    const [rest, next] = [seconds % unit, UNITS[index + 1]?.[0] ?? Infinity];
    return parts === 2 && rest >= next ? `${text} ${length(rest, 1)}` : text;
  };

  // The rows, and what each shows now: only what differs is written.
  let rows = [];
  let known = new Map();
  const put = (row, part, text) => {
    if (row.shown[part] === text) return;
    // Of a text that is there the letters change, not the node.
    if (row.shown[part]) row.parts[part].firstChild.data = text;
    else row.parts[part].textContent = text;
    row.shown[part] = text;
  };
  const read = () => {
    rows = [...table.querySelectorAll("[data-id]")].map((element) => {
      const { id, rank, labels, find: text } = element.dataset;
      const [mark, , ...cells] = element.cells;
      const shares = cells.slice(0, 3);
      const [received, sent] = cells[3].querySelectorAll(".number");
      return {
        element,
        id,
        rank: Number(rank),
        text,
        labels: new Map((labels ?? "").split("\n").map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)])),
        parts: {
          state: mark.firstElementChild,
          cpu: shares[0].firstElementChild,
          memory: shares[1].firstElementChild,
          disk: shares[2].firstElementChild,
          received,
          sent,
          uptime: cells[4].firstElementChild,
          heard: cells[5].firstElementChild,
          clock: element.querySelector("[data-clock]"),
        },
        meters: shares.map((cell) => cell.querySelector("svg")),
        shown: {},
        now: known.get(id)?.now ?? null,
      };
    });
    known = new Map(rows.map((row) => [row.id, row]));
  };

  const MARKS = { local: "tag", online: "tag", offline: "tag tag--crit", never: "tag tag--off" };
  const show = (row, now, at) => {
    row.now = now;
    if (row.shown.state !== texts[now.state]) {
      row.parts.state.className = MARKS[now.state];
      row.element.toggleAttribute("data-silent", now.state === "offline" || now.state === "never");
    }
    put(row, "state", texts[now.state]);
    ["cpu", "memory", "disk"].forEach((name, index) => {
      const percent = now[name];
      const text = percent === null ? texts.unknown : `${fixed(percent, 1)}%`;
      if (row.shown[name] === text) return;
      put(row, name, text);
      const meter = row.meters[index];
      meter.lastElementChild.setAttribute("width", Math.round(Math.min(Math.max(percent ?? 0, 0), 100) * 10));
      const level = percent >= 90 ? "crit" : percent >= 80 ? "warn" : "none";
      if (meter.dataset.level !== level) meter.dataset.level = level;
    });
    put(row, "received", rate(now.received));
    put(row, "sent", rate(now.sent));
    put(row, "uptime", now.uptime === null ? texts.unknown : length(Math.floor(now.uptime), 2));
    const age = now.state === "local" ? 0 : now.heard_ms === null ? Infinity : at - now.heard_ms;
    // Those that are heard now are equal: they do not change places at each report.
    row.age = age < LATELY ? 0 : age;
    const text = row.age === Infinity ? texts.unknown : row.age === 0 ? texts.now : length(Math.floor(row.age / 1000), 1);
    if (row.shown.heard !== text && row.parts.heard.dateTime !== undefined) {
      row.parts.heard.dateTime = row.parts.heard.title = new Date(now.heard_ms).toISOString();
    }
    put(row, "heard", text);
    const off = Math.abs(now.ahead_ms);
    const warning = off < CLOCK ? "" : `${now.ahead_ms > 0 ? texts.ahead : texts.behind} ${length(Math.floor(off / 1000), 2)}`;
    if ((row.shown.clock ?? "") !== warning) row.parts.clock.hidden = warning === "";
    if (warning !== "" || row.shown.clock) put(row, "clock", warning);
  };

  // The choice of the reader, which stands in the address.
  const query = new URLSearchParams(location.search);
  let order = heads.some((head) => head.dataset.sort === query.get("sort")) ? query.get("sort") : "name";
  const falls = (name) => heads.find((head) => head.dataset.sort === name).dataset.falls !== undefined;
  let down = new Map([["asc", false], ["desc", true]]).get(query.get("dir")) ?? falls(order);
  const STATES = { offline: 0, never: 1, online: 2, local: 3 };
  const value = (row) => {
    if (order === "name") return row.rank;
    const { now } = row;
    if (!now) return null;
    if (order === "state") return STATES[now.state];
    if (order === "heard") return row.age;
    if (order === "network") return now.received === null && now.sent === null ? null : now.received + now.sent;
    return now[order];
  };
  const address = () => {
    const chosen = new URLSearchParams();
    if (filter.value.trim()) chosen.set("q", filter.value.trim());
    if (order !== "name" || down) chosen.set("sort", order);
    if (down !== falls(order)) chosen.set("dir", down ? "desc" : "asc");
    if (group.value) chosen.set("group", group.value);
    return root.dataset.page + (chosen.size ? `?${chosen}` : "");
  };
  const hostsOf = (number) => (number === 1 ? texts["one-host"] : texts.hosts.replace("{n}", number));
  const groupHead = (key, label) => {
    const [row, cell, name, many] = ["tr", "th", "bdi", "span"].map((tag) => document.createElement(tag));
    [row.className, many.className] = ["hosts__group", "hosts__many"];
    row.setAttribute("role", "row");
    cell.setAttribute("role", "rowheader");
    [cell.scope, cell.colSpan] = ["rowgroup", 9];
    name.textContent = label === null ? texts.without.replace("{key}", key) : `${key}: ${label}`;
    cell.append(name, " ", many);
    row.append(cell);
    return row;
  };

  // Puts the rows that match into their order and under their headings. A row is moved only where it stands elsewhere.
  let arranged = 0;
  const arrange = () => {
    arranged = performance.now();
    const active = document.activeElement;
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const key = rows.some((row) => row.labels.has(group.value)) ? group.value : "";
    const sorted = rows
      .map((row) => [value(row), row])
      .sort(([a, one], [b, other]) => {
        // The unknown is last in both directions.
        if (a === null || b === null || a === b) return (a === null) - (b === null) || one.rank - other.rank;
        return (a < b) === down ? 1 : -1;
      });
    const groups = new Map();
    for (const [, row] of sorted) {
      row.isShown = words.every((word) => row.text.includes(word));
      if (row.element.hidden === row.isShown) row.element.hidden = !row.isShown;
      const label = key ? (row.labels.get(key) ?? null) : null;
      if (!groups.has(label)) groups.set(label, []);
      groups.get(label).push(row);
    }
    const labels = [...groups.keys()].sort((a, b) => (a === null) - (b === null) || a.localeCompare(b, undefined, { numeric: true }));
    const bodies = [...table.tBodies];
    labels.forEach((label, index) => {
      const body = bodies[index] ?? table.createTBody();
      body.setAttribute("role", "rowgroup");
      const shown = groups.get(label).filter((row) => row.isShown).length;
      body.hidden = shown === 0;
      const heading = JSON.stringify([key, label]);
      if (body.heading !== heading) {
        body.heading = heading;
        body.querySelector(":scope > .hosts__group")?.remove();
        if (key) body.prepend(groupHead(key, label));
      }
      if (key) body.firstElementChild.querySelector(".hosts__many").textContent = hostsOf(shown);
      let place = key ? body.firstElementChild.nextElementSibling : body.firstElementChild;
      for (const { element } of groups.get(label)) {
        if (element === place) place = place.nextElementSibling;
        else body.insertBefore(element, place);
      }
    });
    for (const body of bodies.slice(labels.length)) body.remove();
    // A row that is moved loses the focus.
    if (active !== document.activeElement && table.contains(active)) active.focus({ preventScroll: true });
    tell();
  };
  let telling = 0;
  const tell = () => {
    // It is read out: not at each key.
    clearTimeout(telling);
    telling = setTimeout(() => {
      const shown = rows.filter((row) => row.isShown).length;
      const offline = rows.filter((row) => row.now?.state === "offline").length;
      const text = texts.count.replace("{shown}", shown).replace("{all}", rows.length).replace("{offline}", offline);
      if (count.textContent.trim() !== text) count.textContent = text;
      none.hidden = shown !== 0;
    }, 200);
  };
  const choose = () => {
    arrange();
    for (const head of heads) {
      const isIt = head.dataset.sort === order;
      if (isIt) head.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.parentElement.removeAttribute("aria-sort");
    }
    history.replaceState(history.state, "", address());
  };
  filter.addEventListener("input", choose);
  group.addEventListener("change", choose);
  sort.addEventListener("change", () => {
    order = sort.value;
    down = falls(order);
    choose();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose();
  });
  for (const head of heads) {
    head.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      down = head.dataset.sort === order ? !down : falls(head.dataset.sort);
      order = sort.value = head.dataset.sort;
      choose();
    });
  }

  // Hosts came or went, or their facts are others: the server renders the document again.
  let [revision, documentAt, pause] = [root.dataset.revision, -Infinity, SOONEST];
  const renew = async () => {
    documentAt = performance.now();
    const answer = await fetch(address(), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hosts = fresh.querySelector("[data-hosts]");
    if (!hosts) return;
    const active = document.activeElement;
    const focused = active.closest?.("[data-id]");
    const link = focused ? [...focused.querySelectorAll("a")].indexOf(active) : -1;
    const [before, after] = [group.value, hosts.querySelector("select[name=group]")];
    group.replaceChildren(...after.children);
    if ([...group.options].some((option) => option.value === before)) group.value = before;
    for (const body of [...table.tBodies]) body.remove();
    table.append(...hosts.querySelectorAll("tbody"));
    const removal = document.querySelector("[data-remove]");
    if (removal && !removal.querySelector("[open]") && !removal.contains(active)) {
      const chosen = removal.querySelector("select")?.value;
      removal.replaceChildren(...(fresh.querySelector("[data-remove]")?.children ?? []));
      // Whoever has chosen one finds it chosen.
      const select = removal.querySelector("select");
      if (select && [...select.options].some((option) => option.value === chosen)) select.value = chosen;
    }
    revision = hosts.dataset.revision;
    read();
    if (focused) known.get(focused.dataset.id)?.element.querySelectorAll("a")[link]?.focus({ preventScroll: true });
  };

  const say = (name) => {
    const text = find(`[data-when="${name}"]`).textContent;
    if (state.textContent !== text) state.textContent = text;
  };
  const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const seen = () =>
    new Promise((resolve) => {
      if (!document.hidden) return resolve();
      document.addEventListener("visibilitychange", resolve, { once: true });
    });
  const ask = async () => {
    const answer = await fetch(root.dataset.hosts, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401 || answer.status === 403) {
      say("refused");
      return PATIENCE;
    }
    if (!answer.ok) throw new Error(answer.statusText);
    const { at, revision: newest, hosts } = await answer.json();
    let isRenewed = false;
    if (newest === revision) pause = SOONEST;
    else if (performance.now() - documentAt >= pause) {
      await renew();
      isRenewed = true;
      // Another node of several may tell other facts for a while.
      if (newest !== revision) pause = Math.min(2 * pause, LATEST);
    }
    const isFirst = rows.every((row) => row.now === null);
    for (const now of hosts) {
      const row = known.get(now.id);
      if (row) show(row, now, at);
    }
    // Rows do not move below a pointer or a finger, or away from the keyboard.
    const isCalm = !table.matches(":hover") && !table.contains(document.activeElement);
    if (isFirst || isRenewed || (isCalm && performance.now() - arranged >= REARRANGE)) arrange();
    else tell();
    say("live");
    return EVERY;
  };
  const follow = async () => {
    for (;;) {
      while (document.hidden) await seen();
      const began = performance.now();
      try {
        const wait = await ask();
        await later(Math.max(0, wait - (performance.now() - began)));
      } catch {
        say("lost");
        await later(2 * EVERY);
      }
    }
  };
  read();
  follow();
})();
