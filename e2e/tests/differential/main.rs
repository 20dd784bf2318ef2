//! The same requests and the same words against Prosody's original `mod_invites_api` and against ours.
//!
//! Every difference is one that we mean: it stands in [`meant::MEANT`] and, for operators, in
//! `docs/differences.md`. A difference that is not listed fails the test, and so does a listed one that
//! does not occur any more, or that the document lacks.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod cases;
mod compare;
mod document;
mod meant;
mod observe;
mod words;

use compare::Tally;
use observe::Side;
use vestibule_e2e::{Prosody, Vestibule};

#[test]
fn every_difference_to_the_original_is_meant_and_documented() {
    let original = start_original();
    let ours = Vestibule::builder().start().unwrap();
    let mut tally = Tally::default();
    words::compare(&original, &ours, &mut tally);
    compare_requests(&original, &ours, &mut tally);
    document::compare(&mut tally);
    tally.report();
}

/// Debian's Prosody with the original module. The landing page is named as its operators do, so that
/// both servers hand out a link to a web page.
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

/// Makes the keys that the cases name; `run` runs the words of the seed's command line.
fn side(addr: std::net::SocketAddr, run: &dyn Fn(&[&str]) -> vestibule_e2e::CliOutput) -> Side {
    let create = || {
        let output = run(&["mod_invites_api", "create", "localhost", "differential"]);
        assert!(output.success(), "create: {output}");
        output.text().to_owned()
    };
    let begins_oddly = |key: &String| key.split('/').any(|part| part.starts_with(['-', '_']));
    // One key in sixteen does: that none of 300 did happens once in a hundred million runs.
    let odd =
        std::iter::repeat_with(create).take(300).find(begins_oddly).expect("a key with a leading - or _");
    let (key, deleted) = (create(), create());
    let id = deleted.split('/').next().unwrap_or_default();
    let output = run(&["mod_invites_api", "delete", "localhost", id]);
    assert!(output.success(), "delete: {output}");
    Side { addr, key, odd, deleted }
}
