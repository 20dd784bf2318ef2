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
  // plain.example is this machine, too, but for the browser not trustworthy: scripts have no clipboard there.
  "--host-resolver-rules=MAP plain.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export const launch = () => chromium.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });
