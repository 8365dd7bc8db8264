//! The exchange between sources, which have probes asked, and hosts, whose agents ask them. Neither knows the other.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::{
    answer::ProbeAnswer,
    order::{AgentProbing, OrderedProbe, ProbeList, ReportedProbe},
    presence::ProbeAbsence,
};
use crate::agent::wire::AGENT_SILENCE;

/// Agents come back within this after a start of the server; until then none counts as away that was not heard.
const RETURN: Duration = Duration::from_secs(40);
/// The version of an agent is kept with so many characters at most.
const VERSION_CHARS: usize = 40;

/// Takes the answers of a probe that an agent asks.
pub(crate) trait AnswerTaker: Send + Sync {
    /// Takes one. `is_recent` says that it did not come late.
    fn take(&self, answer: ProbeAnswer, is_recent: bool);
}

/// The exchange; cheap to clone.
#[derive(Clone)]
pub(crate) struct ProbeExchange(Arc<Mutex<ExchangeState>>);

struct ExchangeState {
    started: Instant,
    entries: BTreeMap<u64, ExchangeEntry>,
    /// Counts entries: one that was made anew is another one.
    made: u64,
    /// The lists of hosts as agents get them; none until all probes are known.
    lists: Option<HashMap<String, Arc<ProbeList>>>,
    agents: HashMap<String, HeardAgent>,
}

struct ExchangeEntry {
    made: u64,
    host: String,
    probe: OrderedProbe,
    taker: Arc<dyn AnswerTaker>,
}

#[derive(Debug, Clone)]
struct HeardAgent {
    at: Instant,
    version: String,
    /// None where it is of a version that knows no probes.
    probing: Option<AgentProbing>,
}

/// A probe is asked by an agent for as long as this is kept.
pub(crate) struct ExchangedProbe {
    exchange: ProbeExchange,
    number: u64,
    made: u64,
}

impl fmt::Debug for ProbeExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProbeExchange").finish_non_exhaustive()
    }
}

impl Default for ProbeExchange {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(ExchangeState {
            started: Instant::now(),
            entries: BTreeMap::new(),
            made: 0,
            lists: None,
            agents: HashMap::new(),
        })))
    }
}

impl ProbeExchange {
    /// Has the agent of a host ask a probe, from the next [`publish`](Self::publish) on.
    pub(crate) fn enter(
        &self,
        host: &str,
        probe: OrderedProbe,
        taker: Arc<dyn AnswerTaker>,
    ) -> ExchangedProbe {
        let mut state = self.0.lock();
        state.made += 1;
        let (made, number) = (state.made, probe.id);
        state.entries.insert(number, ExchangeEntry { made, host: host.to_owned(), probe, taker });
        drop(state);
        ExchangedProbe { exchange: self.clone(), number, made }
    }

    /// Gives agents the probes as they are entered now.
    pub(crate) fn publish(&self) {
        let mut state = self.0.lock();
        let mut by_host: HashMap<&str, Vec<OrderedProbe>> = HashMap::new();
        for entry in state.entries.values() {
            // A parent that another machine asks is looked at here.
            let is_there = |parent: &u64| state.entries.get(parent).is_some_and(|it| it.host == entry.host);
            let parent = entry.probe.parent.filter(is_there);
            by_host.entry(&entry.host).or_default().push(OrderedProbe { parent, ..entry.probe.clone() });
        }
        let lists = by_host.into_iter().map(|(host, all)| (host.to_owned(), Arc::new(ProbeList::of(&all))));
        state.lists = Some(lists.collect());
    }

    /// Takes note of an agent that reports. Returns the list for it, where it has another one.
    pub(crate) fn heard(
        &self,
        host: &str,
        version: &str,
        probing: Option<AgentProbing>,
    ) -> Option<Arc<ProbeList>> {
        let mut state = self.0.lock();
        let version = version.chars().filter(|one| !one.is_control()).take(VERSION_CHARS).collect();
        let agent = HeardAgent { at: Instant::now(), version, probing };
        state.agents.insert(host.to_owned(), agent);
        let has = probing.filter(|probing| !probing.off)?.version;
        let list = state.lists.as_ref()?.get(host).cloned().unwrap_or_default();
        (list.version != has).then_some(list)
    }

    /// Forgets the agent of a host that was removed.
    pub(crate) fn forget(&self, host: &str) {
        self.0.lock().agents.remove(host);
    }

    /// Takes an answer that the agent of a host reports.
    ///
    /// # Errors
    /// When the probe is none that this host asks, or no check comes to this answer; the text says so.
    pub(crate) fn take(&self, host: &str, report: ReportedProbe, is_recent: bool) -> Result<(), String> {
        let taker = {
            let state = self.0.lock();
            let entry = state.entries.get(&report.id).filter(|entry| entry.host == host);
            let entry = entry.ok_or_else(|| format!("this host asks no probe {}", report.id))?;
            report.answer.check(&entry.probe.spec, entry.probe.interval_ms)?;
            Arc::clone(&entry.taker)
        };
        taker.take(report.answer, is_recent);
        Ok(())
    }

