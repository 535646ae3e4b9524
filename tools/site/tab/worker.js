// The worker in which the interpreter lives: asked by messages, it answers by messages.
//
//   {load}   ->  {progress}..., {fetched}
//   {start}  ->  {started}
//   {run}    ->  {printed}..., {sent}..., {done}        in place of an answer there may be {failed}

import { Interpreter } from "./interpreter.js";

const CACHE = "seqgrad-interpreter"; // files by their addresses, which name what is in them
let interpreter;

const post = (message) => postMessage(message);

async function load({ address, files }) {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const cache = await openCache();
  let loaded = 0;
  const count = (bytes) => {
    loaded += bytes;
    post({ progress: { loaded, total } });
  };
  const read = async (file) =>
    unpack(await open(new URL(file.name, address).href, file.bytes, cache, count), file.packed);
  const [program, ...archives] = await Promise.all(files.map(read));
  const readWhole = async (response) => new Uint8Array(await response.arrayBuffer());
  try {
    const all = [WebAssembly.compileStreaming(program), ...archives.map(readWhole)];
    const [module, ...contents] = await Promise.all(all);
    const named = Object.fromEntries(contents.map((bytes, number) => [files[number + 1].as, bytes]));
    post({ fetched: { module, archives: named } });
  } catch (error) {
    if (loaded >= total) await caches.delete(CACHE); // all of it is there, and it is of no use
    throw error;
  }
  forget(cache, address, files);
}

// A browser may refuse to keep anything, as in a private window: then it is fetched at each visit.
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch (error) {
    console.info(`Nothing can be kept here: ${error}`);
    return null;
  }
}

// Return the stream of a file: from the cache, or from the network into the cache.
async function open(url, bytes, cache, count) {
  const kept = await cache?.match(url);
  if (kept) {
    count(bytes);
    return kept.body;
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const [own, other] = response.body.tee();
  cache?.put(url, new Response(other)).catch((error) => console.info(`It cannot be kept: ${error}`));
  const counted = new TransformStream({
    transform(chunk, controller) {
      count(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return own.pipeThrough(counted);
}

function unpack(stream, packed) {
  if (!packed) return new Response(stream);
  const unpacked = stream.pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked, { headers: { "Content-Type": "application/wasm" } });
}

// Versions of before are not kept: what is called the same, but for the digits that say what is in it.
async function forget(cache, address, files) {
  const urls = files.map((file) => new URL(file.name, address).href);
  const name = (url) => url.replace(/-\w+\.bin$/, "");
  const isOld = ({ url }) => !urls.includes(url) && urls.some((other) => name(other) === name(url));
  for (const request of (await cache?.keys()) ?? []) if (isOld(request)) cache.delete(request);
}

function start({ module, archives, begin }) {
  const write = (line) => post({ printed: line });
  interpreter = new Interpreter(module, archives, {
    write,
    receive: (text) => post({ sent: JSON.parse(text) }),
  });
  if (!interpreter.run(begin)) throw new Error("it ends with an exception.");
  post({ started: true });
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.load) await load(data.load);
    if (data.start) start(data.start);
    if (data.run) {
      if (data.run.files) interpreter.setFiles(data.run.files);
      post({ done: interpreter.run(data.run.text) ? "done" : "exception" });
    }
  } catch (error) {
    post({ failed: { end: interpreter?.isExit(error) ? "exit" : "crash", message: error.message } });
  }
});
