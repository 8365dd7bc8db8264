//! The agent at work: it measures, and reports what it has measured.

use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use collect::{CollectorSettings, host_info};
use common::{host::HostId, host_labels::HostLabels};
use fanout::{Clock, SystemClock};
use hyper::body::Bytes;
use serde::de::DeserializeOwned;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use super::{
    args::{AgentArgs, AgentCommand},
    begin::begin,
    containers::ContainerReports,
    doctor,
    hub::{Hub, HubError},
    identity::Identity,
    ladder::Ladder,
    links::PostLink,
    news_queue::NewsQueue,
    once::once,
    probes::{self, AgentProbes},
    reporter::{ReportedHost, Reporter, report},
    sink::AgentSink,
    spool::Spool,
    wire::{ENROL, EnrolRequest, Enrolled, REPORT, ReportAnswer, ReportHead, VERSION},
};
use crate::{
    accounts::{AGENT_KEY_PREFIX, make_secret},
    containers::{ContainerSettings, ContainerTable, EngineDoor, EngineUsage, Followed, follow, measure},
    probing::order::AgentProbing,
};

/// An enrolment has to be answered within this.
const DEADLINE: Duration = Duration::from_secs(20);

/// News of containers may take this part of what the buffer for measurements does, beside it.
const NEWS_SHARE: u64 = 4;

/// Runs an agent until it is asked to end. `data` is the folder of everything that must outlive a restart.
///
/// # Errors
/// When it cannot enrol, or has nothing to measure or to write to.
pub async fn run(args: AgentArgs, data: &Path, prober: PathBuf) -> anyhow::Result<String> {
    let settings = CollectorSettings {
        fast: Duration::from_millis(args.fast_ms),
        slow: Duration::from_millis(args.slow_ms),
        prober: Some(prober),
    };
    let settings = settings.validate()?;
    if args.once {
        return once(settings).await;
    }
    let labels = given_labels(&args.labels)?;
    let folder = data.join("agent");
    if let Some(AgentCommand::Doctor(flags)) = &args.command {
        return doctor::examine(flags, Identity::read(&folder)?).await;
    }
    let cannot = || format!("cannot use {}", folder.display());
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).with_context(cannot)?;
    let lock = File::create(folder.join("lock")).with_context(cannot)?;
    if lock.try_lock().is_err() {
        bail!("another agent uses {}", folder.display());
    }
    let identity = match (&args.enrol, Identity::read(&folder)?) {
        // The line that enrols may stand in a unit, and be run again.
        (Some(_), Some(identity)) if !identity.is_pending && args.hub.as_ref() == Some(&identity.hub) => {
            identity
        }
        (Some(code), known) => enrol(&args, labels.clone(), code, &folder, &settings, known).await?,
        (None, Some(identity)) => identity,
        (None, None) => bail!(
            "this agent has not enrolled: run it once with --hub URL --enrol CODE, as the server's page of hosts shows"
        ),
    };
    let identity = match labels {
        Some(labels) if labels != identity.labels => {
            let identity = Identity { labels, ..identity };
            identity.write(&folder)?;
            identity
        }
        _ => identity,
    };
    // Another address is for this run alone.
    let identity = Identity { hub: args.hub.clone().unwrap_or(identity.hub), ..identity };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let spool = Spool::open(&folder.join("waiting"), args.buffer_mb << 20).with_context(cannot)?;
    let info = host_info(identity.id.clone(), &settings);
    let sink = Arc::new(AgentSink::new(Arc::clone(&clock), spool, &settings));
    let run = u64::from_le_bytes(random()?);
    let table = ContainerTable::new(Arc::clone(&clock));
    let news_bytes = (args.buffer_mb << 20) / NEWS_SHARE;
    let queue = NewsQueue::open(&folder, news_bytes, run, clock.unix_millis()).with_context(cannot)?;
    let containers = ContainerReports::new(Arc::clone(&clock), table.clone(), queue, Arc::clone(&sink));
    let door = EngineDoor::new();
    let engine = ContainerSettings { engine: args.engine, ..ContainerSettings::default() };
    let followed =
        Followed::new(containers.clone(), table.clone(), door.clone(), &engine).context("--engine")?;
    let used = measure(containers.clone(), table, EngineUsage::new(door));
    let collector = begin(settings, sink.clone())?;
    tracing::info!(hub = identity.hub, host = %identity.id, "the agent measures, and reports");
    let probes = AgentProbes::start(&folder, args.no_probes, Arc::clone(&sink));
    let ladder = Ladder::new(Hub::new(&identity.hub)?, identity.key, args.transport);
    let host = ReportedHost { run, info, labels: identity.labels, clock, probes };
    let mut reporter = Reporter::new(ladder, host, sink, containers);
    let mut end = signal(SignalKind::terminate())?;
    tokio::select! {
        () = reporter.report() => {}
        () = follow(followed) => {}
        () = used => {}
        _ = end.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    collector.stop();
    Ok(String::new())
}

