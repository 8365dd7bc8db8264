//! The state of a probe.

use std::collections::VecDeque;

use ::probe::{ProbeFault, ProbeOutcome};
use common::probe::{ProbeMark, ProbeNews, ProbeState, ProbeVerdict};

/// So many answers are remembered for the page.
const REMEMBERED: usize = 60;

/// The newest answers of a probe, and since when it is what it is.
#[derive(Debug, Clone)]
pub(super) struct ProbeMemory {
    pub(super) state: ProbeState,
    pub(super) marks: VecDeque<ProbeMark>,
}

impl ProbeMemory {
    /// A probe that was not asked yet.
    pub(super) fn new(verdict: ProbeVerdict, now: u64) -> Self {
        let state = ProbeState {
            verdict,
            since_ms: now,
            at_ms: None,
            latency_ms: None,
            why: None,
            code: None,
            certificate_days_left: None,
        };
        Self { state, marks: VecDeque::with_capacity(REMEMBERED) }
    }

    /// Takes an answer of this moment.
    pub(super) fn take(&mut self, outcome: &ProbeOutcome, now: u64) {
        let verdict = verdict_of(outcome);
        self.enter(verdict, now);
        let state = &mut self.state;
        state.at_ms = Some(now);
        state.latency_ms = outcome.latency_ms.map(|ms| (ms * 1000.0).round() / 1000.0);
        state.why = outcome.why.as_ref().map(ToString::to_string);
        state.code = outcome.why.as_ref().map(|why| why.code().to_owned());
        state.certificate_days_left = outcome.certificate_days_left;
        if self.marks.len() == REMEMBERED {
            self.marks.pop_front();
        }
        let latency_ms = self.state.latency_ms;
        self.marks.push_back(ProbeMark { at_ms: now, verdict, latency_ms });
    }

    /// Takes note that nothing can be known of it, since the probe that it hangs on is not up.
    pub(super) fn lose(&mut self, parent: &str, now: u64) {
        self.enter(ProbeVerdict::Unknown, now);
        let state = &mut self.state;
        (state.latency_ms, state.code) = (None, Some("parent_down".to_owned()));
        state.why = Some(format!("{parent} is not up, and this one hangs on it."));
    }

    fn enter(&mut self, verdict: ProbeVerdict, now: u64) {
        if self.state.verdict != verdict {
            self.state.verdict = verdict;
            self.state.since_ms = now;
        }
    }

    /// The state as its topic tells it.
    pub(super) fn news(&self, id: u64, name: &str) -> ProbeNews {
        ProbeNews { id, name: name.to_owned(), state: self.state.clone() }
    }
}

/// A fault of this machine, or of its network, says nothing of the service.
fn verdict_of(outcome: &ProbeOutcome) -> ProbeVerdict {
    // A host that is off is unreachable to its own neighbours: that is the target's fault.
    let is_of_network =
        |why: &ProbeFault| why.is_network_fault() && !matches!(why, ProbeFault::HostUnreachable);
    let is_ours = |why: &ProbeFault| why.is_own_fault() || is_of_network(why);
    match &outcome.why {
        None if outcome.is_up => ProbeVerdict::Up,
        Some(why) if is_ours(why) => ProbeVerdict::Unknown,
        _ => ProbeVerdict::Down,
    }
}

#[cfg(test)]
mod tests {
    use ::probe::ProbeTimings;

    use super::*;

    fn outcome(why: Option<ProbeFault>) -> ProbeOutcome {
        ProbeOutcome {
            is_up: why.is_none(),
            latency_ms: why.is_none().then_some(1.23456),
            why,
            certificate_days_left: Some(9),
            timings: ProbeTimings::default(),
            attempts: 1,
        }
    }

    #[test]
    fn a_state_lasts_until_another_one_comes_and_faults_of_the_network_are_nobodys() {
        let mut memory = ProbeMemory::new(ProbeVerdict::Pending, 1);
        let mut told = Vec::new();
        for (at, why) in [
            (2, None),
            (3, None),
            (4, Some(ProbeFault::ConnectionRefused)),
            (5, Some(ProbeFault::HostUnreachable)),
            (6, Some(ProbeFault::NoRoute)),
            (7, Some(ProbeFault::PingNotPermitted)),
            (8, None),
        ] {
            memory.take(&outcome(why), at);
            told.push((memory.state.verdict, memory.state.since_ms));
        }
        let expected = [
            (ProbeVerdict::Up, 2),
            (ProbeVerdict::Up, 2),
            (ProbeVerdict::Down, 4),
            (ProbeVerdict::Down, 4),
            (ProbeVerdict::Unknown, 6),
            (ProbeVerdict::Unknown, 6),
            (ProbeVerdict::Up, 8),
        ];
        assert_eq!(told, expected);
        assert_eq!(memory.state.latency_ms, Some(1.235));
        memory.lose("router", 9);
        assert_eq!((memory.state.verdict, memory.state.since_ms), (ProbeVerdict::Unknown, 9));
        for at in 10..200 {
            memory.take(&outcome(None), at);
        }
        assert_eq!((memory.marks.len(), memory.marks.back().map(|mark| mark.at_ms)), (REMEMBERED, Some(199)));
    }
}
