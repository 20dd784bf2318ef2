// Controls the browser for a test: node driver.mjs
//
// Each line of stdin is a command, {"id", "tab", "do", ...}; a line of stdout is its result, {"id", "is"} or
// {"id", "error"}, in the order of completion. The browser ends at the end of stdin.
import { createInterface } from "node:readline";
import { launch } from "./chromium.mjs";
import { watch } from "./watch.mjs";

/** The timeout of a page that depends on the XMPP server, in milliseconds. */
const LIMIT = 60_000;

const browser = await launch();
const tabs = new Map();

/** Runs an action that opens another page, and waits for the page. */
async function leave(page, how) {
  const there = page.waitForNavigation({ timeout: LIMIT });
  await Promise.all([there, how()]);
  return (await there)?.status() ?? null;
}

const verbs = {
  /** Opens a new window, or a tab with the state of the tab `beside`. */
  async open({ tab, url, scripts, beside, screen }) {
    const shared = beside && tabs.get(beside).page.context();
    const viewport = screen ?? { width: 390, height: 844 };
    const page = await (shared ?? (await browser.newContext({ javaScriptEnabled: scripts, viewport }))).newPage();
    page.setDefaultTimeout(LIMIT);
    // The test checks the status of pages.
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
  /** Types key by key. */
  type: ({ at, text }, { page }) => page.locator(at).pressSequentially(text),
  click: ({ at }, { page }) => page.click(at),
  /** Clicks an element that opens another page, and returns its status. */
  follow: ({ at }, { page }) => leave(page, () => page.click(at)),
  /** Clicks twice, the second time before the page handles the first. */
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
  /** Presses a key, with the focus on an element. */
  press: ({ at, key }, { page }) => page.press(at, key),
  /** Saves a picture of an element. */
  picture: async ({ at, path }, { page }) => void (await page.locator(at).screenshot({ path })),
  text: ({ at }, { page }) => page.innerText(at),
  value: ({ at }, { page }) => page.inputValue(at),
  attribute: ({ at, name }, { page }) => page.getAttribute(at, name),
  /** Returns the number of visible elements. */
  count: ({ at }, { page }) => page.locator(at).filter({ visible: true }).count(),
  html: ({}, { page }) => page.content(),
  address: ({}, { page }) => page.url(),
  /** Waits until the text of an element contains `text`. */
  until: ({ at, text }, { page }) => page.locator(at).filter({ hasText: text }).first().waitFor(),
  /** Returns the faults of the pages of this tab; see watch.mjs. */
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
