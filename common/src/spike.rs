//! Spikes: times at which a host had much to do, and the programs that did it.

use serde::{Deserialize, Serialize};

use crate::sample::Process;

/// A look at the programs of a host during a spike. The first comes with the spike, others while it lasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spike {
    /// The time of the look, milliseconds since 1970.
    pub at: u64,
    /// The time at which the spike began, milliseconds since 1970.
    pub since: u64,
    /// The resource that ran short.
    pub resource: SpikeResource,
    /// Its share in use at the time of the look, percent.
    pub value: f64,
    /// The programs that used most of it, the first one most: [`Spike::PROGRAMS`] at the most.
    pub programs: Vec<Process>,
}

/// A resource that may run short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SpikeResource {
    /// The processors, all cores together.
    Cpu,
    /// Memory, without what the kernel gives back on demand.
    Memory,
}

impl Spike {
    /// The most programs that one names.
    pub const PROGRAMS: usize = 5;
}

impl SpikeResource {
    /// Every resource that is watched.
    pub const ALL: [Self; 2] = [Self::Cpu, Self::Memory];
}
