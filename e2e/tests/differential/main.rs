//! Sends the same requests and commands to Prosody's original `mod_invites_api` and to Vestibule.
//!
//! Intended differences are listed in [`meant::MEANT`] and, for operators, in `docs/differences.md`. The test fails for
//! an unlisted difference, a listed one that no longer occurs, and one that is missing in the document.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod cases;
mod commands;
mod compare;
mod document;
mod meant;
mod observe;

use compare::Tally;
use observe::Side;
use vestibule_e2e::{Prosody, Vestibule};

#[test]
fn every_difference_to_the_original_is_meant_and_documented() {
    let original = start_original();
    let ours = Vestibule::builder().start().unwrap();
    let mut tally = Tally::default();
    commands::compare(&original, &ours, &mut tally);
    compare_requests(&original, &ours, &mut tally);
    document::compare(&mut tally);
    tally.report();
}

/// Starts Debian's Prosody with the original module. It has a landing page, so that both servers return links to web
/// pages.
fn start_original() -> Prosody {
    Prosody::builder()
        .module("invites")
        .module("invites_page")
        .module("invites_api")
        .config("invites_page_external = true")
        .config("invites_page = \"https://{host}/invite?{invite.token}\"")
        .start()
        .unwrap()
}

fn compare_requests(original: &Prosody, ours: &Vestibule, tally: &mut Tally) {
    let original = side(original.http_addr(), &|words| original.ctl(words).unwrap());
    let ours = side(ours.addr(), &|words| ours.cli(words).unwrap());
    for case in cases::CASES {
        tally.compare(case.name, &original.answer(case), &ours.answer(case));
    }
}

/// Creates the keys of the cases; `run` runs commands of the original's command line.
fn side(addr: std::net::SocketAddr, run: &dyn Fn(&[&str]) -> vestibule_e2e::CliOutput) -> Side {
    let create = || {
        let output = run(&["mod_invites_api", "create", "localhost", "differential"]);
        assert!(output.success(), "create: {output}");
        output.text().to_owned()
    };
    let begins_oddly = |key: &String| key.split('/').any(|part| part.starts_with(['-', '_']));
    // One key in sixteen does, so all of 300 lack it once in a hundred million runs.
    let odd =
        std::iter::repeat_with(create).take(300).find(begins_oddly).expect("no key with a leading - or _");
    let (key, deleted) = (create(), create());
    let id = deleted.split('/').next().unwrap_or_default();
    let output = run(&["mod_invites_api", "delete", "localhost", id]);
    assert!(output.success(), "delete: {output}");
    Side { addr, key, odd, deleted }
}
