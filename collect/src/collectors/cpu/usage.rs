//! The use of the cores between two readings, as percentages.

/// The use of all cores between two readings.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// Busy share of all cores, percent.
    pub(super) total: Option<f64>,
    /// By core number, rising.
    pub(super) cores: Vec<(u32, Shares)>,
}

/// The use of one core, each 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shares {
    pub(super) busy: f64,
    /// The time by mode; present if the system reports it.
    pub(super) modes: Option<Modes>,
}

/// On what a core spent its time, each 0 to 100 and together with idle 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Modes {
    pub(super) user: f64,
    pub(super) system: f64,
    /// For disks, or taken by the hypervisor.
    pub(super) wait: f64,
}
