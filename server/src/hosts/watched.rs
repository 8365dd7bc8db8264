//! The state of a machine that is watched.

use std::{sync::Arc, time::Duration};

use collect::wall_offset_ms;
use common::{
    Cursor, Sample,
    history::{History, Rates},
    host::{HostInfo, HostSnapshot, Names},
    metric_catalog::MetricCatalog,
    panel::Tier,
    sample::Processes,
};
use fanout::Clock;
use parking_lot::Mutex;

use crate::history::SeriesHistory;

use super::history::Trends;

/// The newest values of a machine and its last five minutes; its collector writes, everyone reads.
#[derive(Debug)]
pub(crate) struct WatchedHost {
    info: Mutex<Arc<HostInfo>>,
    clock: Arc<dyn Clock>,
    keeping: HostHistory,
    known: Mutex<HostState>,
}

/// The keeping of a machine's numbers.
#[derive(Debug, Clone)]
pub(super) struct HostHistory {
    pub(super) history: SeriesHistory,
    pub(super) catalog: &'static MetricCatalog,
    /// True where samples come with times that lie on a grid already.
    pub(super) is_on_grid: bool,
}

/// The newest of each kind of sample; `None` until it was first taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latest {
    /// CPU, memory and disk space: at most `slow` old, at most `fast` while someone watches.
    pub(crate) metrics: Option<Arc<Sample>>,
    /// The rest: at most ten seconds old, at most `slow` while someone watches.
    pub(crate) system: Option<Arc<Sample>>,
    /// The names for people of the label values in `system`.
    pub(crate) names: Arc<Names>,
    /// The busiest programs: at most thirty seconds old, at most `slow` while someone watches.
    pub(crate) processes: Option<Arc<Processes>>,
}

#[derive(Debug)]
struct HostState {
    latest: Latest,
    shares: Trends,
    rates: Trends,
}

impl HostState {
    fn history_since(&self, at: u64) -> History {
        let ((at_shares, values), (at_rates, rates)) = (self.shares.since(at), self.rates.since(at));
        History { at: at_shares, values, rates: Rates { at: at_rates, values: rates } }
    }
}

impl WatchedHost {
    /// A machine of which nothing is measured yet. `keeping` says how its numbers are kept.
    pub(super) fn new(info: HostInfo, clock: Arc<dyn Clock>, keeping: HostHistory) -> Self {
        let trends = |tier, step: u32| {
            Trends::new(keeping.catalog.trends(tier), Duration::from_millis(u64::from(step)))
        };
        let known = HostState {
            latest: Latest::default(),
            shares: trends(Tier::Fast, info.fast_ms),
            rates: trends(Tier::Slow, info.slow_ms),
        };
        Self { info: Mutex::new(Arc::new(info)), clock, keeping, known: Mutex::new(known) }
    }

    /// Returns the longest time after which a late number is still kept, milliseconds; none where nothing is kept.
    pub(super) fn longest_delay(&self) -> Option<u64> {
        self.keeping.history.longest_delay()
    }

    /// Returns true if its numbers cannot be kept now.
    pub(super) fn cannot_keep(&self) -> bool {
        self.keeping.history.refuses()
    }

    /// Returns the present moment by the wall clock, milliseconds since 1970.
    pub(super) fn now_ms(&self) -> u64 {
        self.clock.unix_millis()
    }

    /// Returns the facts of the machine.
    pub(crate) fn info(&self) -> Arc<HostInfo> {
        Arc::clone(&self.info.lock())
    }

    /// Takes other facts of the same machine: it has a new kernel, or another name.
    pub(super) fn set_info(&self, info: HostInfo) {
        *self.info.lock() = Arc::new(info);
    }

    /// Counts the mounts and sensors that give no answer.
    pub(crate) fn unanswered(&self) -> usize {
        let latest = self.latest();
        let of = |sample: Option<&Arc<Sample>>| sample.map_or(0, |sample| sample.no_answer.len());
        of(latest.metrics.as_ref()) + of(latest.system.as_ref())
    }

    /// Returns the newest value of a metric, or the sum of its series: of the whole samples, and of those in short that come more often.
    pub(super) fn newest(&self, tier: Tier, metrics: [&str; 3]) -> [Option<f64>; 3] {
        let known = self.known.lock();
        let (whole, trends) = match tier {
            Tier::Fast => (&known.latest.metrics, &known.shares),
            Tier::Slow => (&known.latest.system, &known.rates),
        };
        metrics.map(|metric| {
            let in_short = trends.last(metric);
            let is_newer = |at: u64| whole.as_ref().is_none_or(|sample| at >= sample.at);
            match in_short.filter(|(at, _)| is_newer(*at)) {
                Some((_, value)) => Some(value),
                None => whole.as_ref().and_then(|sample| sample.total(metric)),
            }
        })
    }

    /// The newest values.
    pub(crate) fn latest(&self) -> Latest {
        self.known.lock().latest.clone()
    }

    /// The trends later than `at`, milliseconds since 1970; with 0 the last five minutes.
    pub(crate) fn history_since(&self, at: u64) -> History {
        self.known.lock().history_since(at)
    }

    /// All that a page shows before the first live event.
    ///
    /// Ask the hub for its head first and give it here: values are kept before they are published, so this
    /// copy holds everything up to that place. What it holds beyond is told again, and replaces itself.
    pub(crate) fn snapshot(&self, cursor: Cursor) -> HostSnapshot {
        let (latest, history) = {
            let known = self.known.lock();
            (known.latest.clone(), known.history_since(0))
        };
        HostSnapshot {
            info: HostInfo::clone(&self.info()),
            cursor,
            at: self.now_ms(),
            metrics: latest.metrics.map(Arc::unwrap_or_clone),
            system: latest.system.map(Arc::unwrap_or_clone),
            processes: latest.processes.map(Arc::unwrap_or_clone),
            names: Arc::unwrap_or_clone(latest.names),
            history,
        }
    }

    pub(super) fn remember(&self, tier: Tier, sample: &Sample) {
        // Times of another machine do not move when this one's clock is set.
        let offset = if self.keeping.is_on_grid { 0 } else { wall_offset_ms(&*self.clock) };
        let info = self.info();
        let step = {
            let mut known = self.known.lock();
            let (trends, step) = match tier {
                Tier::Fast => (&mut known.shares, info.fast_ms),
                Tier::Slow => (&mut known.rates, info.slow_ms),
            };
            trends.push(sample, offset);
            u64::from(step)
        };
        let HostHistory { history, catalog, is_on_grid } = &self.keeping;
        history.record(&info.id, (!is_on_grid).then_some((tier, step)), sample, catalog);
    }

    pub(super) fn keep_metrics(&self, sample: Sample) {
        self.known.lock().latest.metrics = Some(Arc::new(sample));
    }

    pub(super) fn keep_system(&self, sample: Sample, names: Names) {
        let mut known = self.known.lock();
        known.latest.system = Some(Arc::new(sample));
        known.latest.names = Arc::new(names);
    }

    pub(super) fn keep_processes(&self, processes: Processes) {
        self.known.lock().latest.processes = Some(Arc::new(processes));
    }
}
