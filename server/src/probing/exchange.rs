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
    order::{AgentProbing, OrderedProbe, ProbeList, ProbeReport},
    presence::ProbeAbsence,
};
use crate::agent::wire::AGENT_SILENCE;

/// Agents come back within this after a start of the server; until then none counts as away that was not heard.
const RETURN: Duration = Duration::from_secs(40);

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
        let agent = HeardAgent { at: Instant::now(), version: version.to_owned(), probing };
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
    pub(crate) fn take(&self, host: &str, report: ProbeReport, is_recent: bool) -> Result<(), String> {
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
