//! Containers that are watched.

use crate::load::{measure::containers::WatchedContainers, stats::median};

/// The CPU of all processes beside the engine's own streams of statistics, at most: where nobody looks, and with a page open.
const UNSEEN: f64 = 0.2;
const SEEN: f64 = 0.5;

/// A row for each aim.
pub(super) fn aims(all: &WatchedContainers) -> [(String, String, bool); 2] {
    let count = all.count;
    let row = |what: &str, figures: &[f64], most: f64| {
        let ratio = median(figures) / median(&all.streamed);
        (
            format!(
                "{count} containers, {what}: at most {most} times the CPU of an engine that is asked for their statistics"
            ),
            format!("{ratio:.2} times"),
            ratio <= most,
        )
    };
    [row("nobody looks", &all.watched, UNSEEN), row("with a page open", &all.shown, SEEN)]
}

/// All figures.
pub(super) fn table(all: &WatchedContainers) -> String {
    let mut text = format!(
        "{} containers that sleep, at Debian's Docker on this machine. CPU of all processes of the engine (dockerd, containerd, a helper for \
         each container), and of the server where it runs; median of {} rounds.\n\n\
         | who asks | milliseconds of CPU a second | of the engine's own |\n|---|---|---|\n",
        all.count,
        all.alone.len(),
    );
    for (who, figures) in [
        ("nobody: the engine alone", &all.alone),
        ("Pulseboard, nobody looks", &all.watched),
        ("Pulseboard, with a page open", &all.shown),
        ("the engine's own stream of statistics for each, as `docker stats` asks for", &all.streamed),
    ] {
        let figure = median(figures);
        text += &format!("| {who} | {:.1} | {:.2} |\n", figure * 1e3, figure / median(&all.streamed));
    }
    text
}
