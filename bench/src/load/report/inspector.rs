//! Deliveries while someone looks at the live connections.

use crate::load::{measure::inspector::Inspector, run::Outcome, stats::median};

/// The greatest growth of the CPU time while the page is open.
const MORE: f64 = 0.02;

/// A row of aims: what was aimed for, the figure, and whether that is enough.
pub(super) fn aim(all: &Inspector) -> (String, String, bool) {
    let share = median(&all.rounds.iter().map(share).collect::<Vec<_>>());
    (
        "the page of connections, which looks once a second, costs at most 2 % of the CPU".into(),
        format!("{:.1} %, with 1,000 connections at 100 publications a second", 100.0 * share),
        share <= MORE,
    )
}

/// All figures.
pub(super) fn table(all: &Inspector) -> String {
    let mut text = String::from(
        "1,000 WebSockets at 100 publications a second, without and with someone who asks `GET /api/v1/connections` some twenty times a\n\
         second: what one look costs, and what that is of the CPU if it is taken once a second, as the page does.\n\n\
         | looks | CPU s without | CPU s with | ms CPU a look | of the CPU at one a second |\n|---|---|---|---|---|\n",
    );
    for round in &all.rounds {
        let (without, with, looks) = round;
        text += &format!(
            "| {looks} | {:.2} | {:.2} | {:.2} | {:.2} % |\n",
            without.cpu,
            with.cpu,
            1000.0 * look(round),
            100.0 * share(round),
        );
    }
    text
}

/// CPU seconds of one look.
fn look((without, with, looks): &(Outcome, Outcome, usize)) -> f64 {
    (with.cpu - without.cpu * with.elapsed / without.elapsed) / (*looks).max(1) as f64
}

/// Returns the share of the load's CPU that one poll a second adds.
fn share(round: &(Outcome, Outcome, usize)) -> f64 {
    look(round) / (round.0.cpu / round.0.elapsed)
}
