// Draws QR codes with the script of the pages: node qr.mjs TEXTS.json
//
// The file contains a list of texts; each line of stdout is the code of one, a list of rows of 0 and 1, or null.
import { readFileSync } from "node:fs";

const script = readFileSync(new URL("../../crates/vestibule-web/static/qr.js", import.meta.url), "utf8");
const qr = new Function(`"use strict"; ${script}; return qr;`)();
for (const text of JSON.parse(readFileSync(process.argv[2], "utf8"))) console.log(JSON.stringify(qr(text)));
