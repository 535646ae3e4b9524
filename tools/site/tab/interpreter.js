// The one file that speaks with the interpreter: CPython and NumPy in WebAssembly. Another one could take its place.
//
//   compiled module, archives  ->  Interpreter: start, run a text, files  ->  what it prints and sends

import {
  ConsoleStdout,
  Directory,
  File,
  OpenFile,
  PreopenDirectory,
  WASI,
  WASIProcExit,
} from "@bjorn3/browser_wasi_shim";

const ENVIRONMENT = ["PYTHONDONTWRITEBYTECODE=1", "HOME=/tmp", "NO_COLOR=1"];
const LIBRARY = "python315.zip"; // where this Python looks for its own modules

export class Interpreter {
  // A fresh instance. `archives` holds Uint8Arrays: `library`, and others by the names that they get in /site, from
  // where they can be unpacked to /python; `write` takes lines that are printed, `receive(text)` what a program
  // sends by `_host.call`.
  constructor(module, archives, { write, receive }) {
    const { library, ...others } = archives;
    this.receive = receive;
    this.scratch = makeFolder({});
    const lib = makeFolder({ [LIBRARY]: new File(library, { readonly: true }) });
    const packages = Object.entries(others).map(([name, bytes]) => [
      name,
      new File(bytes, { readonly: true }),
    ]);
    const top = {
      usr: makeFolder({ local: makeFolder({ lib }) }),
      site: makeFolder(Object.fromEntries(packages)),
      python: makeFolder({}),
      tmp: this.scratch,
    };
    const descriptors = [
      new OpenFile(new File([])), // nobody sits at its keyboard
      ConsoleStdout.lineBuffered(write),
      ConsoleStdout.lineBuffered(write),
      new PreopenDirectory("/", new Map(Object.entries(top))),
    ];
    const wasi = new WASI(["python"], ENVIRONMENT, descriptors, { debug: false });
    const host = { call: (...places) => this.answer(...places) };
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport, host });
    wasi.inst = instance;
    this.exports = instance.exports;
    this.exports._initialize();
  }

  // Run a Python text in the one namespace that lasts; false if it ends with an exception, which is printed.
  run(text) {
    const bytes = new TextEncoder().encode(text);
    const place = this.exports.host_alloc(bytes.length);
    new Uint8Array(this.exports.memory.buffer, place, bytes.length).set(bytes);
    return this.exports.turn(place, bytes.length) === 0;
  }

  // Tell whether a program has ended itself, where another error means that the interpreter has crashed.
  isExit(error) {
    return error instanceof WASIProcExit;
  }

  // Replace what is in /tmp: names and Uint8Arrays.
  setFiles(files) {
    this.scratch.contents.clear();
    for (const [name, bytes] of Object.entries(files)) this.scratch.contents.set(name, new File(bytes));
  }

  // What a program sends is JSON; the empty answer is at no place.
  answer(place, length, answerPlace, answerLength) {
    const memory = this.exports.memory.buffer;
    this.receive(new TextDecoder().decode(new Uint8Array(memory, place, length)));
    const view = new DataView(memory);
    view.setUint32(answerPlace, 0, true);
    view.setUint32(answerLength, 0, true);
    return 0;
  }
}

function makeFolder(entries) {
  return new Directory(new Map(Object.entries(entries)));
}

// Whether this browser can run it: it has to know exceptions in WebAssembly, which came last of all that is needed.
export function isAbleToRun() {
  const usesExceptions = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 105]; // (type (func (result exnref)))
  return (
    typeof WebAssembly === "object" &&
    typeof DecompressionStream === "function" &&
    WebAssembly.validate(new Uint8Array(usesExceptions))
  );
}
