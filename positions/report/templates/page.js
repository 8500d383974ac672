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
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  // As `positions search`: case, accents and the style of quotation marks are ignored. Months of dates may be abbreviated.
  const names = months.join("|").toLowerCase();
  const dated = new RegExp(`(\\d )(${names})\\b|\\b(${names})(?= \\d{4})`, "g");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/[“”]/g, '"')
    .replace(/[‐-―]/g, "-").replace(/\s+/g, " ").toLowerCase()
    .replace(dated, (_, number = "", on, alone) => number + (on ?? alone).slice(0, 3));
  const open = (one) => {
    for (let at = one; at; at = at.parentElement?.closest("details")) if (at.tagName === "DETAILS") at.open = true;
  };
  const jump = (one) => { open(one.closest("details")); one.scrollIntoView({ block: "center" }); };

  // What a reader looks at stays where it is when the page stands on another day.
  const bar = document.querySelector(".bar");
  const steadily = (change) => {
    const line = bar.getBoundingClientRect().bottom;
    const section = all("main > section").find((one) => one.getBoundingClientRect().bottom > line);
    const before = section?.getBoundingClientRect().top;
    change();
    if (!(before < line)) return;
    const { top, bottom } = section.getBoundingClientRect();
    scrollBy({ top: Math.min(top - before, bottom - line - 150), behavior: "instant" });
  };

  // ---- what changed on each day was worked out by the program
  const replay = JSON.parse(by("Replay").content.textContent);
  const { order, topics, facts, days, spans, others, cells, makers, changes, ledger, refusals, packages, endings } = replay;
  const { looks, moves, agreed, events } = replay;

  const rows = all(".matrix tbody tr:not(.group)");
  const items = [];
  rows.forEach((row, at) => { items[order[at]] = row.dataset.item = row.querySelector("a").hash.slice(1); });
  const rank = new Map(items.map((id, item) => [id, item]));
  const factsOf = (row) => facts[rank.get(row.dataset.item)];

  // ---- the address: "#day=2022-01-26&topic=missiles&at=Ledger" is a state of the page and a place on it, "#Ledger" only that
  const filters = by("Filters");
  const words = by("Words");
  const fields = () => Object.fromEntries([...new FormData(filters)].filter(([, value]) => value));
  const state = () => {
    const wanted = { ...(day && day !== last ? { day } : {}), ...fields(), ...(words.value ? { words: words.value } : {}) };
    return new URLSearchParams(wanted).toString();
  };
  let remembered = "";
  const remember = (place = "") => {
    const query = state();
    const at = place ? `&at=${encodeURIComponent(place)}` : "";
    const address = query ? `#${query}${at}` : location.href.split("#")[0];
    try {
      if (query === remembered && !at) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
    } catch { /* some viewers forbid changing the address */ }
    remembered = query;
  };
  const decoded = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const goTo = (id) => {
    all(".target").forEach((one) => one.classList.remove("target"));
    const place = id && by(id);
    if (!place) return;
    open(place.closest("details"));
    place.classList.add("target");
    place.scrollIntoView();
  };
  const recall = () => {
    const hash = location.hash.slice(1);
    const query = new URLSearchParams(hash.includes("=") ? hash.replace(/^\?/, "") : "");
    const place = hash.includes("=") ? query.get("at") : decoded(hash);
    query.delete("at");
    if (query.toString() !== remembered) {
      [...filters.elements].filter((field) => field.name).forEach((field) => {
        field.value = query.get(field.name) ?? "";
        if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
      });
      words.value = query.get("words") ?? "";
      remembered = query.toString();
      stand(query.get("day") ?? last);
      if (words.value) find(); else by("Found").hidden = true;
    }
    goTo(place);
  };
  // A link leads to a place; the day, the filters and the search that are asked for stay in the address.
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !state()) return;
    event.preventDefault();
    const id = decoded(link.hash.slice(1));
    remember(id);
    goTo(id);
    by(id)?.setAttribute("tabindex", -1);
    by(id)?.focus({ preventScroll: true });
  });

  // ---- the grid
  const bodies = all(".matrix tbody");
  const shown = by("Shown");
  const title = (row) => row.querySelector("th a").textContent;
  const orders = {
    title: (a, b) => title(a).localeCompare(title(b)),
    made: (a, b) => factsOf(a)[2] - factsOf(b)[2],
  };
  const answers = all(".matrix .group");
  const filter = () => {
    const want = fields();
    const listed = new Map();
    rows.forEach((row) => {
      const item = rank.get(row.dataset.item);
      const now = standing.get(item);
      const [kind, topic] = factsOf(row);
      const fits = now && (!want.side || makers[now.makers][1] === want.side) && (!want.topic || topics[topic] === want.topic)
        && (!want.kind || kind === want.kind) && (!want.table || (want.table === "off") === Boolean(now.ended));
      row.hidden = !fits;
      if (fits) listed.set(item, now);
    });
    const sorted = Object.hasOwn(orders, want.sort || "") ? orders[want.sort]
      : (a, b) => ("ended" in a.dataset) - ("ended" in b.dataset) || rank.get(a.dataset.item) - rank.get(b.dataset.item);
    bodies.forEach((body, answer) => {
      const own = all("tr[data-item]", body).sort(sorted);
      body.append(...own);
      body.hidden = own.every((row) => row.hidden);
      const count = counted(listed, answer);
      answers[answer].querySelector("b").textContent = count.total;
      answers[answer].querySelector("small").textContent = count.total ? count.words : "";
    });
    shown.textContent = `${listed.size === standing.size ? "" : `${listed.size} of `}${standing.size} demands and offers`;
  };

  // ---- a day to stand on
  const [first, last] = days.length ? [days[0], days.at(-1)] : ["", ""];
  const rowOf = new Map(rows.map((row) => [row.dataset.item, row]));
  const long = (on) => `${+on.slice(8)} ${months[on.slice(5, 7) - 1]} ${+on.slice(0, 4)}`;
  const short = (on) => `${+on.slice(8)} ${months[on.slice(5, 7) - 1].slice(0, 3)}`;
  // Events of one day share a stop.
  const stops = [...new Set(events.map(([on]) => on))]
    .map((on) => [on, events.filter((event) => event[0] === on).map(([, label]) => label).join(", ")]);
  const number = (on) => Math.round((Date.parse(on) - Date.parse(first)) / 864e5);
  const dayAt = (count) => new Date(Date.parse(first) + count * 864e5).toISOString().slice(0, 10);
  // The entries of the day for which the page was made are on it already.
  const entries = [...by("Entries").content.children];
  ["Refused", "By-others", "Formerly"].forEach((id, part) => [...by(id).children].forEach((one, at) => {
    entries[ledger.at(-1)[part][at]] = one;
  }));
  const told = [...by("Package-entries").content.children];
  const ends = [...by("Ending-entries").content.children];
  [...by("Endings").children].forEach((one, at) => { ends[endings.at(-1)[at]] = one; });
  const lines = new Map(all(".sheet .t a").map((link) => [link.hash.slice(1), link.parentElement]));
  const moved = all("#Answers > li, #Own > li, #Moves > li li");
  const seen = (list) => all(`${list} > li`).filter((one) => !one.hidden);
  let day = last;

  const upTo = (index) => {
    const states = new Map();
    for (let at = 0; at <= index; at += 1) {
      changes[at].forEach(([item, answer = 0, whose = 0, shownCells = [], said = 0, who = "", , status = "", ended = 0]) => {
        const before = states.get(item);
        states.set(item, {
          answer, makers: whose, cells: shownCells, said, who, status, ended,
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
      const [column, answer, notes, href] = cells[at];
      const [look, word] = looks[answer];
      const cell = places[column];
      cell.className = `c ${look} ${notes.replaceAll(",", "")}`.trim();
      const link = made("a", word);
      link.href = `#${href}`;
      cell.append(link);
      if (notes) cell.append(made("small", notes));
    });
  };
  const counted = (states, answer) => {
    const listed = [...states].sort(([a], [b]) => a - b).map(([, now]) => now)
      .filter((now) => answer === undefined || now.answer === answer);
    const ended = new Map();
    listed.filter((now) => now.ended).forEach((now) => ended.set(now.status, (ended.get(now.status) ?? 0) + 1));
    const left = listed.filter((now) => !now.ended).length;
    const parts = [...(left || !ended.size ? [`${left} on the table`] : [])];
    [...ended].sort(([, a], [, b]) => b - a).forEach(([status, count]) => parts.push(`${count} ${status}`));
    return { total: listed.length, left, ended: ended.size, words: parts.join(", ") };
  };
  const linked = (id, text = title(rowOf.get(id))) => {
    const link = made("a", text);
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
  let standing = days.length ? upTo(days.length - 1) : new Map();
  const stand = (wanted) => {
    if (!days.length) return;
    const on = /^\d{4}-\d\d-\d\d$/.test(wanted) && !Number.isNaN(Date.parse(wanted)) ? wanted : last;
    day = on < first ? first : on > last ? last : on;
    steadily(() => show(days.findLastIndex((one) => one <= day)));
  };
  const show = (index) => {
    standing = upTo(index);
    const changed = new Set(changes[index].map(([item]) => item));
    items.forEach((id, item) => {
      const row = rowOf.get(id);
      const now = standing.get(item);
      row.toggleAttribute("data-ended", Boolean(now?.ended));
      row.classList.toggle("changed", Boolean(now) && changed.has(item) && day !== last);
      const [names, , core] = now ? makers[now.makers] : [];
      lines.get(id)?.classList.toggle("core", Boolean(core));
      if (!now) return;
      cellsOf(row, now);
      row.cells[0].querySelector("small").textContent = `${factsOf(row)[0]} of ${names}${core ? ", core" : ""}`;
      const since = now.answer === 2 ? `first said ${short(dayAt(now.said))}` : `since ${short(now.since)}`;
      row.cells[1].textContent = now.ended ? `★ ${now.status} ${short(now.end)}` : `${since}${now.status ? `, ${now.status}` : ""}`;
      bodies[now.answer].append(row);
    });
    const counts = [0, 1, 2].map((answer) => counted(standing, answer));
    const overall = counted(standing);
    const nothing = agreed && agreed <= day ? "" : "othing was agreed";
    by("Headline").textContent = `${spans[index]}, ${overall.total} item${overall.total === 1 ? "" : "s"}: ${counts[0].total} refused, `
      + `${counts[1].total} ${others} would discuss, ${counts[2].total} with no answer on record`;
    by("Tally").textContent = (counts[0].ended ? `Of the refused, ${counts[0].words}. ` : "")
      + (overall.ended ? `Of all, ${overall.words}${nothing && `; n${nothing}`}. ` : "");
    all(".as-of").forEach((one) => { one.textContent = `as of ${long(day)}`; });
    // ledger, packages and endings: the program wrote every entry that some day shows
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
      const listed = items.map((id, item) => [id, standing.get(item)]).filter(([, now]) => now && !now.ended && now.answer === answer);
      const list = by(`Outlook-${name}`);
      fill(list, listed.map(([id, now]) => {
        const one = made("li");
        one.append(linked(id), " ", made("span", now.who, name));
        return one;
      }));
      list.parentElement.querySelector("h3 b").textContent = listed.length;
    });
    by("Left-open").textContent = counts[2].left;
    fill(by("Endings"), endings[index].map((entry) => ends[entry]));
    by("Left").textContent = `${overall.left} of ${overall.total} still on the table on ${long(day)}.${nothing && ` N${nothing}.`}`;
    movements(index);
    filter();
    controls(counts, changed, index);
  };
  const movements = (index) => {
    moved.forEach((one, number) => { one.hidden = index < moves[number][0] || index > moves[number][1]; });
    all("#Moves > li").forEach((one) => { one.hidden = all("li", one).every((move) => move.hidden); });
    ["Answers", "Own", "Moves"].map(by).filter(Boolean).forEach((list) => {
      list.parentElement.hidden = !seen(`#${list.id}`).length;
    });
    const changed = seen("#Answers");
    if (moved.every((one) => one.hidden)) by("Moved-note").textContent = "No matching movements.";
    else by("Moved-note").textContent = changed.length
      ? `${changed.length} changed answer${changed.length === 1 ? "" : "s"} to what another demands or offers. The first to move: `
        + `${changed[0].querySelector("strong").textContent}, ${changed[0].querySelector(".day").textContent}.`
      : "No answer to what another demands or offers has changed.";
  };
  const controls = (counts, changed, index) => {
    if (!by("Day")) return;
    by("Date").value = day;
    by("Slider").value = number(day);
    const named = [long(day), ...stops.filter(([on]) => on === day).map(([, label]) => label)].join(", ");
    by("Slider").setAttribute("aria-valuetext", named);
    all("#Stops button").forEach((stop) => stop.setAttribute("aria-pressed", stop.dataset.day === day));
    const share = `${(number(day) * 100) / Math.max(number(last), 1)}%`;
    by("Cursor")?.setAttribute("visibility", day === last ? "hidden" : "visible");
    ["x1", "x2"].forEach((name) => by("Cursor")?.setAttribute(name, share));
    by("After")?.setAttribute("x", share);
    by("After")?.setAttribute("width", day === last ? 0 : "100%");
    const [blocked, workable, unanswered] = counts.map((one) => one.total);
    const then = by("Then");
    then.hidden = day === last;
    then.textContent = `${named}: ${changed.size} changed${days[index] === day ? "" : ` on ${short(days[index])}`}, marked below. `
      + `${blocked} refused, ${workable} others would talk, ${unanswered} with no answer.`;
  };
  const go = (wanted) => { stand(wanted); remember(); };
  if (by("Day")) {
    by("Day").hidden = false;
    const slider = by("Slider");
    const step = (forward, stops) => (forward ? stops.find((on) => on > day) : stops.findLast((on) => on < day)) ?? day;
    const eventDays = stops.map(([on]) => on);
    const share = (on) => number(on) / Math.max(number(last), 1);
    stops.forEach(([on, label]) => {
      const stop = made("button", label);
      stop.type = "button";
      stop.dataset.day = on;
      stop.setAttribute("aria-label", `${label}, ${long(on)}`);
      stop.title = `${label}, ${long(on)}`;
      stop.addEventListener("click", () => go(on));
      const notch = made("i");
      notch.style.left = `calc(8px + (100% - 16px) * ${share(on)})`;
      by("Stops").append(stop, notch);
    });
    // A name that would cover its neighbour moves aside; where not all have room, marks take their place.
    const spread = () => {
      const buttons = all("#Stops button");
      const width = slider.offsetWidth;
      by("Stops").classList.remove("bare");
      const room = buttons.reduce((sum, one) => sum + one.offsetWidth, 0) <= width;
      by("Stops").classList.toggle("bare", !room);
      const wide = buttons.map((one) => one.offsetWidth);
      const left = buttons.map((one, at) => 8 + (width - 16) * share(one.dataset.day) - wide[at] / 2);
      if (room) {
        left.forEach((x, at) => { left[at] = Math.max(x, at ? left[at - 1] + wide[at - 1] : 0); });
        for (let at = left.length - 1, end = width; at >= 0; at -= 1) end = left[at] = Math.min(left[at], end - wide[at]);
      }
      buttons.forEach((one, at) => { one.style.left = `${left[at]}px`; });
    };
    addEventListener("resize", spread);
    spread();
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
    // While a year is typed, the field holds years such as 0002.
    by("Date").addEventListener("change", () => { if (by("Date").value && by("Date").validity.valid) go(by("Date").value); });
    by("Date").addEventListener("blur", () => { by("Date").value = day; });
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
  told.forEach((one) => named.set(one.querySelector("strong").textContent, one.dataset.package));
  addEventListener("toggle", (event) => {
    if (event.target.open) all("i", event.target).forEach((one) => {
      const id = named.get(one.textContent);
      if (id) one.replaceWith(linked(id, one.textContent));
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
  new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => {
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(one.target.id)?.setAttribute("aria-current", "true");
  }), { rootMargin: "-30% 0px -60%" });
  all("main > section").forEach((section) => watch.observe(section));
  // The headline of another day may be shorter; the slider below it must not move away from under the pointer.
  const header = document.querySelector("header");
  const hold = () => {
    header.style.minHeight = "";
    header.style.minHeight = `${header.offsetHeight}px`;
  };
  addEventListener("resize", hold);
  hold();
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
