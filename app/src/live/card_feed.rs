//! A card's view of a host: it follows the feeds while it is switched on, and keeps the last values while it is off.

use std::sync::Arc;

use common::{
    Sample,
    panel::{Panel, Tier},
    sample::Processes,
    series::SeriesValues,
};
use leptos::prelude::*;

use super::{
    Cadence, Cell, Clock, Connection, Derived, LiveHost, Stored, Trouble, effect,
    feed::{Dated, Feed},
};
use crate::{format, i18n::Words, ports::LinkState};

/// The state of a card's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardState {
    /// The connection has not been opened yet.
    Waiting,
    /// They are those of now.
    Live,
    /// The next ones are late.
    Delayed,
    /// They are old.
    Stale,
    /// The line was lost; they are the last that arrived.
    Lost,
    /// The reader stopped them.
    Stopped,
}

impl CardState {
    /// For the stylesheet.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Live => "live",
            Self::Delayed => "delayed",
            Self::Stale => "stale",
            Self::Lost => "lost",
            Self::Stopped => "stopped",
        }
    }

    /// Returns true if the numbers are current.
    #[must_use]
    pub const fn is_current(self) -> bool {
        matches!(self, Self::Waiting | Self::Live | Self::Delayed)
    }
}

/// A card's own connection: on or off, and what became of it.
#[derive(Clone, Copy)]
pub struct Switch {
    /// True if the reader wants the card to be connected.
    pub on: Cell<bool>,
    /// The state of the card.
    pub state: Derived<CardState>,
    /// The age of the card's numbers, milliseconds; none without numbers.
    pub age: Derived<Option<u64>>,
    /// Why its numbers could not be read.
    pub trouble: Derived<Option<Trouble>>,
    ask_again: Stored<Refetch>,
    line: Connection,
}

type Refetch = Arc<dyn Fn() + Send + Sync>;

impl Switch {
    /// Turns it on or off.
    pub fn turn(self, on: bool) {
        self.on.set(on);
        if on {
            self.line.connect_for_one();
        }
    }

    /// The word for what became of it: the same as the connection's own, where it is that which was lost.
    #[must_use]
    pub fn word(self, words: &'static Words) -> &'static str {
        match self.state.get() {
            CardState::Waiting => words.not_yet,
            CardState::Live | CardState::Delayed | CardState::Stale => words.connected,
            CardState::Stopped => words.disconnected,
            CardState::Lost if matches!(self.line.state(), LinkState::Offline { .. }) => words.state_offline,
            CardState::Lost => words.state_reconnecting,
        }
    }

    /// Describes the age of the card's numbers, and the reason if they are late.
    #[must_use]
    pub fn age_told(self, words: &'static Words) -> String {
        let told = self.age.get().map(|age| format::age(age, words)).unwrap_or_default();
        match self.state.get() {
            CardState::Waiting => String::new(),
            CardState::Delayed => [words.state_delayed, " · ", &told].concat(),
            CardState::Stale => [words.state_stale, " · ", &told].concat(),
            _ => told,
        }
    }

    /// Names the card, for readers who search for it.
    pub fn name(self, title: &'static str) {
        self.line.name(self.on, title);
    }

    /// Returns the time for which a due value has not come, milliseconds: the time axis runs on beyond the newest
    /// value by this much. One that was stopped by the reader stands still.
    #[must_use]
    pub fn silence_ms(self) -> u64 {
        match self.state.get() {
            CardState::Delayed | CardState::Stale | CardState::Lost => self.age.get().unwrap_or(0),
            _ => 0,
        }
    }

    /// Asks for its numbers once more, after some that could not be read.
    pub fn ask_again(self) {
        let ask = self.ask_again.get();
        ask();
    }
}

/// When the newest sample was measured, by the server's clock, and when it arrived, by the reader's.
type SampleTimes = (Option<u64>, Option<u64>);

/// The newest samples a card needs. Two are equal when they are the same, not when they look alike.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    /// CPU, memory and disk.
    pub metrics: Option<Arc<Sample>>,
    /// The rest.
    pub system: Option<Arc<Sample>>,
    /// The programs.
    pub processes: Option<Arc<Processes>>,
    fresh: SampleTimes,
}

impl Samples {
    /// The value of a metric in whichever sample has it; of one with labels, its total.
    #[must_use]
    pub fn total(&self, metric: &str) -> Option<f64> {
        self.both().find_map(|sample| sample.total(metric))
    }

    /// The series of a metric that have labels, in whichever sample has them: their names and values.
    #[must_use]
    pub fn instances(&self, metric: &str) -> Vec<(String, f64)> {
        self.first_of(|sample| &sample.values, metric)
    }

    /// The series of a metric that give no answer, and since when, milliseconds since 1970.
    #[must_use]
    pub fn unanswered(&self, metric: &str) -> Vec<(String, f64)> {
        self.first_of(|sample| &sample.no_answer, metric)
    }

    /// Reports whether a metric gives no answer.
    #[must_use]
    pub fn is_silent(&self, metric: &str) -> bool {
        self.both().any(|sample| sample.no_answer.of(metric).next().is_some())
    }

    fn first_of(&self, part: fn(&Sample) -> &SeriesValues, metric: &str) -> Vec<(String, f64)> {
        let named = |sample| part(sample).instances(metric).collect::<Vec<_>>();
        self.both().map(named).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Counts the series of a metric that are not listed one by one.
    #[must_use]
    pub fn left_out(&self, metric: &str) -> u64 {
        self.both().find_map(|sample| sample.left_out.get(metric)).map_or(0, |count| count as u64)
    }

    fn both(&self) -> impl Iterator<Item = &Sample> {
        [&self.metrics, &self.system].into_iter().flatten().map(AsRef::as_ref)
    }
}

impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        same(&self.metrics, &other.metrics)
            && same(&self.system, &other.system)
            && same(&self.processes, &other.processes)
            && self.fresh == other.fresh
    }
}

