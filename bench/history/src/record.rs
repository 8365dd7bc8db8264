//! Records the series of a host from this machine's `/proc`, ten readings a second, while it works now and then.
//!
//! Each reading has the values that a collector would give at that moment if it looked once a second: a rate is taken over the second before.
//! So each tenth reading makes a series at 1 s as it really was, and each of the ten phases another stretch of it.

use std::{
    collections::VecDeque,
    fmt::Write,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    proc::{self, METRICS, Reading},
    work,
};

/// Readings a second.
pub(crate) const PHASES: usize = 10;

/// Values of every series, a row for each reading.
#[derive(Debug)]
pub(crate) struct Recording {
    rows: Vec<Vec<f64>>,
}

impl Recording {
    /// Records for so long, and writes a row a line.
    pub(crate) fn make(minutes: u64, file: &Path, scratch: &Path) -> Result<()> {
        let is_over = Arc::new(AtomicBool::new(false));
        let worker = {
            let (is_over, scratch) = (Arc::clone(&is_over), scratch.to_owned());
            thread::spawn(move || work::work(&is_over, &scratch))
        };
        let pace = Duration::from_secs(1) / PHASES as u32;
        let rows = minutes * 60 * PHASES as u64;
        let mut before: VecDeque<Reading> = VecDeque::new();
        let mut text = String::new();
        let begun = Instant::now();
        for tick in 0..rows + PHASES as u64 {
            let due = begun + pace * tick as u32;
            while let Some(left) = due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
                thread::park_timeout(left);
            }
            let now = Reading::take()?;
            if before.len() == PHASES {
                let values = before.pop_front().map(|second_ago| proc::values(&second_ago, &now));
                for value in values.unwrap_or_default() {
                    write!(text, "{value},")?;
                }
                text.push('\n');
            }
            before.push_back(now);
        }
        is_over.store(true, Ordering::Relaxed);
        worker.join().ok().context("the work beside the recording panicked")??;
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Reads a recording.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let row = |line: &str| -> Result<Vec<f64>> {
            let values = line.split_terminator(',').map(|word| Ok(word.parse()?));
            values.collect::<Result<Vec<f64>>>()
        };
        let mut rows: Vec<Vec<f64>> = text.lines().map(row).collect::<Result<_>>()?;
        if rows.iter().any(|row| row.len() != METRICS.len()) || rows.len() < 60 * PHASES {
            bail!("{} is no recording of a minute or more", file.display());
        }
        rows.truncate(rows.len() / PHASES * PHASES);
        Ok(Self { rows })
    }

    /// The seconds that were recorded.
    pub(crate) fn seconds(&self) -> usize {
        self.rows.len() / PHASES
    }

    /// The values of a second of a phase.
    pub(crate) fn row(&self, second: usize, phase: usize) -> &[f64] {
        &self.rows[second * PHASES + phase]
    }
}
