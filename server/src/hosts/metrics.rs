//! The collector's own metrics: how old its samples are, and what does not answer.

use std::{fmt::Error, sync::Arc};

use collect::Parts;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
};

use super::watched::WatchedHost;

#[derive(Debug)]
pub(super) struct HostMetrics {
    pub(super) local: Arc<WatchedHost>,
    pub(super) parts: Parts,
}

impl Collector for HostMetrics {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), Error> {
        let ages = self.parts.ages();
        let mut family = to.encode_descriptor(
            "sample_age_seconds",
            "Age of the last sample of each part of the collector",
            None,
            MetricType::Gauge,
        )?;
        for (name, sample) in ages.iter().filter_map(|age| Some((age.name, age.sample?))) {
            ConstGauge::new(sample.as_secs_f64()).encode(family.encode_family(&[("part", name)])?)?;
        }
        let mut family = to.encode_descriptor(
            "part_stuck_seconds",
            "How long a part of the collector has stood still, 0 where it moves",
            None,
            MetricType::Gauge,
        )?;
        for age in &ages {
            let stuck = age.stuck.unwrap_or_default().as_secs_f64();
            ConstGauge::new(stuck).encode(family.encode_family(&[("part", age.name)])?)?;
        }
        let unanswered = i64::try_from(self.local.unanswered()).unwrap_or(i64::MAX);
        ConstGauge::new(unanswered).encode(to.encode_descriptor(
            "unanswered",
            "Mounts and sensors of this machine that give no answer",
            None,
            MetricType::Gauge,
        )?)
    }
}
