//! The resources of a program over a time: CPU of all its processes, those that have ended included, and resident memory.

use std::time::Instant;

use anyhow::Result;

use crate::load::process;

/// A program that is measured from now on.
#[derive(Debug)]
pub(super) struct Resources {
    pid: u32,
    since: Instant,
    /// CPU seconds when it began.
    before: f64,
    peak: u64,
}

/// The CPU and the memory that a program has taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    /// The share of a core, percent.
    pub(super) cpu: f64,
    /// MiB at the end.
    pub(super) resident: f64,
    /// MiB, the most that was seen.
    pub(super) peak: f64,
    /// The number of its processes at the end.
    pub(super) processes: usize,
}

impl Resources {
    /// Begins to measure the program of this process.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn begin(pid: u32) -> Result<Self> {
        let before = process::cpu_seconds_with_ended(pid)?;
        Ok(Self { pid, since: Instant::now(), before, peak: 0 })
    }

    /// Looks at its memory, bytes.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn look(&mut self) -> Result<u64> {
        let resident = process::resident_of_family(self.pid)?;
        self.peak = self.peak.max(resident);
        Ok(resident)
    }

    /// Returns the CPU seconds since it began to measure.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        Ok(process::cpu_seconds_with_ended(self.pid)? - self.before)
    }

    /// Returns what it has taken up to now.
    ///
    /// # Errors
    /// When it has ended.
    pub(super) fn usage(&mut self) -> Result<Usage> {
        let cpu = 100.0 * self.cpu_seconds()? / self.since.elapsed().as_secs_f64();
        let resident = mebibytes(self.look()?);
        let processes = process::family(self.pid)?.len();
        Ok(Usage { cpu, resident, peak: mebibytes(self.peak), processes })
    }
}

/// MiB of so many bytes.
pub(super) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
