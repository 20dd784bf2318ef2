//! Moving from Prosody's own modules: everything that worked before works after.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "common/versions.rs"]
mod versions;

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use versions::on_both_versions;
use vestibule_e2e::http::{Client, Response, exchange, token_of};
use vestibule_e2e::xmpp::{Login, Stream};
use vestibule_e2e::{CliOutput, Prosody, Version, Vestibule};

on_both_versions!(
    every_invite_and_key_of_internal_storage_works_after_the_move,
    every_invite_and_key_of_sql_storage_works_after_the_move,
    a_copy_of_the_data_directory_is_enough,
    a_damaged_or_incomplete_import_changes_nothing,
    a_failed_export_says_so_beside_the_pipe,
);

const HOST: &str = "localhost";
const BRIDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../prosody");
const PASSWORD: &str = "secret";

/// A Prosody that finds the bridge, but has no key for it yet: it runs its own modules.
fn stock(version: Version, config: &str) -> Prosody {
    let prosody = Prosody::builder()
        .version(version)
        .invites()
        .plugin_path(std::path::Path::new(BRIDGE))
        .community_module("invites_api")
        .module("vestibule_links")
        .config("admins = { \"admin@localhost\" }")
        .config("site_name = \"Our Chat\"")
        .config("invite_expiry = 86400")
        .config(config)
        .host_config("Include \"bridge*.cfg.lua\"")
        .start()
        .unwrap();
    for account in ["admin", "anna", "tom"] {
        add_account(&prosody, account);
    }
    prosody
}

/// Adds an account. The SQL storage of Prosody does not wait for a lock that the running server holds for a moment.
fn add_account(prosody: &Prosody, username: &str) {
    for _ in 0..20 {
        match prosody.add_account(username, PASSWORD) {
            Ok(()) => return,
            Err(error) => assert!(error.to_string().contains("database is locked"), "{error}"),
        }
    }
    panic!("the database of Prosody stays locked");
}

/// Runs a function of `mod_invites` inside Prosody; the token of the invite that it makes.
fn created(prosody: &Prosody, call: &str) -> String {
    let lua =
        format!("> return require \"core.modulemanager\".get_module(\"{HOST}\", \"invites\").{call}.uri");
    let output = prosody.ctl(&["shell", &lua]).unwrap();
    token_in(&output)
}

fn token_in(output: &CliOutput) -> String {
    token_of_uri(&output.to_string())
}

fn token_of_uri(text: &str) -> String {
    let after = text.split("preauth=").nth(1).unwrap_or_else(|| panic!("no token: {text}"));
    let is_token = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
    after.chars().take_while(is_token).collect()
}

/// An invite with a role. The command of 0.12 stores a set, the functions of 13 a list.
fn admin_invite(prosody: &Prosody) -> String {
    match prosody.version() {
        Version::V012 => token_in(&prosody.ctl(&["mod_invites", "generate", HOST, "--admin"]).unwrap()),
        Version::V13 => created(prosody, "create_account(nil, { roles = { \"prosody:admin\" } })"),
    }
}

/// What an operator of the original modules has given out.
struct Given {
    plain: String,
    bound: String,
    group: String,
    admin: String,
    reset: String,
    contact: String,
    friend: String,
    by_member: String,
    by_admin: String,
    by_key: String,
    key: String,
}

/// Runs an ad-hoc command of `mod_invites_adhoc` in an existing client; the token of the invite that it makes.
fn by_command(prosody: &Prosody, account: &str, node: &str) -> String {
    let jid = format!("{account}@{HOST}");
    let login = Login { addr: prosody.c2s_addr(), jid: &jid, password: PASSWORD, ca_file: None };
    let answer = login.run("command", &json!({ "node": node, "fields": {} })).unwrap();
    let uri = answer["form"]["uri"].as_str().unwrap_or_else(|| panic!("no invite: {answer}"));
    token_of_uri(uri)
}

/// Uses the original by its command line, its HTTP API, its ad-hoc commands, and functions that other modules call.
fn given_by(prosody: &Prosody) -> Given {
    let key = prosody.ctl(&["mod_invites_api", "create", HOST, "Portal"]).unwrap();
    let key = key.stdout.lines().last().unwrap().trim().to_owned();
    let answer = api(prosody.http_addr(), &format!("?key={key}"), &[]);
    assert_eq!(answer.status, 201, "{answer:?}");
    let by_key = answer.location().unwrap().split("preauth=").nth(1).unwrap().to_owned();
    let plain = match prosody.version() {
        Version::V012 => prosody.ctl(&["mod_invites", "generate", HOST]),
        Version::V13 => prosody.ctl(&["shell", "invite", "create_account", HOST]),
    };
    Given {
        plain: token_in(&plain.unwrap()),
        bound: created(prosody, "create_account(\"lena\")"),
        group: created(prosody, "create_group({ \"choir\" }, { note = \"poster\" }, 864000)"),
        admin: admin_invite(prosody),
        reset: created(prosody, "create_account_reset(\"tom\")"),
        contact: created(prosody, "create_contact(\"anna\", true, { source = \"anna@localhost\" })"),
        friend: created(prosody, "create_contact(\"anna\", false)"),
        by_member: by_command(prosody, "anna", "urn:xmpp:invite#invite"),
        by_admin: by_command(prosody, "admin", "urn:xmpp:invite#create-account"),
        by_key,
        key,
    }
}

