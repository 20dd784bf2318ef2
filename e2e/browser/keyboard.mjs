// The page with a keyboard only.

const MAIN = "main [type=submit], main a.button:not(.quiet)";

/** Moves through the page with the Tab key: the focus must be visible everywhere, and the main button reachable. */
export async function keyboard(page) {
  if (!(await page.locator(MAIN).count())) return [];
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    scrollTo(0, 0);
  });
  const wrong = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate((main) => {
      const one = document.activeElement;
      if (!one || one === document.body) return { left: true };
      const outlined = (element) => element && getComputedStyle(element).outlineStyle !== "none";
      return {
        main: one === document.querySelector(main),
        seen: outlined(one) || outlined(one.closest(".box")),
        what: one.outerHTML.slice(0, 80),
      };
    }, MAIN);
    if (found.left) return [...wrong, "the tabulator does not reach the main button"];
    if (!found.seen) wrong.push(`has the focus and does not show it: ${found.what}`);
    if (found.main) return wrong;
  }
  return [...wrong, "the main button is more than 60 steps away"];
}
