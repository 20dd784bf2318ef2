//! What `vestibule doctor` says about an ejabberd.

use vestibule_e2e::CliOutput;

use crate::common::HOST;
use crate::test_server::TestServer;

fn doctor(test_server: &TestServer) -> CliOutput {
    let c2s = test_server.ejabberd.c2s_addr().to_string();
    let url = test_server.vestibule.url();
    test_server.vestibule.cli(&["doctor", HOST, "--c2s", &c2s, "--url", &url]).unwrap()
}

#[track_caller]
fn says(output: &CliOutput, begin: &str, texts: &[&str]) {
    let line = output.stdout.lines().find(|line| line.starts_with(begin));
    let line = line.unwrap_or_else(|| panic!("no line begins with {begin:?}: {output}"));
    for text in texts {
        assert!(line.contains(text), "no {text:?} in {line:?}");
    }
}

#[test]
fn doctor_recognizes_the_module_and_its_mistakes() {
    let test_server = TestServer::new();
    let (url, key) = (test_server.vestibule.url(), test_server.key.clone());
    let output = doctor(&test_server);
    says(&output, "ok   bridge: ", &["asks this service", "vestibule-ejabberd/", "ejabberd/26."]);
    assert!(!output.stdout.contains("older than"), "{output}");

    let (id, _) = key.split_once('/').expect("ID/SECRET");
    let wrong = format!("{id}/{}", "x".repeat(36));
    test_server.ejabberd.configure_bridge(&url, &wrong).unwrap();
    says(
        &doctor(&test_server),
        "FAIL bridge: ",
        &["a key that is not accepted", id, "ejabberdctl reload_config"],
    );
    test_server.ejabberd.configure_bridge("http://127.0.0.1:1", &key).unwrap();
    says(&doctor(&test_server), "FAIL bridge: ", &["reaches nothing", &url, "ejabberdctl reload_config"]);
    let stock = test_server.ejabberd.configure_invites("{access_create_account: invite}").unwrap();
    assert_eq!(stock.0, 200);
    let own = ["it is ejabberd, with its own invites", "db_type: vestibule"];
    says(&doctor(&test_server), "FAIL bridge: ", &own);
}

#[test]
fn doctor_names_a_limit_of_registrations() {
    let test_server = TestServer::with(|builder| builder.registration_timeout(600));
    let texts = ["once in 600 seconds", "registration_timeout: infinity"];
    says(&doctor(&test_server), "FAIL bridge: ejabberd lets", &texts);
}