    /// Returns the reason for which the agent of a host does not ask a probe; none where it does, as far as is known.
    pub(crate) fn absence(&self, host: &str, number: u64) -> Option<ProbeAbsence> {
        let state = self.0.lock();
        let Some(agent) = state.agents.get(host) else {
            return (state.started.elapsed() > RETURN).then_some(ProbeAbsence::Away);
        };
        if agent.at.elapsed() > AGENT_SILENCE {
            return Some(ProbeAbsence::Away);
        }
        match agent.probing {
            None => Some(ProbeAbsence::TooOld(agent.version.clone())),
            Some(probing) if probing.off => Some(ProbeAbsence::Refuses),
            Some(_) => {
                let list = state.lists.as_ref()?.get(host)?;
                (!list.numbers().any(|one| one == number)).then_some(ProbeAbsence::TooMany)
            }
        }
    }

    /// Says if the agent of a host was heard here.
    pub(crate) fn has_heard(&self, host: &str) -> bool {
        self.0.lock().agents.contains_key(host)
    }
}

impl Drop for ExchangedProbe {
    fn drop(&mut self) {
        let mut state = self.exchange.0.lock();
        if state.entries.get(&self.number).is_some_and(|entry| entry.made == self.made) {
            state.entries.remove(&self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use ::probe::{ProbeKind, ProbeSpec, TcpProbe};
    use common::probe::ProbeVerdict;

    use super::*;

    #[derive(Default)]
    struct Answers(Mutex<Vec<u64>>);

    impl AnswerTaker for Answers {
        fn take(&self, answer: ProbeAnswer, _is_recent: bool) {
            self.0.lock().push(answer.at);
        }
    }

    fn ordered(id: u64, parent: Option<u64>) -> OrderedProbe {
        let kind = ProbeKind::Tcp(TcpProbe { address: "a:1".to_owned() });
        let spec = ProbeSpec::new(kind, Duration::from_secs(1), 0).expect("a check");
        OrderedProbe { id, name: format!("probe {id}"), spec, interval_ms: 1_000, parent }
    }

    fn report(id: u64, at: u64) -> ReportedProbe {
        let answer = ProbeAnswer::without_parent("router", at);
        ReportedProbe { id, answer: ProbeAnswer { verdict: ProbeVerdict::Unknown, ..answer } }
    }

    const HAS_NONE: Option<AgentProbing> = Some(AgentProbing { version: 0, off: false });

    #[test]
    fn a_host_gets_its_own_probes_once_all_are_known_and_answers_for_these_alone() {
        let (exchange, answers) = (ProbeExchange::default(), Arc::new(Answers::default()));
        let enter = |host: &str, probe| exchange.enter(host, probe, answers.clone());
        let entered =
            [enter("a", ordered(1, None)), enter("a", ordered(2, Some(1))), enter("b", ordered(3, Some(1)))];
        assert_eq!(exchange.heard("a", "1", HAS_NONE), None, "not all are known yet");
        exchange.publish();
        let list = exchange.heard("a", "1", HAS_NONE).expect("a list");
        assert_eq!(list.numbers().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(list.probes[1]["parent"], 1);
        let has = Some(AgentProbing { version: list.version, off: false });
        assert_eq!(exchange.heard("a", "1", has), None);
        assert_eq!(
            exchange.heard("a", "1", Some(AgentProbing { off: true, ..AgentProbing::default() })),
            None
        );
        assert_eq!(exchange.absence("a", 1), Some(ProbeAbsence::Refuses));
        assert_eq!(exchange.heard("a", "1", None), None);
        assert_eq!(exchange.absence("a", 1), Some(ProbeAbsence::TooOld("1".to_owned())));
        exchange.heard("a", &format!("9\u{1b}{}", "9".repeat(4 << 20)), None);
        assert_eq!(exchange.absence("a", 1), Some(ProbeAbsence::TooOld("9".repeat(VERSION_CHARS))));
        let other = exchange.heard("b", "1", HAS_NONE).expect("a list");
        assert_eq!(other.probes[0].get("parent"), None, "another machine looks at that one");
        assert_eq!(exchange.absence("b", 3), None);
        assert_eq!(exchange.absence("b", 1), Some(ProbeAbsence::TooMany), "it is not in its list");

        assert_eq!(exchange.take("a", report(2, 5), true), Ok(()));
        assert!(exchange.take("b", report(2, 6), true).is_err());
        assert!(exchange.take("a", report(9, 7), true).is_err());
        assert_eq!(*answers.0.lock(), [5]);
        drop(entered);
        assert!(exchange.take("a", report(2, 8), true).is_err());
        exchange.publish();
        let nothing = exchange.heard("a", "1", has).expect("a list");
        assert_eq!(*nothing, ProbeList::default());
    }

    #[test]
    fn one_that_was_changed_stays_when_the_one_before_it_ends() {
        let (exchange, answers) = (ProbeExchange::default(), Arc::new(Answers::default()));
        let before = exchange.enter("a", ordered(1, None), answers.clone());
        let _after = exchange.enter("b", ordered(1, None), answers.clone());
        drop(before);
        assert_eq!(exchange.take("b", report(1, 5), true), Ok(()));
    }
}
