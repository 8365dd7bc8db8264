//! The samples that every store gets.

use anyhow::Result;

use crate::{
    proc::METRICS,
    record::Recording,
    spread::{Host, SeriesName, names},
};

const HOUR: i64 = 3_600_000;
/// The time from sample to sample of the year, milliseconds.
pub(crate) const YEAR_STEP: i64 = 10_000;
/// The metrics of the year: a percentage first, and numbers of bytes.
const OF_YEAR: [usize; 4] = [0, 10, 16, 23];

/// Samples of all series, step by step.
#[derive(Debug)]
pub(crate) struct Load {
    recording: Recording,
    hosts: Vec<Host>,
    pub(crate) names: Vec<SeriesName>,
    start: i64,
    pub(crate) steps: usize,
    pub(crate) pace: i64,
    is_year: bool,
}

impl Load {
    /// Hosts for so many minutes up to a whole hour, a sample a second.
    pub(crate) fn hosts(recording: Recording, hosts: usize, minutes: i64, now: i64) -> Self {
        let end = now - now.rem_euclid(HOUR);
        let all = Host::all(hosts, &recording);
        Self {
            recording,
            hosts: all,
            names: names(hosts),
            start: end - minutes * 60_000,
            steps: minutes as usize * 60,
            pace: 1_000,
            is_year: false,
        }
    }

    /// Four series for a year up to a whole day, a sample each ten seconds.
    pub(crate) fn year(recording: Recording, days: i64, now: i64) -> Self {
        let end = now - now.rem_euclid(24 * HOUR);
        let hosts = Host::all(1, &recording);
        let all = names(1);
        Self {
            recording,
            hosts,
            names: OF_YEAR.map(|index| all[index].clone()).to_vec(),
            start: end - days * 24 * HOUR,
            steps: (days * 24 * HOUR / YEAR_STEP) as usize,
            pace: YEAR_STEP,
            is_year: true,
        }
    }

    pub(crate) fn start(&self) -> i64 {
        self.start
    }

    /// The moment behind the last sample.
    pub(crate) fn end(&self) -> i64 {
        self.at(self.steps)
    }

    pub(crate) fn at(&self, step: usize) -> i64 {
        self.start + step as i64 * self.pace
    }

    pub(crate) fn samples(&self) -> f64 {
        self.names.len() as f64 * self.steps as f64
    }

    /// Series of a host.
    pub(crate) fn of_host(&self) -> usize {
        if self.is_year { OF_YEAR.len() } else { METRICS.len() }
    }

    /// The value of a series at a step.
    pub(crate) fn value(&self, series: usize, step: usize) -> f64 {
        let of_host = self.of_host();
        let index = if self.is_year { OF_YEAR[series] } else { series % of_host };
        self.hosts[series / of_host].values(&self.recording, step)[index]
    }

    /// Gives the steps to a function, some at a time.
    pub(crate) fn each(
        &self,
        together: usize,
        mut each: impl FnMut(std::ops::Range<usize>) -> Result<()>,
    ) -> Result<()> {
        let mut from = 0;
        while from < self.steps {
            let to = (from + together).min(self.steps);
            each(from..to)?;
            from = to;
        }
        Ok(())
    }
}
