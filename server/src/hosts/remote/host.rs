//! One machine that an agent reports for.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use collect::{Measurement, SampleKind, SampleSink, shares};
use common::{
    container::ContainersUsage,
    host::{HostInfo, Names},
    host_labels::HostLabels,
    host_status::HostLiveness,
    spike::Spike,
};
use parking_lot::Mutex;
use store::HostNumber;

use super::live_links::LiveLinks;
use crate::{
    agent::{
        AgentTransport,
        wire::{AGENT_SILENCE, ReportHead, ReportLine, StoredFacts, WatchedKind},
    },
    containers::{ContainerListPart, HostContainers, NumberedNews},
    hosts::{sink::HostSink, watched::WatchedHost},
    probing::exchange::ProbeExchange,
};

/// Measurements may be ahead of the server's clock by so much, milliseconds.
const AHEAD: u64 = 60_000;
/// Measurements that are older than this when they come are kept, and not told as news, milliseconds.
const RECENT: u64 = 60_000;
/// The facts of a host have at most so many bytes.
const FACTS: usize = 8 << 10;
/// A sample has at most so many series.
const SERIES: usize = 4_000;
/// A spike has at most so many bytes.
const SPIKE_BYTES: usize = 8 << 10;
/// So many spikes are taken in this time: each is written to the log.
const SPIKES_AT_MOST: u32 = 200;
const SPIKES_IN: Duration = Duration::from_secs(600);

/// A machine that reports.
#[derive(Debug)]
pub(in crate::hosts) struct RemoteHost {
    number: HostNumber,
    pub(in crate::hosts) host: Arc<WatchedHost>,
    labels: Mutex<Arc<HostLabels>>,
    sink: HostSink,
    state: Mutex<ReportState>,
    probes: ProbeExchange,
    /// Its agent's live connections.
    pub(super) links: LiveLinks,
    /// Its containers.
    pub(in crate::hosts) containers: Arc<HostContainers>,
}

/// A line of containers: the list and news are taken in the order in which they come, and usage is of those that are known then.
#[derive(Debug)]
pub(super) enum OrderedLine {
    List(Box<ContainerListPart>),
    News(Box<NumberedNews>),
    Usage(ContainersUsage),
    Past(ContainersUsage),
}

impl OrderedLine {
    /// Says if it is usage.
    pub(super) fn is_usage(&self) -> bool {
        matches!(self, Self::Usage(_) | Self::Past(_))
    }
}

/// The agent, as it was heard last.
#[derive(Debug, Clone, Default)]
pub(in crate::hosts) struct ReportState {
    /// None where nothing was heard since the server started.
    pub(in crate::hosts) heard: Option<Instant>,
    /// By the server's clock, milliseconds since 1970.
    pub(in crate::hosts) heard_ms: Option<u64>,
    /// The agent's version.
    pub(in crate::hosts) version: Option<String>,
    /// The transport of its last report.
    pub(in crate::hosts) transport: Option<AgentTransport>,
    /// The agent's clock is ahead by this much, milliseconds.
    pub(in crate::hosts) ahead_ms: i64,
    /// The agent's clock at its last report.
    now_ms: u64,
    /// The times of the newest full measurements, by kind: what is older comes late, and is kept and not told.
    newest: [u64; 3],
    /// The run of the agent that reports, and the one before it.
    runs: [Option<u64>; 2],
    /// When the spikes that are counted began to come, and how many have.
    spikes: (Option<Instant>, u32),
    /// True once it was written to the store that the agent was heard at `heard_ms`.
    pub(super) is_noted: bool,
}

/// Why a report is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReportError {
    /// The facts of the host are too long.
    #[error("what it says of the host has more than {FACTS} bytes")]
    Facts,
    /// The clocks are too far apart. Nothing is taken: the agent keeps its lines until one of them is set.
    #[error("the host's clock is {0} s ahead of this server's: set the one that is wrong")]
    ClockAhead(i64),
    /// Another agent reports with the same key.
    #[error("another agent reports as {0}: two agents must not have one key, remove the host and enrol both")]
    TwoAgents(common::host::HostId),
}

impl RemoteHost {
    pub(super) fn new(
        number: HostNumber,
        host: Arc<WatchedHost>,
        labels: HostLabels,
        sink: HostSink,
        probes: ProbeExchange,
        seen_ms: Option<u64>,
        containers: Arc<HostContainers>,
    ) -> Self {
        let state = ReportState { heard_ms: seen_ms, is_noted: true, ..ReportState::default() };
        Self {
            number,
            host,
            labels: Mutex::new(Arc::new(labels)),
            sink,
            state: Mutex::new(state),
            probes,
            links: LiveLinks::default(),
            containers,
        }
    }

