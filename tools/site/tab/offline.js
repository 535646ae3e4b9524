// The service worker: pages come from the network, and where there is none as they were when last seen.
// A page on which Python runs puts itself into the cache, with all that it has loaded.

const CACHE = "seqgrad-pages";

addEventListener("install", (event) => {
  event.waitUntil(caches.delete(CACHE)); // what another version of the site has left
  skipWaiting();
});

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
