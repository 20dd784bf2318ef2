//! `/invites_api` on Prosody's HTTP port, for clients with the old address.

use vestibule_e2e::Version;
use vestibule_e2e::http::{Response, exchange, token_of};

use crate::test_server::{PASSWORD, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(
    an_old_bookmark_still_creates_invites,
    a_wrong_key_creates_nothing,
    other_origins_may_send_requests_as_before,
    the_response_during_an_outage_has_a_retry_time,
);

fn ask(test_server: &TestServer, method: &str, query: &str, headers: &[(&str, &str)]) -> Response {
    exchange(test_server.prosody.http_addr(), method, &format!("/invites_api{query}"), headers, b"").unwrap()
}

fn an_old_bookmark_still_creates_invites(version: Version) {
    let test_server = TestServer::new(version);
    let key = test_server.vestibule.create_key("localhost").unwrap();
    let bearer = format!("Bearer {key}");
    let bearer = [("Authorization", bearer.as_str()), ("Content-Length", "0")];
    let (bookmark, redirect) = (format!("?key={key}"), format!("?key={key}&redirect=true"));
    let answers = [
        (ask(&test_server, "GET", &bookmark, &[]), 201),
        (ask(&test_server, "GET", &redirect, &[]), 303),
        (ask(&test_server, "GET", "", &bearer), 201),
        (ask(&test_server, "POST", "", &bearer), 201),
    ];
    for (at, (answer, status)) in answers.iter().enumerate() {
        assert_eq!(answer.status, *status, "{answer:?}");
        let link = answer.location().expect("a link");
        assert!(link.starts_with(&test_server.vestibule.url()), "{link}");
        let mut guest = test_server.guest();
        assert!(guest.preauth(token_of(link)).unwrap().is_ok(), "{link}");
        assert!(guest.register(&format!("user{at}"), PASSWORD).unwrap().is_ok());
    }
    assert_eq!(test_server.invites().len(), answers.len());
    // At level debug, Prosody itself logs the addresses of requests.
    let log = test_server.prosody.log();
    assert!(!log.lines().any(|line| line.contains(&key) && !line.contains("\tdebug\t")), "{log}");
}

fn a_wrong_key_creates_nothing(version: Version) {
    let test_server = TestServer::new(version);
    let key = test_server.vestibule.create_key("localhost").unwrap();
    let (id, _) = key.split_once('/').expect("ID/SECRET");
    for query in [format!("?key={key}x"), format!("?key={id}"), "?key=".to_owned(), "?x=1".to_owned()] {
        let answer = ask(&test_server, "GET", &query, &[]);
        assert_eq!(answer.status, 403, "{query}: {answer:?}");
        assert!(answer.location().is_none(), "{answer:?}");
    }
    // The bridge's own key is not accepted.
    assert_eq!(ask(&test_server, "GET", "", &[]).status, 403);
    assert!(test_server.invites().is_empty());
}

fn other_origins_may_send_requests_as_before(version: Version) {
    let test_server = TestServer::new(version);
    let key = test_server.vestibule.create_key("localhost").unwrap();
    let origin = ("Origin", "https://portal.example");
    let answer = ask(&test_server, "GET", &format!("?key={key}"), &[origin]);
    let ours =
        exchange(test_server.vestibule.addr(), "GET", &format!("/invites_api?key={key}"), &[origin], b"");
    let ours = ours.unwrap();
    for name in ["access-control-allow-origin", "access-control-expose-headers", "cache-control"] {
        assert_eq!(answer.all(name), ours.all(name), "{name}");
    }
}

fn the_response_during_an_outage_has_a_retry_time(version: Version) {
    let mut test_server = TestServer::new(version);
    test_server.vestibule.kill();
    let answer = ask(&test_server, "GET", "?key=x/y", &[]);
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
}
