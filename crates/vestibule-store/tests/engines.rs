//! The storage suite, over every engine. The tests are written against the trait; each engine adds a line
//! here and a way to open it in `suite/bench.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod suite {
    pub(crate) mod accounts;
    pub(crate) mod authority;
    pub(crate) mod bench;
    pub(crate) mod claims;
    pub(crate) mod count_pending;
    pub(crate) mod edits;
    pub(crate) mod events;
    pub(crate) mod figures;
    pub(crate) mod idempotency;
    pub(crate) mod invites;
    pub(crate) mod keys;
    pub(crate) mod lists;
    pub(crate) mod model;
    pub(crate) mod purges;
    pub(crate) mod races;
    pub(crate) mod reservations;
}

/// What holds of an engine that many nodes share, beyond what holds of every engine.
mod postgres_nodes {
    mod checker;
    mod clocks;
    mod crowds;
    mod cut;
    mod failover;
    mod linear;
    mod moving;
    mod nodes;
    mod opening;
    mod outages;
}

/// What holds of a file that other processes may open as well.
mod sqlite_file {
    mod held;
    mod shared_fields;
    pub(crate) mod unreadable;
}

/// Makes one `#[tokio::test]` for each named function of the suite, on the engine that `$open` opens.
macro_rules! run_suite {
    ($engine:ident, $open:path: $($module:ident :: $test:ident),+ $(,)?) => {
        mod $engine {
            $(
                mod $test {
                    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                    async fn holds() {
                        crate::suite::$module::$test($open().await).await;
                    }
                }
            )+
        }
    };
}

/// The list of tests is the same for each engine.
macro_rules! every_test {
    ($engine:ident, $open:path) => {
        run_suite!(
            $engine, $open:
            authority::a_key_does_only_what_its_scopes_say,
            authority::a_wrong_unknown_or_expired_key_does_nothing,
            authority::a_key_reaches_its_own_host_alone,
            authority::a_rate_lets_a_burst_pass_and_then_refuses,
            authority::an_unknown_host_is_refused,
            authority::roles_need_a_scope_of_their_own,
            authority::who_may_read_alone_sees_nothing_that_lets_in,
            claims::a_claim_is_completed_once_however_often_it_is_said,
            claims::a_released_use_can_be_claimed_again,
            claims::a_lease_that_runs_out_releases_itself,
            claims::a_late_completion_counts_and_an_over_use_is_shown,
            claims::an_admission_outlives_the_expiry_for_an_hour,
            claims::an_admission_holds_one_claim_until_it_is_certain_that_nothing_came_of_it,
            claims::an_admission_makes_a_bounded_number_of_claims,
            claims::claims_that_come_to_nothing_are_bounded_for_an_invite,
            claims::a_forbidden_name_is_claimed_by_earlier_invites_alone,
            claims::a_check_may_be_dated_back_to_a_form,
            accounts::a_new_reset_replaces_the_one_before_and_reserves_nothing,
            accounts::resets_made_at_once_leave_one,
            accounts::invites_end_with_what_happens_to_accounts,
            accounts::an_account_that_made_many_invites_takes_them_all_along,
            accounts::an_account_is_known_until_it_is_deleted,
            accounts::redemptions_are_listed_whole,
            accounts::what_was_revoked_lets_nobody_in,
            claims::a_reset_fits_only_its_account,
            claims::a_contact_invite_is_claimed_without_a_username,
            claims::a_claim_of_another_host_is_not_found,
            claims::the_account_must_be_the_one_that_was_claimed,
            claims::a_check_names_the_reason,
            claims::a_clock_that_goes_back_lets_nobody_in_twice,
            claims::a_claim_that_waited_for_long_is_granted_or_may_be_asked_for_again,
            edits::revoking_twice_and_restoring_works,
            edits::a_new_expiry_and_new_uses_count_at_once,
            edits::nothing_changed_writes_no_event,
            events::every_change_writes_its_event,
            events::pages_follow_each_other,
            invites::what_is_minted_is_found_by_token_and_by_id,
            invites::every_property_is_kept,
            invites::a_batch_is_minted_whole_or_not_at_all,
            invites::a_large_batch_is_seen_whole_or_not_at_all,
            invites::a_token_with_the_right_id_and_a_wrong_hash_is_unknown,
            invites::the_policy_of_the_host_gives_the_expiry,
            keys::a_key_makes_none_that_may_do_more,
            keys::a_deleted_key_is_dead_at_once,
            keys::keys_are_listed_oldest_first_for_their_host_alone,
            keys::what_is_settled_first_stays,
            lists::pages_hold_each_invite_once_while_others_mint,
            lists::filters_choose_by_state_and_kind,
            model::the_store_and_the_rules_agree,
            races::one_use_is_taken_by_one_of_many,
            races::three_uses_are_taken_by_three_of_many,
            races::one_name_is_bound_by_one_of_many,
            races::mints_from_many_tasks_are_all_kept,
            races::completions_at_once_are_each_counted,
            races::an_admission_holds_one_use_whatever_happens_at_once,
            idempotency::a_repeated_request_gets_the_first_answer,
            idempotency::another_request_under_the_same_key_is_refused,
            idempotency::concurrent_repeats_mint_once,
            idempotency::a_refused_request_is_not_remembered,
            idempotency::a_repeat_counts_as_one_call,
            count_pending::counts_what_is_pending,
            keys::the_last_use_is_known_and_kept,
            keys::none_can_make_more_than_itself,
            keys::a_key_ends_with_the_one_that_made_it_and_shares_its_rate,
            keys::a_key_deletes_none_that_may_do_more,
            keys::a_host_has_a_bounded_number_of_keys,
            reservations::a_bound_name_is_held_until_it_is_used_revoked_or_expired,
            reservations::nobody_else_may_claim_a_held_name,
            reservations::a_revoked_invite_gets_its_name_back_only_if_it_is_free,
            purges::only_what_has_long_been_over_is_removed,
            purges::steps_reach_the_end,
            purges::the_last_of_a_batch_keeps_what_all_had,
            purges::old_events_and_claims_that_came_to_nothing_go,
        );
    };
}

every_test!(sqlite, crate::suite::bench::sqlite);
every_test!(postgres, crate::suite::bench::postgres);

/// Figures, to be read by people: `cargo test --release -p vestibule-store --test engines -- --ignored figures`.
mod figures {
    use crate::suite::{bench, figures};

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    #[ignore = "takes minutes, and prints what it measures"]
    async fn figures_of_sqlite() {
        figures::refusals("sqlite", bench::sqlite().await).await;
        figures::batch("sqlite", bench::sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    #[ignore = "takes minutes, and prints what it measures"]
    async fn figures_of_postgres() {
        figures::refusals("postgres", bench::postgres().await).await;
        figures::batch("postgres", bench::postgres().await).await;
    }
}
