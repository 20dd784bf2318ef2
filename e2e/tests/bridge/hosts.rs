//! Hosts with and without the bridge.

use serde_json::json;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Version, Vestibule};

use crate::common::{HOST, eventually};
use crate::relay::{Mode, Relay};
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

/// Another host of the same Prosody, without a key.
const PLAIN: &str = "plain.example";

on_both_versions!(
    a_host_without_a_key_keeps_prosodys_own_modules,
    the_storage_of_invites_is_logged_at_load,
    a_key_of_another_host_is_refused,
    a_host_without_answers_does_not_stop_the_others,
);

fn a_host_without_a_key_keeps_prosodys_own_modules(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.unbridged_host(PLAIN));
    test_server.assert_works("juliet");
    let made = match version {
        Version::V012 => test_server.prosody.ctl(&["mod_invites", "generate", PLAIN]),
        Version::V13 => test_server.prosody.ctl(&["shell", "invite", "create_account", PLAIN]),
    };
    let made = made.unwrap();
    assert!(made.success(), "{made}");
    let link = made.text().trim_start_matches("OK: ");
    let token = link.strip_prefix("xmpp:plain.example?register;preauth=").unwrap_or_else(|| panic!("{made}"));
    assert_eq!(test_server.invites().len(), 1, "the invite of juliet");
    let guest = || Stream::open(test_server.prosody.c2s_addr(), PLAIN).unwrap();
    let mut first = guest();
    assert!(first.preauth(token).unwrap().is_ok());
    assert!(first.register("romeo", PASSWORD).unwrap().is_ok());
    assert!(!guest().preauth(token).unwrap().is_ok(), "Prosody's own invites are used once as well");
    // The two stores are separate.
    let ours = test_server.mint(&json!({}));
    assert!(!guest().preauth(&ours.token).unwrap().is_ok());
}

/// The Prosody 13 of the tests has no community modules.
#[test]
fn key_commands_without_vestibule_key_need_the_community_module() {
    let test_server = TestServer::with(Version::V13, |builder| builder.unbridged_host(PLAIN));
    let output = test_server.prosody.ctl(&["mod_invites_api", "create", PLAIN]).unwrap();
    assert_eq!(output.status.code(), Some(1), "{output}");
    assert!(output.text().starts_with("Error: this host has no vestibule_key"), "{output}");
    assert_eq!(output.text().lines().count(), 1, "{output}");
}

fn the_storage_of_invites_is_logged_at_load(version: Version) {
    let test_server = TestServer::with(version, |builder| builder.unbridged_host(PLAIN).log_level("info"));
    // The hosts are loaded one after the other.
    let loaded = || test_server.prosody.log().matches("the invites of this host").count() >= 2;
    eventually("both hosts are loaded", SOON, loaded);
    let log = test_server.prosody.log();
    let (id, secret) = test_server.key.split_once('/').expect("ID/SECRET");
    let line = format!(
        "Vestibule at {} keeps the invites of this host, by the key {id}",
        test_server.vestibule.url()
    );
    assert_eq!(log.matches(&line).count(), 1, "{log}");
    assert_eq!(log.matches("Prosody keeps the invites of this host itself").count(), 1, "{log}");
    assert!(!log.contains(secret), "{log}");
}

fn a_key_of_another_host_is_refused(version: Version) {
    let vestibule = Vestibule::builder().host(HOST).host("other.example").start().unwrap();
    let key = vestibule.create_key_with("other.example", &["Prosody", "--scope", "bridge"]).unwrap();
    let made =
        vestibule.cli(&["invites", "create", "other.example", "--json"]).unwrap().json().expect("JSON");
    let token = made.as_array().map_or(&made, |all| &all[0])["token"].as_str().expect("a token").to_owned();
    let prosody = Prosody::builder().version(version).bridge(&vestibule.url(), &key).start().unwrap();
    for _ in 0..3 {
        let mut guest = Stream::open(prosody.c2s_addr(), HOST).unwrap();
        assert_refused(&guest.preauth(&token).unwrap(), "wait", "service-unavailable");
        assert!(!guest.register("juliet", PASSWORD).unwrap().is_ok());
    }
    assert_eq!(prosody.accounts(), Vec::<String>::new());
    let log = prosody.log();
    assert_eq!(log.matches("vestibule_key is the key of another host").count(), 1, "{log}");
}

fn a_host_without_answers_does_not_stop_the_others(version: Version) {
    const OTHER: &str = "other.example";
    let vestibule = Vestibule::builder().host(HOST).host(OTHER).start().unwrap();
    let other_key = vestibule.create_key_with(OTHER, &["Prosody", "--scope", "bridge"]).unwrap();
    let made = vestibule.cli(&["invites", "create", OTHER, "--json"]).unwrap().json().expect("JSON");
    let token = made.as_array().map_or(&made, |all| &all[0])["token"].as_str().expect("a token").to_owned();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| {
        builder.host_config(&format!(
            "VirtualHost \"{OTHER}\"\nmodules_enabled = {{ \"register_ibr\", \"invites\", \"invites_register\" }}\n\
             vestibule_key = \"{other_key}\""
        ))
    });
    relay.set(Mode::HoldsKey(test_server.vestibule.addr(), test_server.key.clone()));
    // More than there are connections.
    let mut held: Vec<_> = (0..40).map(|_| test_server.guest()).collect();
    for guest in &mut held {
        guest.ask("set", "<preauth xmlns='urn:xmpp:pars:0' token='nonsense'/>").unwrap();
    }
    let mut guest = Stream::open(test_server.prosody.c2s_addr(), OTHER).unwrap();
    let reply = guest.preauth(&token).unwrap();
    assert!(reply.is_ok(), "{reply:?}\n{}", test_server.prosody.log());
    let reply = guest.register("juliet", PASSWORD).unwrap();
    assert!(reply.is_ok(), "{reply:?}\n{}", test_server.prosody.log());
    drop(held);
}
