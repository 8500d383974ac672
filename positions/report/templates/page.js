(() => {
  "use strict";
  const form = document.getElementById("Filters");
  const table = document.querySelector(".matrix");
  const shown = document.getElementById("Shown");
  const groups = [...table.tBodies];
  const rows = [...table.querySelectorAll("tr[data-item]")];
  // Where each row belongs while the table is grouped by topic; sorting moves rows into one body.
  const home = new Map(rows.map((row) => [row, row.parentNode]));
  // As `positions search`: case, accents and the style of quotation marks are ignored.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/[“”]/g, '"')
    .replace(/\s+/g, " ").trim().toLowerCase();
  const words = new Map(rows.map((row) => {
    const card = document.getElementById(row.dataset.item);
    return [row, fold(`${row.dataset.item} ${row.textContent} ${card ? card.textContent : ""}`)];
  }));
  const title = (row) => row.querySelector("th a").textContent;
  const orders = {
    title: (a, b) => title(a).localeCompare(title(b)),
    made: (a, b) => a.dataset.made.localeCompare(b.dataset.made),
    refusals: (a, b) => b.dataset.refusals - a.dataset.refusals,
  };
  const all = document.createElement("tbody");

  const asked = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const fits = (row, want) => {
    const stances = row.dataset.stances.split(" ").filter(Boolean);
    return (!want.side || row.dataset.side === want.side)
      && (!want.topic || row.dataset.topic === want.topic)
      && (!want.stance || (want.stance === "none" ? !stances.length : stances.includes(want.stance)))
      && (!want.words || words.get(row).includes(fold(want.words)));
  };
  const arrange = (sort) => {
    const order = Object.hasOwn(orders, sort || "") ? orders[sort] : null;
    if (order) {
      all.append(...[...rows].sort(order));
      groups.forEach((group) => group.remove());
      table.append(all);
    } else {
      rows.forEach((row) => home.get(row).append(row));
      all.remove();
      table.append(...groups);
    }
  };
  const show = () => {
    const want = asked();
    arrange(want.sort);
    let number = 0;
    rows.forEach((row) => {
      row.hidden = !fits(row, want);
      number += !row.hidden;
    });
    groups.forEach((group) => { group.hidden = ![...group.rows].some((row) => row.dataset.item && !row.hidden); });
    shown.textContent = `${number} of ${rows.length} items shown`;
  };
  const remember = () => {
    const query = new URLSearchParams(asked()).toString();
    try {
      history.replaceState(null, "", query ? `#?${query}` : location.href.split("#")[0]);
    } catch { /* some viewers forbid changing the address */ }
  };
  const recall = () => {
    if (!location.hash.startsWith("#?")) return;
    const query = new URLSearchParams(location.hash.slice(2));
    [...form.elements].filter((field) => field.name).forEach((field) => { field.value = query.get(field.name) ?? ""; });
    [...form.elements].filter((field) => field.tagName === "SELECT" && field.selectedIndex < 0).forEach((field) => { field.value = ""; });
    show();
  };
  if (rows.length) {
    form.hidden = false;
    form.addEventListener("input", () => { show(); remember(); });
    // The fields are still filled when "reset" is sent, hence the timeout.
    form.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", recall);
    show();
    recall();
  }

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  let leaving = 0;  // a delay, so that the pointer can move from the mark onto the tip
  const tell = (mark) => {
    clearTimeout(leaving);
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const place = mark.querySelector("use").getBoundingClientRect();
    const middle = place.left + place.width / 2 - tip.offsetWidth / 2;
    const left = Math.max(8, Math.min(middle, document.documentElement.clientWidth - tip.offsetWidth - 8));
    const above = place.top - tip.offsetHeight - 6;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above < 0 ? place.bottom + 6 : above) + scrollY}px`;
  };
  const leave = () => { leaving = setTimeout(() => { tip.hidden = true; }, 150); };
  document.querySelectorAll(".drawing a").forEach((mark) => {
    mark.addEventListener("mouseenter", () => tell(mark));
    mark.addEventListener("mouseleave", leave);
    mark.addEventListener("focus", () => tell(mark));
    mark.addEventListener("blur", leave);
  });
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", leave);
  addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
})();
