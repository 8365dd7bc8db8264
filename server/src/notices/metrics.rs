//! The metrics of notices.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use common::notice::NoticeLevel;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter},
};

use crate::web_push::WebPush;

/// The counts of this node.
#[derive(Debug, Default)]
pub(super) struct NoticeCounters {
    sent: [AtomicU64; NoticeLevel::ALL.len()],
    read: AtomicU64,
}

impl NoticeCounters {
    pub(super) fn sent(&self, level: NoticeLevel) {
        for (one, count) in NoticeLevel::ALL.iter().zip(&self.sent) {
            count.fetch_add(u64::from(*one == level), Relaxed);
        }
    }

    pub(super) fn read(&self, count: u64) {
        self.read.fetch_add(count, Relaxed);
    }
}

/// Tells the counts.
#[derive(Debug)]
pub(super) struct NoticeMetrics(pub(super) Arc<NoticeCounters>, pub(super) WebPush);

impl Collector for NoticeMetrics {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Self(counters, web_push) = self;
        let mut family =
            to.encode_descriptor("notices_sent", "Notices told to their readers", None, MetricType::Counter)?;
        for (level, count) in NoticeLevel::ALL.iter().zip(&counters.sent) {
            ConstCounter::new(count.load(Relaxed))
                .encode(family.encode_family(&[("level", level.as_str())])?)?;
        }
        let read = to.encode_descriptor(
            "notices_read",
            "Notices that a reader has read",
            None,
            MetricType::Counter,
        )?;
        ConstCounter::new(counters.read.load(Relaxed)).encode(read)?;
        web_push.encode(&mut to)
    }
}
