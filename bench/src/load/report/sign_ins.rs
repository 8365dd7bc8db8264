//! Deliveries while people sign in.

use crate::load::{
    measure::sign_ins::{AT_ONCE, SignIns},
    run::Outcome,
    stats::median,
};

/// The greatest growth of the p99 while people sign in.
const SLOWER: f64 = 1.2;

/// A row of aims: what was aimed for, the figure, and whether that is enough.
pub(super) fn aim(all: &SignIns) -> (String, String, bool) {
    let slower = median(&all.rounds.iter().map(slower).collect::<Vec<_>>());
    (
        format!(
            "with {AT_ONCE} sign-ins at once the p99 of 1,000 WebSockets at 100/s is at most 1.2 times what it is without"
        ),
        format!("{slower:.2} times"),
        slower <= SLOWER,
    )
}

/// All figures.
pub(super) fn table(all: &SignIns) -> String {
    let mut text = format!(
        "1,000 WebSockets of a token at 100 publications a second, without and with {AT_ONCE} people who sign in by name and password again and\n\
         again.\n\n\
         | sign-ins a second | p50 ms without | with | p99 ms without | with | times |\n|---|---|---|---|---|---|\n",
    );
    for round in &all.rounds {
        let (without, with, count) = round;
        text += &format!(
            "| {:.1} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |\n",
            *count as f64 / with.elapsed,
            without.latency_ms(0.5),
            with.latency_ms(0.5),
            without.latency_ms(0.99),
            with.latency_ms(0.99),
            slower(round),
        );
    }
    text
}

fn slower((without, with, _): &(Outcome, Outcome, usize)) -> f64 {
    with.latency_ms(0.99) / without.latency_ms(0.99)
}
