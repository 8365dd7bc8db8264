//! The agent at work: it measures, and reports what it has measured.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use collect::{CollectorSettings, host_info};
use common::host::{HostId, HostInfo};
use fanout::{Clock, SystemClock};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};

use super::{
    args::AgentArgs,
    begin::begin,
    hub::{HubClient, HubError},
    identity::Identity,
    once::once,
    sink::AgentSink,
    spool::{Spool, SpoolPlace},
    wire::{EnrolRequest, ReportHead},
};
use crate::accounts::{AGENT_KEY_PREFIX, make_secret};

/// A report has at most so many bytes of new lines, and as many of old ones.
const PART: usize = 1 << 20;
/// After a failure it is tried again after a second, then after twice as long, up to this.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// A server that does not know the agent, or refuses it, is asked again after this.
const REFUSED_REST: Duration = Duration::from_secs(60);
/// Lines that are older than this when the server is back are sent beside the new ones.
const RECENT: Duration = Duration::from_secs(5);

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
    let folder = data.join("agent");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let identity = match (&args.enrol, Identity::read(&folder)?) {
        (Some(code), _) => enrol(&args, code, &folder, &settings).await?,
        (None, Some(identity)) => Identity { hub: args.hub.clone().unwrap_or(identity.hub), ..identity },
        (None, None) => bail!(
            "this agent has not enrolled: run it once with --hub URL --enrol CODE, as the server's page of hosts shows"
        ),
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let spool = Spool::open(&folder.join("waiting"), args.buffer_mb << 20)
        .with_context(|| format!("cannot use {}", folder.display()))?;
    let info = host_info(identity.id.clone(), &settings);
    let sink = Arc::new(AgentSink::new(Arc::clone(&clock), spool, &settings));
    let collector = begin(settings, sink.clone())?;
    tracing::info!(hub = identity.hub, host = %identity.id, "the agent measures, and reports");
    let mut reporter = Reporter {
        hub: HubClient::new(&identity.hub)?,
        key: identity.key,
        run: u64::from_le_bytes(random()?),
        info,
        clock,
        sink,
        behind: None,
        recent: (Instant::now(), SpoolPlace::default()),
    };
    let mut end = signal(SignalKind::terminate())?;
    tokio::select! {
        () = reporter.report() => {}
        _ = end.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    collector.stop();
    Ok(String::new())
}

fn random() -> anyhow::Result<[u8; 8]> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(bytes)
}

/// Makes a key, and a host of it at the server.
async fn enrol(
    args: &AgentArgs,
    code: &str,
    folder: &Path,
    settings: &CollectorSettings,
) -> anyhow::Result<Identity> {
    let Some(hub) = &args.hub else { bail!("--enrol needs --hub, the server's address") };
    let mut client = HubClient::new(hub)?;
    let info = host_info(HostId::local(), settings);
    let name = args.name.clone().unwrap_or_else(|| name_of(&info.hostname));
    let key = make_secret(AGENT_KEY_PREFIX)?;
    let request = EnrolRequest { code: code.to_owned(), key: key.clone(), name, info };
    let enrolled = client.enrol(&request).await?;
    let identity = Identity { hub: hub.clone(), id: enrolled.id, key };
    identity.write(folder)?;
    Ok(identity)
}

/// Makes a host's name of what the machine calls itself.
fn name_of(hostname: &str) -> String {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
    let lower = hostname.to_lowercase();
    lower.chars().map(|c| if is_known(c) { c } else { '-' }).take(64).collect()
}

struct Reporter {
    hub: HubClient,
    key: String,
    run: u64,
    info: HostInfo,
    clock: Arc<dyn Clock>,
    sink: Arc<AgentSink>,
    /// Lines that the server missed: up to the first place they wait, and from the second one on nothing was sent yet.
    behind: Option<(SpoolPlace, SpoolPlace)>,
    /// A place in the lines of a few seconds ago, and when it was noted.
    recent: (Instant, SpoolPlace),
}

impl Reporter {
    /// Reports for ever.
    async fn report(&mut self) {
        let mut rest = Duration::ZERO;
        let mut was_told = false;
        loop {
            match self.round().await {
                Ok(()) => {
                    if was_told {
                        tracing::info!("the server answers again");
                    }
                    (rest, was_told) = (Duration::ZERO, false);
                }
                Err(error) => {
                    if !was_told {
                        let lost = self.sink.spool.lock().lost_bytes();
                        tracing::warn!(lost, "{error}; measurements are kept until it takes them");
                    }
                    was_told = true;
                    rest = match error {
                        HubError::Away(_) => (rest * 2).clamp(Duration::from_secs(1), LONGEST_REST),
                        HubError::Unknown(_) | HubError::Declined(_) => REFUSED_REST,
                    };
                    self.falls_behind();
                    sleep(rest).await;
                }
            }
        }
    }

    /// The server may come back long after this: what is new then goes first.
    fn falls_behind(&mut self) {
        let spool = self.sink.spool.lock();
        let end = spool.end();
        drop(spool);
        if self.recent.0.elapsed() > RECENT {
            self.recent = (Instant::now(), end);
        }
        if self.behind.is_none_or(|(until, _)| until < self.recent.1) {
            self.behind = Some((self.recent.1, self.recent.1));
        }
    }

    /// Sends one report: what is new, and a part of what the server has missed.
    async fn round(&mut self) -> Result<(), HubError> {
        self.wait_for_lines().await;
        let gone =
            |error: std::io::Error| HubError::Declined(format!("lines that wait cannot be read: {error}"));
        let (new, old) = {
            let spool = self.sink.spool.lock();
            let (until, from) = self.behind.unwrap_or((spool.taken(), spool.taken()));
            let new = spool.read(from, spool.end(), PART).map_err(gone)?;
            (new, spool.read(spool.taken(), until, PART).map_err(gone)?)
        };
        let head = ReportHead {
            info: self.info.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now: self.clock.unix_millis(),
            run: self.run,
        };
        let lines = [&*new.bytes, &*old.bytes].concat();
        let answer = self.hub.report(&self.key, &head, &lines).await?;
        if let Some(why) = answer.why {
            tracing::warn!(refused = answer.refused, "measurements were refused: {why}");
        }
        self.sink.set_watched(&answer.watched);
        let mut spool = self.sink.spool.lock();
        self.behind = match self.behind {
            // The old ones have reached the place from which on the new ones were sent.
            Some((until, _)) if old.end >= until => {
                spool.take(new.end);
                None
            }
            Some((until, _)) => {
                spool.take(old.end);
                Some((until, new.end))
            }
            None => {
                spool.take(new.end);
                None
            }
        };
        Ok(())
    }

    /// Waits until there is something to send.
    async fn wait_for_lines(&self) {
        loop {
            let is_there = {
                let spool = self.sink.spool.lock();
                spool.taken() < spool.end()
            };
            if is_there {
                return;
            }
            self.sink.grown.notified().await;
        }
    }
}
