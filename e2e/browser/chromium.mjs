// Debian's Chromium, without a window and without a life of its own.
import { chromium } from "./modules.mjs";

export const EXECUTABLE = "/usr/bin/chromium";

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
