// The service worker: pages come from the network, and where there is none as they were when last seen.
//
// KEPT stands above it: the page that works without a network, and what it loads.

const CACHE = "seqgrad-pages";

addEventListener("install", (event) => {
  event.waitUntil(keepAnew());
  skipWaiting();
});

async function keepAnew() {
  await caches.delete(CACHE); // what another version of the site has left
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT);
}

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.method === "GET" && new URL(request.url).origin === location.origin;
  if (isOurs && !request.url.endsWith(".bin")) event.respondWith(answer(request)); // these the kernel keeps
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.status === 200) cache.put(request, response.clone()); // no part of a file
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
