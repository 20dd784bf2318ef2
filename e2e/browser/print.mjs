// Prints a page to PDF files: node print.mjs URL DIRECTORY FORMAT... (A4, Letter)
import { join } from "node:path";
import { launch } from "./chromium.mjs";

const [url, directory, ...formats] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage();
await page.goto(url, { waitUntil: "networkidle" });
for (const format of formats) await page.pdf({ path: join(directory, `${format}.pdf`), format, preferCSSPageSize: false });
await browser.close();
