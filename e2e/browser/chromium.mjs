// Debian's Chromium, as the program without windows: the one with windows draws a whole one, its frame too, for each page.
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
  // Nothing but this machine can be reached, whatever a page or the browser itself would like.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export const launch = () => chromium.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });
