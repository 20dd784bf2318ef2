//! The storage suite for every engine. The tests use only the trait; each engine adds one line here and a function
//! that opens it in `suite/test_store.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod suite {
    pub(crate) mod accounts;
    pub(crate) mod authorization;
    pub(crate) mod claims;
    pub(crate) mod count_pending;
    pub(crate) mod edits;
    pub(crate) mod events;
    pub(crate) mod figures;
    pub(crate) mod hosts;
    pub(crate) mod idempotency;
    pub(crate) mod imports;
    pub(crate) mod inviters;
    pub(crate) mod invites;
    pub(crate) mod keys;
    pub(crate) mod lists;
    pub(crate) mod members;
    pub(crate) mod model;
    pub(crate) mod open_claims;
    pub(crate) mod purges;
    pub(crate) mod races;
    pub(crate) mod renewals;
    pub(crate) mod reservations;
    pub(crate) mod sessions;
    pub(crate) mod test_store;
}

/// Additional tests of an engine that several nodes share.
mod postgres_nodes {
    mod checker;
    mod clocks;
    mod copying;
    mod crowds;
    mod cut;
    mod failover;
    mod linear;
    mod nodes;
    mod opening;
    mod outages;
}

mod released_databases;

/// Additional tests of a file that other processes can open too.
mod sqlite_file {
    mod abandoned_batch;
    mod held;
    mod shared_fields;
    pub(crate) mod unreadable;
}

