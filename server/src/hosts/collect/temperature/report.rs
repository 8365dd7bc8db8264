//! The report on all temperature sensors.

/// The answers of the sensors in one round: each name, which is unique, has either degrees or the time since which it
/// has no reading.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::hosts) struct SensorReport(pub(super) Vec<(String, Result<f64, u64>)>);
