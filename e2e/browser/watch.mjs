// What a page does besides being looked at: requests, errors, violations of its policy.

/** Watches a page from now on; the answer lists what was wrong. `expected` is the status of the page itself. */
export function watch(page, origin, expected = () => 200) {
  const wrong = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) wrong.push(`asks somebody else: ${url}`);
  });
  page.on("response", (response) => {
    const request = response.request();
    const wanted = request.isNavigationRequest() ? expected() : 200;
    if (response.status() !== wanted) {
      wrong.push(`${response.status()} instead of ${wanted}: ${request.method()} ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    // A page that is left may have asked for something still.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") wrong.push(`${why}: ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(`a script fails: ${error.message}`));
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // The browser notes the status of a page that says no; `response` above judges that.
    const noted = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text());
    if (noted && Number(noted[1]) === expected()) return;
    wrong.push(`console: ${message.text()}`);
  });
  return wrong;
}