    /// Returns its number in the store.
    pub(in crate::hosts) fn number(&self) -> HostNumber {
        self.number
    }

    /// Returns its labels.
    pub(in crate::hosts) fn labels(&self) -> Arc<HostLabels> {
        Arc::clone(&self.labels.lock())
    }

    /// Returns its facts as the store keeps them.
    pub(super) fn facts(&self) -> StoredFacts {
        let (info, labels) = (self.host.info(), self.labels());
        StoredFacts { info: HostInfo::clone(&info), labels: HostLabels::clone(&labels) }
    }

    /// Returns the state of its agent.
    pub(in crate::hosts) fn state(&self) -> ReportState {
        self.state.lock().clone()
    }

    /// Says if its agent is heard.
    pub(in crate::hosts) fn liveness(&self) -> HostLiveness {
        let state = self.state.lock();
        match state.heard.map(|heard| heard.elapsed() < AGENT_SILENCE) {
            Some(true) => HostLiveness::Online,
            _ if state.heard_ms.is_some() => HostLiveness::Offline,
            _ => HostLiveness::Never,
        }
    }

    /// Takes the head of a report.
    ///
    /// # Errors
    /// When nothing of it can be taken.
    pub(super) fn take_head(
        &self,
        head: &ReportHead,
        transport: AgentTransport,
        now_ms: u64,
    ) -> Result<(), ReportError> {
        let ahead_ms = head.now.cast_signed().saturating_sub(now_ms.cast_signed());
        let facts = serde_json::to_vec(&(&head.info, &head.labels)).map_or(usize::MAX, |facts| facts.len());
        if facts > FACTS {
            return Err(ReportError::Facts);
        }
        let mut state = self.state.lock();
        state.ahead_ms = ahead_ms;
        if state.runs[0] != Some(head.run) {
            // An agent that was started anew has a new run; one that comes back after another has taken over is a second one.
            if state.runs[1] == Some(head.run) {
                return Err(ReportError::TwoAgents(self.host.info().id.clone()));
            }
            state.runs = [Some(head.run), state.runs[0]];
        }
        state.heard = Some(Instant::now());
        state.heard_ms = Some(now_ms);
        state.is_noted = false;
        state.now_ms = head.now;
        state.version = Some(head.version.chars().take(40).collect());
        state.transport = Some(transport);
        drop(state);
        if ahead_ms > AHEAD.cast_signed() {
            return Err(ReportError::ClockAhead(ahead_ms / 1000));
        }
        let id = self.host.info().id.clone();
        let info = HostInfo { id, ..head.info.clone() };
        if info != *self.host.info() {
            self.host.set_info(info);
        }
        let mut labels = self.labels.lock();
        if **labels != head.labels {
            *labels = Arc::new(head.labels.clone());
        }
        Ok(())
    }

    /// Takes a measurement; the text says why it does not. A line of containers is returned: it is taken after all others.
    pub(super) fn take(&self, line: ReportLine, now_ms: u64) -> Result<Option<OrderedLine>, String> {
        match line {
            ReportLine::ContainerList(part) => return Ok(Some(OrderedLine::List(part))),
            ReportLine::ContainerNews(news) => return Ok(Some(OrderedLine::News(news))),
            ReportLine::ContainerUsage(usage) => return Ok(Some(OrderedLine::Usage(usage))),
            ReportLine::ContainerPast(usage) => return Ok(Some(OrderedLine::Past(usage))),
            ReportLine::Fast(sample) => {
                self.take_at(sample.at, now_ms)?;
                self.take_sample(Measurement::Metrics { sample, in_full: false })?;
            }
            ReportLine::Slow(sample) => {
                self.take_at(sample.at, now_ms)?;
                let names = Names::default();
                self.take_sample(Measurement::System { sample, names, in_full: false })?;
            }
            ReportLine::Metrics(sample) => {
                self.take_at(sample.at, now_ms)?;
                let in_full = self.is_news(0, sample.at);
                if in_full {
                    self.sink.take(Measurement::Bare(shares(&sample)));
                }
                self.take_sample(Measurement::Metrics { sample, in_full })?;
            }
            ReportLine::System { sample, names } => {
                self.take_at(sample.at, now_ms)?;
                let in_full = self.is_news(1, sample.at);
                self.take_sample(Measurement::System { sample, names, in_full })?;
            }
            ReportLine::Processes(processes) => {
                self.take_at(processes.at, now_ms)?;
                if self.is_news(2, processes.at) {
                    self.sink.take(Measurement::Processes(processes));
                }
            }
            ReportLine::Spike(spike) => {
                self.take_at(spike.at, now_ms)?;
                self.sink.take(Measurement::Spike(self.checked(spike)?));
            }
            ReportLine::Probe(report) => {
                let at = report.answer.at;
                self.take_at(at, now_ms)?;
                let is_recent = at >= self.state.lock().now_ms.saturating_sub(RECENT);
                self.probes.take(self.host.info().id.as_str(), report, is_recent)?;
            }
        }
        Ok(None)
    }

