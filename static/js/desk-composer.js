/* The composers of a ticket: drafts kept, things looked up, a reply taken back. Without script the same is done by buttons and pages. */

const EVERY = 3_000; // milliseconds between two savings
const SEEN = 1_000; // how long a letter is in sight before it counts as seen
const byId = (id) => document.getElementById(id);
const forms = () => [...document.querySelectorAll("form[data-composer]")];
const bodyOf = (form) => form.querySelector("textarea[name$='-body']");
const field = (form, name) => form.elements[`${form.dataset.composer}-${name}`];
const copyKey = (form) => `draft ${form.dataset.ticket} ${form.dataset.composer}`;

// Drafts -------------------------------------------------------------------------------------------------------------

const KEPT = ["body", "revision", "version", "cc", "status", "macro", "then"];
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { last: words(form), saving: null, isOver: false, isLost: false });
  return states.get(form);
}

// What is typed and chosen, as it would be kept.
function words(form) {
  return ["body", "cc", "status", "macro", "then"].map((name) => field(form, name)?.value ?? "").join("\u0000");
}

function say(form, text) {
  const line = form.querySelector("[data-saved]");
  if (line && line.textContent.trim() !== text) line.textContent = text;
}

function save(form) {
  const state = stateOf(form);
  if (state.saving || state.isOver || words(form) === state.last) return state.saving;
  state.saving = send(form, words(form)).finally(() => { state.saving = null; });
  return state.saving;
}

async function send(form, sent) {
  const data = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  for (const name of KEPT) if (field(form, name)) data.set(`${form.dataset.composer}-${name}`, field(form, name).value);
  let answer;
  try {
    answer = await fetch(form.dataset.draft, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
  } catch {
    stateOf(form).isLost = true;
    say(form, form.dataset.offline);
    return;
  }
  stateOf(form).isLost = !answer.ok && answer.status !== 409;
  if (answer.status === 409) clash(form, await answer.json());
  else if (answer.ok) kept(form, await answer.json(), sent);
  else say(form, form.dataset.signedOut);
}

function kept(form, { revision, saved }, sent) {
  field(form, "revision").value = revision;
  stateOf(form).last = sent;
  say(form, saved);
  if (words(form) !== sent) return;
  sessionStorage.removeItem(copyKey(form));
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
}

// What the server has not taken yet stays in this tab, and is put back when the page comes again or the person has signed in again.
function keepHere(form) {
  if (bodyOf(form).value) sessionStorage.setItem(copyKey(form), bodyOf(form).value);
  else sessionStorage.removeItem(copyKey(form));
}

function takeBack(form) {
  const copy = sessionStorage.getItem(copyKey(form));
  if (!copy || bodyOf(form).value.includes(copy)) return;
  bodyOf(form).value = copy;
  changed(form);
}

// Two windows of one person: both texts stand side by side until one is chosen.
function clash(form, other) {
  const state = stateOf(form);
  const box = form.querySelector("[data-clash]");
  state.isOver = true;
  box.hidden = false;
  box.querySelector("[data-clash-words]").innerText = other.body;
  const settle = (text) => {
    field(form, "revision").value = other.revision;
    bodyOf(form).value = text;
    box.hidden = true;
    state.isOver = false;
    state.last = "";
    changed(form);
    bodyOf(form).focus();
    save(form);
  };
  box.querySelector("[data-clash-theirs]").onclick = () => settle(other.body);
  box.querySelector("[data-clash-ours]").onclick = () => settle(bodyOf(form).value);
  box.querySelector("[data-clash-both]").onclick = () => settle(`${bodyOf(form).value}\n\n${other.body}`);
}

setInterval(() => forms().forEach(save), EVERY);
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (form) save(form);
});
document.addEventListener("visibilitychange", () => { if (document.hidden) forms().forEach(save); });
addEventListener("online", () => forms().forEach(save));
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "ticket") forms().forEach(save); });

// Discarding asks nothing, because it can be taken back.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-discard]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const before = bodyOf(form).value;
  if (!before) return;
  await stateOf(form).saving;
  const data = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  await fetch(`${form.dataset.draft}discard/`, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => {});
  bodyOf(form).value = "";
  field(form, "revision").value = 0;
  clearMacro(form);
  changed(form);
  keepHere(form);
  stateOf(form).last = words(form);
  say(form, form.dataset.discarded);
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  const back = form.querySelector("[data-put-back]");
  back.hidden = false;
  back.onclick = () => {
    bodyOf(form).value = before + bodyOf(form).value;
    back.hidden = true;
    changed(form);
    save(form);
    bodyOf(form).focus();
  };
  back.focus();
});

// Sending ------------------------------------------------------------------------------------------------------------

