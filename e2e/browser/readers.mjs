// The readers: combinations of devices and languages, with scripts and without.
const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";

export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, userAgent: ANDROID },
  desktop: { viewport: { width: 1280, height: 900 } },
};

/** Returns a reader of each kind, each with its own browser context. */
export async function readers(browser, languages) {
  const all = [];
  for (const device of Object.keys(DEVICES)) {
    for (const language of languages) {
      const context = (scripts) =>
        browser.newContext({ ...DEVICES[device], javaScriptEnabled: scripts, timezoneId: "Europe/Berlin" });
      const twin = await context(true);
      all.push({ device, language, scripts: true, context: twin });
      all.push({ device, language, scripts: false, context: await context(false), twin });
    }
  }
  return all;
}
