//! The bridge beside what it replaces: the same calls, by a module that looks at them as others do, to a Prosody with
//! its own modules and to one with the bridge. Whatever differs stands in [`MEANT`] with its reason.
//!
//! No Debian package has `mod_http_admin_api`, `mod_invites_default_group`, `mod_invites_groups` and
//! `mod_invites_register_api`. `mod_invites_probe`, `mod_witness` and `mod_web_form` inspect, change, read and fire
//! what those do.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{Prosody, ProsodyBuilder, Version};

use crate::scene::{PASSWORD, Scene};
use crate::versions::on_both_versions;

on_both_versions!(the_functions_are_prosodys_own, a_newer_caller_of_create_account_reset_is_understood,);

/// A difference that is meant.
struct Meant {
    /// Where it is one version's alone.
    version: Option<Version>,
    /// What the names of its cases contain.
    case: &'static str,
    /// What the paths of its values contain.
    path: &'static str,
    why: &'static str,
}

const fn meant(case: &'static str, path: &'static str, why: &'static str) -> Meant {
    Meant { version: None, case, path, why }
}

const MEANT: [Meant; 9] = [
    meant("", "/landing_page", "Vestibule has a page for each invite, where no other module has one"),
    meant(
        "account",
        "/1/values/0/additional_data/note",
        "a note is for those who manage invites; `get` is asked by guests",
    ),
    meant(
        "group",
        "/1/values/0/additional_data/note",
        "a note is for those who manage invites; `get` is asked by guests",
    ),
    meant("reset by its data", "/jid", "a reset names its account, however it was made"),
    meant("reset by its data", "/uri", "a reset names its account, however it was made"),
    meant("group", "/reusable", "false and nothing mean the same"),
    meant(
        "account of a name that is taken",
        "/",
        "nobody could use it: refused with a reason when it is made",
    ),
    meant("for nobody", "/", "nobody could use it: refused with a reason when it is made"),
    Meant {
        version: Some(Version::V012),
        case: "contact alone",
        path: "/2/values",
        why: "0.12's own `get` raises an error for a contact's invite without registration",
    },
];

struct Case {
    name: &'static str,
    steps: Value,
}

#[allow(clippy::needless_pass_by_value, reason = "so that cases read as calls")]
fn step(call: &str, args: Value, label: &str) -> Value {
    json!({ "call": call, "args": args, "as": label })
}

fn of(label: &str) -> Value {
    json!({ "token": label })
}

fn roles(version: Version) -> Value {
    match version {
        Version::V012 => json!({ "prosody:member": true }),
        Version::V13 => json!(["prosody:member", "prosody:guest"]),
    }
}

/// What everybody asks of an invite.
fn looked_at(label: &str) -> [Value; 2] {
    [step("get", json!([of(label)]), ""), step("get_account_invite_info", json!([of(label)]), "")]
}

