// A kernel in miniature for a page: start, run a text, stop. It is stopped from outside, by ending its worker.
//
//   addresses of a worker and of files  ->  Kernel  ->  what a text printed and sent

export class Kernel {
  // `worker` and `address` are where the worker's script and the files lie; `begin` is run in each new interpreter.
  constructor({ worker, address, files, begin }) {
    Object.assign(this, { script: worker, source: { address, files }, begin, idle: null, kept: null });
  }

  // Have an interpreter that waits for a text; the first time it is fetched, and `onProgress` told how far.
  start(onProgress = () => {}) {
    this.idle ??= this.prepare(onProgress).catch((error) => {
      this.drop();
      throw error;
    });
    return this.idle;
  }

  async prepare(onProgress) {
    this.worker = new Worker(this.script);
    if (!this.kept) {
      const message = { load: this.source };
      this.kept = (await this.ask(message, "fetched", { progress: onProgress })).fetched;
    }
    onProgress({ starting: true });
    await this.ask({ start: { ...this.kept, begin: this.begin } }, "started");
  }

  // Run a text; return {lines, end}: what it printed, and how it ended: "done", "exception", "late", "exit",
  // "crash" or "stopped". `onMessage` takes what it sends, and returns whether that gives it `limit` milliseconds
  // more. What ends in another way than the first two takes its interpreter along; the next one starts at once.
  async run(text, { files, limit, onMessage = () => {} }) {
    await this.start();
    const lines = [];
    const handlers = { printed: (line) => lines.push(line), sent: onMessage };
    try {
      const { done } = await this.ask({ run: { text, files } }, "done", handlers, limit);
      return { lines, end: done };
    } catch (error) {
      if (!error.end) throw error;
      if (error.end !== "stopped") this.stop();
      return { lines: [...lines, error.message], end: error.end };
    }
  }

  // End what runs, and have another interpreter from the module that is compiled already.
  stop() {
    this.drop();
    this.start().catch((error) => console.error(error));
  }

  drop() {
    this.worker?.terminate();
    this.cancel?.(makeError("stopped", "It was stopped."));
    this.worker = this.idle = this.cancel = null;
  }

  // Send a message; return the answer of a kind. Other messages go to their handlers. `limit` ms are its time.
  ask(message, kind, handlers = {}, limit = 0) {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      let timer;
      const wait = () => {
        clearTimeout(timer);
        if (limit) timer = setTimeout(() => reject(makeError("late", "It did not come to an end.")), limit);
      };
      this.cancel = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      worker.onmessage = ({ data }) => {
        const [name] = Object.keys(data);
        if (name === kind || name === "failed") clearTimeout(timer);
        if (name === kind) resolve(data);
        else if (name === "failed") reject(makeError(data.failed.end, data.failed.message));
        else if (handlers[name]?.(data[name])) wait();
      };
      worker.onerror = (event) => reject(new Error(event.message || "its worker cannot be loaded."));
      worker.postMessage(message);
      wait();
    });
  }
}

function makeError(end, message) {
  return Object.assign(new Error(message), { end });
}
