//! Requests to the real router, on the real embedded store. A file for each group of addresses.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod surfaces {
    pub(crate) mod bench;

    mod guard;
    mod invite_page;
    mod invites_api;
    mod metrics;
    mod openapi;
    mod ops;
    mod prefix;
    mod secrets;
}
