// What a cell shows: messages of its kernel become elements below it.
//
//   {printed}, {display}, {replace}, {bar}, {raised}  ->  Output  ->  elements

import { cleanHtml } from "./clean.js";
import { make } from "./running.js";

const SLIDERS = "application/vnd.seqgrad.sliders+json";
const places = new Map(); // what may be replaced, by its number

export class Output {
  // `move(number, value)` is called when the reader moves a slider.
  constructor(element, move) {
    Object.assign(this, { element, move });
  }

  clear() {
    this.element.replaceChildren();
  }

  take(message) {
    for (const [kind, content] of Object.entries(message)) this[kind]?.(content);
  }

  say(...parts) {
    this.element.append(make("p", { className: "live-said" }, ...parts));
  }

  printed({ name, text }) {
    const last = this.element.lastElementChild;
    const whole = (last?.dataset.name === name ? last.textContent : "") + text;
    const words = whole.replace(/^.*\r(?!\n)/gm, ""); // after a return the line begins again
    if (last?.dataset.name === name) last.textContent = words;
    else this.element.append(make("pre", { className: `live-${name}` }, words));
    this.element.lastElementChild.dataset.name = name;
  }

  raised(text) {
    this.element.querySelector(".live-raised")?.remove(); // of the last move of a slider
    this.element.append(make("pre", { className: "live-raised" }, text));
  }

  display({ number, data, metadata }) {
    this.put(number, this.makeNode(data, metadata));
  }

  replace({ number, html }) {
    places.get(number)?.replaceChildren(...cleanHtml(html));
  }

  bar({ number, n, total, words }) {
    const bar = make("progress", { max: total || 1 });
    if (total) bar.value = n;
    bar.ariaLabel = words;
    this.put(number, make("div", { className: "live-bar" }, bar, words));
  }

  put(number, node) {
    const place = places.get(number);
    if (this.element.contains(place ?? null)) place.replaceWith(node);
    else this.element.append(node);
    places.set(number, node);
  }

  makeNode(data, metadata) {
    if (data[SLIDERS]) return make("div", {}, ...data[SLIDERS].map((one) => this.makeSlider(one)));
    const { alt = data["text/plain"], width } = metadata["image/png"] ?? {};
    if (data["image/png"]) {
      const picture = make("img", { src: `data:image/png;base64,${data["image/png"]}`, alt });
      if (width) picture.width = width;
      return picture;
    }
    const html = data["text/html"] ?? data["image/svg+xml"];
    return html ? make("div", {}, ...cleanHtml(html)) : make("pre", {}, data["text/plain"]);
  }

  // A slider, or the words below it.
  makeSlider({ number, html, description, ...range }) {
    if (html !== undefined) {
      places.set(number, make("div", {}, ...cleanHtml(html)));
      return places.get(number);
    }
    const { value, ...limits } = range;
    const input = make("input", { type: "range", ...limits });
    input.value = value; // within its limits
    const shown = make("output", {}, input.value);
    input.addEventListener("input", () => {
      shown.textContent = input.value;
      this.move(number, Number(input.value));
    });
    return make("label", { className: "live-slider" }, description, input, shown);
  }
}
