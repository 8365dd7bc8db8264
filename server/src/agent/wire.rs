//! The report of an agent, as it travels: a head, and a line of JSON for each measurement (NDJSON).

use common::{
    Sample,
    api::ApiError,
    container::ContainersUsage,
    host::{HostInfo, Names},
    host_labels::HostLabels,
    sample::Processes,
    spike::Spike,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    containers::{ContainerListPart, NumberedNews},
    probing::order::{AgentProbing, ProbeList, ReportedProbe},
};

/// The version that an agent tells.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A report has at most so many bytes.
pub(crate) const REPORT_BYTES: usize = 4 << 20;
/// A line has at most so many bytes.
pub(crate) const REPORT_LINE_BYTES: usize = 128 << 10;
/// A report has at most so many lines behind its head.
pub(crate) const REPORT_LINES: usize = 5_000;

/// The address at which agents enrol.
pub(crate) const ENROL: &str = "/api/v1/agents/enrol";
/// The address that takes one report in each request.
pub(crate) const REPORT: &str = "/api/v1/agents/report";
/// The address that takes reports for as long as agents are connected: over a WebSocket, or in the body of one request.
pub(crate) const LIVE: &str = "/api/v1/agents/live";
/// A live connection that is silent for longer is over; without anything to say an agent reports every four seconds.
pub(crate) const LIVE_SILENCE: std::time::Duration = std::time::Duration::from_secs(15);

/// Nothing heard for so long means that the agent, its machine or the way between is gone.
pub(crate) const AGENT_SILENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// The only line of a report that tells nothing: its answer says that the way and the key are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportCheck {
    /// Always true.
    pub(crate) check: bool,
}

/// The server's word on one report of a live connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LiveAnswer {
    /// It was taken.
    Answer(ReportAnswer),
    /// It was not. The status of the error's code says the rest, as if the report had been a request.
    Error(ApiError),
}

/// The first line of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReportHead {
    /// The facts of the machine. The name in it is the one that the agent was given.
    pub(crate) info: HostInfo,
    /// The host's labels.
    #[serde(default, skip_serializing_if = "HostLabels::is_empty")]
    pub(crate) labels: HostLabels,
    /// The agent's version.
    pub(crate) version: String,
    /// The agent's clock as it sends, milliseconds since 1970.
    pub(crate) now: u64,
    /// The number of this run of the agent: two agents with one key have two.
    pub(crate) run: u64,
    /// The probes that it was given; absent from agents that ask none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probes: Option<AgentProbing>,
}

/// A line of a report: a measurement, with the time at which it was taken on the agent's clock, or something of containers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReportLine {
    /// CPU, memory and disk space, in short: what trends are drawn of.
    Fast(Sample),
    /// All the rest, in short.
    Slow(Sample),
    /// CPU, memory and disk space.
    Metrics(Sample),
    /// All the rest, with the names for people of its label values.
    System {
        /// The numbers.
        sample: Sample,
        /// The names.
        #[serde(default, skip_serializing_if = "Names::is_empty")]
        #[schema(value_type = std::collections::HashMap<String, String>)]
        names: Names,
    },
    /// The busiest programs.
    Processes(Processes),
    /// The programs of a spike.
    Spike(Spike),
    /// An answer of a probe that the server has this agent ask.
    Probe(ReportedProbe),
    /// A part of the whole list of containers.
    ContainerList(Box<ContainerListPart>),
    /// News of containers.
    ContainerNews(Box<NumberedNews>),
    /// The usage of containers, each second while someone looks.
    ContainerUsage(ContainersUsage),
    /// The average usage of containers over a minute.
    ContainerPast(ContainersUsage),
}

/// The server's word on the list of a host's containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContainersKnown {
    /// It has.
    Listed,
    /// It has not, since it started: the agent is to tell it.
    Unlisted,
}

/// The answer to a report: all of its lines are taken, but for those that are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReportAnswer {
    /// The server's clock, milliseconds since 1970.
    pub(crate) now: u64,
    /// The number of this run of the server: another one may lack what the last one had taken and not written.
    pub(crate) run: u64,
    /// The number of lines that were taken.
    pub(crate) taken: usize,
    /// The number of lines that were not, and never will be.
    pub(crate) refused: usize,
    /// Why the first of them was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The kinds that someone looks at now: they are to be measured in full and at the fast pace.
    pub(crate) watched: Vec<WatchedKind>,
    /// The probes that the agent is to ask, where it has others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probes: Option<ProbeList>,
    /// The list of containers, as far as it has it; absent from servers of before there were any in reports, which are told of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) containers: Option<ContainersKnown>,
}

/// A kind of measurement that someone may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WatchedKind {
    /// CPU, memory and disk space.
    Metrics,
    /// All the rest.
    System,
    /// The busiest programs.
    Processes,
    /// The usage of containers.
    Containers,
    /// One that a newer server knows.
    #[serde(other)]
    Other,
}

/// The question of an agent that has a code and wants to be a host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct EnrolRequest {
    /// The code that the server's page or command showed; it is good once.
    pub(crate) code: String,
    /// The key that the agent has made: 43 characters of base64url, 256 bits.
    pub(crate) key: String,
    /// The name that the host is to have here: 1 to 64 of a-z, 0-9, '_', '.' and '-'.
    pub(crate) name: String,
    /// The facts of the machine.
    pub(crate) info: HostInfo,
    /// The host's labels.
    #[serde(default, skip_serializing_if = "HostLabels::is_empty")]
    pub(crate) labels: HostLabels,
}

/// A host's facts as the store has them. Those of before there were labels are read, too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredFacts {
    #[serde(flatten)]
    pub(crate) info: HostInfo,
    #[serde(default, skip_serializing_if = "HostLabels::is_empty")]
    pub(crate) labels: HostLabels,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Enrolled {
    /// The host's name here.
    pub(crate) id: common::host::HostId,
}
