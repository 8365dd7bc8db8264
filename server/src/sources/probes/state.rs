//! The state of a probe.

use std::collections::VecDeque;

use common::probe::{ProbeMark, ProbeNews, ProbeState, ProbeVerdict};

use crate::probing::answer::ProbeAnswer;

/// So many answers are remembered for the page.
const REMEMBERED: usize = 60;
/// Answers are ahead of the clock by no more than this, milliseconds.
const AHEAD: u64 = 60_000;

/// The newest answers of a probe, and since when it is what it is.
#[derive(Debug, Clone)]
pub(super) struct ProbeMemory {
    /// By the newest answer.
    state: ProbeState,
    /// By time.
    pub(super) marks: VecDeque<ProbeMark>,
    /// The time of the newest answer, also of one that says that nobody was asked.
    newest: u64,
    /// Whoever asks it is not there: the reason, and since when.
    absence: Option<(&'static str, String, u64)>,
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
        Self { state, marks: VecDeque::with_capacity(REMEMBERED), newest: 0, absence: None }
    }

    /// The state as people are told it.
    pub(super) fn shown(&self) -> ProbeState {
        let state = self.state.clone();
        match &self.absence {
            Some((code, why, since_ms)) => ProbeState {
                verdict: ProbeVerdict::Unknown,
                since_ms: *since_ms,
                latency_ms: None,
                code: Some((*code).to_owned()),
                why: Some(why.clone()),
                ..state
            },
            None => state,
        }
    }

    /// Takes an answer of this moment.
    pub(super) fn take_now(&mut self, answer: &ProbeAnswer) {
        self.take_ordered(answer, true);
    }

    /// Takes an answer that another machine had. True if it is newer than all before: late ones only fill the past.
    pub(super) fn take(&mut self, answer: &ProbeAnswer, now: u64) -> bool {
        // A clock that was set back begins anew.
        let is_newest = answer.at > self.newest || self.newest > now.saturating_add(AHEAD);
        self.take_ordered(answer, is_newest);
        is_newest
    }

    fn take_ordered(&mut self, answer: &ProbeAnswer, is_newest: bool) {
        if answer.lacks_parent() {
            // Nobody was asked.
            if is_newest {
                self.enter(ProbeVerdict::Unknown, answer.at);
                self.state.latency_ms = None;
                (self.state.why, self.state.code) = (answer.why.clone(), answer.code.clone());
            }
        } else {
            self.mark(answer);
            if is_newest {
                self.enter(answer.verdict, answer.at);
                let state = &mut self.state;
                state.at_ms = Some(answer.at);
                state.latency_ms = answer.latency_ms;
                (state.why, state.code) = (answer.why.clone(), answer.code.clone());
                state.certificate_days_left = answer.certificate_days_left;
            }
        }
        if is_newest {
            self.newest = answer.at;
        }
    }

