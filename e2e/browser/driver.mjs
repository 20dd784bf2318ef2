// Does in the browser what a test says: node driver.mjs
//
// A line of stdin is one wish, {"id", "tab", "do", ...}; a line of stdout answers it, {"id", "is"} or {"id", "error"},
// as soon as it is done, whatever came before. The browser lives until stdin ends.
import { createInterface } from "node:readline";
import { launch } from "./chromium.mjs";
import { watch } from "./watch.mjs";

/** How long a page may take that the XMPP server has a say in, in milliseconds. */
const LIMIT = 60_000;

const browser = await launch();
const tabs = new Map();

/** Runs what leads to another page, and waits until that is there. */
async function leave(page, how) {
  const there = page.waitForNavigation({ timeout: LIMIT });
  await Promise.all([there, how()]);
  return (await there)?.status() ?? null;
}

const verbs = {
  /** A window of its own, or one more tab beside `beside`, with the same memory. */
  async open({ tab, url, scripts, beside, screen }) {
    const shared = beside && tabs.get(beside).page.context();
    const viewport = screen ?? { width: 390, height: 844 };
    const page = await (shared ?? (await browser.newContext({ javaScriptEnabled: scripts, viewport }))).newPage();
    page.setDefaultTimeout(LIMIT);
    // What status a page has is for the test to say.
    let status = 200;
    page.on("response", (response) => {
      if (response.request().isNavigationRequest()) status = response.status();
    });
    const wrong = watch(page, new URL(url).origin, () => status);
    tabs.set(tab, { page, wrong });
    return (await page.goto(url)).status();
  },
  go: async ({ url }, { page }) => (await page.goto(url)).status(),
  fill: ({ at, text }, { page }) => page.fill(at, text),
  /** Types key by key, as people do. */
  type: ({ at, text }, { page }) => page.locator(at).pressSequentially(text),
  click: ({ at }, { page }) => page.click(at),
  /** Clicks where that leads to another page; its status. */
  follow: ({ at }, { page }) => leave(page, () => page.click(at)),
  /** Two clicks before the page can do anything about the first. */
  followTwice: ({ at }, { page }) =>
    leave(page, () =>
      page.evaluate((at) => {
        const button = document.querySelector(at);
        button.click();
        button.click();
      }, at),
    ),
  back: async ({}, { page }) => (await page.goBack()).status(),
  reload: async ({}, { page }) => (await page.reload()).status(),
  text: ({ at }, { page }) => page.innerText(at),
  value: ({ at }, { page }) => page.inputValue(at),
  attribute: ({ at, name }, { page }) => page.getAttribute(at, name),
  /** How many there are that can be seen. */
  count: ({ at }, { page }) => page.locator(at).filter({ visible: true }).count(),
  html: ({}, { page }) => page.content(),
  address: ({}, { page }) => page.url(),
  /** Waits until the text of an element holds `text`. */
  until: ({ at, text }, { page }) => page.locator(at).filter({ hasText: text }).first().waitFor(),
  /** What was wrong with the pages of this tab, see watch.mjs. */
  async close({ tab }, { page, wrong }) {
    tabs.delete(tab);
    await page.close();
    return wrong;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const wish = JSON.parse(line);
  const say = (answer) => process.stdout.write(`${JSON.stringify({ id: wish.id, ...answer })}\n`);
  Promise.resolve()
    .then(() => verbs[wish.do](wish, tabs.get(wish.tab)))
    .then((is) => say({ is: is ?? null }), (error) => say({ error: String(error) }));
}
await browser.close();
