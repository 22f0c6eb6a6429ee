// Counts what searching saves: which articles were found, and whether one was opened. No cookie, nothing kept here, no names:
// a random word stands for this page, and goes along to the form of a ticket that begins from it.
const list = document.querySelector("[data-found]");
const word = Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet) => octet.toString(16).padStart(2, "0")).join("");
const say = (what, articles) => {
  const said = new URLSearchParams([["form", word], ...articles.map((article) => ["article", article])]);
  fetch(`${list.dataset.found}${what}/`, { method: "POST", body: said, keepalive: true }).catch(() => {});
};

say("shown", Array.from(list.querySelectorAll("[data-article]"), (link) => link.dataset.article));
for (const press of ["click", "auxclick"]) {
  list.addEventListener(press, (event) => {
    const link = event.target.closest("[data-article]");
    if (link && event.button < 2) say("opened", [link.dataset.article]);
  });
}
for (const link of document.querySelectorAll("[data-found-ask]")) {
  const to = new URL(link.href);
  to.searchParams.set("form", word);
  link.href = to;
}
