//! The measurements, one file each. Servers take turns within a round, so that a change of the machine's mood meets
//! them all.

pub(crate) mod charts;
pub(crate) mod containers;
pub(crate) mod encodes;
pub(crate) mod fanout;
pub(crate) mod idle;
pub(crate) mod inspector;
pub(crate) mod kept_logs;
pub(crate) mod lab;
pub(crate) mod mixed;
pub(crate) mod nodes;
pub(crate) mod polls;
pub(crate) mod proxied;
pub(crate) mod sign_ins;
pub(crate) mod slow_disk;
pub(crate) mod stalled;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Result;

use super::{
    measured::Measured,
    run::{Outcome, Pace},
    subject::{BEFORE, Program, Subject},
    wire::Wire,
};

/// The size of the measurement.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The binary of Pulseboard.
    pub(crate) binary: PathBuf,
    /// One of a commit before.
    pub(crate) before: Option<PathBuf>,
    /// The number of rounds of each comparison.
    pub(crate) rounds: usize,
    /// True if each wire is measured at every rate; otherwise at one rate and saturated.
    pub(crate) every_rate: bool,
    /// Each run takes figures for this long.
    pub(crate) time: Duration,
    /// Subscribers in all where several wires are in use at once.
    pub(crate) subscribers: usize,
    /// Idle connections, few and many.
    pub(crate) idle: [usize; 2],
    /// Time for allocators to give back what connecting took.
    pub(crate) settle: Duration,
    /// No run begins after this.
    pub(crate) deadline: Instant,
    /// Only these wires are compared; all of them where none is named.
    pub(crate) wires: Option<Vec<String>>,
}

/// Payload of a publication where nothing else is said, bytes.
pub(crate) const PAYLOAD: usize = 256;
/// Time for a server to notice that a crowd has left.
pub(crate) const SETTLE: Duration = Duration::from_millis(400);

/// A load, the rounds in which it was measured, and what each server made of it.
#[derive(Debug)]
pub(crate) struct Compared {
    /// The load that was measured, as the first cell of a table's row.
    pub(crate) what: String,
    /// The pace of the publications.
    pub(crate) pace: Pace,
    /// For each round every server's outcome, ours first.
    pub(crate) rounds: Vec<Vec<(&'static str, Outcome)>>,
}

impl Plan {
    /// Returns true if the plan compares this wire.
    fn wants(&self, wire: &Wire) -> bool {
        self.wires.as_ref().is_none_or(|names| names.iter().any(|name| name == wire.name))
    }

    /// Starts the programs; those that are not installed are left out with a note.
    pub(crate) fn start(&self, programs: &[Program]) -> Result<Vec<Subject>> {
        let mut subjects = Vec::new();
        for program in programs {
            subjects.extend(self.start_one(program)?);
        }
        Ok(subjects)
    }

    /// Starts one program. Ours must be there; a peer may not be.
    pub(crate) fn start_one(&self, program: &Program) -> Result<Option<Subject>> {
        match (program.start)(self.binary_of(program)) {
            Ok(subject) => Ok(Some(subject)),
            Err(error) if program.is_ours() => Err(error),
            Err(error) => {
                eprintln!("bench: without {}: {error:#}", program.name);
                Ok(None)
            }
        }
    }

    /// Returns the binary that runs for a program of ours.
    pub(crate) fn binary_of(&self, program: &Program) -> &Path {
        let before = self.before.as_ref().filter(|_| program.name == BEFORE.name);
        before.unwrap_or(&self.binary)
    }

    /// Returns true if there is time for one more round.
    pub(crate) fn has_time(&self) -> bool {
        Instant::now() < self.deadline
    }

    /// Runs a load without something and with it, round by round, every second round the other way round. `one` is told which; with it, it
    /// returns a count, too.
    pub(crate) fn without_and_with(
        &self,
        mut one: impl FnMut(bool) -> Result<(Outcome, Option<usize>)>,
    ) -> Result<Vec<(Outcome, Outcome, usize)>> {
        let mut rounds = Vec::new();
        for round in 0..self.rounds {
            let (mut with, mut without) = (None, None);
            for is_with in [round % 2 == 0, round % 2 == 1] {
                match one(is_with)? {
                    (outcome, Some(count)) => with = Some((outcome, count)),
                    (outcome, None) => without = Some(outcome),
                }
                super::pause::pause(SETTLE);
            }
            rounds.extend(without.zip(with).map(|(without, (with, count))| (without, with, count)));
        }
        Ok(rounds)
    }

    /// Runs `one` on each subject, round by round, every second round in reverse.
    pub(crate) fn take_turns<S: Measured>(
        &self,
        what: String,
        pace: Pace,
        subjects: &[S],
        mut one: impl FnMut(&S) -> Result<Outcome>,
    ) -> Result<Compared> {
        let mut rounds = Vec::new();
        for round in 0..self.rounds {
            if !self.has_time() {
                eprintln!("bench: out of time at {what}");
                break;
            }
            let mut order: Vec<usize> = (0..subjects.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            let mut outcomes = Vec::new();
            for place in order {
                let subject = &subjects[place];
                let outcome = one(subject)?;
                eprintln!(
                    "  {what}, {}: {:.2} µs CPU a delivery, p50 {:.2} ms, p99 {:.2} ms",
                    subject.name(),
                    outcome.cpu_per_delivery(),
                    outcome.latency_ms(0.5),
                    outcome.latency_ms(0.99),
                );
                outcomes.push((place, (subject.name(), outcome)));
                super::pause::pause(SETTLE);
            }
            outcomes.sort_by_key(|(place, _)| *place);
            rounds.push(outcomes.into_iter().map(|(_, outcome)| outcome).collect());
        }
        Ok(Compared { what, pace, rounds })
    }
}
