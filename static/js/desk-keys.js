/* One-letter keys of the desk and of triage: never while typing, never with a modifier, off when the person says so (WCAG 2.1.4).
   Which key does what comes with the page (support/shortcuts.py); what an action does is what the control named by it does. */

const table = JSON.parse(document.getElementById("desk-shortcuts")?.textContent ?? "{}");
const actions = new Map(Object.entries(table).map(([action, each]) => [each.key, action]));

// The list of keys is for who has script, and written by it: the page carries each word once.
const listed = document.querySelector("[data-key-list]");
const lines = Object.values(table).map((each) => {
  const line = document.createElement("div");
  const term = line.appendChild(document.createElement("dt"));
  term.appendChild(document.createElement("kbd")).textContent = each.key;
  line.appendChild(document.createElement("dd")).textContent = each.words;
  return line;
});
listed?.prepend(...lines);

const areOff = () => document.getElementById("keys")?.hasAttribute("data-off") ?? true;
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll(".ticket-row__open")];
const isTyping = (target) =>
  target.closest("input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable], dialog") !== null;

// The control that an action is for: the first one that can be seen, else one inside something folded.
function controlOf(action) {
  const all = [...document.querySelectorAll(`[data-act~="${action}"]`)];
  return all.find((control) => control.checkVisibility?.() ?? control.offsetParent !== null) ?? all[0];
}

function use(control) {
  for (let fold = control.closest("details:not([open])"); fold; fold = fold.parentElement?.closest("details:not([open])")) fold.open = true;
  if (control.matches("summary, a, button, label")) control.click();
  if (control.matches("input, select, textarea, summary")) control.focus();
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const open = all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = here >= 0 ? here + step : open >= 0 ? open + step : 0;
  all[Math.max(0, Math.min(next, all.length - 1))].focus();
}

function compose(kind) {
  const tab = byId(`compose-${kind}`);
  if (!tab) return;
  tab.checked = true;
  byId(`id_${kind}-body`)?.focus();
}

const hereOrOpen = () => (document.activeElement?.closest(".ticket-row") ?? document.querySelector(".ticket-row:has([aria-current])"))?.querySelector("[type=checkbox]");

// What no single control does.
const OWN = {
  next: () => move(1),
  previous: () => move(-1),
  open: () => document.activeElement?.classList.contains("ticket-row__open") && document.activeElement.click(),
  select: () => hereOrOpen()?.click(),
  reply: () => compose("reply"),
  note: () => compose("note"),
  back: () => (controlOf("back") ?? document.querySelector(".ticket__back"))?.click(),
  search: () => byId("desk-q")?.focus(),
  assign: () => byId("id_triage-assignee") && use(byId("id_triage-assignee")),
  status: () => byId("id_triage-status") && use(byId("id_triage-status")),
  priority: () => byId("id_triage-priority") && use(byId("id_triage-priority")),
  kind: () => byId("id_triage-kind") && use(byId("id_triage-kind")),
  help: () => byId("keys")?.showModal(),
};

function act(action) {
  const control = controlOf(action);
  if (OWN[action]) OWN[action]();
  else if (control) use(control);
}

// What an action of its own is done to, where it is not on every page.
const NEEDS = {
  next: ".ticket-row__open",
  previous: ".ticket-row__open",
  open: ".ticket-row__open",
  select: ".ticket-row [type=checkbox]",
  reply: "#compose-reply",
  note: "#compose-note",
  search: "#desk-q",
  assign: "#id_triage-assignee",
  status: "#id_triage-status",
  priority: "#id_triage-priority",
  kind: "#id_triage-kind",
  help: "#keys",
};
const isPossible = (action) => (NEEDS[action] ? document.querySelector(NEEDS[action]) : controlOf(action)) || (action === "back" && document.querySelector(".ticket__back"));

// What can be done here and now, for the palette: the words of each action and how to do it.
const possible = () => Object.entries(table).filter(([action]) => isPossible(action)).map(([action, each]) => ({ action, ...each }));
window.deskKeys = { possible, act, isTyping };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || areOff() || isTyping(event.target)) return;
  const action = actions.get(event.key);
  if (!action) return;
  event.preventDefault();
  act(action);
});