impl Given {
    fn tokens(&self) -> [(&'static str, &str); 10] {
        [
            ("plain", &self.plain),
            ("bound", &self.bound),
            ("group", &self.group),
            ("admin", &self.admin),
            ("reset", &self.reset),
            ("contact", &self.contact),
            ("friend", &self.friend),
            ("by_member", &self.by_member),
            ("by_admin", &self.by_admin),
            ("by_key", &self.by_key),
        ]
    }
}

fn api(addr: std::net::SocketAddr, query: &str, headers: &[(&str, &str)]) -> Response {
    exchange(addr, "GET", &format!("/invites_api{query}"), headers, b"").unwrap()
}

fn guest(prosody: &Prosody) -> Stream {
    Stream::open(prosody.c2s_addr(), HOST).unwrap()
}

fn export_of(prosody: &Prosody) -> String {
    let output = prosody.ctl(&["mod_vestibule", "export", HOST]).unwrap();
    assert!(output.success(), "{output}");
    output.stdout
}

/// Runs `import` with an export on its standard input.
fn import(vestibule: &Vestibule, export: &str, more: &[&str]) -> CliOutput {
    let file = vestibule.data_dir().join("export.jsonl");
    fs::write(&file, export).unwrap();
    let file = file.to_str().unwrap().to_owned();
    let output = vestibule.cli(&[&["import", HOST, &file], more].concat()).unwrap();
    fs::remove_file(file).unwrap();
    output
}

/// Starts a service whose form registers accounts at this Prosody.
fn service_for(prosody: &Prosody) -> (TempDir, Vestibule) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vestibule.toml");
    let c2s = prosody.c2s_addr();
    fs::write(&file, format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"{c2s}\"\ntls = \"none\"\n")).unwrap();
    let vestibule = Vestibule::builder().host(HOST).arg("--config").arg(&file).start().unwrap();
    (directory, vestibule)
}

/// Sends the form of the page. Returns whether the account exists then.
fn registers_on_the_page(vestibule: &Vestibule, token: &str, username: &str) -> bool {
    let url = format!("{}/invite/{token}/register", vestibule.url());
    let body = format!("username={username}&password=lamp+orchid+47+teapot");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    Client::new().send("POST", &url, &headers, Some(body.as_bytes())).unwrap().status == 303
}

/// Switches Prosody to the bridge.
fn switch(prosody: &mut Prosody, vestibule: &Vestibule) {
    let key = vestibule.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let url = vestibule.url();
    let config = format!(
        "VirtualHost \"{HOST}\"\nvestibule_url = \"{url}\"\nvestibule_key = \"{key}\"\n\
         vestibule_public_url = \"{url}\"\n"
    );
    prosody.restart_with("bridge.cfg.lua", &config).unwrap();
}

