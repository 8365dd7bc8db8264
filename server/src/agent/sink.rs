//! The agent's sink: every measurement becomes a line that waits to be sent.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering::Relaxed},
    },
    time::Instant,
};

use collect::{CollectorSettings, Measurement, SampleKind, SampleSink};
use common::Sample;
use fanout::Clock;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{
    spool::Spool,
    wire::{ReportLine, WatchedKind},
};
use crate::history::TimeGrid;

/// Lines that wait, and what the server said that people look at.
#[derive(Debug)]
pub(super) struct AgentSink {
    clock: Arc<dyn Clock>,
    pub(super) spool: Mutex<Spool>,
    /// Told of each new line.
    pub(super) grown: Notify,
    /// A bit for each kind.
    watched: AtomicU8,
    grids: Mutex<[TimeGrid; 2]>,
    refuses: AtomicBool,
}

impl AgentSink {
    pub(super) fn new(clock: Arc<dyn Clock>, spool: Spool, settings: &CollectorSettings) -> Self {
        let grid =
            |step: std::time::Duration| TimeGrid::new(u64::try_from(step.as_millis()).unwrap_or(u64::MAX));
        Self {
            clock,
            spool: Mutex::new(spool),
            grown: Notify::new(),
            watched: AtomicU8::new(0),
            grids: Mutex::new([grid(settings.fast), grid(settings.slow)]),
            refuses: AtomicBool::new(false),
        }
    }

    /// Takes note of the kinds that people look at.
    pub(super) fn set_watched(&self, kinds: &[WatchedKind]) {
        self.watched.store(kinds.iter().fold(0, |bits, kind| bits | bit(*kind)), Relaxed);
    }

    /// Puts the time of a sample on the grid of its tier. Late or sent twice, it is the same one at the server.
    fn place(&self, tier: usize, sample: Sample) -> Sample {
        let at = self.grids.lock()[tier].place(i64::try_from(sample.at).unwrap_or(i64::MAX));
        Sample { at: u64::try_from(at).unwrap_or(0), ..sample }
    }

    /// Says if someone looks at the usage of containers.
    pub(super) fn is_usage_watched(&self) -> bool {
        self.watched.load(Relaxed) & bit(WatchedKind::Containers) != 0
    }

    /// Returns the time now, milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.clock.unix_millis()
    }

    /// Has a line wait to be sent.
    pub(super) fn keep(&self, line: &ReportLine) {
        match self.push(line) {
            Ok(()) => self.refuses.store(false, Relaxed),
            Err(error) if !self.refuses.swap(true, Relaxed) => {
                tracing::error!(%error, "measurements cannot be kept until they are sent, and are lost");
            }
            Err(_) => {}
        }
        self.grown.notify_one();
    }

    fn push(&self, line: &ReportLine) -> io::Result<()> {
        let text = serde_json::to_vec(line)?;
        self.spool.lock().push(&text)
    }
}

fn bit(kind: WatchedKind) -> u8 {
    match kind {
        WatchedKind::Metrics => 1,
        WatchedKind::System => 2,
        WatchedKind::Processes => 4,
        WatchedKind::Containers => 8,
        WatchedKind::Other => 0,
    }
}

impl SampleSink for AgentSink {
    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn is_watched(&self, kind: SampleKind, _: Instant) -> bool {
        let kind = match kind {
            SampleKind::Metrics => WatchedKind::Metrics,
            SampleKind::System => WatchedKind::System,
            SampleKind::Processes => WatchedKind::Processes,
            // The server makes it of the others.
            SampleKind::Bare => return false,
        };
        self.watched.load(Relaxed) & bit(kind) != 0
    }

    fn take(&self, measurement: Measurement) {
        let line = match measurement {
            Measurement::Metrics { sample, in_full: true } => ReportLine::Metrics(self.place(0, sample)),
            Measurement::Metrics { sample, in_full: false } => ReportLine::Fast(self.place(0, sample)),
            Measurement::System { sample, names, in_full: true } => {
                ReportLine::System { sample: self.place(1, sample), names }
            }
            Measurement::System { sample, in_full: false, .. } => ReportLine::Slow(self.place(1, sample)),
            Measurement::Processes(processes) => ReportLine::Processes(processes),
            Measurement::Spike(spike) => ReportLine::Spike(spike),
            Measurement::Bare(_) => return,
        };
        self.keep(&line);
    }
}
