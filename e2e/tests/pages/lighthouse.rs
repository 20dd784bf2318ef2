//! Lighthouse scores of the landing page on a phone and a desktop.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::{Version, run_script};

use crate::test_server::TestServer;

const LIMIT: Duration = Duration::from_mins(5);
/// The lowest permitted score of each category, out of 100.
const WANTED: u64 = 95;

fn lighthouse(categories: &str) -> Vec<Value> {
    let test_server = TestServer::new(Version::V012);
    let invite = test_server.mint(&json!({ "kind": "account-and-contact", "inviter": "romeo" }));
    let output = run_script("lighthouse.mjs", &[categories, &invite.link], LIMIT).unwrap();
    assert!(output.success(), "{output}");
    let reports: Vec<Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), 2, "{output}");
    reports
}

fn assert_good(reports: &[Value], categories: usize) {
    for report in reports {
        let scores = report["scores"].as_object().unwrap();
        assert_eq!(scores.len(), categories, "{report}");
        assert!(scores.values().all(|score| score.as_u64() >= Some(WANTED)), "{report}");
    }
}

#[test]
fn lighthouse_rates_accessibility_and_practices_well() {
    assert_good(&lighthouse("accessibility,best-practices"), 2);
}

/// Speed depends on the load of the machine, so `make check` does not run this.
#[test]
#[ignore = "measures time: make lighthouse"]
fn lighthouse_rates_performance_well() {
    let reports = lighthouse("performance,accessibility,best-practices");
    for report in &reports {
        println!("{}: {}; costs points: {}", report["device"], report["scores"], report["wrong"]);
    }
    assert_good(&reports, 3);
}
