// Debian's Chromium in its headless program: the other one renders a whole window, with its frame, for each page.
import { chromium } from "./modules.mjs";

export const EXECUTABLE = "/usr/bin/chromium-headless-shell";

export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Pages and the browser itself can reach only this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export const launch = () => chromium.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });
