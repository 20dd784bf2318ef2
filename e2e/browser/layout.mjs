// These functions run in the page, so each is self-contained.

/** Finds elements that exceed the page, are cut off or overlap. */
export function layout() {
  const wrong = [];
  const root = document.documentElement;
  const width = root.clientWidth;
  if (root.scrollWidth > width) wrong.push(`scrolls sideways: ${root.scrollWidth} px in ${width}`);
  const name = (element) => `<${element.tagName.toLowerCase()}> "${element.textContent.trim().slice(0, 40)}"`;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const meet = (a, b) =>
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const area = (box) => box.width * box.height;

  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest("script, style, svg") || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => area(box) > 0);
    if (!boxes.length) wrong.push(`takes no room: ${name(element)}`);
    for (const box of boxes) {
      lines.push([text, box]);
      if (box.left < -0.5 || box.right > width + 0.5) wrong.push(`exceeds the page: ${name(element)}`);
      for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        const frame = outer.getBoundingClientRect();
        if (box.left < frame.left - 1 || box.right > frame.right + 1) wrong.push(`is cut off: ${name(element)}`);
        // The box of a character is higher than the character.
        if (box.top < frame.top - 6 || box.bottom > frame.bottom + 6) wrong.push(`is cut off: ${name(element)}`);
      }
    }
  }
  for (const [at, [text, box]] of lines.entries()) {
    for (const [other, otherBox] of lines.slice(at + 1)) {
      if (text !== other && meet(box, otherBox) > 0.3 * Math.min(area(box), area(otherBox))) {
        wrong.push(`texts on each other: ${text.data.trim()} / ${other.data.trim()}`);
      }
    }
  }

  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")].filter(shown);
  for (const [at, target] of targets.entries()) {
    const box = target.getBoundingClientRect();
    if (area(box) === 0) wrong.push(`cannot be tapped: ${name(target)}`);
    for (const other of targets.slice(at + 1)) {
      if (target.contains(other) || other.contains(target)) continue;
      if (meet(box, other.getBoundingClientRect()) > 1) wrong.push(`overlap: ${name(target)}, ${name(other)}`);
    }
    if (target.matches(".button, [type=submit]") && box.height < 44) wrong.push(`too small for a thumb: ${name(target)}`);
  }
  for (const input of document.querySelectorAll("input:not([type=hidden])")) {
    if (shown(input) && input.scrollWidth > input.clientWidth + 1) wrong.push(`what was typed is cut off: ${input.id}`);
    if (shown(input) && input.clientWidth < 100) wrong.push(`little room to type: ${input.id}`);
  }
  for (const image of document.images) {
    if (shown(image) && !(image.complete && image.naturalWidth)) wrong.push(`no picture: ${image.src}`);
  }
  return wrong;
}

/** Text whose colour is too near to that of its ground: 4.5:1, or 3:1 where it is large (WCAG 2.2, 1.4.3). axe gives
 * no answer where an element has a drawing of its own, as our list of apps. */
export function contrast() {
  const wrong = [];
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => (value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest("script, style, svg") || !element.checkVisibility()) continue;
    let behind = element;
    const ground = () => parse(getComputedStyle(behind).backgroundColor);
    while (behind.parentElement && ground()[3] === 0) behind = behind.parentElement;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const [dark, bright] = [light(parse(style.color)), light(ground())].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${text.data.trim()}`);
  }
  return wrong;
}

/** Finds texts that are not for people, or have the wrong direction. */
export function words({ ids, language, rightToLeft }) {
  const wrong = [];
  const root = document.documentElement;
  const said = [document.title, document.body.innerText];
  for (const element of document.querySelectorAll("[alt], [aria-label], [placeholder], [title], meta[content]")) {
    said.push(...["alt", "aria-label", "placeholder", "title", "content"].map((key) => element.getAttribute(key) ?? ""));
  }
  for (const text of said) {
    const left = /.{0,20}([{}$\u{FFFD}\u{E000}-\u{F8FF}]|\bundefined\b|\[object|&(amp|lt|gt|quot|#\w+);).{0,20}/u.exec(text);
    if (left) wrong.push(`not for people: ${left[0]}`);
    for (const id of ids) {
      if (new RegExp(`(^|[^\\w-])${id}($|[^\\w-])`).test(text)) wrong.push(`the name of a message: ${id}`);
    }
  }
  const values = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = values.nextNode(); text; text = values.nextNode()) {
    // Undefined values in templates.
    if (/^\s*(none|null|true|false|nan)\s*$/i.test(text.data)) wrong.push(`not for people: ${text.data.trim()}`);
  }
  if (!document.title.trim()) wrong.push("no title");
  if (root.lang !== language) wrong.push(`lang is ${root.lang}, not ${language}`);
  if (root.dir !== (rightToLeft ? "rtl" : "ltr")) wrong.push(`dir is ${root.dir}`);
  const heading = document.querySelector("h1");
  if (!heading || document.querySelectorAll("h1").length !== 1) return [...wrong, "not one heading"];
  if (!rightToLeft) return wrong;

  if (!/\p{Script=Arabic}/u.test(document.querySelector("main").innerText)) wrong.push("not in its language");
  if (getComputedStyle(heading).direction !== "rtl") wrong.push("the heading does not run from right to left");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!/\S@\S/.test(text.data) || element.closest("script")) continue;
    const isolated = getComputedStyle(element).unicodeBidi.match(/isolate|plaintext/) || /[\u2066-\u2068]/.test(text.data);
    if (!isolated && getComputedStyle(element).direction !== "ltr") wrong.push(`an address from right to left: ${text.data}`);
  }
  return wrong;
}

/** Elements that need scripts are visible with scripts only. */
export function extras(scripts) {
  const helpers = [...document.querySelectorAll("[data-copy], [data-print], #copy-address, #show, #tools")];
  return helpers
    .filter((element) => Boolean(element.closest("[hidden]")) === scripts)
    .map((element) => `${scripts ? "not shown with" : "shown without"} scripts: ${element.outerHTML.slice(0, 80)}`);
}

/** The loud button begins in the upper part of the first screen. */
export function firstAction() {
  scrollTo(0, 0);
  const button = document.querySelector("main a.button:not(.quiet)");
  if (!button) return ["no first action"];
  const top = button.getBoundingClientRect().top;
  return top < 500 ? [] : [`the first action begins at y = ${Math.round(top)}`];
}
