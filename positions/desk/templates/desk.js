const $ = (id) => document.getElementById(id);
const text = $("text"), panel = $("panel"), list = $("options");
const remember = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));
const remembered = (name, otherwise) => JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
let state = JSON.parse(document.body.dataset.state);

// ---- the text: places count from its beginning, and no element of it ever changes

const paragraphs = [...text.querySelectorAll("[data-at]")].map((node) => ({ node, at: Number(node.dataset.at), words: node.textContent }));
let source = "";
for (const { at, words } of paragraphs) source += (at > source.length ? "\n" : "") + words;

function paragraphAt(place) {
  let low = 0, high = paragraphs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (paragraphs[middle].at <= place) low = middle; else high = middle - 1;
  }
  return paragraphs[low];
}
function point(place) {
  const { node, at, words } = paragraphAt(place);
  return node.firstChild ? [node.firstChild, Math.min(place - at, words.length)] : [node, 0];
}
function range(start, end) {
  const made = document.createRange();
  made.setStart(...point(start));
  made.setEnd(...point(end));
  return made;
}
function placeOf(node, offset) {
  if (node === text) return offset < paragraphs.length ? paragraphs[offset]?.at ?? 0 : source.length;
  const at = Number((node.nodeType === 3 ? node.parentNode : node).closest("[data-at]").dataset.at);
  return node.nodeType === 3 ? at + offset : at + (offset ? node.textContent.length : 0);
}

let held = [], current = null, caret = 0;
const spans = () => {
  const merged = [];
  for (const [start, end] of [...held, ...(current ? [current] : [])].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(end, last[1]); else merged.push([start, end]);
  }
  return merged;
};
const quotation = () => spans().map(([start, end]) => source.slice(start, end).split(/\s+/).filter(Boolean).join(" ")).filter(Boolean).join(" … ");

document.addEventListener("selectionchange", look);
function look() {
  const selected = getSelection();
  if (!selected.anchorNode || !text.contains(selected.anchorNode) || !text.contains(selected.focusNode)) return;
  const ends = [placeOf(selected.anchorNode, selected.anchorOffset), placeOf(selected.focusNode, selected.focusOffset)];
  caret = ends[1];
  ends.sort((a, b) => a - b);
  current = source.slice(...ends).trim() ? trimmed(ends) : null;
  showPicked();
}
function trimmed([start, end]) {
  while (/\s/.test(source[start])) start++;
  while (/\s/.test(source[end - 1])) end--;
  return [start, end];
}
function select(start, end) {
  getSelection().setBaseAndExtent(...point(start), ...point(end));
}
function drop() {
  held = []; current = null;
  if (document.activeElement === text) select(caret, caret);
  showPicked();
}
function sentence() {
  const [start, end] = current ?? [caret, caret];
  const { at, words } = paragraphAt(end);
  const pieces = new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(words);
  let next = pieces.containing(end - at);
  if (current && next && at + next.index + next.segment.trimEnd().length <= end) next = pieces.containing(next.index + next.segment.length);
  if (!next) return;
  select(current ? start : at + next.index, at + next.index + next.segment.trimEnd().length);
}
text.addEventListener("focus", () => select(...(current ?? [caret, caret])));  // browsers would begin at the top again
for (const name of ["beforeinput", "paste", "cut", "drop", "dragstart"]) text.addEventListener(name, (event) => event.preventDefault());
text.addEventListener("input", () => {  // some input methods cannot be prevented
  for (const { node, words } of paragraphs) if (node.textContent !== words) node.textContent = words;
});

function showPicked() {
  const words = quotation(), count = words ? words.split(" ").filter((word) => word !== "").length : 0;
  const picked = $("picked");
  picked.replaceChildren();
  document.body.classList.toggle("picking", count > 0);
  if (count) {
    const quote = document.createElement("q"), told = document.createElement("span");
    quote.textContent = words.length > 300 ? `${words.slice(0, 140)} […] ${words.slice(-140)}` : words;
    told.textContent = count > 30 ? `${count} words: 30 are allowed. Take less, or two passages.` : `${count} of 30 words`;
    told.className = count > 30 ? "over" : "note";
    picked.append(quote, " ", told);
  } else picked.textContent = "Select words in the text, then say what they are: press D, O, R, P or X.";
  for (const button of document.querySelectorAll("#dock .kinds button")) button.setAttribute("aria-disabled", String(!count));
  const here = count ? [] : passagesAt(caret);
  if (here.length) picked.replaceChildren("Coded here: ", ...here.map((passage) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: `small ${passage.look}` });
    button.dataset.open = passage.entry;
    button.textContent = `${passage.look}: ${$(button.dataset.open)?.querySelector("b")?.textContent ?? button.dataset.open}`;
    return button;
  }));
  highlight("picked", spans());
}
const length = (passage) => passage.spans.reduce((sum, [start, end]) => sum + end - start, 0);
const passagesAt = (place) => state.passages.filter((passage) => passage.spans.some(([start, end]) => start <= place && place < end)).sort((a, b) => length(a) - length(b));