/// Creates one `#[tokio::test]` for each named function of the suite, on the engine that `$open` opens.
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
            authorization::a_key_does_only_what_its_scopes_say,
            authorization::a_wrong_unknown_or_expired_key_does_nothing,
            authorization::a_key_reaches_only_its_own_host,
            authorization::a_rate_allows_a_burst_and_then_refuses,
            authorization::an_unknown_host_is_refused,
            authorization::roles_need_their_own_scope,
            authorization::a_read_only_key_does_not_see_tokens,
            claims::a_repeated_completion_counts_once,
            claims::a_released_use_can_be_claimed_again,
            claims::an_expired_lease_frees_its_use,
            claims::a_late_completion_counts_and_over_use_is_reported,
            claims::a_preauth_grant_outlives_the_expiry_by_an_hour,
            claims::a_preauth_grant_holds_one_claim_until_it_is_released_or_expires,
            claims::claims_per_preauth_grant_are_limited,
            claims::failed_claims_per_invite_are_limited,
            claims::only_invites_bound_earlier_may_claim_a_forbidden_name,
            claims::a_check_accepts_the_time_of_an_earlier_check,
            accounts::a_new_reset_revokes_the_previous_one_and_reserves_nothing,
            accounts::concurrent_resets_leave_one_pending,
            accounts::account_changes_revoke_dependent_invites,
            accounts::an_absent_account_keeps_what_was_created_for_a_person_to_come,
            accounts::deleting_an_account_revokes_all_its_invites,
            accounts::an_account_is_known_until_it_is_deleted,
            accounts::redemption_pages_list_every_redemption,
            accounts::a_revoked_invite_cannot_be_redeemed,
            claims::a_reset_fits_only_its_account,
            open_claims::a_claim_of_this_service_is_open_until_its_outcome_is_known,
            open_claims::open_claims_are_not_purged,
            claims::a_contact_invite_is_claimed_without_a_username,
            claims::a_claim_of_another_host_is_not_found,
            claims::a_completion_must_name_the_claimed_account,
            claims::a_refused_check_names_the_reason,
            claims::a_clock_set_back_never_grants_a_use_twice,
            claims::a_claim_that_waited_too_long_is_refused_as_retryable,
            edits::revoking_twice_and_restoring_works,
            edits::a_new_expiry_and_max_uses_apply_at_once,
            edits::an_edit_without_changes_writes_no_event,
            edits::what_is_said_to_the_invited_can_be_edited,
            edits::an_edit_of_one_invite_of_a_batch_leaves_the_others,
            events::every_change_writes_an_event,
            events::event_pages_are_contiguous,
            invites::a_created_invite_is_found_by_token_and_by_id,
            invites::every_field_is_stored,
            invites::a_batch_is_created_whole_or_not_at_all,
            invites::a_large_batch_is_visible_whole_or_not_at_all,
            invites::a_token_with_the_right_id_and_a_wrong_hash_is_unknown,
            invites::the_host_policy_sets_the_default_expiry,
            inviters::pending_invites_of_a_member_are_limited,
            inviters::invites_of_a_member_in_a_month_are_limited,
            inviters::uses_and_lifetime_of_a_members_invite_are_limited,
            inviters::members_and_roles_have_exceptions,
            inviters::concurrent_creates_keep_the_limit,
            inviters::a_large_batch_keeps_the_limit,
            keys::a_key_cannot_create_a_stronger_key,
            keys::a_deleted_key_stops_working_at_once,
            keys::concurrent_creates_of_a_missing_key_create_one,
            keys::keys_are_listed_oldest_first_per_host,
            keys::set_if_absent_keeps_the_first_value,
            lists::pages_list_each_invite_once_during_creates,
            hosts::a_host_is_removed_when_nothing_works_there,
            lists::lists_filter_by_state_and_kind,
            lists::lists_filter_by_what_an_invite_says,
            members::members_are_those_who_joined,
            members::a_member_stays_known_after_its_invite_was_purged,
            members::a_stopped_member_makes_no_invites,
            members::the_pending_invites_of_a_branch_are_revoked,
            model::the_store_and_the_rules_agree,
            races::one_of_many_contenders_takes_a_single_use,
            races::three_of_many_contenders_take_three_uses,
            races::one_of_many_contenders_reserves_a_name,
            races::concurrent_creates_are_all_stored,
            races::concurrent_completions_are_each_counted,
            races::a_preauth_grant_holds_one_use_under_concurrency,
            renewals::a_renewal_is_requested_once_a_day,
            renewals::only_an_invite_that_can_be_renewed_is_asked_for,
            renewals::a_renewed_or_revoked_invite_answers_the_request,
            renewals::concurrent_requests_are_recorded_once,
            renewals::a_request_keeps_its_invite_from_the_purge,
            idempotency::a_repeated_request_returns_the_first_answer,
            idempotency::a_different_request_under_the_same_key_is_refused,
            idempotency::concurrent_repeats_create_once,
            idempotency::a_refused_request_is_not_remembered,
            idempotency::a_repeat_counts_as_one_call,
            imports::an_imported_invite_works_with_its_old_token,
            imports::a_repeated_import_changes_nothing,
            imports::an_imported_name_is_reserved_once,
            imports::an_imported_key_works_with_its_old_secret,
            imports::a_deleted_key_is_not_imported_again,
            imports::a_purged_invite_is_not_imported_again,
            count_pending::counts_pending_invites_per_host,
            keys::the_last_use_of_a_key_is_tracked_and_stored,
            keys::a_key_cannot_grant_more_than_it_has,
            keys::a_key_ends_with_its_parent_and_shares_its_rate,
            keys::a_key_cannot_delete_a_stronger_key,
            keys::the_number_of_keys_per_host_is_limited,
            sessions::a_login_link_works_once_for_a_quarter_of_an_hour,
            sessions::a_session_does_what_an_operator_may_on_its_host,
            sessions::a_session_ends_unused_or_after_its_lifetime,
            sessions::sessions_are_listed_and_ended_by_host,
            sessions::concurrent_logins_start_one_session,
            reservations::a_bound_name_is_reserved_until_use_revocation_or_expiry,
            reservations::another_invite_cannot_claim_a_reserved_name,
            reservations::a_restored_invite_gets_its_name_back_only_if_free,
            purges::purge_removes_only_invites_past_retention,
            purges::purge_steps_reach_the_end,
            purges::the_last_invite_of_a_batch_keeps_the_shared_fields,
            purges::purge_removes_old_events_and_failed_claims,
        );
    };
}

every_test!(sqlite, crate::suite::test_store::sqlite);
every_test!(postgres, crate::suite::test_store::postgres);

/// Measurements, for people: `cargo test --release -p vestibule-store --test engines -- --ignored figures`.
mod figures {
    use crate::suite::{figures, test_store};

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    #[ignore = "takes minutes, and prints what it measures"]
    async fn figures_of_sqlite() {
        figures::refusals("sqlite", test_store::sqlite().await).await;
        figures::batch("sqlite", test_store::sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    #[ignore = "takes minutes, and prints what it measures"]
    async fn figures_of_postgres() {
        figures::refusals("postgres", test_store::postgres().await).await;
        figures::batch("postgres", test_store::postgres().await).await;
    }
}
