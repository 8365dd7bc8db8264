//! Deliveries while someone looks at the live connections.

use crate::load::{measure::looked_at::LookedAt, run::Outcome, stats::median};

/// One outcome of a round.
type Pick = fn(&(Outcome, Outcome)) -> &Outcome;

/// How much more CPU they may take.
const MORE: f64 = 0.02;

/// A row of aims: what was aimed for, the figure, and whether that is enough.
pub(super) fn aim(all: &LookedAt) -> (String, String, bool) {
    let ratio = ratio(all);
    (
        "the page of connections costs at most 2 % while it is open".into(),
        format!("{ratio:.3} times the CPU of without, {} looks", all.looks),
        ratio <= 1.0 + MORE,
    )
}

/// All figures.
pub(super) fn table(all: &LookedAt) -> String {
    let figures = |pick: Pick, read: fn(&Outcome) -> f64| {
        median(&all.rounds.iter().map(|round| read(pick(round))).collect::<Vec<_>>())
    };
    let mut text = String::from(
        "1,000 WebSockets at 100 publications a second, while `GET /api/v1/connections` is asked once a second, as the page does.\n\n\
         | | µs CPU a delivery | p99 ms |\n|---|---|---|\n",
    );
    let pairs: [(&str, Pick); 2] = [("nobody looks", |round| &round.0), ("someone looks", |round| &round.1)];
    for (name, pick) in pairs {
        let (cpu, p99) =
            (figures(pick, Outcome::cpu_per_delivery), figures(pick, |outcome| outcome.latency_ms(0.99)));
        text += &format!("| {name} | {cpu:.3} | {p99:.2} |\n");
    }
    text
}

/// The median of the rounds' ratios.
fn ratio(all: &LookedAt) -> f64 {
    let ratios =
        all.rounds.iter().map(|(without, with)| with.cpu_per_delivery() / without.cpu_per_delivery());
    median(&ratios.collect::<Vec<_>>())
}