#[allow(clippy::too_many_lines, reason = "a table")]
fn cases(version: Version) -> Vec<Case> {
    let functions = [
        "create_account",
        "create_account_reset",
        "create_contact",
        "create_group",
        "pending_account_invites",
        "get_account_invite_info",
        "delete_account_invite",
        "get",
        "use",
    ];
    let data = json!({ "source": "a@b/c", "groups": ["x", "y"], "roles": roles(version), "note": "a note",
        "custom": { "n": 1, "list": ["p", "q"] }, "email": "a@b" });
    let case = |name, steps: Vec<Value>| Case { name, steps: Value::Array(steps) };
    let with = |first: Vec<Value>, label: &str| [first, looked_at(label).to_vec()].concat();
    vec![
        case("parameters", functions.map(|name| json!({ "nparams": name })).to_vec()),
        case("account", with(vec![step("create_account", json!([null]), "a"), json!({ "list": true })], "a")),
        case("account with data", with(vec![step("create_account", json!([null, data, 600]), "b")], "b")),
        case(
            "account with nothing in its lists",
            with(vec![step("create_account", json!([null, { "groups": [], "roles": [] }]), "c")], "c"),
        ),
        case(
            "account of a name",
            with(vec![step("create_account", json!(["juliet", { "note": "n" }]), "d")], "d"),
        ),
        case("reset", with(vec![step("create_account_reset", json!(["romeo", 600]), "e")], "e")),
        case("reset for a day", with(vec![step("create_account_reset", json!(["mercutio"]), "f")], "f")),
        case(
            "reset by its data",
            with(vec![step("create_account", json!([null, { "allow_reset": "benvolio" }]), "g")], "g"),
        ),
        case(
            "contact alone",
            vec![
                step("create_contact", json!(["romeo", false, null, 600]), "h"),
                step("get", json!([of("h")]), ""),
                step("get", json!([of("h"), "romeo"]), ""),
                step("get", json!([of("h"), "nurse"]), ""),
                step("get_account_invite_info", json!([of("h")]), ""),
            ],
        ),
        case(
            "contact who registers",
            with(
                vec![
                    step("create_contact", json!(["romeo", true, { "source": "romeo@localhost" }]), "i"),
                    step("get", json!([of("i"), "romeo"]), ""),
                    step("get", json!([of("i"), "nurse"]), ""),
                ],
                "i",
            ),
        ),
        case("group", with(vec![step("create_group", json!([["x", "y"], { "note": "n" }]), "j")], "j")),
        case(
            "group for many",
            with(
                vec![
                    step("create_group", json!([["x"], null, 600]), "k"),
                    step("use", json!([of("k")]), ""),
                    step("use", json!([of("k")]), ""),
                ],
                "k",
            ),
        ),
        case(
            "used",
            with(vec![step("create_account", json!([null]), "l"), step("use", json!([of("l")]), "")], "l"),
        ),
        case(
            "deleted",
            with(
                vec![
                    step("create_account", json!([null]), "m"),
                    step("delete_account_invite", json!([of("m")]), ""),
                    step("delete_account_invite", json!([of("m")]), ""),
                ],
                "m",
            ),
        ),
        case(
            "unknown",
            vec![
                step("get", json!([null]), ""),
                step("get", json!(["nonsense"]), ""),
                step("get", json!(["nonsense", "romeo"]), ""),
                step("get_account_invite_info", json!([null]), ""),
                step("get_account_invite_info", json!(["nonsense"]), ""),
                step("delete_account_invite", json!([null]), ""),
                step("delete_account_invite", json!(["nonsense"]), ""),
                step("use", json!(["nonsense"]), ""),
            ],
        ),
        case("account of a name that is taken", vec![step("create_account", json!(["romeo"]), "p")]),
        case("reset for nobody", vec![step("create_account_reset", json!(["ghost"]), "q")]),
        case("contact for nobody", vec![step("create_contact", json!(["ghost", true]), "r")]),
        case(
            "changed by handlers",
            with(
                vec![
                    json!({ "handlers": { "groups": ["default"], "roles": roles(version), "page": "https://page.example/x",
                "field": "more" } }),
                    step("create_contact", json!(["romeo", true, { "source": "s" }]), "n"),
                    step("create_account", json!([null, null, 600]), "o"),
                    json!({ "handlers": {} }),
                    step("get_account_invite_info", json!([of("o")]), ""),
                ],
                "n",
            ),
        ),
    ]
}

fn ask(prosody: &Prosody, steps: &Value) -> Value {
    let url = format!("{}/invites_probe", prosody.http_url());
    let answer = Client::new().send("POST", &url, &[], Some(steps.to_string().as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "{steps}: {answer:?}\n{}", prosody.log());
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Tokens and times as they compare: a token by its length alone would still differ, so it becomes a word.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields = fields.clone();
            if let (Some(from), Some(to)) = (seconds(&fields, "created_at"), seconds(&fields, "expires")) {
                fields.insert("expires".to_owned(), json!((to - from).round()));
                fields.insert("created_at".to_owned(), json!("a time"));
            }
            if let Some(Value::String(token)) = fields.get("token").cloned() {
                let text = Value::Object(fields.clone()).to_string().replace(&token, "TOKEN");
                fields = serde_json::from_str(&text).expect("JSON");
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, comparable(&value))).collect())
        }
        Value::Array(items) => {
            // The list of pending invites names the token first.
            if let [Value::String(token), Value::Object(fields)] = items.as_slice()
                && fields.get("token").and_then(Value::as_str) == Some(token)
            {
                return json!(["TOKEN", comparable(&items[1])]);
            }
            Value::Array(items.iter().map(comparable).collect())
        }
        other => other.clone(),
    }
}

