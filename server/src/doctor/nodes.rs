//! The requests of a probe over all nodes: a proxy may send each of them to another one.

use std::{sync::Arc, time::Duration};

use common::{doctor::RequestLogEntry, lab::LabId};
use fanout::Hub;
use futures_util::FutureExt;

use super::state::Doctor;

/// Nodes that do not answer within this time are left out.
const PATIENCE: Duration = Duration::from_secs(2);
const ARRIVALS: &str = "arrivals";

/// Answers other nodes, and this one, from now on.
pub(super) fn answer(hub: &Hub, doctor: &Doctor) {
    let doctor = doctor.clone();
    hub.broker().control().handle(
        ARRIVALS,
        Arc::new(move |probe| {
            let probe = str::from_utf8(&probe).ok().and_then(|probe| probe.parse::<LabId>().ok());
            let own = probe.map(|probe| doctor.request_log.of(&probe)).unwrap_or_default();
            async move { serde_json::to_vec(&own).unwrap_or_default().into() }.boxed()
        }),
    );
}

/// Lists the requests of a probe that any node got, the earliest first.
pub(super) async fn arrivals(hub: &Hub, probe: &LabId) -> Vec<RequestLogEntry> {
    let payload = probe.to_string().into();
    let answers = hub.broker().control().ask_all(ARRIVALS, payload, PATIENCE).await;
    let told = answers.iter().filter_map(|(_, answer)| serde_json::from_slice(answer).ok());
    let mut all: Vec<RequestLogEntry> = told.flat_map(|own: Vec<RequestLogEntry>| own).collect();
    if answers.len() > 1 {
        all.sort_by(|one, other| one.at.total_cmp(&other.at));
    }
    all
}
