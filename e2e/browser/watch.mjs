// Records requests to other servers, errors, and violations of the policy of a page.

/** Watches a page, and returns a list to which faults are added. `expected` is the status of the page itself. */
export function watch(page, origin, expected = () => 200) {
  const wrong = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) wrong.push(`requests another server: ${url}`);
  });
  page.on("response", (response) => {
    const request = response.request();
    // A form that succeeds redirects to its page.
    if (request.method() === "POST" && response.status() === 303) return;
    const wanted = request.isNavigationRequest() ? expected() : 200;
    // The browser has the content already.
    if (response.status() === 304 && wanted === 200) return;
    if (response.status() !== wanted) {
      wrong.push(`${response.status()} instead of ${wanted}: ${request.method()} ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    // Requests of a left page may be aborted.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") wrong.push(`${why}: ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(`a script fails: ${error.message}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // The browser logs the error status of a page, which `response` above checks.
    const noted = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text());
    if (noted && Number(noted[1]) === expected()) return;
    wrong.push(`console: ${message.text()}`);
  });
  return wrong;
}
