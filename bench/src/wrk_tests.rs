use super::*;

/// As printed by wrk 4.1.0.
const GOOD: &str = "\
Running 5s test @ http://127.0.0.1:8280/invites_api
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.41ms  512.00us  21.07ms   92.11%
    Req/Sec    24.31k     1.02k   26.10k    71.00%
  Latency Distribution
     50%  812.00us
     75%    1.62ms
     90%    2.10ms
     99%    3.41ms
  242631 requests in 5.01s, 50.21MB read
Requests/sec:  48430.55
Transfer/sec:     10.02MB
";

#[test]
fn reads_a_good_run() {
    let load = parse(GOOD).unwrap();
    assert_eq!(load.requests, 242_631);
    assert!((load.rate - 48_430.55).abs() < 0.001);
    assert_eq!(load.p50, Duration::from_micros(812));
    assert_eq!(load.p99, Duration::from_micros(3410));
    assert_eq!(load.max, Duration::from_micros(21_070));
}

#[test]
fn reads_every_unit_of_time() {
    assert_eq!(time("7.00us"), Some(Duration::from_micros(7)));
    assert_eq!(time("30.41ms"), Some(Duration::from_micros(30_410)));
    assert_eq!(time("1.20s"), Some(Duration::from_millis(1200)));
    assert_eq!(time("2.00m"), Some(Duration::from_mins(2)));
    assert_eq!(time("1.50h"), Some(Duration::from_mins(90)));
    for wrong in ["", "ms", "12", "1.0.0ms", "3 parsecs", "-3.00ms", "nanms", "3.41µs"] {
        assert_eq!(time(wrong), None, "{wrong}");
    }
}

#[test]
fn reads_every_size_of_number() {
    assert_eq!(scaled("940.12"), Some(940.12));
    assert_eq!(scaled("48.50k"), Some(48_500.0));
    assert_eq!(scaled("1.25M"), Some(1_250_000.0));
    assert_eq!(scaled("2.00G"), Some(2_000_000_000.0));
    for wrong in ["", "k", "many", "-1.00", "infk", "1.0µ"] {
        assert_eq!(scaled(wrong), None, "{wrong}");
    }
}

#[test]
fn a_refusal_makes_the_run_invalid() {
    let output = GOOD.replace("Requests/sec", "  Non-2xx or 3xx responses: 17\nRequests/sec");
    let error = parse(&output).unwrap_err();
    assert_eq!(error.to_string(), "the run is invalid: 17 of 242631 answers were neither 2xx nor 3xx");
}

#[test]
fn a_socket_error_makes_the_run_invalid() {
    let line = "  Socket errors: connect 0, read 2, write 0, timeout 64\nRequests/sec";
    let error = parse(&GOOD.replace("Requests/sec", line)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the run is invalid: wrk counted socket errors: connect 0, read 2, write 0, timeout 64"
    );
}

#[test]
fn having_asked_everything_makes_the_run_invalid() {
    // What it then asks for is refused, but that is not the reason.
    let output = GOOD.replace("Requests/sec", "  Non-2xx or 3xx responses: 17\nRequests/sec");
    assert!(matches!(parse(&(output + "Ran out of requests\n")), Err(WrkError::RanOut)));
}

#[test]
fn no_answer_makes_the_run_invalid() {
    let output = GOOD.replace("242631 requests", "0 requests");
    assert!(matches!(parse(&output), Err(WrkError::Nothing)));
}

#[test]
fn says_what_is_missing() {
    for (figure, what) in [
        (" requests in ", "number of requests"),
        ("Requests/sec:", "rate"),
        ("50%", "median latency"),
        ("99%", "99th percentile"),
        ("Latency  ", "slowest answer"),
    ] {
        let error = parse(&GOOD.replace(figure, "")).unwrap_err();
        assert!(matches!(error, WrkError::Unreadable { what: found, .. } if found == what), "{error}");
    }
    assert!(matches!(parse(""), Err(WrkError::Unreadable { .. })));
}
