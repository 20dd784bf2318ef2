// Runs all rules of axe-core on a page: WCAG 2.2 up to AAA, and best practices.
import { axeSource } from "./modules.mjs";

const OFF = {
  // AAA: 7:1 between text and its ground. Ours is AA (4.5:1); operators choose the accent.
  "color-contrast-enhanced": { enabled: false },
};

/** Returns the findings of axe. */
export async function axe(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const options = {
    resultTypes: ["violations"],
    preload: false,
    rules: await all(page),
  };
  const violations = await page.evaluate(async (options) => (await globalThis.axe.run(options)).violations, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `axe ${id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`),
  );
}

/** Enables the rules that are off by default. */
async function all(page) {
  const ids = await page.evaluate(() => globalThis.axe.getRules().map(({ ruleId }) => ruleId));
  return { ...Object.fromEntries(ids.map((id) => [id, { enabled: true }])), ...OFF };
}