/// Reads the labels of the command line: none where none are given, and an empty one takes them away.
fn given_labels(given: &[String]) -> anyhow::Result<Option<HostLabels>> {
    match given {
        [] => Ok(None),
        [one] if one.is_empty() => Ok(Some(HostLabels::default())),
        _ => Ok(Some(HostLabels::from_pairs(given.iter().map(String::as_str))?)),
    }
}

fn random() -> anyhow::Result<[u8; 8]> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(bytes)
}

/// Makes a key, and a host of it at the server.
async fn enrol(
    args: &AgentArgs,
    labels: Option<HostLabels>,
    code: &str,
    folder: &Path,
    settings: &CollectorSettings,
    known: Option<Identity>,
) -> anyhow::Result<Identity> {
    let Some(hub) = &args.hub else { bail!("--enrol needs --hub, the server's address") };
    let server = Hub::new(hub)?;
    let info = host_info(HostId::local(), settings);
    let name = args.name.clone().unwrap_or_else(|| name_of(&info.hostname));
    // It is written down before it is told: should the answer be lost, it is tried again with the same one.
    let known = known.filter(|known| known.is_pending && known.hub == *hub && known.id.as_str() == name);
    let id: HostId = name.parse()?;
    let was_tried = known.is_some();
    let labels = labels.or_else(|| known.as_ref().map(|known| known.labels.clone())).unwrap_or_default();
    let pending = match known {
        Some(known) => known,
        None => Identity {
            hub: hub.clone(),
            id,
            key: make_secret(AGENT_KEY_PREFIX)?,
            is_pending: true,
            labels: HostLabels::default(),
        },
    };
    let pending = Identity { labels: labels.clone(), ..pending };
    pending.write(folder)?;
    // Those of another server.
    let _ = fs::remove_file(probes::file(folder));
    let request = EnrolRequest {
        code: code.to_owned(),
        key: pending.key.clone(),
        name,
        info: info.clone(),
        labels: labels.clone(),
    };
    let request = Bytes::from(serde_json::to_vec(&request)?);
    let enrolled = ask::<Enrolled>(&server, "", ENROL, "application/json", request).await;
    let id = match enrolled {
        Ok(enrolled) => enrolled.id,
        Err(error) => {
            // The code is used up where the answer to an earlier try was lost: then the key is known.
            let now = SystemClock.unix_millis();
            let run = u64::from_le_bytes(random()?);
            let probes = Some(AgentProbing { off: args.no_probes, ..AgentProbing::default() });
            let head = ReportHead { info, labels, version: VERSION.to_owned(), now, run, probes };
            let report = report(&head, &[])?;
            let known = ask::<ReportAnswer>(&server, &pending.key, REPORT, "application/x-ndjson", report);
            if !was_tried || known.await.is_err() {
                return Err(error.into());
            }
            pending.id.clone()
        }
    };
    let identity = Identity { id, is_pending: false, ..pending };
    identity.write(folder)?;
    Ok(identity)
}

/// Posts once, and reads the answer.
async fn ask<T: DeserializeOwned>(
    server: &Hub,
    key: &str,
    path: &str,
    kind: &str,
    body: Bytes,
) -> Result<T, HubError> {
    let mut link = PostLink::new(server.clone(), key.to_owned());
    let late = || HubError::Away(format!("no answer within {} s", DEADLINE.as_secs()));
    timeout(DEADLINE, link.post(path, kind, body)).await.unwrap_or_else(|_| Err(late()))
}

/// Makes a host's name of what the machine calls itself.
fn name_of(hostname: &str) -> String {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    let lower = hostname.to_lowercase();
    lower.chars().map(|c| if is_known(c) { c } else { '-' }).take(64).collect()
}