    /// Takes note that whoever asks it is not there, for this reason, or is there. True if that is news.
    pub(super) fn set_absence(&mut self, reason: Option<(&'static str, String)>, now: u64) -> bool {
        let before = self.absence.as_ref().map(|(code, why, _)| (*code, why.as_str()));
        if before == reason.as_ref().map(|(code, why)| (*code, why.as_str())) {
            return false;
        }
        let since = self.absence.as_ref().map_or(now, |(_, _, since)| *since);
        self.absence = reason.map(|(code, why)| (code, why, since));
        true
    }

    /// Remembers an answer at its time.
    fn mark(&mut self, answer: &ProbeAnswer) {
        let ProbeAnswer { at, verdict, latency_ms, .. } = *answer;
        let place = self.marks.partition_point(|mark| mark.at_ms < at);
        if self.marks.get(place).is_some_and(|mark| mark.at_ms == at) {
            return;
        }
        let is_late = place < self.marks.len();
        self.marks.insert(place, ProbeMark { at_ms: at, verdict, latency_ms });
        // One that comes late may be an earlier one of those by which the state is what it is.
        let is_of_state = self.marks.range(place..).all(|mark| mark.verdict == self.state.verdict);
        if is_late && is_of_state {
            self.state.since_ms = self.state.since_ms.min(at);
        }
        if self.marks.len() > REMEMBERED {
            self.marks.pop_front();
        }
    }

    fn enter(&mut self, verdict: ProbeVerdict, at: u64) {
        if self.state.verdict != verdict {
            self.state.verdict = verdict;
            self.state.since_ms = at;
        }
    }

    /// The state as its topic tells it.
    pub(super) fn news(&self, id: u64, name: &str) -> ProbeNews {
        ProbeNews { id, name: name.to_owned(), state: self.shown() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(at: u64, verdict: ProbeVerdict) -> ProbeAnswer {
        ProbeAnswer {
            at,
            verdict,
            latency_ms: (verdict == ProbeVerdict::Up).then_some(1.5),
            why: None,
            code: None,
            certificate_days_left: None,
            up_ms: 0,
            down_ms: 0,
        }
    }

    #[test]
    fn a_state_lasts_until_another_one_comes() {
        let mut memory = ProbeMemory::new(ProbeVerdict::Pending, 1);
        let mut told = Vec::new();
        for (at, verdict) in [
            (2, ProbeVerdict::Up),
            (3, ProbeVerdict::Up),
            (4, ProbeVerdict::Down),
            (5, ProbeVerdict::Down),
            (6, ProbeVerdict::Unknown),
            (8, ProbeVerdict::Up),
        ] {
            memory.take_now(&answer(at, verdict));
            told.push((memory.shown().verdict, memory.shown().since_ms));
        }
        let expected = [
            (ProbeVerdict::Up, 2),
            (ProbeVerdict::Up, 2),
            (ProbeVerdict::Down, 4),
            (ProbeVerdict::Down, 4),
            (ProbeVerdict::Unknown, 6),
            (ProbeVerdict::Up, 8),
        ];
        assert_eq!(told, expected);
        memory.take_now(&ProbeAnswer::without_parent("router", 9));
        assert_eq!((memory.shown().verdict, memory.shown().since_ms), (ProbeVerdict::Unknown, 9));
        assert_eq!((memory.shown().at_ms, memory.shown().code.as_deref()), (Some(8), Some("parent_down")));
        for at in 10..200 {
            memory.take_now(&answer(at, ProbeVerdict::Up));
        }
        assert_eq!((memory.marks.len(), memory.marks.back().map(|mark| mark.at_ms)), (REMEMBERED, Some(199)));
    }

    #[test]
    fn answers_that_come_late_fill_the_past_and_change_no_state() {
        let mut memory = ProbeMemory::new(ProbeVerdict::Pending, 1);
        memory.take(&answer(10, ProbeVerdict::Up), 60);
        memory.take(&answer(50, ProbeVerdict::Down), 60);
        for (at, verdict) in [(20, ProbeVerdict::Up), (40, ProbeVerdict::Down), (30, ProbeVerdict::Down)] {
            assert!(!memory.take(&answer(at, verdict), 60), "{at}");
            assert!(!memory.take(&answer(at, verdict), 60), "it is there once");
        }
        let state = memory.shown();
        assert_eq!((state.verdict, state.since_ms, state.at_ms), (ProbeVerdict::Down, 30, Some(50)));
        let times: Vec<u64> = memory.marks.iter().map(|mark| mark.at_ms).collect();
        assert_eq!(times, [10, 20, 30, 40, 50]);
        // A clock that was an hour ahead is set.
        memory.take(&answer(3_600_000, ProbeVerdict::Up), 3_600_000);
        assert!(memory.take(&answer(70, ProbeVerdict::Down), 70));
        assert_eq!(memory.shown().at_ms, Some(70));
        memory.take_now(&answer(65, ProbeVerdict::Up));
        assert_eq!(memory.shown().at_ms, Some(65), "this machine's own clock");
    }

    #[test]
    fn while_nobody_asks_nothing_is_known_and_after_that_what_was_known_stands() {
        let mut memory = ProbeMemory::new(ProbeVerdict::Pending, 1);
        memory.take(&answer(10, ProbeVerdict::Up), 10);
        let away = || Some(("agent_away", "It is away.".to_owned()));
        assert!(memory.set_absence(away(), 20));
        assert!(!memory.set_absence(away(), 21), "that is no news");
        let state = memory.shown();
        assert_eq!((state.verdict, state.since_ms, state.latency_ms), (ProbeVerdict::Unknown, 20, None));
        assert_eq!(state.code.as_deref(), Some("agent_away"));
        assert!(memory.set_absence(None, 30));
        let state = memory.shown();
        assert_eq!((state.verdict, state.since_ms, state.code), (ProbeVerdict::Up, 10, None));
    }
}
