// A chapter that runs: its code cells become editors, and Python runs them in one namespace.
//
//   the exercise notebook, what was typed before  ->  cells  ->  kernel  ->  outputs, points

import { makeEditor } from "./editor.js";
import { Output } from "./outputs.js";
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

const LOST = "What the cells had defined is lost.";
const ENDS = {
  late: `This cell did not come to an end within ${about.limit} s, so Python was stopped. ${LOST}`,
  stopped: `Python was stopped. ${LOST}`,
  exit: `This cell ended Python. ${LOST}`,
  crash: `This cell made Python crash. ${LOST}`,
};

const root = document.querySelector("[data-live]");
const runner = new Runner(root);
const kept = { cells: {}, points: {}, ...recall(about.key) }; // texts by the ids of cells, points by exercise
const cells = [];
const waiting = []; // what is to be run: cells, and moves of sliders
let notebook;
let isBusy = false;
let count = 0;

const listAbove = (cell) => cells.slice(0, cells.indexOf(cell));

class Cell {
  // `held` is the notebook's cell, `element` where the page shows it.
  constructor(held, element) {
    Object.assign(this, { held, given: [held.source].flat().join("") });
    const folds = element.matches(".tag_hide-output"); // it answers a question
    this.number = make("span", {}, "[ ]");
    this.back = makeButton("As it was", () => this.editor.setText(this.given));
    const above = makeButton("Run all above", () => enqueue(listAbove(this)));
    const head = make(
      "div",
      { className: "live-do" },
      this.number,
      makeButton("Run", () => this.runByHand()),
    );
    head.append(above, this.back);
    const code = make("div", { className: "tab-text live-cell" });
    const printed = make("div", {}, ...element.querySelectorAll(".cell_output"));
    this.shown = make(folds ? "details" : "div", { className: "live-shown" }, printed);
    if (folds) this.shown.prepend(make("summary", {}, "The output"));
    this.output = new Output(printed, (...move) => enqueueMove(this, ...move));
    element.replaceChildren(head, code, this.shown);
    this.editor = makeEditor(code, {
      label: ["Cell", cells.length + 1, held.metadata.exercise].filter(Boolean).join(" "),
      text: kept.cells[held.id] ?? this.given,
      run: () => this.runByHand(),
      runOn: () => {
        this.runByHand();
        cells[cells.indexOf(this) + 1]?.editor.focus();
      },
      change: () => this.keepText(),
    });
    this.update();
  }

  update() {
    this.back.hidden = this.editor.text() === this.given;
    this.shown.hidden = !this.output.element.hasChildNodes();
  }

  keepText() {
    const text = this.editor.text();
    kept.cells[this.held.id] = text === this.given ? undefined : text;
    keep(about.key, kept);
    this.update();
  }

  mark(sign) {
    this.number.textContent = `[${sign}]`;
  }

  runByHand() {
    this.shown.open = true;
    enqueue([this]);
  }

  // Run it; return whether the cells below it may be run, null if Python has ended.
  async run() {
    count += 1;
    runner.say(`Running cell ${cells.indexOf(this) + 1} of ${cells.length}.`);
    this.output.clear();
    this.shown.hidden = false;
    const isRight = await this.ask("run", [this.editor.text(), count, about.points]);
    if (isRight !== null) this.mark(count);
    this.update();
    return isRight === false ? Boolean(this.held.metadata.tags?.includes("raises-exception")) : isRight;
  }

  // Call a function of the notebook for this cell; return whether nothing was raised, null if Python has ended.
  async ask(name, given) {
    let isRight = true;
    const onMessage = (message) => {
      this.output.take(message);
      if (message.earned) earn(message.earned);
      if (message.raised) isRight = false;
      return "bar" in message; // which comes to its end
    };
    const limit = 1000 * about.limit;
    const { end, lines } = await runner.kernel.run(`notebook.${name}(*${JSON.stringify(given)})`, {
      limit,
      onMessage,
    });
    if (end !== "done") {
      forget();
      const again = makeButton("Run the cells above again", () => enqueue(listAbove(this)));
      this.output.say(ENDS[end] ?? lines.join("\n"), " ", again);
    }
    if (end !== "done" || !isRight) this.shown.open = true;
    return end === "done" ? isRight : null;
  }
}

// What is to be run waits in a line.

function enqueue(list) {
  for (const one of list) if (!waiting.includes(one)) waiting.push(one);
  for (const one of list) one.mark("*");
  return isBusy ? null : work();
}

function enqueueMove(cell, number, value) {
  const isOlder = (one) => one.slider === number;
  const move = waiting.find(isOlder) ?? { slider: number, mark() {} };
  move.run = () => cell.ask("move", [number, value]);
  enqueue([move]);
}

async function work() {
  setBusy(true);
  let goesOn = (await runner.prepare()) || null; // if not, the page says why
  while (goesOn && waiting.length) goesOn = await waiting.shift().run();
  if (goesOn) runner.say("Ready.");
  else if (goesOn === false) runner.say("A cell raised an exception, and the cells below it were not run.");
  for (const one of waiting.splice(0)) one.mark(" ");
  setBusy(false);
}

function setBusy(busy) {
  isBusy = busy;
  buttons.stop.textContent = busy ? "Stop" : "Restart";
  root.setAttribute("aria-busy", busy);
}

function stop() {
  runner.kernel.stop();
  forget();
}

function forget() {
  for (const cell of cells) cell.mark(" ");
  runner.say(`Python was started anew. ${LOST}`);
}

// Points, and what is taken away.

function earn({ exercise, points }) {
  kept.points[exercise] = points;
  keep(about.key, kept);
  showPoints();
}

function showPoints() {
  const sum = (points) => Object.values(points).reduce((total, one) => total + one, 0);
  const earned = Math.round(100 * sum(kept.points)) / 100;
  const most = sum(about.points);
  root.querySelector(".live-points").textContent = most ? `${earned} of ${most} points` : "";
}

function download() {
  const texts = Object.fromEntries(cells.map((cell) => [cell.held.id, cell.editor.text()]));
  const fill = (cell) =>
    cell.cell_type === "code"
      ? { ...cell, source: texts[cell.id] ?? cell.source, outputs: [], execution_count: null }
      : cell;
  const filled = { ...notebook, cells: notebook.cells.map(fill) };
  saveNotebook(`${about.chapter}.ipynb`, `${JSON.stringify(filled, null, 1)}\n`);
}

function reset() {
  if (!confirm("Remove all that you have typed on this page, and its points?")) return;
  stop();
  for (const cell of cells) {
    cell.output.clear();
    cell.editor.setText(cell.given);
    cell.update();
  }
  Object.assign(kept, { cells: {}, points: {} });
  keep(about.key, kept);
  showPoints();
}

// The page begins.

const buttons = findButtons(root, { all: () => enqueue(cells), stop, download, reset });

async function begin() {
  if (!runner.isAble()) return;
  notebook = await (await fetch(document.querySelector("article a.download").href)).json();
  for (const held of notebook.cells) {
    const element = document.querySelector(`.cell.tag_cell-${CSS.escape(held.id)}`);
    if (element) cells.push(new Cell(held, element));
  }
  for (const button of Object.values(buttons)) button.hidden = button === buttons.start;
  document.querySelector("article").append(root);
  root.classList.add("live-bottom");
  showPoints();
  await enqueue(cells);
  await keepPage();
}

begin().catch((error) => runner.say(`This page cannot run: ${error.message}`));
