//! A host as it is now: seeded by the first paint, fed by its three topics.

use common::{
    Sample,
    host::{HostId, HostInfo, HostSnapshot},
    sample::Processes,
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Kept, Slot, effect,
    feed::Feed,
    ring::{Ring, Trend},
};
use crate::ports::{Browser, FetchError};

/// How often the server publishes, milliseconds.
const METRICS_MS: u32 = 500;
const SYSTEM_MS: u32 = 2000;
/// A longer hole between two samples is worth asking the server about.
const HOLE_MS: u64 = 1800;

/// How far the page has come with a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Asked for, not here yet.
    Loading,
    /// There is something to show.
    Ready,
    /// It could not be had.
    Failed(Trouble),
}

/// A failed request with the number a reader can quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What failed.
    pub error: FetchError,
    /// Status and minute, short enough to read aloud.
    pub id: String,
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
    id: Kept<HostId>,
    browser: Kept<Option<Browser>>,
    phase: Slot<Phase>,
    info: Slot<Option<HostInfo>>,
    pub(super) seeded: Slot<Seeded>,
    pub(super) metrics: Feed<Sample>,
    pub(super) system: Feed<Sample>,
    pub(super) processes: Feed<Processes>,
    ring: Slot<Ring>,
    rates: Slot<Ring>,
}

impl LiveHost {
    /// A host that starts from the server's copy, or asks for one where there is none.
    #[must_use]
    pub fn new(id: HostId, snapshot: Option<HostSnapshot>) -> Self {
        let ring = Slot::new(Ring::new(Trend::METRICS));
        let rates = Slot::new(Ring::new(Trend::RATES));
        let asking = Kept::new(false);
        let browser: Option<Browser> = use_context();
        let (asker, asked) = (browser.clone(), id.clone());
        let host = Self {
            phase: Slot::new(Phase::Loading),
            info: Slot::new(None),
            seeded: Slot::new(Seeded { taken: 0, mounted: None }),
            metrics: Feed::new(id.metrics_topic(), METRICS_MS, move |sample: &Sample| {
                let newest = ring.look(Ring::newest).flatten();
                ring.update(|ring| ring.push(sample));
                let since = newest.filter(|newest| sample.at > newest + HOLE_MS);
                if let (Some(since), Some(browser)) = (since, &asker) {
                    fill(ring, asking, browser.clone(), asked.clone(), since);
                }
            }),
            system: Feed::new(id.system_topic(), SYSTEM_MS, move |sample: &Sample| {
                rates.update(|ring| ring.push(sample));
            }),
            processes: Feed::new(id.processes_topic(), SYSTEM_MS, |_: &Processes| {}),
            id: Kept::new(id),
            browser: Kept::new(browser),
            ring,
            rates,
        };
        match snapshot {
            Some(snapshot) => host.seed(snapshot),
            None => {
                effect(move || host.ask());
            }
        }
        effect(move || {
            if let Some(browser) = host.browser.get() {
                host.seeded.update(|seeded| seeded.mounted = Some(browser.now() as u64));
            }
        });
        host
    }

    /// How far the page has come with it, tracked.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.phase.get()
    }

    /// What does not change while it runs, tracked.
    #[must_use]
    pub fn info(self) -> Option<HostInfo> {
        self.info.get()
    }

    /// Its last five minutes of network and disk rates, tracked.
    pub fn with_rates<R>(self, read: impl FnOnce(&Ring) -> R) -> R {
        self.rates.with(read)
    }

    /// Its last five minutes of CPU, memory and disk, tracked.
    pub fn with_ring<R>(self, read: impl FnOnce(&Ring) -> R) -> R {
        self.ring.with(read)
    }

    /// Asks the server for a copy, again after a failure.
    pub fn ask(self) {
        let Some(browser) = self.browser.get() else { return };
        self.phase.set(Phase::Loading);
        spawn_local(async move {
            let Some(id) = self.id.with(HostId::clone) else { return };
            let answer = browser.host(&id).await;
            if self.phase.is_gone() {
                return;
            }
            match answer {
                Ok(snapshot) => self.seed(snapshot),
                Err(error) => {
                    let id = trouble_id(&error, browser.now() as u64);
                    self.phase.set(Phase::Failed(Trouble { error, id }));
                }
            }
        });
    }

    fn seed(self, snapshot: HostSnapshot) {
        self.seeded.update(|seeded| seeded.taken = snapshot.at);
        self.ring.update(|ring| {
            ring.merge(&snapshot.history);
            if let Some(sample) = &snapshot.metrics {
                ring.push(sample);
            }
        });
        // The server's history knows no rates.
        if let Some(sample) = &snapshot.system {
            self.rates.update(|ring| ring.push(sample));
        }
        self.metrics.seed(snapshot.metrics);
        self.system.seed(snapshot.system);
        self.processes.seed(snapshot.processes);
        self.info.set(Some(snapshot.info));
        self.phase.set(Phase::Ready);
    }
}

/// Asks for what was measured during a hole; one request at a time. What the server does not know stays a hole.
fn fill(ring: Slot<Ring>, asking: Kept<bool>, browser: Browser, id: HostId, since: u64) {
    if asking.update(|asking| std::mem::replace(asking, true)) != Some(false) {
        return;
    }
    spawn_local(async move {
        let answer = browser.history(&id, since).await;
        asking.update(|asking| *asking = false);
        if let Ok(history) = answer {
            ring.update(|ring| ring.merge(&history));
        }
    });
}

fn trouble_id(error: &FetchError, now: u64) -> String {
    let minutes = now / 60_000;
    let letters = (0..4).rev().map(|place| {
        let digit = (minutes / 36_u64.pow(place) % 36) as u32;
        char::from_digit(digit, 36).unwrap_or('0').to_ascii_uppercase()
    });
    [error.status.to_string(), "-".to_owned(), letters.collect()].concat()
}