function highlight(name, places, priority = 0) {
  if (!CSS.highlights) return;
  const made = new Highlight(...places.map((place) => range(...place)));
  made.priority = priority;
  CSS.highlights.set(name, made);
}
function paint() {
  const looks = ["demand", "offer", "package", "outcome", "mention", "response", "open", "negotiable", "non-starter"];
  looks.forEach((look, priority) => highlight(look, state.passages.filter((one) => one.look === look).flatMap((one) => one.spans), priority));
  const active = state.passages.filter((one) => one.entry === state.opened);
  highlight("active", active.flatMap((one) => one.spans), 20);
  highlight("picked", spans(), 30);
}

// ---- going somewhere in the text, and back

const been = [];
function goTo(start, end) {
  been.push(text.scrollTop);
  $("back").hidden = false;
  text.focus({ preventScroll: true });
  select(start, start);
  const { node } = paragraphAt(start);
  node.scrollIntoView({ block: "center" });
  const place = range(start, end).getBoundingClientRect(), frame = text.getBoundingClientRect();
  if (place.top < frame.top || place.bottom > frame.bottom) text.scrollTop += place.top - frame.top - frame.height / 3;
}
$("back").addEventListener("click", () => {
  text.scrollTop = been.pop() ?? text.scrollTop;
  $("back").hidden = !been.length;
  text.focus({ preventScroll: true });
});
function top() {
  const frame = text.getBoundingClientRect();
  const at = document.elementFromPoint(frame.left + frame.width / 2, frame.top + 24)?.closest("[data-at]");
  return at ? [at.dataset.at, at.getBoundingClientRect().top - frame.top] : null;
}
addEventListener("pagehide", () => { flush(); remember("top", top()); remember("panel", panel.scrollTop); });
function stand() {
  const [at, above] = remembered("top", null) ?? [];
  panel.scrollTop = remembered("panel", 0);
  if (at === undefined) return;
  const node = text.querySelector(`[data-at="${at}"]`);
  let frames = 12;  // paragraphs above get their true height only as they are drawn
  const settle = () => {
    text.scrollTop += node.getBoundingClientRect().top - text.getBoundingClientRect().top - above;
    if (frames--) requestAnimationFrame(settle);
  };
  if (node) settle();
}

// ---- asking the server, one request after the other

let queue = Promise.resolve(), pending = null, waiting = 0;
const busy = (more) => { waiting += more; document.body.classList.toggle("busy", waiting > 0 || pending !== null); };
function enqueue(work) {
  busy(1);
  queue = queue.then(work).catch(() => {
    $("saved").textContent = "The desk does not answer: it was stopped. All but this last change is in the draft; start `positions code` again.";
    document.body.classList.add("stopped");
  }).then(() => busy(-1));
  return queue;
}
const act = (action, asked = {}) => enqueue(async () => {
  const edits = typeof asked.edits === "function" ? asked.edits() : asked.edits;
  const body = JSON.stringify({ opened: state.opened, ...asked, edits, version: state.version });
  const answer = await fetch(action, { method: "POST", body, headers: { "content-type": "application/json" }, keepalive: body.length < 60000 });
  if (answer.status !== 200 && answer.status !== 409) throw new Error(answer.status);
  show(await answer.json());
});
const open = (opened) => { flush(); return enqueue(async () => show(await (await fetch(`state?opened=${encodeURIComponent(opened)}`)).json())); };
const edit = (edits, asked = {}) => act("edit", { edits, ...asked });  // `edits` may be a function of the state then
function later(wait, work) {
  if (pending) clearTimeout(pending.timer);
  pending = { work, timer: setTimeout(flush, wait) };
  busy(0);
}
function flush() {
  if (!pending) return;
  clearTimeout(pending.timer);
  const { work } = pending;
  pending = null;
  work();
  busy(0);
}
setInterval(() => {
  if (document.hidden || pending || waiting || document.body.classList.contains("stopped")) return;
  enqueue(async () => {
    const changed = $("changed") ? "&changed" : "";
    const answer = await fetch(`state?opened=${encodeURIComponent(state.opened)}&version=${state.version}${changed}`);
    if (answer.status === 200) show(await answer.json());
  });
}, 3000);

