//! First events, directly and through nginx.

use crate::load::{measure::proxied::FirstEvent, stats::median};

/// The slowest transport must have its first event within this time, milliseconds.
const SOON: f64 = 100.0;

/// A row of aims for each transport that nginx carries: what was aimed for, the figure, and whether that is enough.
pub(super) fn aims(all: &[FirstEvent]) -> impl Iterator<Item = (String, String, bool)> {
    all.iter().filter(|first| !first.proxied.is_empty()).map(|first| {
        let (middle, worst) = (median(&first.proxied), worst(&first.proxied));
        let tries = first.proxied.len();
        (
            format!("the first event within {SOON:.0} ms through nginx as it comes: {}", first.name),
            format!("{middle:.1} ms, the slowest of {tries} {worst:.1} ms"),
            worst <= SOON,
        )
    })
}

/// All figures.
pub(super) fn table(all: &[FirstEvent]) -> String {
    let mut text = String::from(
        "From before connecting until the first event was read, of a topic that has one: every request and connection that this \
         takes. nginx is set to nothing but `proxy_pass`: HTTP/1.0, buffers, no upgrades.\n\n\
         | transport | tries | ms, directly | slowest | ms, through nginx | slowest |\n|---|---|---|---|---|---|\n",
    );
    for first in all {
        let proxied = if first.proxied.is_empty() {
            "not carried without `proxy_set_header Upgrade` | –".to_owned()
        } else {
            format!("{:.2} | {:.2}", median(&first.proxied), worst(&first.proxied))
        };
        text += &format!(
            "| {} | {} | {:.2} | {:.2} | {proxied} |\n",
            first.name,
            first.direct.len(),
            median(&first.direct),
            worst(&first.direct),
        );
    }
    text
}

fn worst(times: &[f64]) -> f64 {
    times.iter().copied().fold(0.0, f64::max)
}