/// Tries everything that was given out, on every road.
fn everything_works(prosody: &Prosody, vestibule: &Vestibule, given: &Given) {
    let client = Client::new();
    for (name, token) in given.tokens() {
        for old in [format!("/invites_page?{token}"), format!("/invite?{token}")] {
            let answer = client.get(&format!("{}{old}", vestibule.url())).unwrap();
            assert_eq!(answer.location(), Some(format!("/invite/{token}").as_str()), "{name}: {answer:?}");
        }
        for old in [format!("/invites_page?{token}"), format!("/register?t={token}&c=gajim")] {
            let answer = exchange(prosody.http_addr(), "GET", &old, &[], b"").unwrap();
            let link = format!("{}{old}", vestibule.url());
            assert_eq!(answer.location(), Some(link.as_str()), "{name}: {answer:?}");
            let answer = client.get(&link).unwrap();
            assert!(answer.location().unwrap().contains(&format!("/invite/{token}")), "{name}: {answer:?}");
        }
        let page = client.get(&format!("{}/invite/{token}", vestibule.url())).unwrap();
        assert_eq!(page.status, 200, "{name}: {}", page.text());
        assert!(page.header("link").unwrap().contains(&format!("preauth={token}")), "{name}: {page:?}");
    }
    for addr in [vestibule.addr(), prosody.http_addr()] {
        let bearer = format!("Bearer {}", given.key);
        for (query, headers, status) in [
            (format!("?key={}", given.key), vec![], 201),
            (format!("?key={}&redirect=1", given.key), vec![], 303),
            (String::new(), vec![("Authorization", bearer.as_str())], 201),
            (format!("?key={}x", given.key), vec![], 403),
        ] {
            let answer = api(addr, &query, &headers);
            assert_eq!(answer.status, status, "{addr}: {answer:?}");
            if let Some(link) = answer.location() {
                assert_eq!(token_of(link).len(), 28, "{link}");
            }
        }
    }
    let register = |token: &str, username: &str| {
        let mut guest = guest(prosody);
        assert!(guest.preauth(token).unwrap().is_ok(), "{username}");
        guest.register(username, PASSWORD).unwrap().is_ok()
    };
    assert!(!register(&given.bound, "somebody"), "a bound name");
    for (token, username) in [
        (&given.plain, "one"),
        (&given.bound, "lena"),
        (&given.group, "two"),
        (&given.group, "three"),
        (&given.admin, "four"),
        (&given.contact, "five"),
        (&given.by_key, "six"),
    ] {
        assert!(register(token, username), "{username}");
    }
    assert!(!registers_on_the_page(vestibule, &given.by_admin, "one"), "a name that is taken");
    assert!(registers_on_the_page(vestibule, &given.by_admin, "seven"));
    assert!(guest(prosody).login("seven", "lamp orchid 47 teapot").unwrap());
    for (name, token) in [
        ("plain", &given.plain),
        ("contact", &given.contact),
        ("by_key", &given.by_key),
        ("by_admin", &given.by_admin),
    ] {
        assert!(!guest(prosody).preauth(token).unwrap().is_ok(), "{name} was used");
    }
    // A new password for an account that exists.
    let mut reset = guest(prosody);
    assert!(reset.preauth(&given.reset).unwrap().is_ok());
    assert!(reset.register("tom", "new secret").unwrap().is_ok());
    assert!(guest(prosody).login("tom", "new secret").unwrap());
    // Juliet's friend is a contact of Anna at once.
    let mut five = guest(prosody);
    assert!(five.login("five", PASSWORD).unwrap());
    assert_eq!(five.roster().unwrap(), [("anna@localhost".to_owned(), "both".to_owned())]);
    // An account that exists becomes a contact.
    let mut one = guest(prosody);
    assert!(one.login("one", PASSWORD).unwrap());
    assert_eq!(one.roster().unwrap(), []);
    one.be_available().unwrap();
    one.subscribe("anna@localhost", Some(&given.friend)).unwrap();
    // The app answers the request that comes back, which makes it "both".
    one.roster_push("anna@localhost", "to").unwrap();
    let mut two = guest(prosody);
    assert!(two.login("two", PASSWORD).unwrap());
    assert_eq!(two.roster().unwrap(), []);
    two.be_available().unwrap();
    two.subscribe("anna@localhost", Some(&given.by_member)).unwrap();
    two.roster_push("anna@localhost", "to").unwrap();
}

fn moves(version: Version, config: &str) {
    let mut prosody = stock(version, config);
    let given = given_by(&prosody);
    let (_config, vestibule) = service_for(&prosody);
    let export = export_of(&prosody);
    let (_, secret) = given.key.split_once('/').unwrap();
    assert!(!export.contains(secret), "the export holds no secret of a key");

    let dry = import(&vestibule, &export, &["--dry-run", "--json"]);
    let dry: Value = serde_json::from_str(&dry.stdout).unwrap();
    assert_eq!((&dry["invites"]["imported"], &dry["keys"]["imported"]), (&10.into(), &1.into()), "{dry}");
    assert_eq!(vestibule.cli(&["keys", "list", HOST]).unwrap().stdout, "", "a dry run writes nothing");

    let output = import(&vestibule, &export, &[]);
    assert!(output.success(), "{output}");
    assert!(output.stdout.contains("site_name = \"Our Chat\"\ninvite_expiry = \"86400s\"\n"), "{output}");
    let again = import(&vestibule, &export, &["--json"]);
    let again: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!((&again["invites"]["present"], &again["keys"]["present"]), (&10.into(), &1.into()), "{again}");

    let shown = |token: &str| -> Value {
        let output = vestibule.cli(&["invites", "show", HOST, token, "--json"]).unwrap();
        serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output}"))
    };
    let group = shown(&given.group);
    assert_eq!((&group["max_uses"], &group["note"]), (&Value::Null, &"poster".into()), "{group}");
    assert_eq!(group["groups"], json!(["choir"]));
    assert_eq!(shown(&given.admin)["roles"], json!(["prosody:admin"]));
    assert_eq!(shown(&given.contact)["source"], "anna@localhost");
    let (id, _) = given.key.split_once('/').unwrap();
    assert_eq!(shown(&given.by_key)["source"], format!("api/token/{id}"));
    assert_eq!(vestibule.cli(&["keys", "list", HOST]).unwrap().stdout, format!("{id}\tPortal\n"));

    switch(&mut prosody, &vestibule);
    everything_works(&prosody, &vestibule, &given);
}

