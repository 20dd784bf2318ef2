//! Checks of every page on phone and desktop, light and dark, with scripts and without, in English and Arabic.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::{CliOutput, Version, run_script};

use crate::common::eventually;
use crate::test_server::{Invite, PASSWORD, SOON, TestServer, post, screenshots};

/// The timeout of all checks.
const LIMIT: Duration = Duration::from_mins(15);
/// The combinations of two devices and two languages, with scripts and without.
const READERS: usize = 8;
const DEVICES: usize = 2;

fn page(name: &str, path: &str, status: u16) -> Value {
    json!({ "name": name, "path": path, "status": status })
}

/// The page after a form.
fn sent(name: &str, path: &str, status: u16, username: Option<&str>, password: &str) -> Value {
    let mut send = json!({ "password": password });
    if let Some(username) = username {
        send["username"] = json!(username);
    }
    json!({ "name": name, "path": path, "status": status, "send": send })
}

/// Sends the form of another invite, because that of the page works once.
fn again(mut page: Value, form: &str) -> Value {
    page["form"] = json!(form);
    page
}

/// Returns the IDs of all messages, except those that could be English words.
fn message_ids() -> Vec<String> {
    let english = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/vestibule-web/locales/en.ftl");
    let text = fs::read_to_string(english).unwrap();
    let ids = text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id.to_owned());
    let ids: Vec<String> = ids
        .filter(|id| id.contains('-') && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()))
        .collect();
    assert!(ids.len() > 50, "{ids:?}");
    ids
}

/// Returns the setup pages of all apps on the landing pages of all devices.
fn setups(test_server: &TestServer, invite: &Invite) -> Vec<Value> {
    let mut ids = BTreeSet::new();
    for device in ["android", "ios", "windows", "macos", "linux"] {
        let (_, text) = test_server.get(&format!("{}?device={device}", invite.path()));
        ids.extend(
            text.split("/apps/").skip(1).map(|rest| rest.split(['"', '?']).next().unwrap().to_owned()),
        );
    }
    assert!(ids.len() >= 8 && ids.contains("our-app"), "{ids:?}");
    ids.iter().map(|id| page(&format!("setup-{id}"), &format!("{}/apps/{id}", invite.path()), 200)).collect()
}

/// An invite with everything that takes room on the first screen.
fn words_of_an_inviter() -> Value {
    json!({
        "kind": "account-and-contact",
        "inviter": "romeo",
        "inviter_name": "Maria Magdalena von Hohenstein-Wagner",
        "message": "Hi Granny! Then we can video-call on Sunday, and you can send me the pictures of your garden. \
                    I am looking forward to it so much. Love!!",
        "groups": ["Family", "Chess club"],
        "username": "gertrud",
        "expires_in": "15m",
    })
}

fn landings(test_server: &TestServer) -> Vec<Value> {
    let landing = |name: &str, wishes: Value| page(name, &test_server.mint(&wishes).path(), 200);
    let mut words = landing("join-words", words_of_an_inviter());
    words["first"] = json!(true);
    vec![
        words,
        landing("join-contact", json!({ "kind": "account-and-contact", "inviter": "romeo" })),
        landing("contact", json!({ "kind": "contact", "inviter": "romeo" })),
        landing("join-name-kept", json!({ "username": "juliet" })),
        landing("join-many", json!({ "max_uses": 20 })),
        page("reset-invite", &test_server.mint_reset("mercutio").path(), 200),
    ]
}

fn forms(test_server: &TestServer, invite: &Invite) -> Vec<Value> {
    let form = format!("{}/register", invite.path());
    let welcomed = format!("{}/register", test_server.mint(&json!({})).path());
    let with_app = format!("{}/register?app=gajim", test_server.mint(&json!({})).path());
    let contact = json!({ "kind": "account-and-contact", "inviter": "romeo", "groups": ["family", "chess"] });
    let contact = format!("{}/register", test_server.mint(&contact).path());
    let reset = format!("{}/reset", test_server.mint_reset("tybalt").path());
    let done = format!("{}/reset", test_server.mint_reset("benvolio").path());
    let bound = format!("{}/register", test_server.mint(&json!({ "username": "rosaline" })).path());
    let away = format!("{}/register", test_server.mint_away().path());
    // An existing account and a missing one.
    let exists = format!("{}/register", test_server.mint(&json!({ "username": "mercutio" })).path());
    let nobody = json!({ "kind": "password-reset", "username": "ghost" });
    let nobody = format!("{}/reset", test_server.mint(&nobody).path());
    vec![
        page("register", &form, 200),
        page("register-name-kept", &bound, 200),
        sent("register-faults", &form, 422, Some("not a name"), "short"),
        sent("register-taken", &form, 409, Some("tybalt"), PASSWORD),
        sent("register-away", &away, 503, Some("juliet"), PASSWORD),
        sent("register-account-exists", &exists, 409, None, PASSWORD),
        page("reset", &reset, 200),
        sent("reset-nobody", &nobody, 409, None, PASSWORD),
        sent("reset-faults", &reset, 422, None, "short"),
        // A repeated form gets the same page, so all readers see it.
        again(sent("welcome", &welcomed, 200, Some("nurse"), PASSWORD), &form),
        again(sent("welcome-app", &with_app, 200, Some("friar"), PASSWORD), &form),
        again(sent("welcome-contact", &contact, 200, Some("laurence"), PASSWORD), &form),
        again(sent("reset-done", &done, 200, None, PASSWORD), &reset),
    ]
}