fn seconds(fields: &serde_json::Map<String, Value>, name: &str) -> Option<f64> {
    fields.get(name).and_then(Value::as_f64)
}

/// Every leaf by its path.
fn leaves(value: &Value, path: &str, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), into));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), into));
        }
        leaf => {
            into.insert(path.to_owned(), leaf.clone());
        }
    }
}

/// The entries of [`MEANT`] that explain a difference.
fn reasons(version: Version, case: &str, path: &str) -> Vec<usize> {
    let explains = |one: &Meant| {
        one.version.is_none_or(|only| only == version) && case.contains(one.case) && path.contains(one.path)
    };
    (0..MEANT.len()).filter(|at| explains(&MEANT[*at])).collect()
}

fn with_probe(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.test_module("invites_probe")
}

/// A stock Prosody, and one with the bridge; both know romeo.
fn pair(version: Version) -> (Prosody, Scene) {
    let stock = with_probe(Prosody::builder().version(version).invites()).start().unwrap();
    let scene = Scene::with(version, with_probe);
    for prosody in [&stock, &scene.prosody] {
        for username in ["romeo", "mercutio", "benvolio"] {
            prosody.add_account(username, PASSWORD).unwrap();
        }
    }
    (stock, scene)
}

fn the_functions_are_prosodys_own(version: Version) {
    let (stock, scene) = pair(version);
    let (mut differences, mut used) = (Vec::new(), BTreeSet::new());
    for case in cases(version) {
        let [expected, found] = [&stock, &scene.prosody].map(|prosody| {
            let mut all = BTreeMap::new();
            leaves(&comparable(&ask(prosody, &case.steps)), "", &mut all);
            all
        });
        for path in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            let (stock, ours) = (expected.get(path), found.get(path));
            let why = reasons(version, case.name, path);
            if stock != ours && why.is_empty() {
                differences.push(format!("{}{path}: stock {stock:?}, bridge {ours:?}", case.name));
            } else if stock != ours {
                used.extend(why);
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    for (at, one) in MEANT.iter().enumerate() {
        let is_ours = one.version.is_none_or(|only| only == version);
        assert!(
            !is_ours || used.contains(&at),
            "no difference any more: {} {}: {}",
            one.case,
            one.path,
            one.why
        );
    }
}

fn a_newer_caller_of_create_account_reset_is_understood(version: Version) {
    let (_, scene) = pair(version);
    let made = ask(
        &scene.prosody,
        &json!([
            step("create_account_reset", json!(["romeo", { "email": "a@b" }, 600]), "a"),
            step("create_account_reset", json!(["mercutio", null, 600]), "b"),
        ]),
    );
    for at in 0..2 {
        let invite = &made[at]["values"][0];
        let life = invite["expires"].as_f64().unwrap_or_default()
            - invite["created_at"].as_f64().unwrap_or_default();
        assert!((life - 600.0).abs() < 3.0, "{made}");
        assert_eq!(invite["additional_data"]["allow_reset"], ["romeo", "mercutio"][at], "{made}");
    }
    assert_eq!(made[0]["values"][0]["additional_data"]["email"], "a@b", "{made}");
}

/// What a command printed, without what two runs never share.
fn lines(prosody: &Prosody, words: &[&str], token: Option<&str>) -> (bool, Vec<String>) {
    let output = prosody.ctl(words).unwrap();
    let text = format!("{}{}", output.stdout, output.stderr);
    let line = |line: &str| {
        let line = token.map_or_else(|| line.to_owned(), |token| line.replace(token, "TOKEN"));
        // Links are Vestibule's pages, columns as wide as its tokens.
        let words = line.split_whitespace().map(|word| match word {
            word if word.starts_with("http://") => "LINK".to_owned(),
            word if word.starts_with("xmpp:") && word.contains("preauth=") && !word.contains("TOKEN") => {
                "LINK".to_owned()
            }
            word if is_time(word) => "TIME".to_owned(),
            word => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    (output.success(), text.lines().map(line).collect())
}

/// Of a day, or of a time of day, or of both.
fn is_time(word: &str) -> bool {
    word.len() >= 8 && word.chars().all(|letter| letter.is_ascii_digit() || "-:T".contains(letter))
}

/// The token in what a command printed.
fn token_in(prosody: &Prosody, words: &[&str]) -> String {
    let output = prosody.ctl(words).unwrap();
    assert!(output.success(), "{output}");
    let link = output.text().lines().next().expect("a link").trim_start_matches("OK: ").to_owned();
    let token = link.rsplit(['/', '=']).next().expect("a token").to_owned();
    if link.ends_with(";ibr=y") { link.split(['=', ';']).nth(2).expect("a token").to_owned() } else { token }
}

/// Programs parse these lines.
#[test]
fn the_shell_of_13_prints_prosodys_own_lines() {
    let (stock, scene) = pair(Version::V13);
    let made: [&[&str]; 6] = [
        &["create_account", "localhost"],
        &["create_account", "--role", "prosody:member", "--role", "prosody:guest", "juliet@localhost"],
        &["create_account", "--expires-after", "1h", "localhost"],
        &["create_contact", "romeo@localhost"],
        &["create_contact", "--allow-registration", "romeo@localhost"],
        &["create_reset", "romeo@localhost"],
    ];
    for words in made {
        let [expected, found] = [&stock, &scene.prosody]
            .map(|prosody| lines(prosody, &[&["shell", "invite"], words].concat(), None));
        assert_eq!(expected, found, "{words:?}");
    }
    for words in [
        &["create_account", "localhost"][..],
        &["create_account", "nurse@localhost"],
        &["create_contact", "--allow-registration", "romeo@localhost"],
    ] {
        let [expected, found] = [&stock, &scene.prosody].map(|prosody| {
            let token = token_in(prosody, &[&["shell", "invite"], words].concat());
            let told: Vec<_> = ["show", "delete", "show", "delete"]
                .iter()
                .map(|word| lines(prosody, &["shell", "invite", word, "localhost", &token], Some(&token)))
                .collect();
            told
        });
        let without_page = |told: Vec<(bool, Vec<String>)>| -> Vec<(bool, Vec<String>)> {
            let keep = |lines: Vec<String>| {
                lines.into_iter().filter(|line| !line.starts_with("Web link:")).collect()
            };
            told.into_iter().map(|(ok, lines)| (ok, keep(lines))).collect()
        };
        assert_eq!(without_page(expected), without_page(found), "{words:?}");
    }
    let [expected, found] = [&stock, &scene.prosody].map(|prosody| {
        let (ok, mut rows) = lines(prosody, &["shell", "invite", "list", "localhost"], None);
        // Tokens, in the order of nobody.
        for row in rows.iter_mut().skip(1) {
            if let Some((_, rest)) = row.clone().split_once(" | ") {
                *row = format!("TOKEN | {rest}");
            }
        }
        rows[1..].sort();
        (ok, rows)
    });
    assert_eq!(expected, found);
    for words in [
        &["create_contact", "localhost"][..],
        &["create_reset", "localhost"],
        &["create_account", "--expires-after", "soon", "localhost"],
        &["show", "localhost", "nonsense"],
    ] {
        let [expected, found] = [&stock, &scene.prosody]
            .map(|prosody| lines(prosody, &[&["shell", "invite"], words].concat(), None));
        assert_eq!(expected, found, "{words:?}");
    }
}

/// The console of 0.12 has two words for invites.
#[test]
fn the_console_of_0_12_prints_prosodys_own_lines() {
    let (stock, scene) = pair(Version::V012);
    for line in [
        "invite:create_account('localhost')",
        "invite:create_account('juliet@localhost')",
        "invite:create_contact('romeo@localhost', true)",
        "invite:create_contact('romeo@localhost')",
        "invite:create_account('nowhere.example')",
    ] {
        let [expected, found] =
            [&stock, &scene.prosody].map(|prosody| lines(prosody, &["shell", line], None));
        assert_eq!(expected, found, "{line}");
    }
}
