//! The interface to whoever takes what is measured.

use std::{sync::Arc, time::Instant};

use broker::Clock;
use common::{
    Sample,
    host::{HostId, Names},
    panel::Tier,
    sample::Processes,
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

/// A measurement of a round, as it is to be told.
#[derive(Debug, Clone, PartialEq)]
pub enum Measurement {
    /// CPU, memory and disk space.
    Metrics(Sample),
    /// CPU, memory and disk, percent; none where it is not known.
    Bare([Option<f64>; 3]),
    /// All the rest, with the names for people of the label values in it.
    System(Sample, Names),
    /// The busiest programs.
    Processes(Processes),
}

/// Takes what is measured, from several threads.
pub trait SampleSink: Send + Sync + 'static {
    /// Returns the process's wall clock.
    fn clock(&self) -> &Arc<dyn Clock>;

    /// Returns true if someone watches this kind now: it is measured more often then.
    fn is_watched(&self, kind: SampleKind, now: Instant) -> bool;

    /// Takes the numbers of a tier, of which there are some in every round, whether anyone watches or not. Where nothing is told in a round,
    /// these are the ones that trends are drawn of.
    fn remember(&self, tier: Tier, sample: &Sample);

    /// Takes what is to be told.
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