fn dead_ends(test_server: &TestServer) -> Vec<Value> {
    let brief = json!({ "expires_in": "1s", "inviter_name": "Maria Magdalena von Hohenstein-Wagner" });
    let [used, revoked, expired, asked] =
        [json!({}), json!({}), brief.clone(), brief].map(|wishes| test_server.mint(&wishes));
    let waiting = test_server.mint(&json!({}));
    let reset = test_server.mint_reset("nerissa");
    assert_eq!(post(&test_server.client, &reset.page("reset"), "password=vibu-kola-demi-fazo").0, 200);
    test_server.becomes(&reset, "used");
    test_server.redeem(&used, "paris");
    test_server.revoke(&revoked);
    for invite in [&expired, &asked] {
        eventually("expired", SOON, || test_server.get(&invite.path()).0 == 404);
    }
    let answer = test_server.client.send("POST", &asked.page("renewal"), &[], None).unwrap();
    assert_eq!(answer.status, 303, "{answer:?}");
    vec![
        page("unknown", "/invite/nonsense", 404),
        page("used", &used.path(), 404),
        page("reset-used", &reset.path(), 404),
        page("revoked", &revoked.path(), 404),
        page("expired", &expired.path(), 404),
        page("renewal-requested", &asked.path(), 404),
        page("joined", &format!("{}/joined", used.path()), 200),
        page("not-joined", &format!("{}/joined", waiting.path()), 200),
        page("not-found", "/nowhere", 404),
    ]
}

/// Returns the start page, also after a wrong link, and the sheets for helpers.
fn fronts(test_server: &TestServer, invite: &Invite) -> Vec<Value> {
    let mut named = words_of_an_inviter();
    named["username"] = json!("beatrice");
    let named = test_server.mint(&named);
    let mut wrong = page("front-wrong", "/", 422);
    wrong["send"] = json!({ "link": "hello" });
    vec![
        page("front", "/", 200),
        wrong,
        page("sheet", &format!("{}/sheet", invite.path()), 200),
        page("sheet-named", &format!("{}/sheet", named.path()), 200),
    ]
}

#[test]
fn every_page_passes_the_checks_for_every_reader() {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&json!({}));
    let mut pages = vec![page("join", &invite.path(), 200)];
    pages.extend(landings(&test_server));
    pages.extend(setups(&test_server, &invite));
    pages.extend(forms(&test_server, &invite));
    pages.extend(dead_ends(&test_server));
    pages.extend(fronts(&test_server, &invite));
    let checks: usize = pages.iter().map(|page| if page["only"].is_null() { READERS } else { DEVICES }).sum();
    let output = check_pages(&test_server, &json!(["en", "ar"]), &pages);
    assert!(output.success() && output.text().ends_with(&format!("{checks} checks, 0 faults")), "{output}");

    for scheme in ["light", "dark"] {
        let picture = screenshots().join(format!("join-desktop-{scheme}-en.png"));
        assert_eq!(read_code(&picture), invite.link, "the QR code contains the link: {scheme}");
    }
}

/// Returns the content of the QR code in a picture, from a reader that is not ours.
pub(crate) fn read_code(picture: &Path) -> String {
    let mut reader = Command::new("zbarimg");
    reader.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(picture);
    CliOutput::of(reader).expect("zbarimg, from Debian's zbar-tools").text().to_owned()
}

/// Languages with long words or other scripts fit into the pages.
#[test]
fn every_language_fits() {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&words_of_an_inviter());
    let form = format!("{}/register", invite.path());
    let sheet = format!("{}/sheet", invite.path());
    let mut pages = [
        page("join-contact", &invite.path(), 200),
        page("register", &form, 200),
        page("front", "/", 200),
        page("sheet", &sheet, 200),
    ];
    // The structure is the same as in English.
    for page in &mut pages {
        page["only"] = json!({ "scripts": true });
        page["words"] = json!(true);
    }
    pages[0]["first"] = json!(true);
    let (_, text) = test_server.get(&invite.path());
    let languages: Vec<&str> =
        text.split("\"?lang=").skip(1).map(|rest| rest.split(['"', '&']).next().unwrap()).collect();
    assert!(languages.len() >= 17, "{languages:?}");
    let others: Vec<&str> = languages.into_iter().filter(|tag| !["en", "ar"].contains(tag)).collect();
    let output = check_pages(&test_server, &json!(others), &pages);
    let checks = others.len() * pages.len() * DEVICES;
    assert!(output.success() && output.text().ends_with(&format!("{checks} checks, 0 faults")), "{output}");
}

pub(crate) fn check_pages(test_server: &TestServer, languages: &Value, pages: &[Value]) -> CliOutput {
    check_pages_of(&test_server.vestibule.url(), languages, pages, &screenshots())
}

pub(crate) fn check_pages_of(origin: &str, languages: &Value, pages: &[Value], pictures: &Path) -> CliOutput {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("scene.json");
    let scene = json!({
        "origin": origin,
        "languages": languages,
        "ids": message_ids(),
        "screenshots": pictures,
        "pages": pages,
    });
    fs::write(&file, scene.to_string()).unwrap();
    run_script("check.mjs", &[file.to_str().unwrap()], LIMIT).unwrap()
}
