/* The palette: ⌘K or Ctrl+K opens it on every page. What can be done here comes from the page (js/desk-keys.js), the rest from the server. */

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
const said = document.getElementById("palette-said");
let asked = null;
let timer = 0;
let here = -1;
let isOld = false; // what is shown is not yet what was asked: Enter waits for it
let isWanted = false;

const options = () => [...list.querySelectorAll("[role=option]")];
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function open() {
  if (!dialog.open) dialog.showModal();
  field.focus();
  field.select();
  ask();
}

function deeds(query) {
  const all = window.deskKeys?.possible() ?? [];
  return all.filter((each) => each.action !== "help" && plain(each.words).includes(plain(query)));
}

function show(html, query) {
  list.innerHTML = html;
  for (const found of list.querySelectorAll(".found__entry")) {
    found.closest("ul").setAttribute("role", "presentation");
    found.closest("li").setAttribute("role", "presentation");
    found.setAttribute("role", "option");
    found.tabIndex = -1;
  }
  for (const head of list.querySelectorAll(".found__sort")) head.setAttribute("role", "presentation");
  const possible = deeds(query);
  if (possible.length) list.prepend(sectionOf(possible));
  options().forEach((option, place) => { option.id = `palette-${place}`; });
  if (!options().length) list.textContent = query ? list.dataset.nothing : "";
  said.textContent = options().length === 1 ? said.dataset.one : said.dataset.many.replace("%n", options().length);
  mark(options().length ? 0 : -1);
  isOld = false;
  if (isWanted && options()[0]) choose(options()[0]);
  isWanted = false;
}

function sectionOf(possible) {
  const section = document.createElement("section");
  section.className = "found";
  section.setAttribute("role", "group");
  section.setAttribute("aria-label", list.dataset.actions);
  const head = document.createElement("h2");
  head.className = "found__sort";
  head.setAttribute("role", "presentation");
  head.textContent = list.dataset.actions;
  section.append(head);
  for (const each of possible) {
    const option = document.createElement("div");
    const words = document.createElement("span");
    const key = document.createElement("kbd");
    option.className = "found__entry";
    option.setAttribute("role", "option");
    option.dataset.action = each.action;
    words.textContent = each.words;
    key.textContent = each.key;
    option.append(words, key);
    section.append(option);
  }
  return section;
}

function mark(place) {
  const all = options();
  here = all.length ? (place + all.length) % all.length : -1;
  all.forEach((option, each) => option.setAttribute("aria-selected", String(each === here)));
  if (here < 0) field.removeAttribute("aria-activedescendant");
  else {
    field.setAttribute("aria-activedescendant", all[here].id);
    all[here].scrollIntoView({ block: "nearest" });
  }
}

async function ask() {
  asked?.abort();
  const query = field.value.trim();
  if (!query) return show("", "");
  asked = new AbortController();
  try {
    const answer = await fetch(`${dialog.querySelector("form").action}?list=1&q=${encodeURIComponent(query)}`, { signal: asked.signal });
    if (answer.ok && !answer.redirected) show(await answer.text(), query);
  } catch (error) {
    if (error.name !== "AbortError") show("", query);
  }
}

function choose(option) {
  if (option.dataset.action) {
    dialog.close();
    window.deskKeys.act(option.dataset.action);
  } else location.assign(option.href);
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    isOld = true;
    isWanted = false;
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(here + 1);
    else if (event.key === "ArrowUp") mark(here - 1);
    else if (event.key === "Enter" && isOld) isWanted = true;
    else if (event.key === "Enter" && options()[here]) choose(options()[here]);
    else if (event.key !== "Enter") return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-action]");
    if (option) choose(option);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
