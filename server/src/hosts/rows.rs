//! Every host that a reader may read, with its newest numbers in short: the list of the page and of REST.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use access::Action;
use app::door::{HostAgent, HostRow};
use common::{
    host::{HostId, HostInfo},
    host_labels::HostLabels,
    host_status::{HostLiveness, HostStatus, HostStatuses},
    panel::Tier,
};

use super::{list::Hosts, readable::ReadableTopics, remote::RemoteHost, watched::WatchedHost};
use crate::{access::Caller, agent::AgentTransport};

/// The shares of a host, in the order of its row.
const SHARES: [&str; 3] = ["cpu.total", "memory.percent", "disk.percent"];
/// The other numbers of a host, in the order of its row.
const REST: [&str; 3] = ["network.received", "network.sent", "uptime"];

/// A row for each host of which the caller may read something: this machine first, then the others by name.
pub(super) fn rows(hosts: &Hosts, caller: &Caller) -> Vec<HostRow> {
    let readable =
        |id: &HostId| ReadableTopics::of(id, &|topic| caller.may(Action::ReadTopic, topic).is_ok());
    let local = hosts.all().into_iter().take(1).map(|host| (host, None));
    let remote = hosts.remote().all().into_iter().map(|remote| (Arc::clone(&remote.host), Some(remote)));
    local
        .chain(remote)
        .filter_map(|(host, remote)| {
            let topics = readable(&host.info().id);
            let id = host.info().id.clone();
            let may_read = caller.may(Action::ReadTopic, &id.containers_topic()).is_ok();
            (!topics.is_empty()).then(|| row(&host, remote, topics, may_read))
        })
        .collect()
}

/// The newest numbers of these rows.
pub(super) fn statuses(rows: Vec<HostRow>, at: u64) -> HostStatuses {
    let revision = revision(&rows);
    HostStatuses { at, revision, hosts: rows.into_iter().map(|row| row.status).collect() }
}

/// Returns a digest of all in these rows that is no number of this moment.
pub(super) fn revision(rows: &[HostRow]) -> String {
    let mut digest = DefaultHasher::new();
    for HostRow { info, labels, agent, .. } in rows {
        (info.id.as_str(), &info.hostname, &info.os, info.cores, labels).hash(&mut digest);
        agent
            .as_ref()
            .map(|agent| (agent.number, &agent.version, agent.transport, agent.has_containers))
            .hash(&mut digest);
    }
    format!("{:016x}", digest.finish())
}

fn row(
    host: &WatchedHost,
    remote: Option<Arc<RemoteHost>>,
    topics: ReadableTopics,
    may_read_containers: bool,
) -> HostRow {
    let info = HostInfo::clone(&host.info());
    let read = |tier, metrics, may_read: bool| {
        if may_read { host.newest(tier, metrics) } else { [None; 3] }
    };
    let [cpu, memory, disk] = read(Tier::Fast, SHARES, topics.metrics()).map(|share| rounded(share, 100.0));
    let [received, sent, uptime] = read(Tier::Slow, REST, topics.system()).map(|value| rounded(value, 1.0));
    let (agent, state, heard_ms, ahead_ms) = match &remote {
        None => (None, HostLiveness::Local, None, 0),
        Some(remote) => {
            let state = remote.state();
            let agent = HostAgent {
                number: remote.number().0,
                version: state.version,
                transport: state.transport.map(AgentTransport::name),
                has_containers: may_read_containers && remote.containers.has_engine(),
            };
            (Some(agent), remote.liveness(), state.heard_ms, state.ahead_ms)
        }
    };
    let labels = remote.map(|remote| HostLabels::clone(&remote.labels())).unwrap_or_default();
    let status = HostStatus {
        id: info.id.clone(),
        state,
        cpu,
        memory,
        disk,
        received,
        sent,
        uptime,
        heard_ms,
        ahead_ms,
    };
    HostRow { info, labels, agent, status }
}

/// Nobody reads more figures than these, and they weigh in an answer of some hundred hosts.
fn rounded(value: Option<f64>, scale: f64) -> Option<f64> {
    value.map(|value| (value * scale).round() / scale)
}
