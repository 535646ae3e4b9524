// The page "Check your gradient": a text or files go to the kernel, and the cards of the check come back.

import { cleanHtml } from "./clean.js";
import { makeEditor } from "./editor.js";
import { isAbleToRun } from "./interpreter.js";
import { Kernel } from "./kernel.js";
import { fromFragment, toFragment, toNotebook } from "./share.js";

const KEPT = "seqgrad-check"; // in the browser's storage: {text, exercise}
const TEXT = "The text"; // what the editor's text is called in a report
const OLD =
  "This browser is too old to run Python: it needs Chrome or Edge 137, Firefox 131 or Safari 18.4, or one that is newer.";
const NOT_SERVED =
  "A page that is opened from a folder cannot run Python. Call python3 -m http.server in the folder of the site, and open http://localhost:8000/check.html.";

const root = document.querySelector("[data-tab]");
const find = (selector) => root.querySelector(selector);
const about = JSON.parse(document.querySelector("#tab-about").textContent);
const status = find("[role=status]");
const progress = find("progress");
const result = find(".tab-result");
const choice = find("select");
const buttons = Object.fromEntries(
  [...root.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]),
);
let editor;
let dropped = null; // {name: bytes} of files in the place of the text

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function say(words) {
  status.textContent = words;
}

function show(...nodes) {
  result.append(...nodes);
  result.hidden = false;
}

// What was typed stays.

function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch (error) {
    console.info(`Nothing is kept: ${error}`);
    return {};
  }
}

function keep(text) {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search); // it has another text
  try {
    localStorage.setItem(KEPT, JSON.stringify({ text, exercise: choice.value }));
  } catch (error) {
    console.info(`It cannot be kept: ${error}`);
  }
}

async function readLink() {
  try {
    return await fromFragment(location.hash);
  } catch (error) {
    console.info(error);
    show("The text in this link cannot be read; was the link cut off?");
    return null;
  }
}

// Checking.

const kernel = new Kernel({
  worker: new URL(about.worker, document.baseURI).href,
  address: new URL(about.address, document.baseURI).href,
  files: about.files,
  begin: about.begin,
});

function showProgress({ loaded, total, starting }) {
  progress.hidden = Boolean(starting);
  progress.value = loaded / total || 0;
  say(
    starting
      ? "Starting Python."
      : `Fetching Python and NumPy, once: ${megabytes(loaded)} of ${megabytes(total)} MB. You can type meanwhile.`,
  );
}

async function prepare() {
  try {
    await kernel.start(showProgress);
    say("Ready.");
    return true;
  } catch (error) {
    progress.hidden = true;
    say(`Python cannot be started: ${error.message} Load the page again to try once more.`);
    return false;
  }
}

function collect() {
  if (!dropped) return { files: { [TEXT]: new TextEncoder().encode(editor.text()) }, names: [TEXT] };
  const notebooks = Object.keys(dropped).filter((name) => name.endsWith(".ipynb"));
  return { files: dropped, names: notebooks.length ? notebooks : Object.keys(dropped) };
}

async function check() {
  if (buttons.check.disabled) return;
  if (!dropped && !editor.text().trim())
    return say("There is nothing to check yet: paste something, or try an example.");
  setBusy(true);
  try {
    if (await prepare()) await checkAll(collect());
  } catch (error) {
    say(`The check cannot run: ${error.message}`);
  }
  setBusy(false);
}

// Check each file; its report is shown as soon as it is there.
async function checkAll({ files, names }) {
  buttons.stop.hidden = false;
  const began = performance.now();
  result.replaceChildren();
  result.hidden = true;
  for (const name of names) if (!(await checkFile(name, files))) return;
  result.focus({ preventScroll: true });
  result.scrollIntoView({ block: "nearest" });
  say(`Checked in ${((performance.now() - began) / 1000).toFixed(2)} s.`);
}

// Check one file, again if the interpreter has ended at one of its functions; return whether there is a report.
async function checkFile(name, files) {
  const ended = {}; // how the interpreter ended at a function, which is not run again
  let now;
  const onMessage = ({ report, judging }) => {
    if (report) show(...cleanHtml(report));
    now = judging;
    say(`Checking ${judging ?? name}.`);
  };
  for (;;) {
    now = undefined;
    say(`Reading ${name}.`);
    const request = JSON.stringify([name, choice.value, ended]);
    const limit = 1000 * root.dataset.limit;
    const run = await kernel.run(`guest.check(*${request})`, { files, limit, onMessage });
    if (run.end === "done") return true;
    if (run.end === "exception" || run.end === "stopped" || !now || now in ended) {
      showFault(run);
      return false;
    }
    ended[now] = run.end;
  }
}

function showFault({ lines, end }) {
  if (end === "stopped") return say("Stopped.");
  const printed = document.createElement("pre");
  printed.textContent = lines.join("\n");
  show(printed);
  say(
    end === "late" ? "Reading it did not come to an end, so it was stopped." : "The check itself has failed:",
  );
}

function setBusy(busy) {
  buttons.check.disabled = busy;
  buttons.stop.hidden = true;
  root.setAttribute("aria-busy", busy);
}

// Files in the place of the text.

async function take(list) {
  const files = [...list];
  const read = await Promise.all(
    files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]),
  );
  if (!read.length) return;
  setFiles(Object.fromEntries(read));
  await check();
}

function setFiles(files) {
  dropped = files;
  find(".tab-files").hidden = !files;
  find(".tab-text").hidden = Boolean(files);
  if (files) find(".tab-files span").textContent = Object.keys(files).join(", ");
}

function setText(text) {
  setFiles(null);
  editor.setText(text);
  result.hidden = true;
}

// Text on its way out.

async function share() {
  const fragment = await toFragment({ text: editor.text(), exercise: choice.value });
  history.replaceState(null, "", fragment);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch (error) {
    console.info(error);
    say("The link is now the address of this page: copy it from there.");
  }
}

function download() {
  const names = [...choice.options].map((option) => option.value);
  const notebook = toNotebook(editor.text(), names, choice.value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([notebook], { type: "application/x-ipynb+json" }));
  link.download = "my_gradient.ipynb";
  link.click();
  URL.revokeObjectURL(link.href);
}

// The page begins.

const DO = {
  check,
  stop: () => kernel.stop(),
  share,
  download,
  text: () => setFiles(null),
  clear: () => setText(""),
  open: () => find("input").click(),
};

function connect() {
  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", DO[name]);
  find("input").addEventListener("change", ({ target }) =>
    take(target.files).then(() => (target.value = "")),
  );
  choice.addEventListener("change", () => keep(editor.text()));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  for (const { title, text } of about.examples) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => {
      setText(text);
      check();
    });
    find(".tab-examples").append(" ", button);
  }
  for (const name of about.exercises) choice.append(new Option(name, name));
}

async function begin() {
  const { text = "", exercise = "" } = (await readLink()) ?? recall();
  const label = "Your functions, or the numbers that a test printed";
  editor = makeEditor(find(".tab-text"), { label, text, run: check, change: keep });
  connect();
  choice.value = about.exercises.includes(exercise) ? exercise : "";
  if (location.protocol === "file:") return say(NOT_SERVED);
  if (!isAbleToRun()) return say(OLD);
  buttons.check.disabled = false;
  navigator.serviceWorker?.register(about.offline).catch((error) => console.info(error));
  if (!navigator.connection?.saveData) await prepare();
}

begin();
