// The packages, from where `scripts/needs.sh` puts them.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../target/browser/package.json", import.meta.url));

export const { chromium } = require("playwright-core");
export const axeSource = require("axe-core").source;
export const lighthouse = async () => (await import(require.resolve("lighthouse"))).default;
export const chromeLauncher = async () => import(require.resolve("chrome-launcher"));