function show(answer) {
  const before = panel.querySelectorAll(".tick").length, wasOpen = state.opened;
  state = answer;
  remember("opened", state.opened);
  for (const [id, html] of [["bar", answer.bar], ["panel", answer.panel], ["check", answer.check]]) {
    const next = $(id).cloneNode(false);
    next.innerHTML = html;
    morph($(id), next);
  }
  if (before !== panel.querySelectorAll(".tick").length) for (const tick of panel.querySelectorAll(".tick")) tick.checked = false;
  if (state.opened !== wasOpen) $(`${state.opened}.card`)?.scrollIntoView({ block: "nearest" });
  countTicked();
  paint();
  showPicked();
}
// Change `old` into `next` without touching what is the same: focus, caret and scroll position stay.
function morph(old, next) {
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName || old.id !== next.id) { old.replaceWith(next); return; }
  if (old.nodeType === 3) { if (old.data !== next.data) old.data = next.data; return; }
  if (old.nodeType !== 1) return;
  const keeps = (name) => (name === "hidden" && old.id === "several") || (name === "checked" && old.type === "radio");
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== "open" && !keeps(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value && !keeps(name)) old.setAttribute(name, value);
  if (old.nodeName === "TEXTAREA") { if (old !== document.activeElement) old.value = next.value; return; }
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    let same = child.id ? known.get(child.id) : at;
    for (let ahead = 0; !child.id && same && (same.id || same.nodeName !== child.nodeName); ahead++) same = ahead < 4 ? same.nextSibling : null;
    if (!same) { old.insertBefore(child, at); continue; }
    if (same !== at && !same.contains(document.activeElement)) old.insertBefore(same, at);
    else {
      while (at !== same) { const skipped = at; at = at.nextSibling; old.append(skipped); }  // what has the focus must not move
      at = at.nextSibling;
    }
    morph(same, child);
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  if (old.type === "radio" && waiting < 2) old.checked = next.checked;  // else a later choice is on its way
  if (old === document.activeElement) return;
  if (old.nodeName === "INPUT" && old.type !== "checkbox" && old.type !== "radio" && old.hasAttribute("value")) old.value = next.getAttribute("value");
  if (old.type === "checkbox" && old.dataset.path) old.checked = next.checked;
  if (old.nodeName === "SELECT" && old.dataset.path) old.value = next.value;
}

// ---- what the words are

