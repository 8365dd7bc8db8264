//! The suite that every store passes: each promise of [`Store`](crate::Store) and its parts as a case over a small fixture.

mod audit;
mod bounds;
mod dashboards;
mod enrolments;
mod fixture;
mod hosts;
mod identities;
mod invitations;
mod notices;
mod passkeys;
mod pushes;
mod reopening;
mod second_factor;
mod server_secrets;
mod sessions;
mod sources;
mod tokens;
mod users;

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};

pub use fixture::Fixture;

/// A case that took this long hangs.
const HANGS: Duration = Duration::from_secs(120);

/// A case of the suite.
type Case = for<'a> fn(&'a mut dyn Fixture) -> LocalBoxFuture<'a, ()>;

macro_rules! cases {
    ($($module:ident::$name:ident),* $(,)?) => {
        const CASES: &[(&str, Case)] = &[$((stringify!($name), |fixture| Box::pin($module::$name(fixture)))),*];
    };
}

cases![
    users::a_user_comes_back_as_it_was_made,
    users::a_folded_name_is_given_once,
    users::of_many_first_users_one_is_made,
    users::an_active_admin_is_always_left,
    users::of_two_admins_who_leave_at_once_one_stays,
    users::who_is_not_there_is_not_changed,
    users::users_are_listed_in_pages,
    second_factor::a_step_is_used_once,
    second_factor::a_new_key_begins_anew,
    second_factor::a_second_factor_is_turned_on_once,
    second_factor::a_recovery_code_is_used_once,
    second_factor::recovery_codes_go_with_the_second_factor,
    identities::an_identity_is_issuer_and_subject_together,
    identities::of_many_who_come_at_once_with_an_identity_one_is_made,
    passkeys::a_passkey_is_found_by_its_credential,
    passkeys::a_credential_is_one_passkeys,
    passkeys::passkeys_are_listed_and_removed,
    passkeys::a_challenge_is_answered_once,
    passkeys::use_of_a_passkey_is_noted_and_never_earlier,
    passkeys::a_passkey_that_is_gone_uses_no_challenge_up,
    passkeys::a_challenge_that_has_ended_is_forgotten,
    passkeys::bounds_of_passkeys_hold,
    server_secrets::nodes_that_ask_at_once_are_given_one_secret,
    server_secrets::bounds_of_secrets_hold,
    sessions::a_session_is_found_by_its_secret,
    sessions::a_new_password_ends_sessions_and_no_other_begins_one,
    sessions::of_sessions_that_begin_while_the_password_changes_none_is_left,
    sessions::of_many_sessions_the_oldest_end,
    sessions::use_is_noted_and_never_earlier,
    sessions::sessions_end_alone_or_together,
    sessions::sessions_past_their_end_or_idle_are_swept,
    tokens::a_token_is_found_by_its_secret,
    tokens::tokens_are_listed_in_pages,
    tokens::tokens_end_alone_or_together,
    invitations::of_many_who_accept_at_once_one_succeeds,
    invitations::what_is_not_open_is_not_accepted,
    invitations::those_of_an_admin_who_is_none_any_more_do_not_hold,
    invitations::a_taken_name_leaves_the_invitation_open,
    invitations::open_invitations_are_listed,
    notices::a_notice_comes_back_as_it_was_sent,
    notices::a_reader_has_the_notices_of_its_audiences_and_no_others,
    notices::a_notice_is_read_once_by_each,
    notices::notices_are_listed_in_pages,
    notices::a_key_is_one_notice_of_its_sender,
    notices::what_has_expired_is_not_shown_and_goes_at_last,
    notices::a_notice_is_announced_once,
    notices::the_oldest_make_room_for_new_ones,
    pushes::a_subscription_comes_back_as_it_was_made,
    pushes::an_endpoint_is_one_browsers,
    pushes::of_many_subscriptions_the_oldest_go,
    pushes::a_notice_waits_for_its_audience_once,
    pushes::what_is_due_is_claimed_by_one_node,
    pushes::a_claim_is_settled,
    pushes::push_services_wait_apart,
    pushes::what_need_not_be_told_is_known,
    pushes::bounds_of_pushes_hold,
    enrolments::of_many_who_use_one_code_at_once_one_succeeds,
    enrolments::what_is_no_open_code_enrols_nothing,
    enrolments::codes_of_an_admin_who_is_none_any_more_do_not_hold,
    enrolments::a_code_without_a_maker_holds_until_there_is_an_admin,
    enrolments::a_taken_name_or_key_leaves_the_code_open,
    enrolments::open_codes_are_listed_and_ended_ones_forgotten,
    hosts::a_host_is_found_by_its_key_until_it_is_removed,
    hosts::hosts_are_listed_by_name,
    hosts::a_host_was_heard_and_never_earlier,
    hosts::reports_of_one_call_are_noted_together,
    hosts::nodes_that_note_the_same_hosts_do_not_hinder_each_other,
    hosts::there_is_a_bound_of_hosts_also_at_once,
    hosts::bounds_of_hosts_hold,
    sources::a_source_comes_back_as_it_was_made,
    sources::sources_are_listed_by_kind_and_name,
    sources::a_name_is_one_sources_of_its_kind,
    sources::a_change_is_of_what_its_caller_has_seen,
    sources::of_changes_at_once_one_is_made_and_none_lost,
    sources::a_parent_is_a_probe_that_there_is,
    sources::no_source_is_above_itself,
    sources::circles_that_are_made_at_once_are_refused,
    sources::a_parent_that_is_removed_is_nobodys,
    sources::sources_stay_when_their_maker_is_removed,
    sources::there_is_a_bound_of_sources_also_at_once,
    sources::bounds_of_sources_hold,
    dashboards::a_dashboard_comes_back_as_it_was_written,
    dashboards::dashboards_are_listed_by_name,
    dashboards::a_name_is_one_dashboards,
    dashboards::an_update_of_another_is_not_lost,
    dashboards::dashboards_stay_when_whoever_wrote_them_is_removed,
    dashboards::there_is_a_bound_of_dashboards_also_at_once,
    dashboards::bounds_of_dashboards_hold,
    audit::entries_are_listed_by_their_filters,
    audit::of_fifty_at_once_one_chain_is_made,
    audit::a_changed_entry_is_named,
    audit::what_is_pruned_leaves_a_chain_that_holds,
    audit::an_entry_of_a_clock_that_was_ahead_holds_others_back,
    audit::what_was_changed_after_pruning_is_named,
    audit::nobody_but_the_store_writes_a_checkpoint,
    bounds::what_is_beyond_the_bounds_is_refused,
    bounds::what_no_store_keeps_finds_nothing,
    bounds::values_at_the_bounds_come_back_as_they_were,
    bounds::secrets_are_not_printed,
    reopening::what_was_answered_is_there_after_opening_again,
    reopening::a_number_is_given_once,
    reopening::a_closed_store_says_so,
];

/// Runs every case, each with a fixture of its own.
///
/// # Panics
/// When a case fails, or hangs.
pub async fn run<F: Fixture>(mut make: impl AsyncFnMut() -> F) {
    for (name, case) in CASES {
        let mut fixture = make().await;
        let ran = AssertUnwindSafe(tokio::time::timeout(HANGS, case(&mut fixture))).catch_unwind().await;
        match ran {
            Ok(Ok(())) => {}
            Ok(Err(_)) => panic!("the case {name} hangs"),
            // Its own message stands above this one.
            Err(_) => panic!("the case {name} failed"),
        }
    }
}
