//! The usage of a container over the last hour: what the server has kept, and what has come since then.

use std::collections::VecDeque;

use common::container::{ContainerHistory, ContainerUsage};

/// The number of values of a point.
const VALUES: usize = 6;

/// A value of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UsageValue {
    Cpu,
    Memory,
    Received,
    Sent,
    Read,
    Written,
}

/// The usage at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
struct UsagePoint {
    at: u64,
    values: [Option<f64>; VALUES],
}

/// The usage over the last hour.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UsageTrend(VecDeque<UsagePoint>);

/// So much is kept, milliseconds.
pub(super) const HOUR_MS: u64 = 3_600_000;

impl UsageTrend {
    /// Takes the points that the server has kept. Those that came live are finer, and stay.
    pub(super) fn prepend(&mut self, kept: &ContainerHistory) {
        let before = self.0.front().map_or(u64::MAX, |first| first.at);
        let of = |column: &[Option<f32>], index: usize| column.get(index).copied().flatten().map(f64::from);
        let older: Vec<UsagePoint> = kept
            .at
            .iter()
            .enumerate()
            .filter(|(_, at)| **at < before)
            .map(|(index, at)| UsagePoint {
                at: *at,
                values: [
                    of(&kept.cpu, index),
                    kept.memory.get(index).copied().flatten().map(|bytes| bytes as f64),
                    of(&kept.received, index),
                    of(&kept.sent, index),
                    of(&kept.read, index),
                    of(&kept.written, index),
                ],
            })
            .collect();
        for point in older.into_iter().rev() {
            self.0.push_front(point);
        }
    }

    /// Adds what was used at a moment; a moment that is no newer than the last one is passed over.
    pub(super) fn push(&mut self, at: u64, usage: &ContainerUsage) {
        if self.0.back().is_some_and(|last| last.at >= at) {
            return;
        }
        let memory = usage.memory.map(|bytes| bytes as f64);
        let values = [usage.cpu, memory, usage.received, usage.sent, usage.read, usage.written];
        self.0.push_back(UsagePoint { at, values });
        while self.0.front().is_some_and(|first| first.at + HOUR_MS < at) {
            self.0.pop_front();
        }
    }

    /// The moment of the newest point.
    pub(super) fn newest(&self) -> Option<u64> {
        self.0.back().map(|point| point.at)
    }

    /// The points of one value since a moment, for a chart.
    pub(super) fn line(&self, value: UsageValue, from: u64) -> Vec<(f64, Option<f64>)> {
        let begins = self.0.partition_point(|point| point.at < from);
        self.0.iter().skip(begins).map(|point| (point.at as f64, point.values[value as usize])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(cpu: f64) -> ContainerUsage {
        ContainerUsage { cpu: Some(cpu), ..ContainerUsage::default() }
    }

    #[test]
    fn what_the_server_has_kept_stands_before_what_has_come() {
        let mut past = UsageTrend::default();
        past.push(30_500, &usage(3.0));
        past.push(31_500, &usage(4.0));
        past.push(31_500, &usage(9.0));
        let kept = ContainerHistory {
            step_ms: 10_000,
            at: vec![10_000, 20_000, 31_000],
            cpu: vec![Some(1.0), None, Some(7.0)],
            memory: vec![Some(5)],
            ..ContainerHistory::default()
        };
        past.prepend(&kept);
        let all = [(10_000.0, Some(1.0)), (20_000.0, None), (30_500.0, Some(3.0)), (31_500.0, Some(4.0))];
        assert_eq!(past.line(UsageValue::Cpu, 0), all);
        assert_eq!(past.line(UsageValue::Cpu, 20_000), all[1..]);
        assert_eq!(past.line(UsageValue::Memory, 0)[0], (10_000.0, Some(5.0)));
        assert_eq!(
            past.line(UsageValue::Written, 0)[0],
            (10_000.0, None),
            "a column that is missing is none"
        );
        assert_eq!(past.newest(), Some(31_500));
    }

    #[test]
    fn an_hour_is_kept() {
        let mut past = UsageTrend::default();
        for second in 0..4_000 {
            past.push(second * 1_000, &usage(1.0));
        }
        let line = past.line(UsageValue::Cpu, 0);
        assert_eq!((line.len(), line[0].0), (3_601, 399_000.0));
    }
}
