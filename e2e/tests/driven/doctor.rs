//! What `vestibule doctor` says about servers that do not ask Vestibule.

use vestibule_e2e::{CliOutput, Ejabberd, EjabberdVersion};

use crate::common::HOST;
use crate::test_server::TestServer;
use crate::way::{RIGHTS, SECRET, Server, Way, on_every_way};

on_every_way!(doctor_names_the_server_and_its_way);

fn doctor(test_server: &TestServer) -> CliOutput {
    let (file, url) = (test_server.config_file(), test_server.vestibule.url());
    test_server.vestibule.cli(&["doctor", HOST, "--config", &file, "--url", &url]).unwrap()
}

#[track_caller]
fn says(output: &CliOutput, begin: &str, texts: &[&str]) {
    let line = output.stdout.lines().find(|line| line.starts_with(begin));
    let line = line.unwrap_or_else(|| panic!("no line begins with {begin:?}: {output}"));
    for text in texts {
        assert!(line.contains(text), "no {text:?} in {line:?}");
    }
}

fn doctor_names_the_server_and_its_way(way: Way) {
    let test_server = TestServer::new(way);
    let before = test_server.server.accounts();
    let output = doctor(&test_server);
    let software = match way {
        Way::Api(EjabberdVersion::V2301) | Way::EjabberdAdmin(EjabberdVersion::V2301) => "ejabberd 23.01",
        Way::Api(_) | Way::EjabberdAdmin(_) => "ejabberd 26.",
        Way::ProsodyAdmin(_) => "Prosody",
    };
    match way {
        Way::Api(_) => says(&output, "ok   accounts: ", &["ejabberd-api", software]),
        Way::EjabberdAdmin(_) | Way::ProsodyAdmin(_) => {
            says(&output, "ok   accounts: ", &["admin-commands", &format!("admin@{HOST}"), software]);
        }
    }
    assert!(!output.stdout.contains("bridge"), "nothing asks: {output}");
    assert!(output.success(), "{output}");
    assert_eq!(test_server.server.accounts(), before, "nothing is changed");
}

#[test]
fn mistakes_with_the_api_are_named() {
    let builder = Ejabberd::builder().administered(EjabberdVersion::Newest);
    let ejabberd = builder.api_rights("{acl: vestibule}", &RIGHTS.replace("register, ", "")).start().unwrap();
    ejabberd.add_account("vestibule", SECRET).unwrap();
    ejabberd.add_account("other", SECRET).unwrap();
    let (api, http) = (ejabberd.api_url(), ejabberd.http_url());
    let mut test_server = TestServer::with(Server::Ejabberd(Box::new(ejabberd)), "accounts = \"none\"\n");
    says(&doctor(&test_server), "ok   accounts: ", &["none"]);
    let settings = |url: &str, user: &str| {
        let user = if user.is_empty() {
            String::new()
        } else {
            format!("api_user = \"{user}@{HOST}\"\napi_password_file = \"SECRET\"\n")
        };
        format!("accounts = \"ejabberd-api\"\napi_url = \"{url}\"\n{user}")
    };
    let own = format!("{http}/api");
    for (url, user, level, texts) in [
        (api.as_str(), "vestibule", "FAIL", &["register", "api_permissions"][..]),
        (&api, "other", "FAIL", &["check_account", "api_permissions"]),
        (&api, "nobody", "FAIL", &["401", "api_user"]),
        (&api, "", "FAIL", &["check_account", "api_permissions"]),
        (&http, "", "FAIL", &["404", "mod_http_api"]),
        ("http://127.0.0.1:1/api", "", "FAIL", &["refused", "api_url"]),
        // The tests' own listener has every right.
        (&own, "", "warn", &["more commands"]),
    ] {
        test_server.reconfigure(&settings(url, user));
        let output = doctor(&test_server);
        says(&output, &format!("{level} accounts: "), texts);
        assert_eq!(output.success(), level == "warn", "{output}");
    }
}

#[test]
fn mistakes_with_the_administrator_are_named() {
    let server = Way::EjabberdAdmin(EjabberdVersion::V2301).start();
    server.add_account("member", SECRET);
    let mut test_server = TestServer::with(server, "accounts = \"none\"\n");
    for (name, texts) in
        [("member", &["add-user", "admins"][..]), ("nobody", &["another password", "admin_password_file"])]
    {
        let settings = format!(
            "accounts = \"admin-commands\"\nadmin = \"{name}@{HOST}\"\nadmin_password_file = \"SECRET\"\n"
        );
        test_server.reconfigure(&settings);
        says(&doctor(&test_server), "FAIL accounts: ", texts);
    }
    test_server.server.stop();
    says(&doctor(&test_server), "FAIL accounts: ", &["c2s"]);
}

/// The rights of these tests are those that the handbook and `doctor` recommend.
#[test]
fn the_handbook_has_the_rights_of_the_tests() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/servers.md")).unwrap();
    let (_, list) = page.split_once("what:\n").expect("the list of commands");
    let listed: Vec<_> = list.lines().map_while(|line| line.trim().strip_prefix("- ")).collect();
    assert_eq!(listed.join(", "), RIGHTS);
}
