//! The report on all temperature sensors.

/// The answers of the sensors in one round.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SensorReport(pub(super) Vec<SensorReading>);

/// One sensor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SensorReading {
    /// Its place among the devices, which no other has and which stays whatever other sensors come and go.
    pub(super) id: String,
    /// Its name for people, which no other has now.
    pub(super) name: String,
    /// Degrees Celsius, or the time since which it has no reading.
    pub(super) said: Result<f64, u64>,
}
