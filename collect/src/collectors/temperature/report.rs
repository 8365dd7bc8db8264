//! The report on all temperature sensors.

use crate::collectors::hwmon::InputReading;

/// The answers of the sensors in one round, degrees Celsius.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SensorReport(pub(super) Vec<InputReading>);