    /// Looks whether a measurement of a moment is taken now; the text says why it is not.
    fn take_at(&self, at: u64, now_ms: u64) -> Result<(), String> {
        if at > now_ms.saturating_add(AHEAD) {
            return Err(format!("it was taken {} s from now", (at - now_ms) / 1000));
        }
        if let Some(delay) = self.host.longest_delay()
            && at < now_ms.saturating_sub(delay)
        {
            let late = (now_ms - at) / 1000;
            return Err(format!(
                "it comes {late} s late, and is kept where it comes within {} s",
                delay / 1000
            ));
        }
        Ok(())
    }

    fn take_sample(&self, measurement: Measurement) -> Result<(), String> {
        if let Measurement::Metrics { sample, .. } | Measurement::System { sample, .. } = &measurement {
            let series = sample.values.len();
            if series > SERIES {
                return Err(format!("it has {series} series, more than {SERIES}"));
            }
        }
        self.sink.take(measurement);
        Ok(())
    }

    /// Takes a spike that is one; the text says why it is not.
    fn checked(&self, spike: Spike) -> Result<Spike, String> {
        let length = serde_json::to_vec(&spike).map_or(usize::MAX, |text| text.len());
        if spike.programs.len() > Spike::PROGRAMS || length > SPIKE_BYTES {
            let most = Spike::PROGRAMS;
            return Err(format!("a spike has at most {most} programs and {SPIKE_BYTES} bytes"));
        }
        if !(0.0..=100.0).contains(&spike.value) || spike.since > spike.at {
            return Err("a spike has a share of 0 to 100 percent, and begins before it is told".to_owned());
        }
        let mut state = self.state.lock();
        let (since, count) = &mut state.spikes;
        if since.is_none_or(|since| since.elapsed() >= SPIKES_IN) {
            (*since, *count) = (Some(Instant::now()), 0);
        }
        *count += 1;
        let minutes = SPIKES_IN.as_secs() / 60;
        if *count > SPIKES_AT_MOST {
            return Err(format!("more than {SPIKES_AT_MOST} spikes in {minutes} minutes are not taken"));
        }
        Ok(spike)
    }

    /// Returns true if it is newer than what was told of its kind.
    fn is_news(&self, kind: usize, at: u64) -> bool {
        let mut state = self.state.lock();
        let now_ms = state.now_ms;
        let newest = &mut state.newest[kind];
        // A clock that was set back begins anew.
        if *newest > now_ms.saturating_add(AHEAD) {
            *newest = 0;
        }
        let is_news = at > *newest && at >= now_ms.saturating_sub(RECENT);
        *newest = at.max(*newest);
        is_news
    }

    /// Returns the kinds that someone looks at now.
    pub(super) fn watched(&self) -> Vec<WatchedKind> {
        let now = Instant::now();
        let mut kinds = Vec::new();
        if [SampleKind::Metrics, SampleKind::Bare].iter().any(|kind| self.sink.is_watched(*kind, now)) {
            kinds.push(WatchedKind::Metrics);
        }
        if self.sink.is_watched(SampleKind::System, now) {
            kinds.push(WatchedKind::System);
        }
        if self.sink.is_watched(SampleKind::Processes, now) {
            kinds.push(WatchedKind::Processes);
        }
        if self.containers.is_watched() {
            kinds.push(WatchedKind::Containers);
        }
        kinds
    }

    /// Returns when it was heard, where that is not in the store yet.
    pub(super) fn unnoted(&self) -> Option<u64> {
        let state = self.state.lock();
        (!state.is_noted).then_some(state.heard_ms).flatten()
    }

    /// Takes note that it is in the store that it was heard then.
    pub(super) fn note(&self, heard_ms: u64) {
        let mut state = self.state.lock();
        state.is_noted |= state.heard_ms == Some(heard_ms);
    }
}
