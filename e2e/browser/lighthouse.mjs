// Rates pages with Lighthouse: node lighthouse.mjs CATEGORY,... URL...
//
// One line of JSON for each page and device: { url, device, scores: { CATEGORY: 0 to 100 }, wrong: [...] }; `wrong`
// lists the audits with lost points.
import { chromeLauncher, lighthouse } from "./modules.mjs";
import { EXECUTABLE, FLAGS } from "./chromium.mjs";

const [categories, ...urls] = process.argv.slice(2);
const run = await lighthouse();
const { launch } = await chromeLauncher();
const { default: desktop } = await import(new URL("core/config/desktop-config.js", root()).href);

function root() {
  return new URL("../../target/browser/node_modules/lighthouse/", import.meta.url);
}

const chrome = await launch({
  chromePath: EXECUTABLE,
  chromeFlags: ["--headless", ...FLAGS],
  ignoreDefaultFlags: true,
  logLevel: "error",
});
for (const url of urls) {
  for (const [device, config] of [["phone", undefined], ["desktop", desktop]]) {
    const flags = { port: chrome.port, output: "json", logLevel: "error", onlyCategories: categories.split(",") };
    const { lhr } = await run(url, flags, config);
    const scores = {};
    const wrong = [];
    for (const [name, { score, auditRefs }] of Object.entries(lhr.categories)) {
      scores[name] = Math.round(score * 100);
      for (const { id, weight } of auditRefs) {
        const audit = lhr.audits[id];
        if (weight && audit.score !== null && audit.score < 1) wrong.push(`${id}: ${audit.title} ${audit.displayValue ?? ""}`);
      }
    }
    if (lhr.runtimeError) wrong.push(lhr.runtimeError.message);
    console.log(JSON.stringify({ url, device, scores, wrong }));
  }
}
await chrome.kill();
