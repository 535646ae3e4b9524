// Pages opened from a disk cannot fetch one another, so there the search shows titles alone.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// What is read aloud of a control is what stands on it; what has only an arrow gets words.
document.querySelectorAll(".search-button-field, details.hide summary").forEach((control) => {
  control.removeAttribute("aria-label");
});
document.querySelectorAll("li.has-children > details > summary").forEach((arrow) => {
  const page = arrow.closest("li").querySelector("a").textContent.trim();
  arrow.setAttribute("aria-label", `Pages within ${page}`);
});

// A formula keeps the comma that follows it, and an option its hyphens, where a line ends.
document.querySelectorAll("span.math").forEach((formula) => {
  const [mark] = /^[,.;:?!)]+/.exec(formula.nextSibling?.data ?? "") ?? [];
  if (!mark) return;
  const together = document.createElement("span");
  together.className = "together";
  formula.nextSibling.data = formula.nextSibling.data.slice(mark.length);
  formula.replaceWith(together);
  together.append(formula, mark);
});
document.querySelectorAll("code span.pre").forEach((word) => {
  if (word.textContent.startsWith("-")) word.classList.add("together");
});

// The full name of a module may be broken after a point.
document.querySelectorAll("article h1, .prev-next-title, nav a").forEach((title) => {
  const name = title.firstChild;
  if (name?.nodeType !== Node.TEXT_NODE || !/^\s*seqgrad\./.test(name.data)) return;
  const parts = name.data.split(/(?<=\.)/);
  name.replaceWith(...parts.flatMap((part) => [document.createElement("wbr"), part]).slice(1));
});

// A formula that is wider than the window scrolls, by keys too.
function letFormulasScroll() {
  document.querySelectorAll("div.math, mjx-container[display]").forEach((formula) => {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  });
}
addEventListener("load", () => window.MathJax?.startup?.promise?.then(letFormulasScroll));
addEventListener("resize", letFormulasScroll);

// An excerpt of the search shows words: no TeX, no labels of what unfolds, no numbers of code cells.
if (typeof Search !== "undefined") {
  const readPage = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const wordless = ".math, .invitation, details.hide > summary, .toc, nav, button";
    for (const part of page.querySelectorAll(wordless)) part.remove();
    for (const block of page.querySelectorAll("p, li, td, th, h1, h2, h3, pre, dt, dd")) block.append(" ");
    return readPage(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };
}

// A chapter that is to run loads its script.
document
  .querySelector("[data-live] [data-do=start]")
  ?.addEventListener("click", ({ currentTarget: button }) => {
    button.disabled = true;
    document.head.append(Object.assign(document.createElement("script"), { src: button.dataset.script }));
  });

// The points that the checks of chapters have given in this browser.
function showPoints(points) {
  const counted = [...document.querySelectorAll("[data-chapter]")].map((place) => {
    const kept = JSON.parse(localStorage.getItem(`seqgrad-chapter-${place.dataset.chapter}`)) ?? {};
    const earned = Object.values(kept.points ?? {}).reduce((sum, value) => sum + value, 0);
    const most = Number(place.dataset.most);
    if (kept.points) place.textContent = `${Math.round(100 * earned) / 100} of ${most}`;
    return [earned, most];
  });
  const [earned, most] = [0, 1].map((part) => counted.reduce((sum, pair) => sum + pair[part], 0));
  points.querySelector("span").textContent = `${Math.round(100 * earned) / 100} of ${most}`;
  points.hidden = !earned;
}
const points = document.querySelector("#points");
if (points) {
  try {
    showPoints(points);
  } catch (error) {
    console.info(`No points are kept here: ${error}`);
  }
}
