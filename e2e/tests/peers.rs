//! Tests of the test clients with a stock Prosody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "common/versions.rs"]
mod versions;

use std::time::Duration;

use serde_json::json;
use versions::on_both_versions;
use vestibule_e2e::http::token_of;
use vestibule_e2e::xmpp::{Login, Reply, Stream, ns};
use vestibule_e2e::{Prosody, Version};

const SOON: Duration = Duration::from_secs(5);

on_both_versions!(
    an_original_invite_creates_one_account,
    a_wrong_token_is_refused_by_the_original,
    contacts_get_roster_pushes,
    another_client_logs_in_and_reads_its_contacts,
    another_client_runs_a_command_of_the_original,
    accounts_survive_a_restart,
);

fn stock(version: Version) -> Prosody {
    Prosody::builder().version(version).invites().config("admins = { \"admin@localhost\" }").start().unwrap()
}

fn stream(prosody: &Prosody) -> Stream {
    Stream::open(prosody.c2s_addr(), prosody.host()).unwrap()
}

/// Creates an account and logs in.
fn member(prosody: &Prosody, username: &str) -> Stream {
    prosody.add_account(username, "secret").unwrap();
    let mut stream = stream(prosody);
    assert!(stream.login(username, "secret").unwrap());
    stream
}

fn mint(prosody: &Prosody) -> String {
    let args: &[&str] = match prosody.version() {
        Version::V012 => &["mod_invites", "generate", "localhost"],
        Version::V13 => &["shell", "invite", "create_account", "localhost"],
    };
    let output = prosody.ctl(args).unwrap();
    assert!(output.success(), "{output}");
    let uri = output.stdout.split_whitespace().find(|word| word.contains("preauth=")).expect("a URI");
    token_of(&uri.replace("preauth=", "/")).to_owned()
}

fn an_original_invite_creates_one_account(version: Version) {
    let prosody = stock(version);
    let token = mint(&prosody);
    let mut guest = stream(&prosody);
    for ns in [ns::IBR_TOKEN, ns::INVITE] {
        assert!(guest.features().child("register", ns).is_some(), "{ns}: {:?}", guest.features());
    }
    assert!(guest.preauth(&token).unwrap().is_ok());
    let Reply::Ok(form) = guest.registration_form().unwrap() else { panic!("no form") };
    assert!(
        form.child("query", ns::REGISTER).and_then(|query| query.child("username", ns::REGISTER)).is_some()
    );
    assert!(guest.register("juliet", "<&\"'>").unwrap().is_ok());
    assert!(!stream(&prosody).login("juliet", "wrong").unwrap());
    assert!(stream(&prosody).login("juliet", "<&\"'>").unwrap());
    assert!(!stream(&prosody).preauth(&token).unwrap().is_ok());
}

fn a_wrong_token_is_refused_by_the_original(version: Version) {
    let prosody = stock(version);
    let mut guest = stream(&prosody);
    let refused = guest.preauth("nonsense").unwrap();
    assert_eq!(refused.refusal(), Some(("cancel", "forbidden")), "{refused:?}");
    assert!(!guest.register("juliet", "secret").unwrap().is_ok());
}

fn contacts_get_roster_pushes(version: Version) {
    let prosody = stock(version);
    let (mut romeo, mut juliet) = (member(&prosody, "romeo"), member(&prosody, "juliet"));
    assert_eq!(romeo.roster().unwrap(), []);
    assert_eq!(juliet.roster().unwrap(), []);
    juliet.be_available().unwrap();
    romeo.subscribe("juliet@localhost", None).unwrap();
    romeo.roster_push("juliet@localhost", "none+ask").unwrap();
    let is_asked = |stanza: &vestibule_e2e::xmpp::Element| stanza.is_stanza("presence", "subscribe");
    assert!(juliet.wait_for("the request", SOON, is_asked).unwrap().is_from("romeo@localhost"));
    juliet.send("<presence type='subscribed' to='romeo@localhost'/>").unwrap();
    romeo.roster_push("juliet@localhost", "to").unwrap();
    assert!(juliet.ping(SOON).unwrap().is_ok());
    assert_eq!(juliet.roster().unwrap(), [("romeo@localhost".to_owned(), "from".to_owned())]);
}

fn another_client_logs_in_and_reads_its_contacts(version: Version) {
    let prosody = stock(version);
    let mut romeo = member(&prosody, "romeo");
    prosody.add_account("juliet", "secret").unwrap();
    let juliet =
        |password| Login { addr: prosody.c2s_addr(), jid: "juliet@localhost", password, ca_file: None };
    assert_eq!(juliet("wrong").run("login", &json!({})).unwrap(), json!({ "welcome": false }));
    assert_eq!(juliet("secret").run("login", &json!({})).unwrap(), json!({ "welcome": true }));
    assert_eq!(juliet("secret").run("roster", &json!({})).unwrap(), json!({}));

    let wishes = json!({ "jid": "romeo@localhost", "subscription": "from" });
    let watching = juliet("secret").start_and_wait("roster_push", &wishes).unwrap();
    let mut other = stream(&prosody);
    assert!(other.login("juliet", "secret").unwrap());
    other.send("<presence type='subscribed' to='romeo@localhost'/>").unwrap();
    romeo.subscribe("juliet@localhost", None).unwrap();
    romeo.be_available().unwrap();
    let from_romeo = json!({ "romeo@localhost": { "subscription": "from", "ask": false } });
    assert_eq!(watching.finish().unwrap(), from_romeo);
}

fn another_client_runs_a_command_of_the_original(version: Version) {
    let prosody = stock(version);
    prosody.add_account("admin", "secret").unwrap();
    let admin = Login { addr: prosody.c2s_addr(), jid: "admin@localhost", password: "secret", ca_file: None };
    let offered = admin.run("commands", &json!({})).unwrap();
    assert!(offered["urn:xmpp:invite#invite"].is_string(), "{offered}");
    let answer = admin.run("command", &json!({ "node": "urn:xmpp:invite#invite" })).unwrap();
    assert_eq!(answer["status"], "completed", "{answer}");
    let uri = answer["form"]["uri"].as_str().expect("a URI");
    assert!(uri.starts_with("xmpp:admin@localhost?roster;preauth="), "{answer}");
    let unknown = admin.run("command", &json!({ "node": "nonsense" })).unwrap();
    assert_eq!(unknown["error"]["type"], "cancel", "{unknown}");
    if version == Version::V012 {
        return;
    }
    // The only command of the original with a form is new in 13.
    let node = "xmpp:prosody.im/mod_invites_adhoc#password-reset";
    let wishes = json!({ "node": node, "fields": { "accountjid": "admin@localhost" } });
    let answer = admin.run("command", &wishes).unwrap();
    assert_eq!(answer["status"], "completed", "{answer}");
    assert!(answer["asked"].as_object().expect("a form").contains_key("accountjid"), "{answer}");
    assert!(answer["form"]["uri"].as_str().is_some_and(|uri| uri.contains("preauth=")), "{answer}");
}

fn accounts_survive_a_restart(version: Version) {
    let mut prosody = stock(version);
    let mut romeo = member(&prosody, "romeo");
    prosody.restart().unwrap();
    assert!(romeo.ping(SOON).is_err());
    assert!(stream(&prosody).login("romeo", "secret").unwrap());
}