const FIRST = { demands: "title", offers: "title", responses: "by", repeats: "repeats", outcomes: "items", actors: "name", sides: "name", packages: "title", extends: "id" };
async function code(kind) {
  const words = spans();
  if (!words.length) return;
  flush();
  await act("add", { section: kind === "repeats" ? "responses" : kind, words });
  held = []; current = null;
  showPicked();
  if (!state.failed) focusOn(`${state.opened}.${FIRST[kind]}`);
}
function more() {
  if (!current) return;
  held.push(current);
  current = null;
  select(held.at(-1)[1], held.at(-1)[1]);
  showPicked();
}
let typedIn = null;  // the field that was typed in since it got the focus: it has something of its own to undo
const isFresh = (field) => field !== typedIn && field.value === "";
document.addEventListener("focusin", () => { typedIn = null; });
document.addEventListener("input", (event) => { typedIn = event.target; });
const KEYS = { d: "demands", o: "offers", r: "responses", p: "repeats", x: "outcomes" };
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase(), inField = event.target.closest("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    if (key === "s") { event.preventDefault(); press("save"); }
    else if (key === "z" && (!inField || isFresh(event.target))) { event.preventDefault(); press(event.shiftKey ? "redo" : "undo"); }
    return;
  }
  if (event.altKey || event.defaultPrevented) return;
  if (key === "escape") {
    if (event.target === text || event.target === document.body) drop();
    else { flush(); text.focus({ preventScroll: true }); }
    return;
  }
  if (inField || event.target.closest("button")) return;
  look();  // the browser tells of a selection later than of a key
  if (KEYS[key]) { event.preventDefault(); code(KEYS[key]); }
  else if (key === "a") { event.preventDefault(); more(); }
  else if (key === "s") { event.preventDefault(); sentence(); }
  else if (key === "enter" && event.target === text) { event.preventDefault(); openAt(caret, true); }
});
text.addEventListener("click", () => { look(); if (getSelection().isCollapsed) openAt(caret, false); });
function openAt(place, goingThere) {
  const entries = [...new Set(passagesAt(place).map((passage) => passage.entry))];
  if (!entries.length || (!goingThere && entries.includes(state.opened))) return;
  const next = entries[(entries.indexOf(state.opened) + 1) % entries.length];
  open(next).then(() => goingThere && focusOn(next));
}
function press(action) {
  const button = $(action);
  if (button.getAttribute("aria-disabled") === "true") return;
  flush();
  if (document.activeElement?.matches("input, textarea") && !isFresh(document.activeElement)) document.activeElement.dispatchEvent(new Event("change", { bubbles: true }));
  act(action);
}
function focusOn(id) {
  for (let name = id; name; name = name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "") {
    const found = $(name);
    if (!found) continue;
    found.closest("details")?.setAttribute("open", "");
    found.focus();
    found.scrollIntoView({ block: "nearest" });
    return;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { act: action, open: opened, focus, kind, words, add, remove, without, do: does, path } = button.dataset;
  if (action) { flush(); act(action); }
  else if (kind) code(kind);
  else if (opened !== undefined) { await open(opened); if (focus) focusOn(focus); else if (opened && button.closest("#dock")) focusOn(opened); }
  else if (words) { const found = state.passages.find((passage) => passage.entry === words); if (found) goTo(...found.spans[0]); }
  else if (add) { flush(); await act("add", { section: add, values: {} }); focusOn(`${state.opened}.${FIRST[add]}`); }
  else if (remove) { flush(); edit([{ path: JSON.parse(remove), value: null }], { opened: "" }); }
  else if (without !== undefined) {
    const input = button.closest(".chosen").querySelector("input");
    await edit(() => [{ path: JSON.parse(path), value: value(input).filter((id) => id !== without) }]);
    input.focus();
  } else if (button.dataset.set !== undefined) edit([{ path: JSON.parse(path), value: null }]);
  else if (does === "more") { more(); text.focus({ preventScroll: true }); }
  else if (does === "drop") { drop(); text.focus({ preventScroll: true }); }
  else if (does === "words") {
    if (!spans().length) { $("said").textContent = "Select words in the text first."; $("picked").animate([{ opacity: 0.2 }, { opacity: 1 }], 400); return; }
    flush();
    await edit([{ path: JSON.parse(path), value: { words: spans() } }]);
    held = []; current = null;
    showPicked();
  } else if (does === "remove-ticked") edit(ticked().map((at) => ({ path: at, value: null })), { opened: "" });
});

// ---- fields

const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "true" : null) : field.value);
const send = (field) => edit([{ path: JSON.parse(field.dataset.path), value: valueOf(field) }], { what: field.dataset.path });
panel.addEventListener("input", (event) => {
  const field = event.target;
  if (field.id === "raw") later(700, () => act("raw", { text: field.value }));
  else if (field.dataset.live !== undefined) later(600, () => send(field));
});
panel.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.tick) return countTicked();
  if (field.id === "several-field") return chooseSeveral();
  if (field.dataset.live !== undefined) return flush();
  if (field.dataset.path && field.dataset.many === undefined && field.dataset.detail === undefined) send(field);
});
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id !== "several") return;
  const field = $("several-field").value, value = $("several-value").value.trim();
  const made = ["by", "to"].includes(field) ? value.split(/[\s,]+/).filter(Boolean) : value;
  edit(ticked().map((at) => ({ path: [...at, field], value: made })));
});
const ticked = () => [...panel.querySelectorAll(".tick:checked")].map((tick) => JSON.parse(tick.dataset.tick));
function countTicked() {
  const several = $("several"), count = ticked().length;
  if (!several) return;
  several.hidden = !count;
  $("several-count").textContent = count === 1 ? "1 entry" : `${count} entries`;
  chooseSeveral();
}
function chooseSeveral() {
  const kinds = { by: "actor", to: "actor", speaker: "person", reported_by: "actor person", topic: "topic", basis: "basis" };
  $("several-value").dataset.pick = kinds[$("several-field").value] ?? "";
}

