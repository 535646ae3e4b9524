// What all pages have in common on which Python runs: a kernel, a line that says how things stand, and a bar;
// what stays in the browser, and what is saved as a file.

import { isAbleToRun } from "./interpreter.js";
import { Kernel } from "./kernel.js";

const OLD =
  "This browser is too old to run Python: it needs Chrome or Edge 137, Firefox 131 or Safari 18.4, or one that is newer.";
const PAGES = "seqgrad-pages"; // the cache of the service worker

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const locate = (path) => new URL(path, document.baseURI).href;

// What the page's source says for its script.
export const about = JSON.parse(document.querySelector("#tab-about").textContent);

export class Runner {
  constructor(root) {
    this.status = root.querySelector("[role=status]");
    this.progress = root.querySelector("progress");
    const [worker, address] = [about.worker, about.address].map(locate);
    this.kernel = new Kernel({ worker, address, files: about.files, begin: about.begin });
  }

  say(words) {
    this.status.textContent = words;
  }

  // Tell whether Python can run here; if not, the page says why.
  isAble() {
    if (location.protocol === "file:")
      this.say(
        `A page that is opened from a folder cannot run Python. Call python3 -m http.server in the folder of the site, and open http://localhost:8000/${about.page}.`,
      );
    else if (!isAbleToRun()) this.say(OLD);
    else return true;
    return false;
  }

  // Have a kernel that waits for a text; return whether there is one.
  async prepare() {
    try {
      await this.kernel.start((state) => this.showProgress(state));
      this.say("Ready.");
      return true;
    } catch (error) {
      this.progress.hidden = true;
      this.say(`Python cannot be started: ${error.message} Load the page again to try once more.`);
      return false;
    }
  }

  showProgress({ loaded, total, starting }) {
    this.progress.hidden = Boolean(starting);
    this.progress.value = loaded / total || 0;
    this.say(
      starting
        ? "Starting Python."
        : `Fetching ${about.what}, once: ${megabytes(loaded)} of ${megabytes(total)} MB. ${about.meanwhile}`,
    );
  }
}

// Let a service worker keep this page, and all that it has loaded, for a day without a network.
export async function keepPage() {
  try {
    await navigator.serviceWorker.register(locate(about.offline));
    await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const ours = [location.pathname, locate(about.worker), ...loaded].map(locate);
    const cache = await caches.open(PAGES);
    const wanted = new Set(ours.filter((url) => url.startsWith(location.origin) && !url.endsWith(".bin")));
    await Promise.allSettled([...wanted].map((url) => cache.add(url)));
  } catch (error) {
    console.info(`Nothing is kept for a day without a network: ${error}`);
  }
}

// Return what the browser has kept under a key; {} if there is nothing.
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch (error) {
    console.info(`Nothing is kept: ${error}`);
    return {};
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    console.info(`It cannot be kept: ${error}`);
  }
}

// Save a notebook as a file.
export function saveNotebook(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  const link = make("a", { href, download: name });
  link.click();
  URL.revokeObjectURL(href);
}

// Return the buttons of a page by what they do, and let them do it.
export function findButtons(root, actions) {
  const found = [...root.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]);
  for (const [name, button] of found) if (actions[name]) button.addEventListener("click", actions[name]);
  return Object.fromEntries(found);
}

export function makeButton(text, onClick) {
  const button = make("button", { type: "button" }, text);
  button.addEventListener("click", onClick);
  return button;
}

export function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
