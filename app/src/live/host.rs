//! A host as it is now: seeded by the first paint, fed by its three topics.

use common::{
    Sample,
    host::{HostId, HostInfo, HostSnapshot, Names},
    metric_catalog::MetricCatalog,
    panel::Tier,
    sample::Processes,
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Cadence, Cell, NotificationKind, Notifications, Stored, TrendHistory, Trouble, effect, feed::Feed,
    vitals::Vitals,
};
use crate::{parts, ports::Browser};

/// The progress of loading a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Asked for, not here yet.
    Loading,
    /// There is something to show.
    Ready,
    /// It could not be had.
    Failed(Trouble),
}

/// When the first paint's copy was taken, and when the page came to life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seeded {
    /// By the server's clock.
    pub(super) taken: u64,
    /// By the reader's clock; none before mount.
    pub(super) mounted: Option<u64>,
}

/// One host, as signals.
#[derive(Clone, Copy)]
pub struct LiveHost {
    id: Stored<HostId>,
    browser: Stored<Option<Browser>>,
    phase: Cell<Phase>,
    info: Cell<Option<HostInfo>>,
    pub(super) seeded: Cell<Seeded>,
    pub(super) metrics: Feed<Sample>,
    pub(super) system: Feed<Sample>,
    pub(super) processes: Feed<Processes>,
    past: TrendHistory,
    vitals: Cell<Vitals>,
    catalog: &'static MetricCatalog,
    names: Cell<Names>,
}

impl LiveHost {
    /// A host that starts from the server's copy, or asks for one where there is none.
    #[must_use]
    pub fn new(id: HostId, snapshot: Option<HostSnapshot>) -> Self {
        let browser: Option<Browser> = use_context();
        let catalog: &'static MetricCatalog = parts::shared();
        let past = TrendHistory::new(id.clone(), browser.clone(), catalog);
        let (vitals, notifications) = (Cell::new(Vitals::default()), Notifications::here());
        let judge = {
            let browser = browser.clone();
            move |sample: &Sample| {
                judge(vitals, notifications, sample, browser.as_ref().map_or(0, |b| b.clock.now() as u64));
            }
        };
        let also = judge.clone();
        let metrics = Feed::new(id.metrics_topic(), move |feed, sample: &Sample| {
            past.push(Tier::Fast, sample, feed.cadence());
            judge(sample);
        });
        let system = Feed::new(id.system_topic(), move |feed, sample: &Sample| {
            past.push(Tier::Slow, sample, feed.cadence());
            also(sample);
        });
        // A host without watchers has no alarms.
        on_cleanup(move || notifications.show(Vec::new()));
        let host = Self {
            phase: Cell::new(Phase::Loading),
            info: Cell::new(None),
            seeded: Cell::new(Seeded { taken: 0, mounted: None }),
            metrics,
            system,
            processes: Feed::new(id.processes_topic(), |_, _: &Processes| {}),
            id: Stored::new(id),
            browser: Stored::new(browser),
            past,
            vitals,
            catalog,
            names: Cell::new(Names::default()),
        };
        match snapshot {
            Some(snapshot) => host.seed(snapshot),
            None => {
                effect(move || host.ask());
            }
        }
        effect(move || {
            if let Some(browser) = host.browser.get() {
                host.seeded.update(|seeded| seeded.mounted = Some(browser.clock.now() as u64));
            }
        });
        host
    }

    /// Returns the progress of loading, tracked.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// Returns the facts that do not change while the host runs, tracked.
    #[must_use]
    pub fn info(self) -> Option<HostInfo> {
        self.info.get()
    }

    /// Returns the trends of the last five minutes.
    #[must_use]
    pub fn past(self) -> TrendHistory {
        self.past
    }

    /// Returns the level of each judged value, since when it holds, and the peak.
    #[must_use]
    pub fn vitals(self) -> Cell<Vitals> {
        self.vitals
    }

    /// Returns the metrics and panels that there are.
    #[must_use]
    pub fn catalog(self) -> &'static MetricCatalog {
        self.catalog
    }

    /// Returns the name for people of a label's value, tracked: of one that has none, as of a sensor that came later, the value itself.
    #[must_use]
    pub fn name_of(self, label: String) -> String {
        self.names.with(|names| names.get(&label).map(str::to_owned)).unwrap_or(label)
    }

    /// Returns the greatest distance between two points of a trend that were measured in a row, milliseconds.
    #[must_use]
    pub fn gap_ms(self, tier: Tier) -> f64 {
        let feed = if tier == Tier::Fast { self.metrics } else { self.system };
        feed.cadence().gap_ms()
    }

    /// Asks the server for a copy, again after a failure.
    pub fn ask(self) {
        let Some(browser) = self.browser.get() else { return };
        self.phase.set(Phase::Loading);
        spawn_local(async move {
            let Some(id) = self.id.with(HostId::clone) else { return };
            let answer = browser.requests.host(&id).await;
            if self.phase.is_gone() {
                return;
            }
            match answer {
                Ok(snapshot) => self.seed(snapshot),
                Err(error) => self.phase.set(Phase::Failed(Trouble::of(error, browser.clock.now()))),
            }
        });
    }

    fn seed(self, snapshot: HostSnapshot) {
        self.seeded.update(|seeded| seeded.taken = snapshot.at);
        let HostInfo { fast_ms, slow_ms, .. } = snapshot.info;
        let (fast, slow) = (Cadence::every(fast_ms), Cadence::every(slow_ms));
        self.past.seed(&snapshot);
        self.names.set(snapshot.names);
        let mut vitals = Vitals::of(self.catalog, snapshot.info.cores, &snapshot.history);
        for sample in [&snapshot.metrics, &snapshot.system].into_iter().flatten() {
            vitals.push(sample);
        }
        self.vitals.set(vitals);
        self.metrics.seed(snapshot.metrics, fast);
        self.system.seed(snapshot.system, slow);
        self.processes.seed(snapshot.processes, slow);
        self.info.set(Some(snapshot.info));
        self.phase.set(Phase::Ready);
    }
}

/// Judges a sample, and tells people what they have to know at once.
fn judge(vitals: Cell<Vitals>, notifications: Notifications, sample: &Sample, now: u64) {
    let mut turns = Vec::new();
    vitals.update(|vitals| {
        vitals.push(sample);
        turns = vitals.turns();
    });
    for turn in turns {
        notifications.notify(NotificationKind::Value(turn), now);
    }
    notifications.show(vitals.look(Vitals::alarms).unwrap_or_default());
}