fn every_invite_and_key_of_internal_storage_works_after_the_move(version: Version) {
    moves(version, "");
}

fn every_invite_and_key_of_sql_storage_works_after_the_move(version: Version) {
    moves(version, "storage = \"sql\"\nsql = { driver = \"SQLite3\", database = \"prosody.sqlite\" }");
}

fn a_copy_of_the_data_directory_is_enough(version: Version) {
    let mut prosody = stock(version, "");
    let given = given_by(&prosody);
    let (_config, vestibule) = service_for(&prosody);
    prosody.stop().unwrap();
    let folder = prosody.data_dir();
    let output = vestibule.cli(&["import", HOST, "--prosody-data", folder.to_str().unwrap()]).unwrap();
    assert!(output.success(), "{output}");
    switch(&mut prosody, &vestibule);
    everything_works(&prosody, &vestibule, &given);
}

fn a_damaged_or_incomplete_import_changes_nothing(version: Version) {
    let prosody = stock(version, "");
    given_by(&prosody);
    let export = export_of(&prosody);
    let vestibule = Vestibule::builder().host(HOST).host("other.example").start().unwrap();
    let refused = |output: CliOutput, expected: &str| {
        assert_eq!(output.status.code(), Some(1), "{output}");
        assert_eq!(output.stderr.lines().count(), 1, "{output}");
        assert!(output.stderr.contains(expected), "{output}");
        assert_eq!(vestibule.cli(&["invites", "count", HOST]).unwrap().text(), "0");
        assert_eq!(vestibule.cli(&["keys", "list", HOST]).unwrap().stdout, "");
    };
    let half = export.split_inclusive('\n').take(4).collect::<String>();
    refused(import(&vestibule, &half, &[]), "the export is incomplete");
    refused(
        import(&vestibule, &export.replace("{\"records\"", "x{\"records\""), &[]),
        "expected a JSON object",
    );
    refused(import(&vestibule, "", &[]), "the export is incomplete: it is empty");
    refused(import(&vestibule, &export.replace(HOST, "b.example"), &[]), "the export is of b.example");
    let cli = |args: &[&str]| vestibule.cli(args).unwrap();
    refused(cli(&["import", HOST, "/nonexistent"]), "cannot read /nonexistent: No such file or directory");
    refused(cli(&["import", HOST, "--prosody-data", "/nonexistent"]), "cannot read /nonexistent");
    refused(cli(&["import", "b.example", "--prosody-data", "/nonexistent"]), "please supply a valid host");
    let data = prosody.data_dir();
    let file = data.join("localhost/invite_token.dat");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let data = data.to_str().unwrap();
    refused(cli(&["import", HOST, "--prosody-data", data]), "invite_token.dat is damaged");
    refused(cli(&["import", "other.example", "--prosody-data", data]), "has no directory other%2eexample");
}

/// Standard output goes to a file or to `import`, which hide what an export prints there.
fn a_failed_export_says_so_beside_the_pipe(version: Version) {
    let prosody = stock(version, "");
    given_by(&prosody);
    let refused = |host: &str, expected: &str| {
        let output = prosody.ctl(&["mod_vestibule", "export", host]).unwrap();
        assert_eq!(output.status.code(), Some(1), "{output}");
        assert!(output.stderr.contains("Error: ") && output.stderr.contains(expected), "{output}");
        assert!(!output.stdout.contains('{') && !output.stdout.contains("Error"), "{output}");
    };
    refused("nowhere.example", "please supply a valid host");
    let data = prosody.data_dir().join("localhost");
    for file in ["invite_token.dat", "invite_api_keys.dat", "invite_token/anna.dat"] {
        let file = data.join(file);
        let text = fs::read(&file).unwrap();
        for damaged in [&b""[..], b"return {", b"return \"text\"", b"return"] {
            fs::write(&file, damaged).unwrap();
            refused(HOST, "cannot read the store");
        }
        fs::write(&file, text).unwrap();
    }
    assert!(export_of(&prosody).contains("\"records\":"));
}
