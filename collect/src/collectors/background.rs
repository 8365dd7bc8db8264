//! Parts that may hang leave their reports here, for the parts that go on.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;
use parking_lot::Mutex;

use super::{FanReport, GpuReport, SensorReport, SmartReport, SocketReport, SpaceReport, UnitReport};

/// A report may be this old whatever its pace.
const PATIENCE: Duration = Duration::from_secs(25);
/// A report on the health of disks may be this old: its rounds come every minute, and ask disk after disk.
const SMART_PATIENCE: Duration = Duration::from_secs(3600);
/// A report may be this many of its intervals old.
const INTERVALS: u32 = 8;

/// The newest reports of the parts that run in the background.
#[derive(Debug, Clone)]
pub(crate) struct BackgroundReports {
    /// By the part `disks`.
    pub(crate) space: LatestReport<SpaceReport>,
    /// By the part `sensors`.
    pub(crate) sensors: LatestReport<SensorReport>,
    /// By the part `sensors`.
    pub(crate) fans: LatestReport<FanReport>,
    /// By the part `sensors`.
    pub(crate) gpus: LatestReport<GpuReport>,
    /// By the part `smart`.
    pub(crate) smart: LatestReport<SmartReport>,
    /// By the part `services`.
    pub(crate) sockets: LatestReport<SocketReport>,
    /// By the part `services`.
    pub(crate) units: LatestReport<UnitReport>,
}

/// The newest report of one part.
#[derive(Debug)]
pub(crate) struct LatestReport<T> {
    newest: Arc<Mutex<Option<StampedReport<T>>>>,
    limit: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct StampedReport<T> {
    report: Arc<T>,
    /// By the clock that is never set.
    when: Instant,
    /// Milliseconds since 1970.
    at: u64,
}

/// A report, and since when there has been none newer, where that is too long ago to believe it.
pub(crate) type ReportWithAge<T> = (Arc<T>, Option<u64>);

impl BackgroundReports {
    /// Nothing yet, of parts whose rounds come every `slow`.
    pub(crate) fn new(slow: Duration, clock: &Arc<dyn Clock>) -> Self {
        let limit = (slow * INTERVALS).max(PATIENCE);
        Self {
            space: LatestReport::new(limit, clock),
            sensors: LatestReport::new(limit, clock),
            fans: LatestReport::new(limit, clock),
            gpus: LatestReport::new(limit, clock),
            smart: LatestReport::new(limit.max(SMART_PATIENCE), clock),
            sockets: LatestReport::new(limit, clock),
            units: LatestReport::new(limit, clock),
        }
    }
}

impl<T> Clone for LatestReport<T> {
    fn clone(&self) -> Self {
        Self { newest: Arc::clone(&self.newest), limit: self.limit, clock: Arc::clone(&self.clock) }
    }
}

impl<T> LatestReport<T> {
    fn new(limit: Duration, clock: &Arc<dyn Clock>) -> Self {
        Self { newest: Arc::default(), limit, clock: Arc::clone(clock) }
    }

    /// Replaces the one before.
    pub(crate) fn put(&self, report: T) {
        let at = self.clock.unix_millis();
        let put = StampedReport { report: Arc::new(report), when: Instant::now(), at };
        *self.newest.lock() = Some(put);
    }

    /// The newest; none before the first.
    pub(super) fn find(&self) -> Option<ReportWithAge<T>> {
        self.find_at(Instant::now())
    }

    fn find_at(&self, now: Instant) -> Option<ReportWithAge<T>> {
        let newest = self.newest.lock();
        let put = newest.as_ref()?;
        let is_old = now.saturating_duration_since(put.when) > self.limit;
        Some((Arc::clone(&put.report), is_old.then_some(put.at)))
    }
}

#[cfg(test)]
mod tests {
    use broker::ManualClock;

    use super::*;

    #[test]
    fn a_report_is_believed_until_it_is_too_old() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(1_795_183_407_000));
        let report = LatestReport::new(Duration::from_secs(15), &clock);
        assert!(report.find().is_none());
        report.put(7);
        let now = Instant::now();
        assert_eq!(report.find_at(now), Some((Arc::new(7), None)));
        let later = report.find_at(now + Duration::from_secs(16));
        assert_eq!(later, Some((Arc::new(7), Some(1_795_183_407_000))));
    }
}
