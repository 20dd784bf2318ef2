//! Requests to the router with an embedded store. One file for each group of addresses.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod surfaces {
    pub(crate) mod log;
    pub(crate) mod messages;
    pub(crate) mod snapshot;
    pub(crate) mod test_server;

    mod console;
    mod invites_api;
    mod limiter;
    mod metrics;
    mod openapi;
    mod ops;
    mod prefix;
    mod secrets;
    mod server;

    /// The pages for invited people.
    mod pages {
        pub(crate) mod html;

        mod answers;
        mod caching;
        mod forms;
        mod forms_again;
        mod front;
        mod icons;
        mod invite_gone;
        mod joined;
        mod landing;
        mod languages;
        mod late_forms;
        mod looks;
        mod pasted_links;
        mod proposals;
        mod refused_forms;
        mod renewals;
        mod setup;
        mod sheet;
        mod static_files;
        mod welcome;
    }

    /// The JSON API.
    mod v1 {
        mod answers;
        mod bad_input;
        mod batch;
        mod edits;
        mod events;
        mod idempotency;
        mod invites;
        mod keys;
        mod lists;
        mod probes;
        mod problems;
        mod redemptions;
        mod scopes;
        mod secrets;
    }
}
