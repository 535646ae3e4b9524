// What a report may hold. It comes from where a stranger's function may have run, whose text a link has brought:
// nothing in it is executed, and nothing is loaded.

const ELEMENTS = new Set(
  (
    "b br code details div em h3 i li mark ol p pre small span strong sub summary sup ul " +
    "table thead tbody tr th td svg g title text rect circle line path"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "aria-hidden aria-label class colspan open role rowspan scope style d cx cy r x y x1 x2 y1 y2 width height viewBox transform " +
    "fill fill-opacity stroke stroke-opacity stroke-width font-family font-size font-weight text-anchor"
  ).split(" "),
);
const LOADS = /url|image|src/i; // in a style

// Return the nodes of a report's HTML.
export function cleanHtml(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const part of body.querySelectorAll("*")) {
    if (!ELEMENTS.has(part.localName)) part.remove();
    for (const { name, value } of [...part.attributes]) {
      const isWords = name.startsWith("aria-");
      if (!ATTRIBUTES.has(name) || (LOADS.test(value) && !isWords)) part.removeAttribute(name);
    }
  }
  return [...body.childNodes];
}
