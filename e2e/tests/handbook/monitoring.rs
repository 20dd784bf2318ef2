//! The alert rules and the dashboard name metrics that the service offers.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use vestibule_e2e::CliOutput;
use vestibule_e2e::http::raw_request;

use super::{read, source};
use crate::common::TestServer;

const ALERTS: &str = "docs/monitoring/alerts.yml";

/// Returns the names of series that `/metrics` offers.
fn offered() -> BTreeSet<String> {
    let test_server = TestServer::new();
    test_server.mint();
    // Metrics with labels appear with their first event: a refusal, and a malformed request.
    assert_eq!(test_server.client.mint(&test_server.server.url(), "a/b").unwrap().status, 403);
    raw_request(test_server.server.addr(), b"malformed\r\n\r\n").unwrap();
    let text = test_server.client.get(&format!("{}/metrics", test_server.server.url())).unwrap().text();
    let mut names = BTreeSet::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').unwrap();
        let suffixes: &[&str] = match kind {
            "counter" => &["_total"],
            "histogram" => &["_bucket", "_sum", "_count"],
            "info" => &["_info"],
            _ => &[""],
        };
        names.extend(suffixes.iter().map(|suffix| format!("{name}{suffix}")));
    }
    names
}

/// Returns the names of metrics in an expression.
fn metrics_in(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| word.starts_with("vestibule_"))
        .map(str::to_owned)
        .collect()
}

/// Returns the expressions of the dashboard, with values in place of its variables.
fn dashboard() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read("docs/monitoring/dashboard.json")).unwrap();
    let targets =
        dashboard["panels"].as_array().unwrap().iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let variable =
        |text: &str| text.replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$host", ".*");
    targets.map(|target| variable(target["expr"].as_str().unwrap())).collect()
}

fn promtool(args: &[&str]) -> CliOutput {
    let mut command = Command::new("promtool");
    command.args(args).current_dir(source("."));
    CliOutput::of(command).expect("promtool; run scripts/needs.sh")
}

#[test]
fn alerts_and_dashboard_name_metrics_that_exist() {
    let offered = offered();
    for (what, text) in [("alerts", read(ALERTS)), ("dashboard", dashboard().join("\n"))] {
        let named = metrics_in(&text);
        assert!(named.len() > 5, "{what}: {named:?}");
        assert_eq!(
            named.difference(&offered).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{what}: {offered:?}"
        );
    }
}

#[test]
fn every_metric_is_documented() {
    let page = read("docs/operations.md");
    for name in offered() {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
        let name = base.unwrap_or(&name);
        assert!(page.contains(&format!("`{name}")), "docs/operations.md lacks {name}");
    }
}

#[test]
fn every_alert_is_explained() {
    let page = read("docs/monitoring.md");
    for name in read(ALERTS).lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(page.contains(&format!("`{name}`")), "docs/monitoring.md lacks {name}");
    }
}

#[test]
fn prometheus_accepts_the_rules_and_they_fire_when_they_must() {
    for args in [["check", "rules", ALERTS], ["test", "rules", "e2e/handbook/alerts.test.yml"]] {
        let output = promtool(&args);
        assert!(output.success(), "{args:?}: {output}");
    }
}

#[test]
fn prometheus_accepts_the_expressions_of_the_dashboard() {
    let rules: Vec<Value> = dashboard()
        .iter()
        .enumerate()
        .map(|(index, expr)| serde_json::json!({ "record": format!("panel:{index}"), "expr": expr }))
        .collect();
    assert!(rules.len() > 10);
    let directory = tempfile::tempdir().unwrap();
    // JSON is YAML.
    let file = directory.path().join("dashboard.yml");
    let groups = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    std::fs::write(&file, groups.to_string()).unwrap();
    let output = promtool(&["check", "rules", file.to_str().unwrap()]);
    assert!(output.success(), "{output}");
}
