//! The ladder of transports: the first one that gets through carries the reports. One that does not is left alone for a while, and tried
//! again then.

use std::time::{Duration, Instant};

use hyper::body::Bytes;
use tokio::time::timeout;

use super::{
    hub::{Hub, HubError},
    links::{Link, LinkError, REGISTRY},
    transport::AgentTransport,
    wire::{ReportAnswer, ReportCheck},
};

/// A link has to be there, and to answer its first question, within this.
pub(super) const TRIAL: Duration = Duration::from_secs(8);
/// Beside a link that works a better one is tried for so long: the host is offline after ten seconds of silence.
const SHORT_TRIAL: Duration = Duration::from_secs(4);
/// A report has to be answered within this.
const DEADLINE: Duration = Duration::from_secs(20);
/// A transport that does not get through is tried again after this, then after twice as long each time, up to [`LONGEST_REST`].
const REST: Duration = Duration::from_secs(60);
/// The longest time for which a transport is left alone.
const LONGEST_REST: Duration = Duration::from_secs(3600);
/// A link that lived for less was short, and a transport with three short ones in a row does not get through.
const SHORT: Duration = Duration::from_secs(30);
/// The number of short lives after which a transport is left.
const SHORT_LIVES: u32 = 3;
/// Every way takes a report of so many bytes, or it is none.
const ORDINARY: usize = 64 << 10;

/// The transports to a server, of which one is in use.
pub(super) struct Ladder {
    hub: Hub,
    key: String,
    /// The only transport that is used, where people have said so.
    only: Option<AgentTransport>,
    rungs: [Rung; REGISTRY.len()],
    open: Option<OpenLink>,
}

/// The experience with a transport.
#[derive(Debug, Clone, Copy, Default)]
struct Rung {
    /// It is not tried before this.
    not_before: Option<Instant>,
    failures: u32,
    short_lives: u32,
    /// Another transport got through when this one had not: it was not the server that was away.
    is_proven: bool,
}

struct OpenLink {
    rung: usize,
    link: Box<dyn Link>,
    since: Instant,
}

impl Ladder {
    pub(super) fn new(hub: Hub, key: String, only: Option<AgentTransport>) -> Self {
        Self { hub, key, only, rungs: Default::default(), open: None }
    }

    /// Reports, by the first transport that gets through.
    ///
    /// # Errors
    /// When the server has not taken it.
    pub(super) async fn report(&mut self, report: &Bytes) -> Result<ReportAnswer, HubError> {
        loop {
            let rung = self.choose(Instant::now());
            let is_new = self.open.as_ref().is_none_or(|open| open.rung != rung);
            if is_new {
                let trial = if self.open.is_some() { SHORT_TRIAL } else { TRIAL };
                match open(&self.hub, &self.key, rung, trial).await {
                    Ok((link, _)) => {
                        let transport = REGISTRY[rung].transport;
                        tracing::info!(transport = transport.name(), "the agent is connected");
                        self.open = Some(OpenLink { rung, link, since: Instant::now() });
                        self.rungs[..rung].iter_mut().for_each(|above| above.is_proven = above.failures > 0);
                    }
                    Err(LinkError::Hub(error)) => return Err(self.give_up(error)),
                    Err(LinkError::Blocked(why) | LinkError::Broken(why)) => {
                        self.leave(rung, &why)?;
                        continue;
                    }
                }
            }
            let Some(open) = &mut self.open else { continue };
            let why = match timeout(DEADLINE, open.link.report(report)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(LinkError::Hub(error))) => return Err(self.give_up(error)),
                Ok(Err(LinkError::Blocked(why) | LinkError::Broken(why))) => why,
                Err(_) if report.len() > ORDINARY => {
                    return Err(self.give_up(HubError::TooLong(report.len())));
                }
                Err(_) => format!("no answer within {} s", DEADLINE.as_secs()),
            };
            let lived = open.since.elapsed();
            self.open = None;
            if is_new && report.len() > ORDINARY {
                // It has just answered a short one.
                return Err(HubError::TooLong(report.len()));
            }
            let record = &mut self.rungs[rung];
            record.short_lives = if lived < SHORT { record.short_lives + 1 } else { 0 };
            if is_new || record.short_lives >= SHORT_LIVES {
                self.leave(rung, &why)?;
            }
        }
    }

    /// Chooses the transport for a report.
    fn choose(&self, now: Instant) -> usize {
        let is_only = |rung: usize| self.only == Some(REGISTRY[rung].transport);
        let may_be_tried = |rung: usize| self.rungs[rung].not_before.is_none_or(|at| at <= now);
        let mut all = 0..REGISTRY.len();
        all.clone()
            .find(|rung| is_only(*rung))
            .or_else(|| all.find(|rung| may_be_tried(*rung)))
            .unwrap_or(REGISTRY.len() - 1)
    }

    /// Leaves a transport alone for a while.
    ///
    /// # Errors
    /// When there is no other one.
    fn leave(&mut self, rung: usize, why: &str) -> Result<(), HubError> {
        let name = REGISTRY[rung].transport.name();
        if self.only.is_some() || rung + 1 == REGISTRY.len() {
            return Err(self.give_up(HubError::Away(format!("by {name}: {why}"))));
        }
        let now = Instant::now();
        let record = &mut self.rungs[rung];
        let rest = (REST * 2_u32.saturating_pow(record.failures)).min(LONGEST_REST);
        let failures = record.failures.saturating_add(1);
        *record = Rung { not_before: Some(now + rest), failures, short_lives: 0, ..*record };
        if let Some(open) = &self.open {
            // The one that works goes on before another one above it is tried.
            let soon = Some(now + SHORT);
            self.rungs[..open.rung].iter_mut().for_each(|rung| rung.not_before = rung.not_before.max(soon));
        }
        tracing::info!(
            transport = name,
            again_in_seconds = rest.as_secs(),
            "reports do not get through: {why}"
        );
        Ok(())
    }

    /// Closes the link where the server is away, and forgets what was learnt meanwhile of transports: it says nothing of them.
    fn give_up(&mut self, error: HubError) -> HubError {
        if matches!(error, HubError::Away(_)) {
            let unproven = self.rungs.iter_mut().filter(|rung| !rung.is_proven);
            unproven.for_each(|rung| *rung = Rung::default());
        }
        if !matches!(error, HubError::Declined(_)) {
            self.open = None;
        }
        error
    }
}

/// Makes a link, and asks by it whether the way and the key are good.
///
/// # Errors
/// When they are not, or nothing is answered in time.
pub(super) async fn open(
    hub: &Hub,
    key: &str,
    rung: usize,
    trial: Duration,
) -> Result<(Box<dyn Link>, ReportAnswer), LinkError> {
    let check = serde_json::to_vec(&ReportCheck { check: true }).map(|line| [&*line, b"\n"].concat());
    let check = Bytes::from(check.unwrap_or_default());
    let trying = async {
        let mut link = (REGISTRY[rung].open)(hub, key).await?;
        let answer = link.report(&check).await?;
        Ok((link, answer))
    };
    let late = || LinkError::Blocked(format!("no answer within {} s", trial.as_secs()));
    timeout(trial, trying).await.unwrap_or_else(|_| Err(late()))
}
