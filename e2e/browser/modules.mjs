// The packages that `scripts/needs.sh` installs.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../target/browser/package.json", import.meta.url));

export const { chromium } = require("playwright-core");
export const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const lighthouse = async () => (await import(require.resolve("lighthouse"))).default;
export const chromeLauncher = async () => import(require.resolve("chrome-launcher"));
