//! The document of hosts, with every sort of row.

use app::door::{DoorContext, HostAgent, HostRow, HostsChoice, HostsPage, hosts};
use common::{
    host::HostInfo,
    host_labels::HostLabels,
    host_status::{HostLiveness, HostStatus},
};

const MOMENT: u64 = 1_795_938_227_000;

/// The document as an admin sees it, and as a viewer does; the machines call themselves by this name.
pub(crate) fn all_hosts(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let page = |choice, may_manage| HostsPage {
        hosts: vec![
            row(name, "local", HostLiveness::Local),
            row(name, "db-1", HostLiveness::Online),
            row(name, "db-2", HostLiveness::Offline),
            row(name, "db-3", HostLiveness::Never),
        ],
        choice,
        revision: "0".into(),
        numbers: "/api/v1/host-status",
        now_ms: MOMENT,
        may_manage,
        new_line: None,
        is_removed: false,
    };
    vec![
        ("hosts", hosts(context, page(HostsChoice::default(), true))),
        ("hosts-sorted", hosts(context, page(HostsChoice::of_query(name, "cpu", "asc", "role"), false))),
    ]
}

fn row(name: &str, id: &str, state: HostLiveness) -> HostRow {
    let id: common::host::HostId = id.parse().expect("a name");
    let info = HostInfo {
        id: id.clone(),
        hostname: name.to_owned(),
        os: Some(name.to_owned()),
        kernel: None,
        cpu_model: None,
        cores: 4,
        fast_ms: 1_000,
        slow_ms: 2_000,
    };
    let is_known = state != HostLiveness::Never;
    let status = HostStatus {
        id,
        state,
        cpu: is_known.then_some(91.5),
        memory: is_known.then_some(40.0),
        disk: None,
        received: is_known.then_some(1_500_000.0),
        sent: None,
        uptime: is_known.then_some(90_210.0),
        heard_ms: is_known.then_some(MOMENT - 60_000),
        ahead_ms: 5_000,
    };
    let label = ["role=", name].concat();
    let labels = if is_known { HostLabels::from_pairs([&*label]) } else { HostLabels::from_pairs([]) };
    let agent = (state != HostLiveness::Local).then(|| HostAgent {
        number: 7,
        version: is_known.then(|| name.to_owned()),
        transport: is_known.then_some("WebSocket"),
        has_containers: is_known,
    });
    HostRow { info, labels: labels.expect("labels"), agent, status }
}
