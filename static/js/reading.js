/* Reading with a little more comfort: copying code and addresses, seeing where one is in the contents, and articles without a line.
   Everything on the page works without it. */

const article = document.querySelector("[data-reading]");
const words = article?.dataset ?? {};

// What scrolls sideways is reached by keyboard, also where the browser does not see to it.
for (const box of article?.querySelectorAll("pre, table, .table-scroll") ?? []) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;

// Code is copied whole, without its frame.
for (const pre of article?.querySelectorAll("pre") ?? []) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button--small copy-code", textContent: words.copy });
  button.addEventListener("click", () => copy(pre.innerText.replace(/\n$/, ""), button));
  const frame = document.createElement("div");
  frame.className = "code-frame";
  pre.replaceWith(frame);
  frame.append(pre, button);
}

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  button.textContent = words.copied;
  announce(words.copied);
  setTimeout(() => (button.textContent = words.copy), 2000);
}

// The address of a heading: its link leads there, and takes it along.
article?.addEventListener("click", (event) => {
  const link = event.target.closest(":is(h2, h3, h4, h5, h6) > a[href^='#']");
  if (link) navigator.clipboard?.writeText(link.href).then(() => announce(words.copied), () => undefined);
});

function announce(text) {
  const status = document.getElementById("messages");
  if (!status) return;
  const note = document.createElement("p");
  Object.assign(note, { className: "visually-hidden", textContent: text });
  status.append(note);
  setTimeout(() => note.remove(), 2000);
}

// Where one is in the contents; browsers that know :target-current do it by themselves.
const contents = new Map([...document.querySelectorAll(".contents a[href^='#']")].map((link) => [link.hash.slice(1), link]));
if (article && contents.size && !CSS.supports("selector(:target-current)")) {
  const headings = [...article.querySelectorAll("h2[id], h3[id]")].filter((heading) => contents.has(heading.id));
  const mark = () => {
    const here = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3) ?? headings[0];
    for (const [id, link] of contents) link.toggleAttribute("data-here", id === here?.id);
  };
  new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" }).observe(article);
  addEventListener("scroll", mark, { passive: true });
}

// What strangers read is kept for when there is no line; pages of who is signed in say nothing here.
const scope = document.querySelector("[data-offline]")?.dataset;
if (scope && "serviceWorker" in navigator) navigator.serviceWorker.register(scope.worker, { scope: scope.offline }).catch(() => undefined);

// The page shown without a line lists what there is.
const kept = document.querySelector("[data-kept]");
if (kept && "caches" in window) {
  const cache = await caches.open("kb pages"), list = document.createElement("ul");
  kept.append(list);
  for (const request of await cache.keys()) {
    const response = await cache.match(request, { ignoreVary: true });
    if (!response?.headers.get("Content-Type")?.startsWith("text/html")) continue;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const link = document.createElement("a");
    Object.assign(link, { href: request.url, textContent: page.querySelector("h1")?.textContent ?? request.url });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
    kept.hidden = false;
  }
}
