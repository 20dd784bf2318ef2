//! Tests of the metrics.

use super::*;

/// Metrics that all have a value.
fn filled() -> Metrics {
    let metrics = Metrics::default();
    let host = Host::parse("example.com").unwrap();
    let route = Route::of(&http::Request::new(()), "");
    let first = metrics.begin(Instant::now());
    metrics.begin(Instant::now());
    metrics.end(&first);
    metrics.record_response(route, "GET", 200, Duration::from_millis(3));
    metrics.record_refusal("unauthorized");
    metrics.connection_opened();
    metrics.record_rejection("slow-body");
    metrics.happened(&host, Action::InviteOverused, 2);
    metrics.set_pending(&host, 7);
    let wait = Duration::from_micros(50);
    metrics.committed(Commit { work: 3, waited: wait, took: wait * 20 });
    metrics.checkpointed(4_096, false);
    metrics.skipped();
    metrics
}

#[test]
fn every_metric_is_written_with_its_labels() {
    let text = filled().to_text().unwrap();
    for line in [
        "vestibule_http_requests_total{route=\"other\",method=\"GET\",status=\"200\"} 1",
        "vestibule_http_request_seconds_count{route=\"other\"} 1",
        "vestibule_http_requests_under_way 1",
        "vestibule_refusals_total{reason=\"unauthorized\"} 1",
        "vestibule_guard_rejections_total 0",
        "vestibule_http_connections 1",
        "vestibule_http_rejections_total{reason=\"slow-body\"} 1",
        "vestibule_events_total{host=\"example.com\",action=\"invite.over-used\"} 2",
        "vestibule_invites_pending{host=\"example.com\"} 7",
        "vestibule_store_commit_seconds_sum 0.001",
        "vestibule_store_wait_seconds_count 1",
        "vestibule_store_batch_size_sum 3.0",
        "vestibule_store_wal_bytes 4096",
        "vestibule_store_checkpoint_failures_total 1",
        "vestibule_store_skipped_rows_total 1",
        "# EOF",
    ] {
        assert!(text.lines().any(|written| written == line), "no {line} in:\n{text}");
    }
    assert!(text.contains("vestibule_build_info{version="), "{text}");
}

#[test]
fn the_documentation_lists_exactly_these_metrics() {
    let text = filled().to_text().unwrap();
    let written = text.lines().filter_map(|line| {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        Some((format!("{name}{suffix}"), kind.to_owned()))
    });
    let written: std::collections::BTreeSet<_> = written.collect();
    let table = include_str!("../../../../../docs/operations.md").lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `vestibule_")?.split(" | ");
        let name = cells.next()?.trim_end_matches('`');
        let name = name.split('{').next()?;
        Some((format!("vestibule_{name}"), cells.next()?.to_owned()))
    });
    assert_eq!(table.collect::<std::collections::BTreeSet<_>>(), written);
}
