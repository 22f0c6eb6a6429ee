// Open in hub: shows below the block's fields where the link will lead, for each hub of this knowledge base.
const FIELDS = ["repository", "branch", "path", "app"];
const page = location.pathname.match(/\/cms\/pages\/(?:add\/[\w-]+\/[\w-]+\/)?(\d+)\//)?.[1];

const valueOf = (block, name) => block.querySelector(`[name$="-${name}"]`)?.value.trim() ?? "";

function placeFor(block) {
  let place = block.querySelector(":scope > .open-in-hub__links");
  if (!place) {
    place = document.createElement("div");
    place.className = "open-in-hub__links";
    place.setAttribute("role", "status");
    block.append(place);
  }
  return place;
}

async function show(block) {
  const asked = new URLSearchParams(FIELDS.map((name) => [name, valueOf(block, name)]));
  const place = placeFor(block);
  if (place.dataset.asked === asked.toString()) return;
  place.dataset.asked = asked.toString();
  const response = await fetch(`/cms/articles/links/${page}/?${asked}`, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (response.ok && place.dataset.asked === asked.toString()) place.innerHTML = await response.text();
}

if (page) {
  let pause;
  const soon = (event) => {
    const block = event.target.closest?.(".open-in-hub");
    if (!block) return;
    clearTimeout(pause);
    pause = setTimeout(() => show(block), 400);
  };
  for (const kind of ["input", "change", "focusin"]) document.addEventListener(kind, soon);
}