// ---- picking from a list by typing a few letters

let choosing = null, offered = [], active = -1;
const recent = remembered("recent", {});
const slug = (name) => name.normalize("NFKD").replace(/[^\x20-\x7e]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-$/, "");
const MADE = { actor: ["state", "alliance", "organisation"], person: ["person"], item: ["demand", "offer"], topic: ["topic"], side: ["side"], package: ["package"] };
const value = (input) => JSON.parse(input.dataset.value ?? "[]");

function offer(input) {
  const kinds = input.dataset.pick.split(" ").filter(Boolean), sought = input === choosing && input.dataset.typed !== undefined ? input.value.toLowerCase().trim() : "";
  const rank = (choice) => {
    const last = (recent[choice.kind] ?? []).indexOf(choice.id);
    const names = [choice.id, choice.name.toLowerCase()];
    const begins = names.some((name) => name.startsWith(sought));
    return (names.includes(sought) ? -1000 : begins ? 0 : 1000) + (last < 0 ? 500 : last);
  };
  const found = kinds.flatMap((kind) => (state.choices[kind] ?? []).map((choice) => ({ ...choice, kind })))
    .filter((choice) => !value(input).includes(choice.id) && sought.split(/\s+/).every((part) => choice.id.includes(part) || choice.name.toLowerCase().includes(part)));
  const best = found.map((choice, place) => [rank(choice), place, choice]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 40).map((one) => one[2]);
  const anew = sought && !found.some((choice) => choice.id === sought || choice.name.toLowerCase() === sought)
    ? kinds.flatMap((kind) => (input.id === "several-value" ? [] : (MADE[kind] ?? []).map((sort) => ({ kind, sort, name: input.value.trim() })))) : [];
  offered = [...best, ...(sought ? speakersFor(input, sought) : []), ...anew];
  list.replaceChildren(...offered.map((choice, index) => {
    const option = document.createElement("li"), name = document.createElement("span"), note = document.createElement("small");
    Object.assign(option, { id: `option-${index}`, role: "option" });
    option.setAttribute("aria-selected", "false");
    name.textContent = choice.sort ? `+ New ${choice.sort} “${choice.name}”` : choice.name;
    note.textContent = choice.sort ? "" : [choice.id === choice.name ? "" : choice.id, choice.note].filter(Boolean).join(" · ");
    option.append(name, " ", note);
    return option;
  }));
  choosing = input;
  list.hidden = !offered.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  settle();
  mark(offered.length ? 0 : -1);
}
// Known persons whose name was typed where their actor belongs: choosing one fills in the speaker.
function speakersFor(input, sought) {
  if (!speakerOf(input)) return [];
  return state.choices.person.filter((one) => sought.split(/\s+/).every((part) => one.id.includes(part) || one.name.toLowerCase().includes(part)))
    .slice(0, 10).map((one) => ({ ...one, kind: "person", isSpeaker: true, note: one.speaks_for ? `speaker, for ${one.speaks_for}` : "speaker" }));
}
const speakerOf = (input) => (input.dataset.path && input.id.endsWith(".by") ? $(input.id.replace(/by$/, "speaker")) : null);
function settle() {
  const box = choosing.getBoundingClientRect(), below = innerHeight - box.bottom;
  list.style.left = `${Math.min(box.left, innerWidth - Math.max(box.width, 260) - 8)}px`;
  list.style.width = `${Math.max(box.width, 260)}px`;
  list.style.top = below > 200 ? `${box.bottom + 2}px` : "auto";
  list.style.bottom = below > 200 ? "auto" : `${innerHeight - box.top + 2}px`;
  list.style.maxHeight = `${Math.min(320, (below > 200 ? below : box.top) - 16)}px`;
}
function mark(index) {
  active = index;
  [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  if (index >= 0) { choosing.setAttribute("aria-activedescendant", `option-${index}`); list.children[index].scrollIntoView({ block: "nearest" }); }
  else choosing?.removeAttribute("aria-activedescendant");
}
function fold() {
  if (!choosing) return;
  choosing.setAttribute("aria-expanded", "false");
  choosing.removeAttribute("aria-activedescendant");
  delete choosing.dataset.typed;
  list.hidden = true;
  choosing = null;
}
async function pick(choice) {
  const input = choosing, edits = [];
  let { id } = choice;
  if (choice.sort) {
    const taken = new Set(Object.values(state.choices).flat().map((one) => one.id)), stem = slug(choice.name) || choice.sort;
    id = stem;
    for (let number = 2; taken.has(id) && choice.kind !== "topic"; number++) id = `${stem}-${number}`;
    if (["actor", "person"].includes(choice.kind)) edits.push({ path: ["actors", "new"], value: { id, kind: choice.sort, name: choice.name } });
    else if (choice.kind === "side") edits.push({ path: ["sides", "new"], value: { id, name: choice.name } });
    else if (choice.kind !== "topic") edits.push({ path: [`${choice.sort}s`, "new"], value: { id, title: choice.name } });
  }
  recent[choice.kind] = [id, ...(recent[choice.kind] ?? []).filter((one) => one !== id)].slice(0, 20);
  remember("recent", recent);
  fold();
  typedIn = null;
  if (input.id === "several-value") {
    const many = ["by", "to"].includes($("several-field").value);
    input.value = many ? [...input.value.split(/[\s,]+/).slice(0, -1), id, ""].join(", ").replace(/^, /, "") : id;
    return;
  }
  if (choice.isSpeaker) {
    input.value = "";
    return edit([{ path: JSON.parse(speakerOf(input).dataset.path), value: id }]);
  }
  const path = JSON.parse(input.dataset.path);
  if (input.dataset.many !== undefined) {
    input.value = "";
    return edit(() => [...edits, { path, value: [...value($(input.id)), id] }]);
  }
  else if (input.dataset.detail !== undefined) {
    edits.push({ path: [...path, id], value: {} });
    const makers = $(`${path.slice(0, 2).join(".")}.by`);
    if (path[2] === "repeats" && choice.by?.length && makers && !value(makers).length) edits.push({ path: [...path.slice(0, 2), "by"], value: choice.by });
  } else edits.push({ path, value: id });
  input.value = input.dataset.detail === undefined ? id : "";
  input.defaultValue = input.value;
  await edit(edits);
  if (input.dataset.detail !== undefined) focusOn(path[2] === "stances" ? `${path.join(".")}.${id}.stance` : input.id);
}
panel.addEventListener("focusin", (event) => { if (event.target.role === "combobox" || event.target.getAttribute("role") === "combobox") offer(event.target); });
panel.addEventListener("click", (event) => { if (event.target.getAttribute("role") === "combobox" && list.hidden) offer(event.target); });
panel.addEventListener("focusout", (event) => { if (event.target === choosing) fold(); });
panel.addEventListener("input", (event) => {
  if (event.target.getAttribute("role") !== "combobox") return;
  choosing = event.target;
  event.target.dataset.typed = "";
  offer(event.target);
});
panel.addEventListener("keydown", (event) => {
  const input = event.target;
  if (input.getAttribute("role") !== "combobox") return;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) offer(input); else mark((active + (key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length);
  } else if (key === "Enter") {
    event.preventDefault();
    if (!list.hidden && active >= 0) pick(offered[active]); else if (input.id === "several-value") input.form.requestSubmit();
  } else if (key === "Escape" && !list.hidden) { event.preventDefault(); fold(); }
  else if (key === "Backspace" && !input.value && value(input).length) edit([{ path: JSON.parse(input.dataset.path), value: value(input).slice(0, -1) }]);
}, true);
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) pick(offered[[...list.children].indexOf(option)]); });
panel.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input:not([role])") && event.target.closest(".card")) { event.preventDefault(); event.target.dispatchEvent(new Event("change", { bubbles: true })); }
});
panel.addEventListener("scroll", () => { if (choosing && !list.hidden) settle(); });

$("check").open = localStorage.getItem("check") !== "folded";
$("check").addEventListener("toggle", () => localStorage.setItem("check", $("check").open ? "open" : "folded"));
const opened = remembered("opened", state.opened);
if (opened !== state.opened) open(opened).then(stand);
paint();
showPicked();
stand();
