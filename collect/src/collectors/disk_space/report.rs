//! The report on the space of all mounts, and its entry among the readings.

use common::Percent;

use super::series::{FULLEST, READ_ONLY, TOTAL, USED};
use crate::collectors::readings::Readings;

/// The answers of the mounts in one round.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SpaceReport {
    pub(super) rows: Vec<DiskRow>,
    /// The number of disks that have no row because there are too many.
    pub(super) left_out: usize,
}

/// One disk.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DiskRow {
    /// Its mount point, as a label's value.
    pub(super) mount: String,
    pub(super) state: DiskState,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum DiskState {
    Answered {
        space: Space,
        read_only: bool,
        /// True if the disk is a candidate for the fullest disk.
        counts: bool,
    },
    /// Since when, milliseconds since 1970.
    NoAnswer(u64),
}

/// The capacity and use of one file system, bytes. What is reserved for root is neither used nor available
/// (statvfs(3)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Space {
    pub(super) used: u64,
    pub(super) available: u64,
}

impl SpaceReport {
    /// Enters it. `silent` says since when there is none newer, where that is too long.
    pub(super) fn fill(&self, silent: Option<u64>, into: &mut Readings) {
        let mut fullest: Option<f64> = None;
        for row in &self.rows {
            match row.state {
                DiskState::Answered { space, read_only, counts } if silent.is_none() => {
                    if let Some(percent) = space.percent().filter(|_| counts) {
                        fullest = Some(fullest.unwrap_or(0.0).max(percent.get()));
                    }
                    if into.in_full() {
                        into.set_labelled(&USED, &row.mount, space.used as f64);
                        into.set_labelled(&TOTAL, &row.mount, space.total() as f64);
                        if read_only {
                            into.set_labelled(&READ_ONLY, &row.mount, 1.0);
                        }
                    }
                }
                DiskState::Answered { .. } => {
                    into.no_answer(&USED, Some(&row.mount), silent.unwrap_or_default());
                }
                DiskState::NoAnswer(since) => {
                    into.no_answer(&USED, Some(&row.mount), since.min(silent.unwrap_or(since)));
                }
            }
        }
        into.left_out(&USED, self.left_out);
        into.set(&FULLEST, fullest);
        if let (None, Some(since)) = (fullest, silent) {
            into.no_answer(&FULLEST, None, since);
        }
    }
}

impl Space {
    /// Returns the bytes that programs without privileges can use.
    fn total(self) -> u64 {
        self.used.saturating_add(self.available)
    }

    /// As `df` has it.
    fn percent(self) -> Option<Percent> {
        Percent::of(self.used as f64, self.total() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collectors::readings::Detail;

    fn row(name: &str, used: u64, counts: bool) -> DiskRow {
        let space = Space { used, available: 100 - used };
        DiskRow { mount: name.to_owned(), state: DiskState::Answered { space, read_only: !counts, counts } }
    }

    fn sample(report: &SpaceReport, silent: Option<u64>) -> common::Sample {
        let mut readings = Readings::new(1, Detail::Full);
        report.fill(silent, &mut readings);
        readings.into_sample()
    }

    #[test]
    fn what_is_reserved_counts_neither_as_used_nor_as_free() {
        let space = Space { used: 30, available: 60 };
        assert_eq!(space.percent().map(Percent::get).map(f64::round), Some(33.0));
        assert_eq!(Space { used: 0, available: 0 }.percent(), None);
    }

    #[test]
    fn a_mount_without_an_answer_is_told_and_the_others_have_their_numbers() {
        let dead = DiskRow { mount: "/mnt/dead".to_owned(), state: DiskState::NoAnswer(7) };
        let report =
            SpaceReport { rows: vec![row("/", 40, true), dead, row("/media/key", 90, false)], left_out: 3 };
        let told = sample(&report, None);
        assert_eq!(told.value("disk.percent"), Some(40.0));
        assert_eq!(told.values.get_labelled("filesystem.used", "/"), Some(40.0));
        assert_eq!(told.values.get_labelled("filesystem.read_only", "/media/key"), Some(1.0));
        assert_eq!(
            told.no_answer.instances("filesystem.used").collect::<Vec<_>>(),
            [("/mnt/dead".to_owned(), 7.0)]
        );
        assert_eq!(told.values.get_labelled("filesystem.used", "/mnt/dead"), None);
        assert_eq!(told.left_out.get("filesystem.used"), Some(3.0));
    }

    #[test]
    fn when_no_report_comes_any_more_every_mount_says_since_when() {
        let report = SpaceReport { rows: vec![row("/", 40, true), row("/srv", 50, true)], left_out: 0 };
        let told = sample(&report, Some(9));
        assert!(told.values.is_empty(), "{:?}", told.values);
        let since: Vec<_> = told.no_answer.instances("filesystem.used").collect();
        assert_eq!(since, [("/".to_owned(), 9.0), ("/srv".to_owned(), 9.0)]);
        assert_eq!(told.no_answer.get("disk.percent"), Some(9.0));
    }
}
