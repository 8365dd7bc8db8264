//! The last five minutes of a host: what the page heard, and where it did not listen, what the server remembers.

use common::{
    Sample,
    history::History,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
    panel::Tier,
};
use leptos::task::spawn_local;

use super::{
    Cadence, Cell, Stored, Trouble,
    ring::{Ring, is_set_back},
};
use crate::ports::{Browser, FetchError};

/// A ring for each tier, since each is measured at a pace of its own, and what is missing in them.
#[derive(Clone, Copy)]
pub struct TrendHistory {
    fast: Cell<Ring>,
    slow: Cell<Ring>,
    /// Why the last hole could not be filled.
    trouble: Cell<Option<Trouble>>,
    hole: Stored<Hole>,
}

struct Hole {
    /// Milliseconds since 1970, by the server's clock; none where nothing is missing.
    since: Option<u64>,
    /// One request at a time.
    asking: bool,
    /// It was found while nobody saw the page.
    unseen: bool,
    host: HostId,
    browser: Option<Browser>,
}

impl TrendHistory {
    pub(super) fn new(host: HostId, browser: Option<Browser>, catalog: &MetricCatalog) -> Self {
        let ring = |tier| Cell::new(Ring::new(catalog.trends(tier)));
        Self {
            fast: ring(Tier::Fast),
            slow: ring(Tier::Slow),
            trouble: Cell::new(None),
            hole: Stored::new(Hole { since: None, asking: false, unseen: false, host, browser }),
        }
    }

    /// The ring of a tier.
    #[must_use]
    pub fn ring(self, tier: Tier) -> Cell<Ring> {
        if tier == Tier::Fast { self.fast } else { self.slow }
    }

    /// Why some of it could not be had, tracked.
    #[must_use]
    pub fn trouble(self) -> Option<Trouble> {
        self.trouble.get()
    }

    /// Asks for what is missing once more.
    pub fn ask_again(self) {
        self.trouble.set(None);
        self.fill();
    }

    /// Starts from the server's copy.
    pub(super) fn seed(self, snapshot: &HostSnapshot) {
        self.merge(&snapshot.history);
        for (ring, sample) in [(self.fast, &snapshot.metrics), (self.slow, &snapshot.system)] {
            if let Some(sample) = sample {
                ring.update(|ring| ring.push(sample));
            }
        }
    }

    /// Adds a live sample to the ring of its tier, and asks the server for what was measured before it and not heard here.
    pub(super) fn push(self, tier: Tier, sample: &Sample, cadence: Cadence) {
        let ring = self.ring(tier);
        let newest = ring.look(Ring::newest).flatten();
        ring.update(|ring| ring.push(sample));
        // A ring begins anew when the server's clock was set back: the server knows the new times of its moments.
        let begun_anew = newest.filter(|&newest| is_set_back(sample.at, newest)).map(|_| 0);
        let since = begun_anew.or(newest.filter(|newest| sample.at > newest + cadence.hole_ms()));
        let is_waiting = self.hole.update(|hole| {
            hole.since = [hole.since, since].into_iter().flatten().min();
            hole.unseen
        });
        if since.is_some() || is_waiting == Some(true) {
            self.fill();
        }
    }

    fn fill(self) {
        let ask = self.hole.update(|hole| {
            let ask = (hole.browser.clone()?, hole.host.clone(), hole.since?);
            // A page that no one sees is told seldom, and what it is not told in between is wanted when it is shown.
            hole.unseen = !ask.0.clock.is_shown();
            if hole.unseen {
                return None;
            }
            (!std::mem::replace(&mut hole.asking, true)).then_some(ask)
        });
        if let Some(Some((browser, host, since))) = ask {
            spawn_local(async move {
                let answer = browser.requests.history(&host, since).await;
                self.answered(since, answer, browser.clock.now());
            });
        }
    }

    /// Moments that the server does not know stay a hole.
    fn answered(self, since: u64, answer: Result<History, FetchError>, now: f64) {
        self.hole.update(|hole| {
            hole.asking = false;
            // Another hole may have come up meanwhile, before this one.
            hole.since = hole.since.filter(|&known| answer.is_err() || known < since);
        });
        match answer {
            Ok(history) => {
                self.merge(&history);
                self.trouble.set(None);
            }
            // The line is gone again, as the badge says. What is missing is asked for with the next hole.
            Err(error) if error.status == 0 => {}
            Err(error) => self.trouble.set(Some(Trouble::of(error, now))),
        }
    }

    fn merge(self, history: &History) {
        self.fast.update(|ring| ring.merge(&history.at, &history.values));
        self.slow.update(|ring| ring.merge(&history.rates.at, &history.rates.values));
    }
}
