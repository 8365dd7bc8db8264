//! The metrics of Web Push.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter},
};

use super::outcome::PushOutcome;

/// Each outcome, as metrics name it.
const OUTCOMES: [&str; 4] = ["delivered", "again", "gone", "rejected"];

/// The counts of this node.
#[derive(Debug, Default)]
pub(super) struct PushCounters([AtomicU64; OUTCOMES.len()]);

impl PushCounters {
    pub(super) fn count(&self, outcome: &PushOutcome) {
        let index = match outcome {
            PushOutcome::Delivered => 0,
            PushOutcome::Again { .. } => 1,
            PushOutcome::Gone => 2,
            PushOutcome::Rejected(_) => 3,
        };
        self.0[index].fetch_add(1, Relaxed);
    }

    pub(super) fn encode(&self, to: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut family = to.encode_descriptor(
            "push_messages",
            "Messages that were offered to push services",
            None,
            MetricType::Counter,
        )?;
        for (outcome, count) in OUTCOMES.iter().zip(&self.0) {
            ConstCounter::new(count.load(Relaxed)).encode(family.encode_family(&[("outcome", *outcome)])?)?;
        }
        Ok(())
    }
}
