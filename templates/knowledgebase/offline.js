/* Keeps what somebody read without being signed in, for when there is no line. Network first: a kept page is shown only when nothing answers.
   Only answers that say they are "public" are kept. A page made for one person says "no-store": it is never kept, so there is nothing to forget after signing out. */
{% autoescape off %}
const RELEASE = "kb {{ release }}", FILES = {{ files }}, OFFLINE = {{ offline }};
{% endautoescape %}
const PAGES = "kb pages", MOST = 120;
const OURS = /^\/(c\/[-\w]+\/)?kb\//, IMAGES = /^\/files\/images\//;

self.addEventListener("install", (event) => {
  const anonymous = FILES.concat(OFFLINE).map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(RELEASE).then((cache) => cache.addAll(anonymous)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("kb ") && name !== RELEASE && name !== PAGES);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" ? OURS.test(url.pathname) && !url.search : IMAGES.test(url.pathname)) event.respondWith(fresh(event));
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(request, { cacheName: RELEASE, ignoreVary: true }).then((kept) => kept ?? fetch(request)));
});

async function fresh(event) {
  try {
    const response = await fetch(event.request);
    if (response.status === 200 && !response.redirected && /\bpublic\b/.test(response.headers.get("Cache-Control") ?? "")) event.waitUntil(keep(event.request, response.clone()));
    else if (response.status === 404 || response.status === 410) event.waitUntil(forget(event.request));
    return response;
  } catch (error) {
    const kept = await caches.match(event.request.url, { cacheName: PAGES, ignoreVary: true });
    if (kept) return kept;
    if (event.request.mode !== "navigate") throw error;
    return (await caches.match(OFFLINE, { cacheName: RELEASE, ignoreVary: true })) ?? Response.error();
  }
}

async function keep(request, response) {
  const cache = await caches.open(PAGES);
  await cache.delete(request.url, { ignoreVary: true });
  await cache.put(request.url, response);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map((old) => cache.delete(old, { ignoreVary: true })));
}

async function forget(request) {
  await (await caches.open(PAGES)).delete(request.url, { ignoreVary: true });
}
