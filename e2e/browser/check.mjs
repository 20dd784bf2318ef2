// Checks every page as every reader: node check.mjs SCENE.json
//
// The scene: { origin, languages, ids, screenshots, pages: [{ name, path, status, send?, form?, only?, words? }] };
// `send` contains the fields of the form to send; `form` is the path of the form if the page itself has none any more;
// `only` selects readers by their properties; with `words`, only the texts and the layout are checked; with `first`, the
// first action must be in sight on a small phone.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { DEVICES, readers } from "./readers.mjs";
import { watch } from "./watch.mjs";
import { axe } from "./axe.mjs";
import { contrast, extras, firstAction, layout, words } from "./layout.mjs";
import { keyboard } from "./keyboard.mjs";

/** The number of concurrent checks. */
const AT_ONCE = 4;
/** A phone's width at 200 % zoom of a small one: WCAG 2.2, 1.4.10. */
const NARROW = { width: 320, height: 640 };
/** A small phone, on which the first action must be in sight. */
const SMALL = { width: 360, height: 640 };
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

const scene = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** Opens a page like its reader. */
async function open(page, { path, status, send, form }, { language }) {
  // The form is loaded before it is sent.
  let expected = send ? 200 : status;
  const wrong = watch(page, scene.origin, () => expected);
  const address = (path) => {
    const url = new URL(scene.origin + path);
    if (language !== "en") url.searchParams.set("lang", language);
    return url.href;
  };
  await page.goto(address(form ?? path));
  if (send) {
    if (form) {
      await page.evaluate((action) => {
        document.forms[0].action = action;
        document.forms[0].dataset.invite = new URL(action).pathname.replace(/\/\w+$/, "");
      }, address(path));
    }
    for (const [field, text] of Object.entries(send)) await page.fill(`[name=${field}]`, text);
    expected = status;
    const sent = page.waitForNavigation();
    // With a key, because messages below a field may move the button away from a pointer.
    await page.press("[type=submit]", "Enter");
    await sent;
  }
  return wrong;
}

/** axe needs scripts, so it checks the HTML of the page without scripts in another tab that permits them. It uses the
 * dark colours, because the page with scripts was checked with the light ones. */
async function axeWithoutScripts(page, { twin }) {
  const body = (await page.content()).replace(/<script[^>]*>.*?<\/script>/gs, "");
  const other = await twin.newPage();
  try {
    await other.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
    await other.emulateMedia({ colorScheme: "dark" });
    await other.goto(page.url());
    return await axe(other);
  } finally {
    await other.close();
  }
}

/** Checks the light and the dark colours, and takes a screenshot of each. */
async function inSchemes(page, target, { device, language, scripts }, inPage) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await inPage(contrast);
    const name = `${target.name}-${device}-${colorScheme}-${language}.png`;
    if (scripts) await page.screenshot({ path: join(scene.screenshots, name), fullPage: true });
  }
}

/** Waits for visible images, which may be loaded after the page. */
async function pictures(page) {
  const loaded = () =>
    [...document.images].every((image) => image.complete || image.getClientRects().length === 0);
  for (let tries = 0; tries < 100 && !(await page.evaluate(loaded)); tries += 1) await page.waitForTimeout(100);
}

async function checkPage(target, reader) {
  const page = await reader.context.newPage();
  const { language, device, scripts } = reader;
  try {
    const wrong = await open(page, target, reader);
    await pictures(page);
    const rightToLeft = RIGHT_TO_LEFT.includes(language);
    const inPage = async (check, argument) => wrong.push(...(await page.evaluate(check, argument)));
    await inPage(words, { ids: scene.ids, language, rightToLeft });
    await inPage(layout);
    if (!target.words) {
      await inPage(extras, scripts);
      if (scripts) wrong.push(...(await axe(page)));
      // The result of axe is the same in every language.
      else if (language === "en") wrong.push(...(await axeWithoutScripts(page, reader)));
      await inSchemes(page, target, reader, inPage);
      if (scripts) wrong.push(...(await keyboard(page)));
    }
    if (device === "phone" && target.first) {
      const usual = page.viewportSize();
      await page.setViewportSize(SMALL);
      await inPage(firstAction);
      await page.setViewportSize(usual);
    }
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await pictures(page);
    await inPage(layout);
    if (device === "phone") {
      await page.setViewportSize(NARROW);
      await inPage(layout);
      await page.setViewportSize(DEVICES.phone.viewport);
      // Text at 200 %: WCAG 2.2, 1.4.4.
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      // A field scrolls what was typed.
      wrong.push(...(await page.evaluate(layout)).filter((fault) => !fault.startsWith("what was typed")));
    }
    return wrong;
  } finally {
    await page.close();
  }
}

const browser = await launch();
const allReaders = await readers(browser, scene.languages);
const tasks = [];
for (const target of scene.pages) {
  const wanted = Object.entries(target.only ?? {});
  for (const reader of allReaders) {
    if (wanted.every(([what, value]) => reader[what] === value)) tasks.push([target, reader]);
  }
}
const count = tasks.length;
let faults = 0;
async function work() {
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const [target, reader] = task;
    const wrong = await checkPage(target, reader).catch((error) => [error.stack]);
    const who = `${reader.device}, ${reader.language}, ${reader.scripts ? "with" : "without"} scripts`;
    for (const fault of new Set(wrong)) console.log(`${target.name} (${who}): ${fault}`);
    faults += wrong.length;
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
await browser.close();
console.log(`${count} checks, ${faults} faults`);
process.exitCode = faults ? 1 : 0;
