// Measures the size of a page that a browser loads for the first time: node weigh.mjs ORIGIN PATH...
//
// A relay counts all bytes, including icons and headers. One line of JSON for each page and device:
// { path, device, bytes, compressed, requests: [...] }; `bytes` is the size without compression.
import { connect, createServer } from "node:net";
import { launch } from "./chromium.mjs";
import { DEVICES } from "./readers.mjs";

/** Relays to a port, and counts response bytes and requests. Without `compressed`, it accepts no compressed ones. */
async function relay(port, compressed) {
  const count = { bytes: 0, requests: [] };
  const server = createServer((client) => {
    const peer = connect(port, "127.0.0.1");
    client.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      for (const [, path] of text.matchAll(/^(?:GET|HEAD|POST) (\S+) HTTP/gm)) count.requests.push(path);
      peer.write(compressed ? chunk : Buffer.from(text.replace(/^accept-encoding:.*\r\n/gim, ""), "latin1"));
    });
    client.on("end", () => peer.end());
    peer.on("data", (chunk) => (count.bytes += chunk.length));
    peer.pipe(client);
    for (const socket of [client, peer]) socket.on("error", () => [client, peer].forEach((end) => end.destroy()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { count, server };
}

const [origin, ...paths] = process.argv.slice(2);
const browser = await launch();

async function weigh(path, device, compressed) {
  const { count, server } = await relay(new URL(origin).port, compressed);
  // A new context has an empty cache.
  const context = await browser.newContext(DEVICES[device]);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}${path}`, { waitUntil: "networkidle" });
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForLoadState("networkidle");
  await context.close();
  server.close();
  return count;
}

for (const path of paths) {
  for (const device of Object.keys(DEVICES)) {
    const count = await weigh(path, device, false);
    const { bytes: compressed } = await weigh(path, device, true);
    console.log(JSON.stringify({ path, device, compressed, ...count }));
  }
}
await browser.close();
