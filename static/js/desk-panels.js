/* Panels beside a ticket stay as a person left them. */

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

// `toggle` does not bubble, so it is caught on its way down. What the page itself opened is no choice of the person's.
const chosen = new WeakSet();
document.addEventListener("click", (event) => {
  const panel = event.target.closest("summary")?.parentElement;
  if (panel?.dataset.panel) chosen.add(panel);
});
document.addEventListener("toggle", (event) => {
  const panel = event.target;
  if (!panel.dataset?.panel || !chosen.has(panel)) return;
  const address = panel.closest("[data-panels]")?.dataset.panels;
  const body = new URLSearchParams({ panel: panel.dataset.panel, is_open: panel.open ? "1" : "0" });
  fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: true }).catch(() => {});
}, true);

// The composer puts the text where its cursor was.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert-text]");
  if (button) document.dispatchEvent(new CustomEvent("desk:insert", { detail: { text: button.dataset.insertText } }));
});

// One menu of the head at a time; Escape closes it and gives the place back.
document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.classList?.contains("doing") || !opened.open) return;
  for (const other of document.querySelectorAll(".doings .doing[open]")) if (other !== opened) other.open = false;
  opened.querySelector("input:not([type=hidden]), button")?.focus();
}, true);
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".doings .doing[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// What needs script is shown where there is script, also in what was fetched later.
function show() {
  for (const element of document.querySelectorAll("#ticket [data-script][hidden]")) element.hidden = false;
}
document.addEventListener("htmx:afterSwap", show);
show();
