//! The requests to both servers, equal except for the keys.

/// One request. Placeholders such as `{key}` are replaced by each server's own keys; see `Side::fill`.
pub(crate) struct Case {
    /// The name in the tables.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) target: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

const fn case(
    name: &'static str,
    method: &'static str,
    target: &'static str,
    headers: &'static [(&'static str, &'static str)],
) -> Case {
    Case { name, method, target, headers }
}

const BEARER: &[(&str, &str)] = &[("Authorization", "Bearer {key}")];
const PREFLIGHT: &[(&str, &str)] = &[
    ("Origin", "https://portal.example"),
    ("Access-Control-Request-Method", "GET"),
    ("Access-Control-Request-Headers", "authorization"),
];

pub(crate) const CASES: &[Case] = &[
    // Valid keys.
    case("key in the query", "GET", "/invites_api?key={key}", &[]),
    case("key as Bearer", "GET", "/invites_api", BEARER),
    case("key as Bearer, some query", "GET", "/invites_api?x=1", BEARER),
    case("key as Bearer, empty query", "GET", "/invites_api?", BEARER),
    case("key as Bearer and in the query", "GET", "/invites_api?key={key}", BEARER),
    case("key as Bearer, wrong one in the query", "GET", "/invites_api?key={wrong}", BEARER),
    case(
        "wrong key as Bearer, good one in the query",
        "GET",
        "/invites_api?key={key}",
        &[("Authorization", "Bearer {wrong}")],
    ),
    case("key with a leading - or _", "GET", "/invites_api?key={odd}", &[]),
    case("key with %2F for its slash", "GET", "/invites_api?key={escaped}", &[]),
    case("key with a cross-origin page", "GET", "/invites_api?key={key}", &[("Origin", "https://p.example")]),
    // Invalid keys.
    case("no key, no query", "GET", "/invites_api", &[]),
    case("no key, some query", "GET", "/invites_api?x=1", &[]),
    case("empty key", "GET", "/invites_api?key=", &[]),
    case("wrong secret", "GET", "/invites_api?key={wrong}", &[]),
    case("wrong secret as Bearer", "GET", "/invites_api?x=1", &[("Authorization", "Bearer {wrong}")]),
    case("unknown id", "GET", "/invites_api?key=AAAAAAAAAAAA/{secret}", &[]),
    case("deleted key", "GET", "/invites_api?key={deleted}", &[]),
    case("key without a slash", "GET", "/invites_api?key={id}", &[]),
    case("key with a slash more at its end", "GET", "/invites_api?key={key}/", &[]),
    case("key with two slashes", "GET", "/invites_api?key={id}//{secret}", &[]),
    case("key without its id", "GET", "/invites_api?key=/{secret}", &[]),
    case("key without its secret", "GET", "/invites_api?key={id}/", &[]),
    case("Basic authentication", "GET", "/invites_api?x=1", &[("Authorization", "Basic eDp5")]),
    case(
        "Basic authentication, good key in the query",
        "GET",
        "/invites_api?key={key}",
        &[("Authorization", "Basic eDp5")],
    ),
    case("bearer in lower case", "GET", "/invites_api?x=1", &[("Authorization", "bearer {key}")]),
    case("Bearer without a key", "GET", "/invites_api?x=1", &[("Authorization", "Bearer")]),
    case("key twice, good one first", "GET", "/invites_api?key={key}&key={wrong}", &[]),
    case("key twice, good one last", "GET", "/invites_api?key={wrong}&key={key}", &[]),
    // Redirects.
    case("redirect=true", "GET", "/invites_api?key={key}&redirect=true", &[]),
    case("redirect=1", "GET", "/invites_api?key={key}&redirect=1", &[]),
    case("redirect= (empty)", "GET", "/invites_api?key={key}&redirect=", &[]),
    case("redirect (bare)", "GET", "/invites_api?key={key}&redirect", &[]),
    case("redirect=0", "GET", "/invites_api?key={key}&redirect=0", &[]),
    case("redirect=false", "GET", "/invites_api?key={key}&redirect=false", &[]),
    case("redirect=no", "GET", "/invites_api?key={key}&redirect=no", &[]),
    case("redirect=true as Bearer", "GET", "/invites_api?redirect=true", BEARER),
    case("redirect=true without a key", "GET", "/invites_api?redirect=true", &[]),
    // Methods.
    case("HEAD", "HEAD", "/invites_api?key={key}", &[]),
    case("HEAD without a key", "HEAD", "/invites_api?x=1", &[]),
    case("POST", "POST", "/invites_api?key={key}", &[("Content-Length", "0")]),
    case(
        "POST as Bearer",
        "POST",
        "/invites_api",
        &[("Content-Length", "0"), ("Authorization", "Bearer {key}")],
    ),
    case("POST without a key", "POST", "/invites_api?x=1", &[("Content-Length", "0")]),
    case("PUT", "PUT", "/invites_api?key={key}", &[("Content-Length", "0")]),
    case("DELETE", "DELETE", "/invites_api?key={key}", &[]),
    case("PATCH", "PATCH", "/invites_api?key={key}", &[("Content-Length", "0")]),
    case("OPTIONS", "OPTIONS", "/invites_api", &[]),
    case("OPTIONS, preflight", "OPTIONS", "/invites_api", PREFLIGHT),
    case("OPTIONS, preflight with a key", "OPTIONS", "/invites_api?key={key}", PREFLIGHT),
    // Prefetching.
    case("Sec-Purpose: prefetch", "GET", "/invites_api?key={key}", &[("Sec-Purpose", "prefetch")]),
    case(
        "Sec-Purpose: prefetch,prerender",
        "GET",
        "/invites_api?key={key}",
        &[("Sec-Purpose", "prefetch;prerender")],
    ),
    case("Purpose: prefetch", "GET", "/invites_api?key={key}", &[("Purpose", "prefetch")]),
    // Paths.
    case("slash at the end of the path", "GET", "/invites_api/?key={key}", &[]),
    case("unknown path below", "GET", "/invites_api/more?key={key}", &[]),
    case("unknown path", "GET", "/no-such-page", &[]),
];
