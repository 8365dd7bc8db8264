//! The threads that measure this machine, one a part.
//!
//! Threads and not tasks: reading `/proc` blocks, and a thread that sleeps until its next round costs less than handing each read
//! to a pool. Each part has its own, so that one which hangs holds up no other; what may hang for good is asked by a prober in
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

use crate::{
    collectors::BackgroundReports,
    parts::{Part, Parts},
    prober::SharedChild,
    schedule::{PARTS, PeriodicTask, TaskContext},
    settings::{BadInterval, CollectorSettings},
    sink::SampleSink,
};

/// A stop waits this long for parts that are in the middle of a round.
const STOP: Duration = Duration::from_millis(500);

/// Why measuring could not begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings ask for an interval out of range.
    #[error(transparent)]
    Interval(#[from] BadInterval),
    /// The system would not give another thread.
    #[error("the collector's thread could not be started")]
    Thread(#[from] io::Error),
}

/// The running collector of this machine.
#[derive(Debug)]
pub struct RunningCollector {
    /// Nothing is ever sent: hanging up is the message, and it wakes the threads at once.
    lines: Vec<SyncSender<Infallible>>,
    threads: Vec<(Arc<Part>, JoinHandle<()>)>,
    /// Nothing is ever sent here either: it hangs up when the last thread has ended.
    ended: Receiver<Infallible>,
}

/// Returns the parts that a collector of these settings will have: who tells of their ages keeps a copy.
#[must_use]
pub fn parts(settings: &CollectorSettings) -> Parts {
    Parts::new(&PARTS.map(|task| (task.part, (task.interval)(settings))))
}

/// Begins to measure this machine. `parts` are those of the same settings ([`parts`]).
///
/// # Errors
/// When an interval is out of range or there is no thread to be had.
pub fn start(
    settings: CollectorSettings,
    parts: &Parts,
    sink: Arc<dyn SampleSink>,
) -> Result<RunningCollector, StartError> {
    let settings = settings.validate()?;
    let apart = BackgroundReports::new(settings.slow, sink.clock());
    let means = TaskContext { sink, apart, settings, spikes: Arc::default(), child: SharedChild::default() };
    let (ending, ended) = sync_channel(0);
    let mut collector = RunningCollector { lines: Vec::new(), threads: Vec::new(), ended };
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

impl RunningCollector {
    /// Asks the threads to end, and goes on.
    pub fn hang_up(&mut self) {
        self.lines.clear();
    }

    /// Ends the threads. Waits for a round that is under way, which takes milliseconds, but not for one that hangs: such a thread is
    /// left behind, and ends with the process.
    pub fn stop(mut self) {
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
    use broker::{Clock, SystemClock};
    use parking_lot::Mutex;

    use super::*;
    use crate::sink::{Measurement, SampleKind};

    /// Keeps what it takes. Everyone watches, or nobody.
    struct Kept {
        clock: Arc<dyn Clock>,
        is_watched: bool,
        taken: Mutex<Vec<Measurement>>,
    }

    impl SampleSink for Kept {
        fn clock(&self) -> &Arc<dyn Clock> {
            &self.clock
        }

        fn is_watched(&self, _: SampleKind, _: Instant) -> bool {
            self.is_watched
        }

        fn take(&self, measurement: Measurement) {
            self.taken.lock().push(measurement);
        }
    }

    fn kept(is_watched: bool) -> Arc<Kept> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Arc::new(Kept { clock, is_watched, taken: Mutex::default() })
    }

    fn begin(settings: CollectorSettings, sink: &Arc<Kept>) -> Result<RunningCollector, StartError> {
        let parts = parts(&settings);
        start(settings, &parts, Arc::<Kept>::clone(sink))
    }

    fn every(fast: u64, slow: u64) -> CollectorSettings {
        let (fast, slow) = (Duration::from_millis(fast), Duration::from_millis(slow));
        CollectorSettings { fast, slow, prober: None }
    }

    /// Waits for what must come, however busy the machine is.
    #[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
    fn wait_until(what: &str, is_so: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !is_so() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn all_kinds_are_told_to_who_watches() {
        let sink = kept(true);
        let collector = begin(every(100, 500), &sink).expect("a collector");
        let has = |is: fn(&Measurement) -> bool| sink.taken.lock().iter().any(is);
        wait_until("programs", || {
            has(|told| matches!(told, Measurement::Processes(programs) if programs.count > 0))
        });
        wait_until("the rest", || {
            has(
                |taken| matches!(taken, Measurement::System { sample, in_full: true, .. } if sample.value("uptime").is_some()),
            )
        });
        wait_until("every core", || {
            has(
                |told| matches!(told, Measurement::Metrics { sample, .. } if sample.values.instances("cpu.core").count() > 0),
            )
        });
        assert!(has(|told| matches!(told, Measurement::Bare([_, Some(memory), _]) if *memory > 0.0)));
        collector.stop();
    }

    #[test]
    fn unwatched_the_numbers_of_every_round_are_there_and_little_is_in_full() {
        let sink = kept(false);
        let collector = begin(every(100, 600_000), &sink).expect("a collector");
        let short = |taken: &&Measurement| matches!(taken, Measurement::Metrics { in_full: false, .. });
        wait_until("trends", || sink.taken.lock().iter().filter(short).count() >= 4);
        collector.stop();
        let taken = sink.taken.lock();
        // Each kind warms up with two samples at the most.
        assert!(taken.iter().filter(|taken| !short(taken)).count() <= 8, "{taken:?}");
        assert!(taken.iter().all(|taken| match taken {
            Measurement::Metrics { sample, .. } => sample.value("memory.percent").is_some(),
            _ => true,
        }));
    }

    #[test]
    fn stopping_does_not_wait_for_the_next_round() {
        let collector = begin(every(60_000, 60_000), &kept(false)).expect("a collector");
        let stopping = Instant::now();
        collector.stop();
        assert!(stopping.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn an_interval_out_of_range_is_refused() {
        let settings = every(0, 2_000);
        assert!(matches!(begin(settings, &kept(false)), Err(StartError::Interval(BadInterval::Fast(_)))));
    }

    #[test]
    fn missed_rounds_are_left_out() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        assert_eq!(following(start, second, start + second / 2), start + second);
        assert_eq!(following(start, second, start + 10 * second), start + 11 * second);
    }
}
