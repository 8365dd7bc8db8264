//! The collector of this machine: what it measures is kept, and told.

use std::sync::Arc;

use collect::{CollectorSettings, Parts, RunningCollector, StartError, host_info};
use common::{host::HostId, metric_catalog::MetricCatalog};
use fanout::Hub;

use super::{
    publisher::Teller,
    sink::HostSink,
    watched::{HostHistory, WatchedHost},
};
use crate::{history::SeriesHistory, tasks::Worker};

/// The running collector, and what it has measured.
#[derive(Debug)]
pub(super) struct HostCollector {
    local: Arc<WatchedHost>,
    parts: Parts,
    collector: RunningCollector,
}

/// Begins to measure this machine and to publish to its topics, which `hub` must allow as `Latest`.
///
/// # Errors
/// When an interval is out of range or there is no thread to be had.
pub(super) fn start(
    hub: Hub,
    settings: CollectorSettings,
    history: SeriesHistory,
    catalog: &'static MetricCatalog,
) -> Result<HostCollector, StartError> {
    let settings = settings.validate()?;
    let parts = collect::parts(&settings);
    let info = host_info(HostId::local(), &settings);
    let keeping = HostHistory { history, catalog, is_on_grid: false };
    let local = Arc::new(WatchedHost::new(info, Arc::clone(hub.clock()), keeping));
    let sink = HostSink::new(&local, &hub, Teller::FirstNode);
    let collector = collect::start(settings, &parts, Arc::new(sink))?;
    Ok(HostCollector { local, parts, collector })
}

impl HostCollector {
    /// Returns the state of this machine.
    pub(super) fn local(&self) -> &Arc<WatchedHost> {
        &self.local
    }

    /// Returns the parts of the collector.
    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }
}

impl Worker for HostCollector {
    fn hang_up(&mut self) {
        self.collector.hang_up();
    }

    fn stop(self: Box<Self>) {
        self.collector.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        time::{Duration, Instant},
    };

    use common::{Epoch, Sample, host::HostId, sample::Processes};
    use fanout::{Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy};

    use super::*;
    use crate::hosts::catalog::served;

    fn start(hub: Hub, settings: CollectorSettings) -> Result<HostCollector, StartError> {
        super::start(hub, settings, SeriesHistory::default(), served(&BTreeMap::new()))
    }

    fn hub() -> Hub {
        let pattern = "host/*/*".parse().expect("a pattern");
        let rule = TopicPolicy { pattern, kind: TopicKind::Latest, retention: Retention::entries(8) };
        Hub::new(Settings {
            clock: Arc::new(SystemClock),
            epoch: Epoch(1),
            policies: vec![rule],
            publication_bytes: 1 << 20,
            topics_per_subscription: 0,
            topics: 100,
            bytes: 1 << 30,
        })
    }

    fn every(fast: u64, slow: u64) -> CollectorSettings {
        let (fast, slow) = (Duration::from_millis(fast), Duration::from_millis(slow));
        CollectorSettings { fast, slow, prober: None }
    }

    #[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
    /// Waits for what must come, however busy the machine is.
    fn wait_until(what: &str, is_so: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !is_so() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn all_three_kinds_are_kept_and_published() {
        let hub = hub();
        let collector = start(hub.clone(), every(100, 500)).expect("a collector");
        wait_until("programs are listed", || {
            let latest = collector.local().latest();
            latest.processes.is_some() && latest.system.is_some()
        });
        let snapshot = collector.local().snapshot(hub.head());
        let has = |sample: &Option<Sample>, id: &str| sample.as_ref().is_some_and(|s| s.value(id).is_some());
        assert!(has(&snapshot.metrics, "cpu.total") && has(&snapshot.metrics, "memory.used"));
        assert!(has(&snapshot.system, "uptime"));
        assert!(matches!(snapshot.processes, Some(Processes { count: 1.., .. })));
        assert!(snapshot.history.at.is_sorted());
        assert!(snapshot.cursor.seq.0 >= 3);
        Box::new(collector).stop();
    }

    #[test]
    fn unwatched_trends_are_kept_and_little_is_published() {
        let hub = hub();
        let collector = start(hub.clone(), every(100, 600_000)).expect("a collector");
        wait_until("trends are kept", || collector.local().history_since(0).at.len() >= 4);
        // Each kind warms up with two samples at the most.
        assert!(hub.head().seq.0 <= 6, "{:?}", hub.head());
        Box::new(collector).stop();
    }

    #[test]
    fn who_watches_gets_every_fast_sample_with_every_core() {
        let hub = hub();
        let topic = HostId::local().metrics_topic();
        let session = hub
            .subscribe(&SubscribeOptions { topics: vec![topic], ..SubscribeOptions::default() })
            .expect("a session");
        let collector = start(hub.clone(), every(100, 600_000)).expect("a collector");
        wait_until("samples are published", || hub.head().seq.0 >= 10);
        let metrics = collector.local().latest().metrics.expect("metrics");
        assert!(metrics.values.instances("cpu.core").count() >= 1);
        drop(session);
        Box::new(collector).stop();
    }
}
