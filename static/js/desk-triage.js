/* Triage by keys: a digit chooses and goes on, Enter takes what is proposed, Backspace goes back; behind the fourth the ticket is saved. */

const { isTyping } = window.deskKeys;
const form = document.querySelector("[data-triage]");
const decisions = form ? [...form.querySelectorAll("[data-decision]")] : [];
const areOff = () => document.getElementById("keys")?.hasAttribute("data-off") ?? true;
const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? "";
let here = 0;

function go(to, { focus = true } = {}) {
  here = Math.max(0, Math.min(to, decisions.length - 1));
  decisions.forEach((decision, place) => decision.classList.toggle("is-here", place === here));
  const options = [...decisions[here].querySelectorAll("input[type=radio]")];
  if (focus) (options.find((option) => option.checked) ?? options[0])?.focus({ preventScroll: false });
}

function onwards() {
  if (here < decisions.length - 1) go(here + 1);
  else if (chosen("kind")) form.requestSubmit(form.querySelector("[name=next]"));
  else go(0);
}

function choose(digit) {
  const options = [...decisions[here].querySelectorAll("input[type=radio]")];
  const option = digit === 0 ? options.find((each) => each.value === "") : options[digit - 1];
  if (!option) return;
  option.checked = true;
  const other = decisions[here].querySelector("select");
  if (other) other.value = "";
  option.dispatchEvent(new Event("change", { bubbles: true }));
  onwards();
}

// What the kind, the party and the impact mean for each other: the row that is proposed, and what to do next.
let partyIsTheirs = false;
function follow(event) {
  const kind = chosen("kind");
  if (event?.target.name === "responsible") partyIsTheirs = true;
  const proposals = [...form.querySelectorAll("[data-kinds]")];
  const proposal = proposals.find((each) => each.dataset.kinds.split(" ").includes(kind)) ?? null;
  if (kind) for (const each of proposals) each.hidden = each !== proposal;
  if (event?.target.name === "kind" && proposal && !partyIsTheirs) {
    const party = form.querySelector(`[name=responsible][value="${proposal.dataset.party}"]`);
    if (party) party.checked = true;
  }
  form.querySelector("input[data-row]").value = proposal?.dataset.row ?? "";
  const party = chosen("responsible");
  const differs = form.querySelector("[data-differs]");
  if (differs) differs.hidden = !proposal || !party || proposal.dataset.party === party;
  const isWide = kind === "incident" && ["hub", "many"].includes(chosen("impact"));
  for (const step of form.querySelectorAll("[data-step]")) {
    step.hidden = !(isWide ? step.dataset.party === "wide" : step.dataset.party === party && step.dataset.kind === kind);
  }
}

if (form) {
  form.addEventListener("change", follow);
  follow();
  go(0, { focus: !document.querySelector("[data-focus]") });
  for (const [place, decision] of decisions.entries()) decision.addEventListener("focusin", () => go(place, { focus: false }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || areOff() || isTyping(event.target)) return;
    if (/^[0-9]$/.test(event.key)) choose(Number(event.key));
    else if (event.key === "Enter" && !event.target.closest("a, button, summary")) onwards();
    else if (event.key === "Backspace") go(here - 1);
    else return;
    event.preventDefault();
  });
}
