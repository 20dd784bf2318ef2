//! Installing the module and its options.

use serde_json::json;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Ejabberd, Vestibule};

use crate::common::HOST;
use crate::test_server::PASSWORD;

#[test]
fn the_module_is_installed_and_configured_without_a_restart() {
    let vestibule = Vestibule::builder().start().unwrap();
    let key = vestibule.create_key_with(HOST, &["ejabberd", "--scope", "bridge"]).unwrap();
    let mut ejabberd = Ejabberd::builder().vestibule_sources().start().unwrap();
    let module = json!({ "module": "mod_invites_vestibule" });
    assert_eq!(ejabberd.done("module_install", &module).unwrap(), json!(0), "{}", ejabberd.log());
    ejabberd.configure_bridge(&vestibule.url(), &key).unwrap();
    let invited = |ejabberd: &Ejabberd, username: &str| {
        let link = vestibule.cli(&["invites", "create", HOST]).unwrap();
        let token = link.text().rsplit('/').next().expect("a token").to_owned();
        let mut guest = Stream::open(ejabberd.c2s_addr(), HOST).unwrap();
        let shown = guest.preauth(&token).unwrap();
        assert!(shown.is_ok(), "{shown:?}\n{}", ejabberd.log());
        assert!(guest.register(username, PASSWORD).unwrap().is_ok());
    };
    invited(&ejabberd, "juliet");
    ejabberd.restart().unwrap();
    invited(&ejabberd, "romeo");
    let log = ejabberd.log();
    let id = key.split('/').next().unwrap();
    assert!(log.contains(&format!(
        "Vestibule at {} keeps the invites of localhost, by the key {id}",
        vestibule.url()
    )));
    // Back to its own invites.
    assert_eq!(ejabberd.configure_invites("{}").unwrap().0, 200);
    let own = ejabberd.done("generate_invite", &json!({ "host": HOST })).unwrap();
    assert_eq!(vestibule.cli(&["invites", "list", HOST]).unwrap().stdout.lines().count(), 2, "{own}");
}

/// Replaces the options of `mod_invites` and reloads the configuration. Returns whether ejabberd accepts it, and the log.
fn reloaded(ejabberd: &Ejabberd, options: &str) -> (bool, String) {
    let before = ejabberd.log().len();
    let (status, value) = ejabberd.configure_invites(&format!("{{db_type: vestibule, {options}}}")).unwrap();
    (status == 200 && value == json!(0), format!("{value}{}", &ejabberd.log()[before..]))
}

#[test]
fn an_invalid_option_is_named() {
    let key = format!("{}/{}", "k".repeat(12), "s".repeat(36));
    let ejabberd = Ejabberd::builder().vestibule_module().start().unwrap();
    let with_url = |url: &str| format!("vestibule_key: \"{key}\", vestibule_url: \"{url}\"");
    for (options, texts) in [
        (String::new(), vec!["vestibule_key"]),
        ("vestibule_key: \"\"".to_owned(), vec!["vestibule_key", "ID/SECRET", "vestibule keys create"]),
        ("vestibule_key: nonsense".to_owned(), vec!["vestibule_key", "ID/SECRET"]),
        (format!("vestibule_key: \"{key}x y\""), vec!["vestibule_key", "ID/SECRET"]),
        (with_url("nonsense"), vec!["vestibule_url"]),
        (with_url("ftp://127.0.0.1"), vec!["vestibule_url"]),
        (with_url("http://127.0.0.1:8280/?a=b"), vec!["vestibule_url", "http://127.0.0.1:8280"]),
        (with_url("http://invites.example.com"), vec!["vestibule_url", "unencrypted", "https://"]),
        (with_url("http://203.0.113.7:8280"), vec!["vestibule_url", "unencrypted", "203.0.113.7"]),
        (format!("vestibule_key: \"{key}\", vestibule_uri: x"), vec!["vestibule_uri", "vestibule_url"]),
    ] {
        let (is_accepted, said) = reloaded(&ejabberd, &options);
        assert!(!is_accepted, "{options}: {said}");
        for text in texts {
            assert!(said.contains(text), "{options}: no {text} in {said}");
        }
        assert!(!said.contains(&"s".repeat(36)), "{options}: the output contains a key: {said}");
        assert!(!said.contains("stacktrace"), "{options}: {said}");
    }
    // Addresses of private networks and names of containers need no encryption.
    for url in
        ["http://vestibule:8280", "http://10.0.0.7:8280", "http://[::1]:8280", "https://a.example/path/"]
    {
        let (is_accepted, said) = reloaded(&ejabberd, &with_url(url));
        assert!(is_accepted, "{url}: {said}");
    }
}
