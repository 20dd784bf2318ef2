//! Parameters and paths.

use super::{BATCH, CHECK, CLAIM, COMPLETE, CREATE, EDIT, KEY, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let get = |query: &str, fields: &[&str]| Row::text(("GET", query), "", fields);
    let garbage =
        ["", "0", "-1", "501", "1.5", "%2B1", "ten", "99999999999999999999", "%FF", "%00", "1%20", "1,2"];
    for path in ["/v1/invites", "/v1/events"] {
        for value in garbage {
            rows.push(get(&format!("{path}?limit={value}"), &["limit"]));
        }
        for query in ["limit", "limit=1&limit=1", "limit=1&limit=2", "limit=1&lim%69t=1"] {
            rows.push(get(&format!("{path}?{query}"), &["limit"]));
        }
        for (query, name) in
            [("x=1", "x"), ("Limit=1", "Limit"), ("key=a", "key"), ("=1", ""), ("%FF=1", "\u{fffd}")]
        {
            rows.push(get(&format!("{path}?{query}"), &[name]));
        }
        for query in [
            "cursor=x&cursor=x",
            "limit=1&cursor=-1",
            "cursor=%FF",
            "cursor=",
            "cursor",
            "cursor=1.5",
            "cursor=%2B1",
        ] {
            rows.push(get(&format!("{path}?{query}"), &["cursor"]));
        }
    }
    rows.push(get("/v1/events?limit=0&cursor=x", &["cursor", "limit"]));
    for value in ["c", "1", "x", "c-1", "C1", "cG", "c1 ", "cffffffffffffffffff", "c8000000000000000", "null"]
    {
        rows.push(get(&format!("/v1/invites?cursor={}", value.replace(' ', "%20")), &["cursor"]));
    }
    for value in ["", "Pending", "done", "pending%00", "pending,used", "%FF"] {
        rows.push(get(&format!("/v1/invites?state={value}"), &["state"]));
        rows.push(get(&format!("/v1/invites?kind={value}"), &["kind"]));
    }
    for value in ["", "True", "1", "yes", "true,false"] {
        rows.push(get(&format!("/v1/invites?renewal_requested={value}"), &["renewal_requested"]));
    }
    rows.push(get("/v1/invites?state=x&kind=x&limit=x&cursor=x", &["state", "kind", "limit", "cursor"]));
    for name in ["%20", "a%20b", "a%40b", "a%2Fb", "%00", "a%00", "%22", "%E2%80%AE", &"x".repeat(1024)] {
        rows.push(get(&format!("/v1/usernames/{name}"), &["username"]));
    }
    // Operations without parameters accept none.
    let others = [
        ("GET", "/v1/invites/ID"),
        ("DELETE", "/v1/invites/ID"),
        ("DELETE", "/v1/redemptions/CLAIM"),
        ("GET", "/v1/usernames/bob"),
        ("GET", "/v1/keys"),
        ("DELETE", "/v1/keys/x"),
    ];
    for (method, path) in others.into_iter().chain([CREATE, BATCH, EDIT, CHECK, CLAIM, COMPLETE, KEY]) {
        for (query, name) in
            [("max_uses=5", "max_uses"), ("limit=1", "limit"), ("count=2", "count"), ("a%60b", "a`b")]
        {
            rows.push(Row::text((method, &format!("{path}?{query}")), "", &[name]));
        }
    }
    // Paths that are not UTF-8 are not found.
    for (method, path) in [
        ("GET", "/v1/invites/%FF"),
        ("PATCH", "/v1/invites/%C0%80"),
        ("DELETE", "/v1/invites/%ED%A0%80"),
        ("POST", "/v1/redemptions/%FF/complete"),
        ("DELETE", "/v1/redemptions/%FF"),
        ("GET", "/v1/usernames/%FF"),
        ("DELETE", "/v1/keys/%FF"),
        ("GET", "/v1/invites/%00"),
        ("GET", "/v1/invites/ID%00"),
        ("GET", "/v1/invites/ID%20"),
    ] {
        rows.push(Row { status: 404, problem: "not-found", ..Row::text((method, path), "", &[]) });
    }
    rows
}
