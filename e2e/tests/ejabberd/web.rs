//! Registration on Vestibule's pages, and on ejabberd's own.

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::{Vestibule, free_port};

use crate::common::{HOST, eventually};
use crate::test_server::{PASSWORD, SOON, TestServer};

/// The value of a hidden field of a form.
fn field(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    let begin = page[..at].rfind('<').expect("an element");
    let element = &page[begin..begin + page[begin..].find('>').expect("its end")];
    let value = element.split("value=\"").nth(1).unwrap_or_else(|| panic!("no value: {element}"));
    value.split('"').next().expect("a quote").to_owned()
}

#[test]
fn the_pages_register_accounts_and_set_passwords() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vestibule.toml");
    let c2s = free_port().unwrap();
    let xmpp = format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"127.0.0.1:{c2s}\"\ntls = \"none\"\n");
    std::fs::write(&file, xmpp).unwrap();
    let vestibule = Vestibule::builder().arg("--config").arg(&file).start().unwrap();
    let url = vestibule.url();
    let test_server =
        TestServer::asking(vestibule, &url, |builder| builder.c2s_port(c2s).password_strength(20));
    let post = |path: &str, fields: &[(&str, &str)]| {
        let page = test_server.client.get(&format!("{url}{path}")).unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let form: Vec<_> =
            fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let form = form.join("&");
        test_server.client.send("POST", &format!("{url}{path}"), &headers, Some(form.as_bytes())).unwrap()
    };
    let password = "lamp orchid 47 teapot";
    // Many from one address: `registration_timeout` is infinity.
    for name in ["juliet", "nurse", "peter"] {
        let invite = test_server.create(&json!({}));
        let path = format!("/invite/{}/register", invite.token);
        let answer = post(&path, &[("username", name), ("password", password)]);
        assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.ejabberd.log());
        assert!(test_server.can_log_in(name, password));
        assert_eq!(test_server.redeemed_by(&invite).0, format!("{name}@localhost"));
    }
    let invite = test_server.create(&json!({}));
    let path = format!("/invite/{}/register", invite.token);
    let taken = post(&path, &[("username", "juliet"), ("password", password)]);
    assert!(taken.text().contains("taken"), "{}", taken.text());
    test_server.assert_unspent(&invite);
    let reset = test_server.create(&json!({ "kind": "password-reset", "username": "juliet" }));
    let answer = post(&format!("/invite/{}/reset", reset.token), &[("password", "lamp orchid 48 teapot")]);
    assert!(answer.status < 400, "{}", answer.text());
    assert!(test_server.can_log_in("juliet", "lamp orchid 48 teapot"));
    test_server.becomes(&reset, "used");
}

/// The page of `mod_invites`, for operators who have configured it.
#[test]
fn the_page_of_ejabberd_redeems_the_invite() {
    let test_server = TestServer::new();
    let invite = test_server.create(&json!({}));
    // The name in the address selects the host.
    let http = test_server.ejabberd.http_url().replace("127.0.0.1", HOST);
    let url = format!("{http}/join/{}/registration", invite.token);
    let page = test_server.client.get(&url).unwrap();
    assert_eq!(page.status, 200, "{}\n{}", page.text(), test_server.ejabberd.log());
    let cookie = page.header("set-cookie").expect("a cookie").split(';').next().unwrap().to_owned();
    let csrf = field(&page.text(), "csrf_token");
    let csrf = csrf.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let form = format!("user=juliet&password={PASSWORD}&token={}&csrf_token={csrf}", invite.token);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie.as_str())];
    let answer = test_server.client.send("POST", &url, &headers, Some(form.as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "{}\n{}", answer.text(), test_server.ejabberd.log());
    assert_eq!(test_server.redeemed_by(&invite), ("juliet@localhost".to_owned(), "web".to_owned()));
    eventually("the page is gone", SOON, || test_server.client.get(&url).unwrap().status == 404);
}
