//! A host whose invites only apps redeem: `accounts = "none"`.

use serde_json::json;

use crate::test_server::TestServer;
use crate::way::Way;

#[test]
fn the_pages_open_the_link_in_an_app_and_offer_no_form() {
    let test_server =
        TestServer::with(Way::ProsodyAdmin(vestibule_e2e::Version::V012).start(), "accounts = \"none\"\n");
    let invite = test_server.create(&json!({}));
    let reset = test_server.create(&json!({ "kind": "password-reset", "username": "romeo" }));
    let page = test_server.page(&invite);
    assert!(page.header("link").is_some_and(|link| link.contains("?register;preauth=")), "{page:?}");
    assert!(
        page.text().contains("?register;preauth=") && !page.text().contains("/register\""),
        "{}",
        page.text()
    );
    assert!(!test_server.page(&reset).text().contains("/reset\""));
    for path in [format!("/invite/{}/register", invite.token), format!("/invite/{}/reset", reset.token)] {
        let answer = test_server.client.get(&format!("{}{path}", test_server.vestibule.url())).unwrap();
        assert_eq!(answer.status, 404, "{path}");
    }
    let file = test_server.config_file();
    let created = test_server.vestibule.cli(&["invites", "create", "localhost", "--config", &file]).unwrap();
    assert!(created.success() && created.stdout.starts_with("http"), "{created}");
    assert!(created.stderr.contains("the page opens the link in an app"), "{created}");
    let shown = test_server.vestibule.cli(&["config", "show", "--json", "--config", &file]).unwrap();
    assert!(shown.stdout.contains("\"localhost\":\"none\""), "{shown}");
}