// A saving that is on its way would come back as a draft after its words were sent: it is waited for.
const sure = new WeakSet();
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-composer]") || sure.has(form)) return;
  const state = stateOf(form);
  state.isOver = true;
  if (!state.isLost) sessionStorage.removeItem(copyKey(form));
  if (!state.saving) return;
  event.preventDefault();
  const button = event.submitter;
  await state.saving;
  sure.add(form);
  form.requestSubmit(button);
}, true);
addEventListener("pageshow", () => forms().forEach((form) => { stateOf(form).isOver = false; sure.delete(form); }));

// Enter in a line of addresses sends nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("form[data-composer] input[type=text]")) event.preventDefault();
});

// With words, solving sends them; the button says so.
function changed(form) {
  const has = bodyOf(form).value.trim() !== "";
  for (const button of form.querySelectorAll("[data-with]")) {
    button.dataset.without ??= button.textContent;
    button.textContent = has ? button.dataset.with : button.dataset.without;
  }
}
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-composer]");
  if (form) {
    changed(form);
    keepHere(form);
  }
  if (event.target.matches("form[data-composer] textarea[name$='-body']")) spot(event);
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".composer__tab")) byId(`id_${event.target.id.replace("compose-", "")}-body`)?.focus();
});

// A picture that is pasted goes along as a file.
document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!form || !pictures.length) return;
  event.preventDefault();
  const input = field(form, "attachments");
  const all = new DataTransfer();
  for (const file of [...input.files, ...pictures]) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// What was seen ------------------------------------------------------------------------------------------------------

// A letter that came counts as seen when it has been in sight for a second; only then does the guard move on (docs/adr/0034).
const watched = new Set();
let sight = null;
function watchLetters() {
  sight?.disconnect();
  const list = byId("conversation");
  if (!list || !forms().length) return;
  const news = [...list.querySelectorAll(".is-new[data-version]")].filter((letter) => !watched.has(letter.dataset.letter));
  if (!news.length) {
    if (list.dataset.version) moveGuard(list);
    return;
  }
  sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, intersectionRatio } of entries) {
      clearTimeout(target.seenTimer);
      if (isIntersecting && (intersectionRatio >= 0.5 || target.offsetHeight > innerHeight / 2)) target.seenTimer = setTimeout(() => see(target, list), SEEN);
    }
  }, { threshold: [0, 0.25, 0.5] });
  news.forEach((letter) => sight.observe(letter));
}
function see(letter, list) {
  if (document.hidden) return;
  watched.add(letter.dataset.letter);
  const left = [...list.querySelectorAll(".is-new[data-version]")].filter((each) => !watched.has(each.dataset.letter));
  if (!left.length && list.isConnected) moveGuard(list);
}
function moveGuard(list) {
  for (const form of forms()) {
    for (const name of ["version", "letter"]) {
      const hidden = field(form, name);
      if (hidden && Number(list.dataset[name]) > Number(hidden.value)) hidden.value = list.dataset[name];
    }
  }
}

// Undo ---------------------------------------------------------------------------------------------------------------

setInterval(() => {
  for (const held of document.querySelectorAll("[data-leaves]")) {
    const seconds = Math.ceil((new Date(held.dataset.leaves) - Date.now()) / 1000);
    const count = held.querySelector("[data-count]");
    if (seconds > 0) count.textContent = `${seconds} s`;
    else if (!held.dataset.isOver) {
      held.dataset.isOver = "1";
      count.textContent = "";
      setTimeout(() => window.htmx?.trigger("#conversation", "left"), 1_500);
    }
  }
}, 500);

// Looking up ---------------------------------------------------------------------------------------------------------

/* A combobox with a list (ARIA 1.2) that opens over the composer: typed / at the start of a line, ?? or @, or the button of each. */
let look = null;
const TYPED = [["macros", /(^|\n)\/$/, "/"], ["articles", /\?\?$/, "??"], ["people", /(^|\s)@$/, "@"]];

function spot(event) {
  if (event.isComposing) return;
  if (look && document.activeElement !== look.area) return;
  const area = event.target;
  const before = area.value.slice(0, area.selectionStart);
  for (const [what, pattern, typed] of TYPED) {
    const link = area.form.querySelector(`[data-lookup="${what}"]`);
    if (link && pattern.test(before) && event.inputType !== "deleteContentBackward") {
      look?.box.remove(); // who went on writing has done with it
      openLookup(link, area, typed);
      return;
    }
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-lookup]");
  if (link) {
    event.preventDefault();
    closeLookup();
    openLookup(link, bodyOf(link.closest("form")), "");
  } else if (event.target.closest("[data-lookup-close]")) closeLookup();
});

