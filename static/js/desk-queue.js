/* The list's rows: choosing many, and keeping what was chosen while rows are sent anew. */

const PICK = ".ticket-row > input";
const byId = (id) => document.getElementById(id);
const picks = () => [...document.querySelectorAll(PICK)];
const ticketOf = (pick) => pick.value.split(":")[0];
const chosen = new Set();
let last = null;

function show() {
  const bar = byId("many-bar");
  if (!bar) return;
  const all = picks();
  const count = all.filter((pick) => pick.checked).length;
  const words = bar.querySelector("[data-many-count]");
  words.dataset.none ??= words.textContent;
  words.textContent = count === 0 ? words.dataset.none : count === 1 ? words.dataset.one : words.dataset.more.replace("#", count);
  const whole = bar.querySelector("[data-many-all]");
  whole.closest("label").hidden = false;
  whole.checked = count > 0 && count === all.length;
  whole.indeterminate = count > 0 && count < all.length;
  bar.classList.toggle("is-used", count > 0);
  bar.classList.toggle("is-idle", count === 0);
}

function choose(pick, checked) {
  pick.checked = checked;
  if (checked) chosen.add(ticketOf(pick));
  else chosen.delete(ticketOf(pick));
}

document.addEventListener("click", (event) => {
  const pick = event.target.closest?.(PICK);
  if (!pick) return;
  const all = picks();
  const from = all.findIndex((each) => ticketOf(each) === last);
  const to = all.indexOf(pick);
  const range = event.shiftKey && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [pick];
  for (const each of range) choose(each, pick.checked);
  last = ticketOf(pick);
  show();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-many-all]")) return;
  for (const pick of picks()) choose(pick, event.target.checked);
  show();
});

// What is opened is read.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "ticket") return;
  const open = document.querySelector("#ticket > article")?.dataset.ticket;
  for (const row of document.querySelectorAll(".ticket-row.is-unread")) {
    if (!row.querySelector(".ticket-row__open").pathname.includes(`/${open}/`)) continue;
    row.classList.remove("is-unread");
    row.querySelector(".ticket-row__open b")?.remove();
  }
});

// Rows that are sent anew come unchosen; who went away is chosen no more. A list that replaces itself tells of it by its load alone.
function keep() {
  const all = picks();
  if (byId("desk-list")?.classList.contains("desk__list--later")) return;
  const here = new Set(all.map(ticketOf));
  for (const ticket of [...chosen]) if (!here.has(ticket)) chosen.delete(ticket);
  for (const pick of all) pick.checked = chosen.has(ticketOf(pick));
  show();
}
document.addEventListener("htmx:afterSwap", keep);
document.addEventListener("htmx:load", keep);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".many select")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// A page that comes back by the browser's own button has its boxes ticked already.
addEventListener("pageshow", () => {
  for (const pick of picks()) if (pick.checked) chosen.add(ticketOf(pick));
  show();
});
show();
