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

/// On a connection that is there a link has to answer its first question within this.
pub(super) const TRIAL: Duration = Duration::from_secs(8);
/// Beside a link that works a better one is tried for so long: the host is offline after ten seconds of silence.
const SHORT_TRIAL: Duration = Duration::from_secs(4);
/// A report has to be answered within this, and as much longer as a line of [`SLOWEST`] takes for it.
const DEADLINE: Duration = Duration::from_secs(5);
/// The slowest line that is waited for, bytes a second.
const SLOWEST: usize = 128 << 10;
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
/// After so many reports in a row that were too long, with none taken between them, it is the transport: reports have been halved from the
/// longest to the shortest by then.
const TOO_LONG: u32 = 7;

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
    /// The reports since the last answer that were too long.
    too_long: u32,
    /// It did not get through for a reason of its own, and not because the server may have been away.
    is_blocked: bool,
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
            if is_new && !self.climb(rung).await? {
                continue;
            }
            let Some(open) = &mut self.open else { continue };
            let since = open.since;
            let deadline = DEADLINE + Duration::from_secs((report.len() / SLOWEST) as u64);
            let why = match timeout(deadline, open.link.report(report)).await {
                Ok(Ok(answer)) => {
                    let record = &mut self.rungs[rung];
                    record.too_long = 0;
                    if since.elapsed() >= SHORT {
                        *record = Rung::default();
                    }
                    return Ok(answer);
                }
                Ok(Err(LinkError::Hub(HubError::TooLong(_)))) if self.is_too_long(rung) => {
                    "it takes no long reports".to_owned()
                }
                Ok(Err(LinkError::Hub(error))) => return Err(self.give_up(error)),
                Ok(Err(error)) => error.to_string(),
                Err(_) => format!("no answer within {} s", deadline.as_secs()),
            };
            let lived = since.elapsed();
            self.open = None;
            let record = &mut self.rungs[rung];
            // It has answered short ones.
            if report.len() > ORDINARY && record.too_long < TOO_LONG {
                record.too_long += 1;
                return Err(HubError::TooLong(report.len()));
            }
            record.short_lives = if lived < SHORT { record.short_lives + 1 } else { 0 };
            if is_new || record.short_lives >= SHORT_LIVES || record.too_long >= TOO_LONG {
                self.leave(rung, &why, true)?;
            }
        }
    }

    /// Counts a report that was too long, and says if it is the transport.
    fn is_too_long(&mut self, rung: usize) -> bool {
        let record = &mut self.rungs[rung];
        record.too_long += 1;
        record.too_long >= TOO_LONG && rung + 1 < REGISTRY.len() && self.only.is_none()
    }

    /// Makes a link by this transport in place of the open one. False if it does not get through, and another one is to be chosen.
    ///
    /// # Errors
    /// When the server is away, or does not know the agent.
    async fn climb(&mut self, rung: usize) -> Result<bool, HubError> {
        let trial = if self.open.is_some() { SHORT_TRIAL } else { TRIAL };
        let (why, is_blocked) = match open(&self.hub, &self.key, rung, trial, &check()).await {
            Ok((link, _)) => {
                tracing::info!(transport = REGISTRY[rung].transport.name(), "the agent is connected");
                self.open = Some(OpenLink { rung, link, since: Instant::now() });
                self.rungs[..rung].iter_mut().for_each(|above| above.is_proven = above.is_blocked);
                self.rungs[rung].not_before = None;
                return Ok(true);
            }
            // A link that works is kept, whatever another one meets.
            Err(LinkError::Hub(error)) if self.open.is_none() || matches!(error, HubError::Unknown(_)) => {
                return Err(self.give_up(error));
            }
            Err(error @ LinkError::Blocked(_)) => (error.to_string(), true),
            Err(error) => (error.to_string(), false),
        };
        self.leave(rung, &why, is_blocked)?;
        Ok(false)
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
    fn leave(&mut self, rung: usize, why: &str, is_blocked: bool) -> Result<(), HubError> {
        let name = REGISTRY[rung].transport.name();
        if self.only.is_some() || rung + 1 == REGISTRY.len() {
            return Err(self.give_up(HubError::Away(format!("by {name}: {why}"))));
        }
        let now = Instant::now();
        let record = &mut self.rungs[rung];
        let rest = (REST * 2_u32.saturating_pow(record.failures.min(10))).min(LONGEST_REST);
        let failures = record.failures + u32::from(is_blocked);
        let is_proven = is_blocked && self.open.is_some();
        *record = Rung { not_before: Some(now + rest), failures, is_blocked, is_proven, ..Rung::default() };
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

/// The report that only asks whether the way and the key are good.
fn check() -> Bytes {
    let check = serde_json::to_vec(&ReportCheck { check: true }).map(|line| [&*line, b"\n"].concat());
    check.unwrap_or_default().into()
}

/// Returns the question of [`check`] with so many blanks behind it: a way that takes short ones alone is seen by it.
pub(super) fn long_check(blanks: usize) -> Bytes {
    [&*check().slice(..check().len() - 1), &*vec![b' '; blanks], b"\n"].concat().into()
}

/// Makes a link, and asks by it whether the way and the key are good. There is no answer where a server of an earlier version does not know
/// the question, and takes reports.
///
/// # Errors
/// When they are not, or nothing is answered in time.
pub(super) async fn open(
    hub: &Hub,
    key: &str,
    rung: usize,
    trial: Duration,
    check: &Bytes,
) -> Result<(Box<dyn Link>, Option<ReportAnswer>), LinkError> {
    let stream = hub.connect().await?;
    let trying = async {
        let mut link = (REGISTRY[rung].open)(hub, key, stream).await?;
        match link.report(check).await {
            Ok(answer) => Ok((link, Some(answer))),
            Err(LinkError::Hub(HubError::Declined(_))) if rung + 1 == REGISTRY.len() => Ok((link, None)),
            Err(error) => Err(error),
        }
    };
    let late = || LinkError::Blocked(format!("no answer within {} s", trial.as_secs()));
    timeout(trial, trying).await.unwrap_or_else(|_| Err(late()))
}