function openLookup(link, area, typed) {
  const at = area.selectionStart;
  const box = document.createElement("div");
  box.className = "lookup";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", link.dataset.label);
  box.innerHTML = '<label for="lookup-input"></label><input id="lookup-input" type="text" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="lookup-list" autocomplete="off" spellcheck="false"><ul id="lookup-list" role="listbox"></ul><p class="visually-hidden" role="status"></p><div class="lookup__preview"></div>';
  box.querySelector("label").textContent = link.dataset.label;
  box.querySelector("ul").setAttribute("aria-label", link.dataset.label);
  link.closest(".composer__tools").after(box);
  look = { box, area, typed, from: at - typed.length, to: at, url: new URL(link.href), input: box.querySelector("input"), list: box.querySelector("ul"), here: -1, asked: 0, timer: 0 };
  look.input.addEventListener("input", () => { clearTimeout(look.timer); look.timer = setTimeout(ask, 150); });
  box.addEventListener("keydown", onKey);
  box.addEventListener("click", onChoice);
  look.input.focus();
  ask();
}

// Escape puts back what was typed: nothing is lost by looking.
function closeLookup({ insert = null } = {}) {
  if (!look) return;
  const { box, area, typed, from, to, input } = look;
  const text = insert ?? (typed + (input.value && typed ? input.value : ""));
  look = null;
  box.remove();
  area.focus();
  area.setRangeText(text, from, to, "end");
  changed(area.form);
  area.dispatchEvent(new Event("change", { bubbles: true }));
}

async function ask() {
  const mine = look;
  const turn = ++mine.asked;
  mine.url.searchParams.set("q", mine.input.value);
  const answer = await fetch(mine.url, { headers: { "X-Lookup": "1" } }).catch(() => null);
  if (look !== mine || turn !== mine.asked || !answer?.ok) return;
  mine.list.innerHTML = await answer.text();
  mine.here = -1;
  const number = mine.list.children.length;
  mine.list.hidden = !number;
  mine.input.setAttribute("aria-expanded", String(number > 0));
  mine.box.querySelector("[role=status]").textContent = `${mine.box.getAttribute("aria-label")}: ${number}`;
  if (number) point(0);
}

function point(place) {
  const options = [...look.list.children];
  if (!options.length) return;
  look.here = (place + options.length) % options.length;
  options.forEach((option, each) => option.setAttribute("aria-selected", String(each === look.here)));
  look.input.setAttribute("aria-activedescendant", options[look.here].id);
  options[look.here].scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    closeLookup();
    return;
  }
  if (event.target !== look.input || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    point(look.here + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    choose(look.list.children[look.here]);
  } else if (event.key === "Backspace" && !look.input.value && look.typed) {
    event.preventDefault();
    closeLookup({ insert: "" });
  }
}

function onChoice(event) {
  const option = event.target.closest("[role=option]");
  const language = event.target.closest("[data-language]");
  const use = event.target.closest("[data-macro-use]");
  if (option) choose(option);
  else if (language) showMacro(look.macro, language.dataset.language);
  else if (use) useMacro(use);
}

function choose(option) {
  if (!option) return;
  if (option.dataset.url) showMacro(option.dataset.url, "");
  else closeLookup({ insert: option.dataset.text });
}

// What a macro would write and change, before anything is written or changed.
async function showMacro(url, language) {
  const mine = look;
  mine.macro = url;
  const address = new URL(url, location.href);
  address.searchParams.set("kind", mine.area.form.dataset.composer);
  if (language) address.searchParams.set("language", language);
  const answer = await fetch(address, { headers: { "X-Lookup": "1" } }).catch(() => null);
  if (look !== mine || !answer?.ok) return;
  mine.box.querySelector(".lookup__preview").innerHTML = await answer.text();
  mine.list.hidden = true;
  mine.input.setAttribute("aria-expanded", "false");
  mine.box.querySelector("[data-macro-use]").focus();
}

function useMacro(button) {
  const form = look.area.form;
  const lines = look.box.querySelector("[data-macro-lines]");
  const text = look.box.querySelector("[data-macro-text]")?.value ?? "";
  field(form, "macro").value = button.dataset.macroUse;
  if (button.dataset.status) field(form, "status").value = button.dataset.status;
  form.querySelector("[data-macro-changes]").replaceChildren(lines);
  form.querySelector("[data-macro]").hidden = false;
  closeLookup({ insert: text });
  save(form);
}

function clearMacro(form) {
  field(form, "macro").value = "";
  form.querySelector("[data-macro]").hidden = true;
}

// ---------------------------------------------------------------------------------------------------------------------

function begin() {
  for (const form of forms()) {
    stateOf(form);
    takeBack(form);
    changed(form);
  }
  watchLetters();
}
document.addEventListener("htmx:afterSettle", begin);
begin();
