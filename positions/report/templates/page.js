(() => {
  "use strict";
  const by = (id) => document.getElementById(id);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const made = (tag, text, name) => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (name) one.className = name;
    return one;
  };
  // As `positions search`: case, accents and the style of quotation marks are ignored.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/[“”]/g, '"')
    .replace(/\s+/g, " ").toLowerCase();
  const open = (one) => {
    for (let at = one; at; at = at.parentElement?.closest("details")) if (at.tagName === "DETAILS") at.open = true;
  };
  const jump = (one) => { open(one.closest("details")); one.scrollIntoView({ block: "center" }); };

  // ---- what changed on each day was worked out by the program
  const replay = JSON.parse(by("Replay").content.textContent);
  const { items, topics, facts, days, cells, changes, ledger, packages, events, refusals } = replay;
  const rank = new Map(items.map((id, item) => [id, item]));
  const factsOf = (row) => facts[rank.get(row.dataset.item)];

  // ---- the address: "#day=2022-01-26&topic=missiles" is a state of the page, any other anchor a place on it
  const filters = by("Filters");
  const rows = all(".matrix tr[data-item]");
  const words = by("Words");
  const fields = () => Object.fromEntries([...new FormData(filters)].filter(([, value]) => value));
  const state = () => {
    const wanted = { ...(day && day !== last ? { day } : {}), ...fields(), ...(words.value ? { words: words.value } : {}) };
    return new URLSearchParams(wanted).toString();
  };
  const remember = (replace) => {
    const query = state();
    const address = query ? `#${query}` : location.href.split("#")[0];
    try {
      if (replace || query === remembered) history.replaceState({ ours: true }, "", address);
      else history.pushState({ ours: true }, "", address);
    } catch { /* some viewers forbid changing the address */ }
    remembered = query;
  };
  let remembered = "";
  const recall = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (!hash.includes("=")) {
      if (hash) { const place = by(hash); if (place) { open(place.closest("details")); place.scrollIntoView(); } return; }
      if (!history.state?.ours && !remembered) return;
    }
    const query = new URLSearchParams(location.hash.slice(1).replace(/^\?/, ""));
    [...filters.elements].filter((field) => field.name).forEach((field) => {
      field.value = query.get(field.name) ?? "";
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    });
    words.value = query.get("words") ?? "";
    remembered = new URLSearchParams(query).toString();
    stand(query.get("day") ?? last);
    filter();
    if (words.value) find(); else by("Found").hidden = true;
  };

  // ---- the grid
  const bodies = all(".matrix tbody");
  const shown = by("Shown");
  const title = (row) => row.querySelector("th a").textContent;
  const orders = {
    title: (a, b) => title(a).localeCompare(title(b)),
    made: (a, b) => factsOf(a)[3].localeCompare(factsOf(b)[3]),
  };
  const filter = () => {
    const want = fields();
    let number = 0;
    let there = 0;
    rows.forEach((row) => {
      const absent = "absent" in row.dataset;
      const [side, kind, topic] = factsOf(row);
      const fits = (!want.side || side === want.side) && (!want.topic || topics[topic] === want.topic)
        && (!want.kind || kind === want.kind) && (!want.table || (want.table === "off") === ("ended" in row.dataset));
      row.hidden = absent || !fits;
      there += !absent;
      number += !row.hidden;
    });
    const order = Object.hasOwn(orders, want.sort || "") ? orders[want.sort]
      : (a, b) => ("ended" in a.dataset) - ("ended" in b.dataset) || rank.get(a.dataset.item) - rank.get(b.dataset.item);
    bodies.forEach((body) => {
      const own = all("tr[data-item]", body).sort(order);
      body.append(...own);
      body.hidden = own.every((row) => row.hidden);
    });
    shown.textContent = number === there ? `${there} demands and offers` : `${number} of ${there} demands and offers`;
  };

  // ---- a day to stand on
  const [first, last] = days.length ? [days[0], days.at(-1)] : ["", ""];
  const rowOf = new Map(rows.map((row) => [row.dataset.item, row]));
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const long = (on) => `${+on.slice(8)} ${months[on.slice(5, 7) - 1]} ${+on.slice(0, 4)}`;
  const short = (on) => `${+on.slice(8)} ${months[on.slice(5, 7) - 1].slice(0, 3)}`;
  const number = (on) => Math.round((Date.parse(on) - Date.parse(first)) / 864e5);
  const dayAt = (count) => new Date(Date.parse(first) + count * 864e5).toISOString().slice(0, 10);
  const verbs = { "non-starter": "refuses", negotiable: "would talk", open: "open" };
  // The entries of the day for which the page was made are on it already.
  const entries = [...by("Entries").content.children];
  ["Refused", "By-others", "Formerly"].forEach((id, part) => [...by(id).children].forEach((one, at) => {
    entries[ledger.at(-1)[part][at]] = one;
  }));
  const told = [...by("Package-entries").content.children];
  const answers = all(".matrix .group");
  let day = last;

  const upTo = (index) => {
    const states = new Map();
    for (let at = 0; at <= index; at += 1) {
      changes[at].forEach(([item, answer = 0, doubt = 0, status = "", ended = 0, who = "", shownCells = []]) => {
        const before = states.get(item);
        states.set(item, {
          answer, doubt, status, ended, who, cells: shownCells,
          since: before && before.answer === answer ? before.since : days[at],
          end: ended ? (before?.ended ? before.end : days[at]) : null,
        });
      });
    }
    return states;
  };
  const cellsOf = (row, now) => {
    const places = [...row.cells].slice(2);
    places.forEach((cell) => { cell.className = ""; cell.textContent = ""; });
    now.cells.forEach((at) => {
      const [column, look, notes, href] = cells[at];
      const cell = places[column];
      cell.className = `c ${look} ${notes.replaceAll(",", "")}`.trim();
      const link = made("a", verbs[look]);
      link.href = `#${href}`;
      cell.append(link);
      if (notes) cell.append(made("small", notes));
    });
  };
  const counted = (states, answer) => {
    const listed = [...states.entries()].sort(([a], [b]) => a - b).map(([, now]) => now).filter((now) => now.answer === answer);
    const ended = new Map();
    listed.filter((now) => now.ended).forEach((now) => ended.set(now.status, (ended.get(now.status) ?? 0) + 1));
    const left = listed.filter((now) => !now.ended).length;
    const parts = [...(left || !ended.size ? [`${left} on the table`] : [])];
    [...ended].sort(([, a], [, b]) => b - a).forEach(([status, count]) => parts.push(`${count} ${status}`));
    return { total: listed.length, left, words: parts.join(", ") };
  };
  const linked = (id) => {
    const link = made("a", title(rowOf.get(id)));
    link.href = `#${id}`;
    return link;
  };
  const bundle = (one) => {
    one.id = one.dataset.package;
    const rest = one.querySelector("[data-items]");
    if (rest && !rest.childElementCount) {
      rest.dataset.items.trim().split(" ").forEach((item, at) => rest.append(at ? "; " : "", linked(items[item])));
    }
    return one;
  };
  const fill = (list, listed) => { list.replaceChildren(...listed); };
  const stand = (wanted) => {
    if (!days.length) return;
    const on = /^\d{4}-\d\d-\d\d$/.test(wanted) && !Number.isNaN(Date.parse(wanted)) ? wanted : last;
    day = on < first ? first : on > last ? last : on;
    const index = days.findLastIndex((one) => one <= day);
    const states = upTo(index);
    const changed = new Set(changes[index].map(([item]) => item));
    items.forEach((id, item) => {
      const row = rowOf.get(id);
      const now = states.get(item);
      row.toggleAttribute("data-absent", !now);
      row.toggleAttribute("data-ended", Boolean(now?.ended));
      row.classList.toggle("changed", Boolean(now) && changed.has(item) && day !== last);
      if (!now) return;
      cellsOf(row, now);
      row.cells[1].textContent = now.ended ? `★ ${now.status} ${short(now.end)}`
        : `since ${short(now.since)}${now.status ? `, ${now.status}` : ""}`;
      bodies[now.answer].append(row);
    });
    const counts = [0, 1, 2].map((answer) => counted(states, answer));
    answers.forEach((head, answer) => {
      head.querySelector("b").textContent = counts[answer].total;
      head.querySelector("small").textContent = counts[answer].total ? counts[answer].words : "";
    });
    all(".as-of").forEach((one) => { one.textContent = `as of ${long(day)}`; });
    // ledger and packages: the program wrote every entry that some day shows
    ["Refused", "By-others", "Formerly"].forEach((id, part) => {
      const listed = ledger[index][part].map((entry) => entries[entry]);
      fill(by(id), listed);
      by(id).parentElement.hidden = !listed.length;
    });
    by("Refused-note").textContent = counts[0].total
      ? `${counts[0].total} refused (${counts[0].words}), by ${refusals[index]} refusal${refusals[index] === 1 ? "" : "s"}; the latest first.`
      : "No matching non-starters.";
    fill(by("Packages"), packages[index].map((entry) => { return bundle(told[entry]); }));
    ["blocked", "workable"].forEach((name, answer) => {
      const listed = items.map((id, item) => [id, states.get(item)]).filter(([, now]) => now && !now.ended && now.answer === answer);
      const list = by(`Outlook-${name}`);
      fill(list, listed.map(([id, now]) => {
        const one = made("li");
        one.append(linked(id), " ", made("span", now.who, name));
        return one;
      }));
      list.parentElement.querySelector("h3 b").textContent = listed.length;
    });
    by("Left-open").textContent = counts[2].left;
    by("Ended").hidden = day !== last;
    filter();
    controls(counts, changed, index);
  };
  const controls = (counts, changed, index) => {
    if (!by("Day")) return;
    by("Date").value = day;
    by("Slider").value = number(day);
    const event = events.find(([on]) => on === day);
    by("Slider").setAttribute("aria-valuetext", `${long(day)}${event ? `, ${event[1]}` : ""}`);
    all("#Stops button").forEach((stop) => stop.setAttribute("aria-pressed", stop.dataset.day === day));
    const share = `${(number(day) * 100) / Math.max(number(last), 1)}%`;
    by("Cursor")?.setAttribute("visibility", day === last ? "hidden" : "visible");
    ["x1", "x2"].forEach((name) => by("Cursor")?.setAttribute(name, share));
    by("After")?.setAttribute("x", share);
    by("After")?.setAttribute("width", day === last ? 0 : "100%");
    const [blocked, workable, unanswered] = counts.map((one) => one.total);
    const then = by("Then");
    then.hidden = day === last;
    then.textContent = `${long(day)}${event ? `, ${event[1]}` : ""}: ${blocked} refused, ${workable} others would talk, `
      + `${unanswered} with no answer. ${changed.size} ${days[index] === day ? "changed on this day" : `changed last, on ${long(days[index])}`}, marked below.`;
  };
  const go = (wanted, replace) => { stand(wanted); remember(replace); };
  if (by("Day")) {
    by("Day").hidden = false;
    const slider = by("Slider");
    const step = (forward, stops) => (forward ? stops.find((on) => on > day) : stops.findLast((on) => on < day)) ?? day;
    const eventDays = events.map(([on]) => on);
    events.forEach(([on, label]) => {
      const stop = made("button", label);
      stop.type = "button";
      stop.dataset.day = on;
      stop.setAttribute("aria-label", `${label}, ${long(on)}`);
      stop.title = `${label}, ${long(on)}`;
      stop.style.left = `calc(8px + (100% - 16px) * ${number(on) / Math.max(number(last), 1)})`;
      stop.addEventListener("click", () => go(on));
      by("Stops").append(stop);
    });
    const thin = () => {
      let right = -1;
      all("#Stops button").forEach((stop) => {
        stop.classList.remove("bare");
        const wide = stop.getBoundingClientRect();
        stop.classList.toggle("bare", wide.left < right || wide.right > stop.parentElement.getBoundingClientRect().right + 8);
        right = stop.getBoundingClientRect().right + 2;
      });
    };
    addEventListener("resize", thin);
    thin();
    slider.addEventListener("input", () => {
      const near = eventDays.find((on) => Math.abs(number(on) - slider.value) <= 1);
      stand(near ?? dayAt(+slider.value));
    });
    slider.addEventListener("change", () => remember());
    slider.addEventListener("keydown", (event) => {
      const moves = {
        ArrowLeft: [false, days], ArrowDown: [false, days], ArrowRight: [true, days], ArrowUp: [true, days],
        PageDown: [false, eventDays], PageUp: [true, eventDays],
      };
      if (!Object.hasOwn(moves, event.key)) return;
      event.preventDefault();
      go(step(...moves[event.key]));
    });
    by("Date").addEventListener("change", () => { if (by("Date").value) go(by("Date").value); });
    by("Back").addEventListener("click", () => go(step(false, days)));
    by("Forth").addEventListener("click", () => go(step(true, days)));
    by("Latest").addEventListener("click", () => go(last));
    by("Day").addEventListener("submit", (event) => event.preventDefault());
  }

  // ---- search: every text that the page shows, by the block that it stands in
  const BLOCKS = "h1,h2,h3,h4,p,li,dt,dd,th,td,q,blockquote,summary,text,span.t,div,section";
  const blocks = () => {
    const found = new Map();
    ["header", "main", "footer"].map((tag) => document.querySelector(tag)).forEach((part) => {
      const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const block = walk.currentNode.parentElement.closest(BLOCKS);
        if (block && !block.closest("form,[hidden]")) found.set(block, `${found.get(block) ?? ""} ${walk.currentNode.data}`);
      }
    });
    return [...found].map(([block, text]) => [block, text.replace(/\s+/g, " ").trim(), fold(text)]);
  };
  const MOST = 60;
  const find = () => {
    const wanted = fold(words.value).trim();
    const list = by("Found");
    all(".found").forEach((one) => one.classList.remove("found"));
    list.hidden = !wanted;
    if (!wanted) return;
    const hits = blocks().filter(([, , text]) => text.includes(wanted));
    list.replaceChildren(made("p", `${hits.length} place${hits.length === 1 ? "" : "s"}${hits.length > MOST ? `, the first ${MOST}` : ""}`));
    hits.slice(0, MOST).forEach(([block, text]) => {
      block.classList.add("found");
      const near = block.closest(".topic details,.month details")?.querySelector("summary").textContent.trim()
        ?? block.closest("section,header,footer")?.querySelector("h2")?.textContent ?? "";
      const at = Math.max(0, fold(text).indexOf(wanted) - 60);
      const hit = made("button");
      hit.type = "button";
      hit.append(made("small", `${near} `), `${at ? "…" : ""}${text.slice(at, at + 160)}`);
      hit.addEventListener("click", () => { list.hidden = true; jump(block); });
      list.append(hit);
    });
  };
  let waiting = 0;
  by("Find").hidden = false;
  words.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 120); });
  words.addEventListener("change", () => remember());
  by("Find").addEventListener("submit", (event) => { event.preventDefault(); find(); remember(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") by("Found").hidden = true; });

  // ---- titles that are no links yet, because there are hundreds of them in the sources
  const named = new Map(rows.map((row) => [title(row), row.dataset.item]));
  addEventListener("toggle", (event) => {
    if (event.target.open) all("i", event.target).forEach((one) => {
      const id = named.get(one.textContent);
      if (id) one.replaceWith(linked(id));
    });
  }, true);

  // ---- the rest
  if (rows.length) {
    filters.hidden = false;
    filters.addEventListener("change", () => { filter(); remember(); });
    // The fields are still filled when "reset" is sent, hence the timeout.
    filters.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
    filters.addEventListener("submit", (event) => event.preventDefault());
  }
  addEventListener("popstate", recall);
  const bar = document.querySelector(".bar");
  new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => {
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(one.target.id)?.setAttribute("aria-current", "true");
  }), { rootMargin: "-30% 0px -60%" });
  all("main > section").forEach((section) => watch.observe(section));
  const cards = by("Print-cards");
  cards.parentElement.hidden = false;
  cards.addEventListener("change", () => document.body.classList.toggle("cards", cards.checked));
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all(cards.checked ? ".month, .topic, .topic details" : ".month").filter((one) => !one.open);
    opened.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
  if (rows.length) filter();
  if (location.hash) recall();
})();
