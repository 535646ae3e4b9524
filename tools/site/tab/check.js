// The page "Check your gradient": a text or files go to the kernel, and the cards of the check come back.

import { cleanHtml } from "./clean.js";
import { makeEditor } from "./editor.js";
import {
  about,
  findButtons,
  keep,
  keepPage,
  make,
  makeButton,
  Runner,
  recall,
  saveNotebook,
} from "./running.js";
import { fromFragment, toFragment, toNotebook } from "./share.js";

const KEPT = "seqgrad-check"; // in the browser's storage: {text, exercise}
const TEXT = "The text"; // what the editor's text is called in a report

const root = document.querySelector("[data-tab]");
const find = (selector) => root.querySelector(selector);
const runner = new Runner(root);
const say = (words) => runner.say(words);
const result = find(".tab-result");
const choice = find("select");
let editor;
let dropped = null; // {name: bytes} of files in the place of the text

function show(...nodes) {
  result.append(...nodes);
  result.hidden = false;
}

// What was typed stays.

function keepText(text) {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search); // it has another text
  keep(KEPT, { text, exercise: choice.value });
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
    if (await runner.prepare()) await checkAll(collect());
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
    return true;
  };
  for (;;) {
    now = undefined;
    say(`Reading ${name}.`);
    const request = JSON.stringify([name, choice.value, ended]);
    const limit = 1000 * root.dataset.limit;
    const run = await runner.kernel.run(`guest.check(*${request})`, { files, limit, onMessage });
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
  show(make("pre", {}, lines.join("\n")));
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
  saveNotebook("my_gradient.ipynb", notebook);
}

// The page begins.

const buttons = findButtons(root, {
  check,
  stop: () => runner.kernel.stop(),
  share,
  download,
  text: () => setFiles(null),
  clear: () => setText(""),
  open: () => find("input").click(),
});

function connect() {
  find("input").addEventListener("change", ({ target }) =>
    take(target.files).then(() => (target.value = "")),
  );
  choice.addEventListener("change", () => keepText(editor.text()));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  for (const { title, text } of about.examples) {
    const button = makeButton(title, () => {
      setText(text);
      check();
    });
    find(".tab-examples").append(" ", button);
  }
  for (const name of about.exercises) choice.append(new Option(name, name));
}

async function begin() {
  const { text = "", exercise = "" } = (await readLink()) ?? recall(KEPT);
  const label = "Your functions, or the numbers that a test printed";
  editor = makeEditor(find(".tab-text"), { label, text, run: check, change: keepText });
  connect();
  choice.value = about.exercises.includes(exercise) ? exercise : "";
  if (!runner.isAble()) return;
  buttons.check.disabled = false;
  if (!navigator.connection?.saveData) await runner.prepare();
  await keepPage();
}

begin();
