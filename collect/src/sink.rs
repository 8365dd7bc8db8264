//! The interface to whoever takes what is measured.

use std::{sync::Arc, time::Instant};

use broker::Clock;
use common::{
    Sample,
    host::{HostId, Names},
    sample::Processes,
    spike::Spike,
};

/// The kinds of measurements; each has its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// CPU, memory and disk space.
    Metrics,
    /// CPU, memory and disk as three bare numbers.
    Bare,
    /// All the rest.
    System,
    /// The busiest programs.
    Processes,
}

/// A measurement of a round. Where it is not `in_full`, it has the numbers that are kept whether anyone watches or not, and is not to be
/// told.
#[derive(Debug, Clone, PartialEq)]
pub enum Measurement {
    /// CPU, memory and disk space.
    Metrics {
        /// The numbers.
        sample: Sample,
        /// It has all that can be measured.
        in_full: bool,
    },
    /// CPU, memory and disk, percent; none where it is not known.
    Bare([Option<f64>; 3]),
    /// All the rest.
    System {
        /// The numbers.
        sample: Sample,
        /// The names for people of the label values in it.
        names: Names,
        /// It has all that can be measured.
        in_full: bool,
    },
    /// The busiest programs.
    Processes(Processes),
    /// The programs of a spike. It is told whether anyone watches or not.
    Spike(Spike),
}

/// Takes what is measured, from several threads.
pub trait SampleSink: Send + Sync + 'static {
    /// Returns the process's wall clock.
    fn clock(&self) -> &Arc<dyn Clock>;

    /// Returns true if someone watches this kind now: it is measured more often then.
    fn is_watched(&self, kind: SampleKind, now: Instant) -> bool;

    /// Takes a measurement.
    fn take(&self, measurement: Measurement);
}

impl SampleKind {
    /// All of the kinds.
    pub const ALL: [Self; 4] = [Self::Metrics, Self::Bare, Self::System, Self::Processes];

    /// Returns the topic of a host's measurements of this kind.
    #[must_use]
    pub fn topic(self, host: &HostId) -> common::Topic {
        match self {
            Self::Metrics => host.metrics_topic(),
            Self::Bare => host.bare_topic(),
            Self::System => host.system_topic(),
            Self::Processes => host.processes_topic(),
        }
    }
}