fn same<T>(one: &Option<Arc<T>>, other: &Option<Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// A card's view of a host.
#[derive(Clone, Copy)]
pub struct CardFeed {
    value: Memo<Samples>,
    /// Its switch.
    pub switch: Switch,
}

impl CardFeed {
    /// The newest samples, or the last before the card was switched off; tracked.
    #[must_use]
    pub fn samples(self) -> Samples {
        self.value.get()
    }
}

impl LiveHost {
    /// Follows the metrics of a panel.
    #[must_use]
    pub fn panel_feed(self, panel: &Panel) -> CardFeed {
        if panel.tier == Tier::Fast { self.metrics_feed() } else { self.system_feed() }
    }

    /// Follows CPU, memory and disk.
    #[must_use]
    pub fn metrics_feed(self) -> CardFeed {
        self.tap(self.metrics, move || Samples { metrics: self.metrics.latest(), ..Samples::default() })
    }

    /// Follows everything else; `metrics` is in it for the few values that both are asked for.
    #[must_use]
    pub fn system_feed(self) -> CardFeed {
        let read = move || Samples {
            metrics: self.metrics.latest(),
            system: self.system.latest(),
            ..Samples::default()
        };
        self.tap(self.system, read)
    }

    /// Follows the programs.
    #[must_use]
    pub fn processes_feed(self) -> CardFeed {
        self.tap(self.processes, move || Samples { processes: self.processes.latest(), ..Samples::default() })
    }

    fn tap<T: Dated>(self, feed: Feed<T>, read: impl Fn() -> Samples + Send + Sync + 'static) -> CardFeed {
        let on = Cell::new(true);
        follow(on, feed);
        let fresh = move || (feed.measured(), feed.arrived());
        let value = hold_while(on, Box::new(move || Samples { fresh: fresh(), ..read() }));
        let trouble = Derived::new(move || feed.trouble());
        let ask_again: Refetch = Arc::new(move || feed.ask_again());
        let heard = FeedStatus { value, trouble, ask_again: Stored::new(ask_again), cadence: feed.cadence() };
        CardFeed { value, switch: self.switch(on, heard) }
    }

    fn switch(self, on: Cell<bool>, heard: FeedStatus) -> Switch {
        let FeedStatus { value, trouble, ask_again, cadence } = heard;
        let (line, clock) = (Connection::here(), Clock::here());
        line.hang(on);
        let age = Derived::new(move || {
            let (measured, arrived) = value.get().fresh;
            let seeded = self.seeded.get();
            let (taken, mounted) = (seeded.taken, seeded.mounted);
            // A value of the first paint was as old as the server said, and has aged since the page came to life.
            match (arrived, clock.now()) {
                (Some(arrived), Some(now)) => Some(now.saturating_sub(arrived)),
                (_, now) => {
                    let then = taken.saturating_sub(measured?);
                    Some(then + now.zip(mounted).map_or(0, |(now, mounted)| now.saturating_sub(mounted)))
                }
            }
        });
        let state = Derived::new(move || {
            let age = age.get();
            match line.state() {
                _ if !on.get() => CardState::Stopped,
                LinkState::Stopped => CardState::Stopped,
                LinkState::Idle | LinkState::Connecting => CardState::Waiting,
                LinkState::Reconnecting { .. } | LinkState::Offline { .. } => CardState::Lost,
                LinkState::Stale => CardState::Stale,
                LinkState::Live | LinkState::Delayed => match age {
                    Some(age) if age > cadence.stale_ms() => CardState::Stale,
                    Some(age) if age > cadence.late_ms() => CardState::Delayed,
                    _ => CardState::Live,
                },
            }
        });
        line.count_stale(move || state.get() == CardState::Stale && line.state() != LinkState::Stale);
        Switch { on, state, age, trouble, ask_again, line }
    }
}

/// The status of a feed, without the type of its values.
struct FeedStatus {
    value: Memo<Samples>,
    trouble: Derived<Option<Trouble>>,
    ask_again: Stored<Refetch>,
    cadence: Cadence,
}

/// Holds the feed while the switch is on, and lets go of it with the card.
fn follow<T: Dated>(on: Cell<bool>, feed: Feed<T>) {
    let held = Stored::new(false);
    let turn = move |wanted: bool| match held.update(|held| std::mem::replace(held, wanted)) {
        Some(false) if wanted => untrack(|| feed.hold()),
        Some(true) if !wanted => feed.release(),
        _ => {}
    };
    effect(move || turn(on.get()));
    on_cleanup(move || turn(false));
}

/// The points of a card's trends.
type TrendPoints = Vec<Vec<(f64, Option<f64>)>>;

/// Follows the trends while `on`, and keeps the last points otherwise.
pub(crate) fn hold_points(
    on: Cell<bool>,
    read: impl Fn() -> TrendPoints + Send + Sync + 'static,
) -> Memo<TrendPoints> {
    hold_while(on, Box::new(read))
}

/// Follows `read` while `on`, and keeps the last value otherwise.
fn hold_while<V: Clone + PartialEq + Send + Sync + 'static>(
    on: Cell<bool>,
    read: Box<dyn Fn() -> V + Send + Sync>,
) -> Memo<V> {
    Memo::new(move |kept: Option<&V>| match kept {
        Some(kept) if !on.get() => kept.clone(),
        _ => read(),
    })
}
