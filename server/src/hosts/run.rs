//! The threads that measure this machine, one a part.
//!
//! Threads and not tasks: reading `/proc` blocks, and a thread that sleeps until its next round costs less than handing each read
//! to a pool. Each part has its own, so that one which hangs holds up no other; what may hang for good is asked by a [`super::prober`] in
//! another process. They end as soon as the [`HostCollector`] is stopped, and one that cannot is left behind.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use common::metric_catalog::MetricCatalog;
use fanout::Hub;

use super::{
    collect::BackgroundReports,
    info,
    local::LocalHost,
    parts::{Part, Parts},
    schedule::{PARTS, PeriodicTask, TaskContext},
    settings::{BadInterval, CollectorSettings},
};
use crate::{history::SeriesHistory, tasks::Worker};

/// A stop waits this long for parts that are in the middle of a round.
const STOP: Duration = Duration::from_millis(500);

/// Why measuring could not begin. Happens at start only, and ends the server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The settings ask for an interval out of range.
    #[error(transparent)]
    Interval(#[from] BadInterval),
    /// The system would not give another thread.
    #[error("the collector's thread could not be started")]
    Thread(#[from] io::Error),
}

/// The running collector of this machine.
#[derive(Debug)]
pub(crate) struct HostCollector {
    local: Arc<LocalHost>,
    /// Nothing is ever sent: hanging up is the message, and it wakes the threads at once.
    lines: Vec<SyncSender<Infallible>>,
    threads: Vec<(Arc<Part>, JoinHandle<()>)>,
    /// Nothing is ever sent here either: it hangs up when the last thread has ended.
    ended: Receiver<Infallible>,
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
    let list = PARTS.map(|rounds| (rounds.part, (rounds.interval)(&settings)));
    let parts = Parts::new(&list);
    let clock = Arc::clone(hub.clock());
    let local = LocalHost::new(
        info::local(&settings),
        &settings,
        parts.clone(),
        Arc::clone(&clock),
        history,
        catalog,
    );
    let local = Arc::new(local);
    let means = TaskContext {
        hub,
        local: Arc::clone(&local),
        apart: BackgroundReports::new(settings.slow, &clock),
        settings,
    };
    let (ending, ended) = sync_channel(0);
    let mut collector = HostCollector { local, lines: Vec::new(), threads: Vec::new(), ended };
    for (rounds, part) in PARTS.iter().zip(parts.all()) {
        let (line, hung_up) = sync_channel(0);
        let (own, ending, means) = (Arc::clone(part), ending.clone(), means.clone());
        let interval = (rounds.interval)(&means.settings);
        let measure = move || {
            // Let go of when the thread ends, however it does.
            let _ending = ending;
            run((rounds.build)(&means, &own).as_mut(), &own, interval, &hung_up);
        };
        let thread = std::thread::Builder::new().name(rounds.part.to_owned()).spawn(measure)?;
        collector.lines.push(line);
        collector.threads.push((Arc::clone(part), thread));
    }
    Ok(collector)
}

impl HostCollector {
    /// Returns the state of this machine.
    pub(crate) fn local(&self) -> &Arc<LocalHost> {
        &self.local
    }

    /// Ends the threads. Waits for a round that is under way, which takes milliseconds, but not for one that hangs: such a thread is
    /// left behind, and ends with the process.
    pub(super) fn stop(mut self) {
        self.hang_up();
        // Disconnected when the last of them has let go of its end.
        let _ = self.ended.recv_timeout(STOP);
        for (part, thread) in self.threads {
            if !thread.is_finished() {
                tracing::warn!(part = part.name(), "a part of the collector hangs and is left behind");
            } else if thread.join().is_err() {
                tracing::error!(part = part.name(), "a part of the collector had panicked");
            }
        }
    }
}

impl Worker for HostCollector {
    fn hang_up(&mut self) {
        self.lines.clear();
    }

    fn stop(self: Box<Self>) {
        HostCollector::stop(*self);
    }
}

fn run(rounds: &mut dyn PeriodicTask, part: &Part, interval: Duration, hung_up: &Receiver<Infallible>) {
    let mut next = Instant::now();
    loop {
        if rounds.round(next) {
            part.sampled();
        } else {
            part.moves();
        }
        let now = Instant::now();
        next = following(next, interval, now);
        match hung_up.recv_timeout(next - now) {
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Ok(never) => match never {},
        }
    }
}

/// The first moment of the rhythm after `now`. Rounds that were missed, in a suspended machine for one, are
/// left out and not made up for.
fn following(last: Instant, interval: Duration, now: Instant) -> Instant {
    let next = last + interval;
    if next > now { next } else { now + interval }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
        collector.stop();
    }

    #[test]
    fn unwatched_trends_are_kept_and_little_is_published() {
        let hub = hub();
        let collector = start(hub.clone(), every(100, 600_000)).expect("a collector");
        wait_until("trends are kept", || collector.local().history_since(0).at.len() >= 4);
        // Each kind warms up with two samples at the most.
        assert!(hub.head().seq.0 <= 6, "{:?}", hub.head());
        collector.stop();
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
        collector.stop();
    }

    #[test]
    fn stopping_does_not_wait_for_the_next_round() {
        let collector = start(hub(), every(60_000, 60_000)).expect("a collector");
        let stopping = Instant::now();
        collector.stop();
        assert!(stopping.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn an_interval_out_of_range_is_refused() {
        let settings = every(0, 2_000);
        assert!(matches!(start(hub(), settings), Err(StartError::Interval(BadInterval::Fast(_)))));
    }

    #[test]
    fn missed_rounds_are_left_out() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        assert_eq!(following(start, second, start + second / 2), start + second);
        assert_eq!(following(start, second, start + 10 * second), start + 11 * second);
    }
}
