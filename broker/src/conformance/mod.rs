//! The suite that every broker passes: each promise of [`Broker`](crate::Broker) as a case over a small fixture.

mod fixture;
mod keeping;
mod publishing;
mod recorder;
mod together;

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};

pub use fixture::{Fixture, policies};
pub use recorder::{Recorded, Recorder, Recording};

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
    publishing::entries_of_all_topics_have_one_order,
    publishing::a_publisher_who_waits_has_its_own_order,
    publishing::a_stream_has_its_order_among_the_rest_and_does_not_come_back,
    publishing::what_has_a_key_is_one_entry,
    publishing::a_key_belongs_to_its_payload,
    publishing::of_many_at_once_with_one_key_one_is_taken,
    publishing::a_publisher_may_expect_the_newest_entry,
    publishing::what_was_asked_for_is_taken_in_though_nobody_waits,
    publishing::threads_publish_too,
    publishing::sizes_at_their_bounds_come_back_as_they_were,
    keeping::history_is_read_by_all_its_filters,
    keeping::retention_trims_and_says_how_far,
    keeping::a_removed_topic_is_gone_for_all,
    keeping::nothing_newest_is_expected_of_a_removed_topic,
    keeping::a_log_outlives_its_broker,
    keeping::what_was_acknowledged_outlives_a_crash,
    keeping::a_loss_that_nobody_can_name_begins_a_new_life,
    keeping::places_that_were_never_given_out_are_told_apart,
    keeping::the_newest_value_is_told,
    keeping::a_closed_broker_takes_nothing,
    together::members_come_change_and_go,
    together::nodes_see_each_others_members,
    together::a_node_asks_others,
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
