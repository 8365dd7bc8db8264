//! The reporter: it sends the lines that wait, what is new first, and forgets them once the server has surely kept them.

use std::{
    collections::VecDeque,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use common::{host::HostInfo, host_labels::HostLabels};
use fanout::Clock;
use hyper::body::Bytes;
use tokio::time::{sleep, timeout};

use super::{
    hub::HubError,
    ladder::Ladder,
    probes::AgentProbes,
    sink::AgentSink,
    spool::{Portion, SpoolPlace},
    wire::{REPORT_BYTES, REPORT_LINES, ReportHead, VERSION},
};

/// A report has at most so many new lines, and as many old ones.
const LARGEST: Portion = Portion { bytes: REPORT_BYTES / 4, lines: REPORT_LINES / 2 };
/// Reports get shorter down to this, where the way takes no longer ones.
const SMALLEST: usize = 16 << 10;
/// After a failure it is tried again after a second, then after twice as long, up to this.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// A server that does not know the agent, or refuses it, is asked again after this.
const REFUSED_REST: Duration = Duration::from_secs(60);
/// A server writes what it was told to its disk within ten seconds. Until this has passed lines are kept: it may end before that, and they
/// are sent again then. One that it has already is the same one.
const KEPT_BY_THEN: Duration = Duration::from_secs(20);
/// Reports that take longer get shorter, and those that take a fraction of it longer: the host is offline after ten seconds of silence, and
/// what is new does not wait behind what is old.
const SLOW: Duration = Duration::from_secs(2);
/// A line waits this long for others: all that was measured at about one moment goes out in one report.
const GATHER: Duration = Duration::from_millis(25);
/// A report without lines comes after this: the server hears that the agent is there.
const HEARTBEAT: Duration = Duration::from_secs(4);

/// The host, as each report says it.
pub(super) struct ReportedHost {
    /// The number of this run of the agent.
    pub(super) run: u64,
    pub(super) info: HostInfo,
    pub(super) labels: HostLabels,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) probes: AgentProbes,
}

/// Reports to a server.
pub(super) struct Reporter {
    ladder: Ladder,
    host: ReportedHost,
    sink: Arc<AgentSink>,
    /// Everything before it was answered.
    sent: SpoolPlace,
    /// Lines that the server missed: up to the first place they wait, and up to the second one newer ones were sent.
    behind: Option<(SpoolPlace, SpoolPlace)>,
    /// Places up to which everything was answered, and when.
    answered: VecDeque<(Instant, SpoolPlace)>,
    portion: Portion,
    lost_bytes: u64,
    /// The run of the server that has answered last.
    server_run: Option<u64>,
}

impl Reporter {
    pub(super) fn new(ladder: Ladder, host: ReportedHost, sink: Arc<AgentSink>) -> Self {
        let (sent, end) = {
            let spool = sink.spool.lock();
            (spool.taken(), spool.end())
        };
        // Lines of an earlier run are old ones.
        let behind = Some((end, end));
        let answered = VecDeque::new();
        Self { ladder, host, sink, sent, behind, answered, portion: LARGEST, lost_bytes: 0, server_run: None }
    }

    /// Reports for ever.
    pub(super) async fn report(&mut self) {
        let mut rest = Duration::ZERO;
        let mut told: Option<String> = None;
        loop {
            match self.round().await {
                Ok(()) => {
                    if told.take().is_some() {
                        tracing::info!("the server answers again");
                    }
                    rest = Duration::ZERO;
                }
                Err(HubError::TooLong(bytes)) if self.portion.bytes > SMALLEST => {
                    self.portion.bytes = (self.portion.bytes / 2).max(SMALLEST);
                    tracing::debug!(bytes, "a report was too long; the next ones are shorter");
                }
                Err(error) => {
                    let text = error.to_string();
                    if told.as_ref() != Some(&text) {
                        tracing::warn!("{text}; measurements are kept until it takes them");
                        told = Some(text);
                    }
                    rest = match error {
                        HubError::Away(_) | HubError::TooLong(_) => {
                            (rest * 2).clamp(Duration::from_secs(1), LONGEST_REST)
                        }
                        HubError::Unknown(_) | HubError::Declined(_) => REFUSED_REST,
                    };
                    self.fall_behind();
                    sleep(rest).await;
                }
            }
            self.tell_lost();
        }
    }

    /// The server may come back long after this, and without what it had not written: what is new then goes first.
    fn fall_behind(&mut self) {
        let (taken, end) = {
            let spool = self.sink.spool.lock();
            (spool.taken(), spool.end())
        };
        self.answered.clear();
        self.sent = taken;
        self.behind = Some((end, end));
        // Nobody is seen to look at anything.
        self.sink.set_watched(&[]);
    }

    fn tell_lost(&mut self) {
        let lost = self.sink.spool.lock().lost_bytes();
        if lost > self.lost_bytes {
            tracing::warn!(
                bytes = lost - self.lost_bytes,
                "the oldest lines were given up: more wait than may be kept"
            );
            self.lost_bytes = lost;
        }
    }

    /// Sends one report: what is new, and a part of what the server has missed.
    async fn round(&mut self) -> Result<(), HubError> {
        let gone = |error: io::Error| HubError::Declined(format!("lines that wait cannot be read: {error}"));
        let is_measured = timeout(HEARTBEAT, self.wait_for_lines()).await.is_ok();
        if is_measured && self.behind.is_none() {
            sleep(GATHER).await;
        }
        let (new, old) = {
            let spool = self.sink.spool.lock();
            let sent = self.sent.max(spool.taken());
            let (until, from) = self.behind.unwrap_or((sent, sent));
            let new = spool.read(from, spool.end(), self.portion).map_err(gone)?;
            (new, spool.read(sent, until, self.portion).map_err(gone)?)
        };
        let head = ReportHead {
            info: self.host.info.clone(),
            labels: self.host.labels.clone(),
            version: VERSION.to_owned(),
            now: self.host.clock.unix_millis(),
            run: self.host.run,
            probes: Some(self.host.probes.told()),
        };
        let report = report(&head, &[&new.bytes, &old.bytes])?;
        let began = Instant::now();
        let answer = self.ladder.report(&report).await?;
        self.portion.bytes = match began.elapsed() {
            took if took > SLOW => (self.portion.bytes / 2).max(SMALLEST),
            took if took < SLOW / 4 => (self.portion.bytes * 2).min(LARGEST.bytes),
            _ => self.portion.bytes,
        };
        if let Some(why) = &answer.why {
            tracing::warn!(refused = answer.refused, "measurements were refused: {why}");
        }
        self.sink.set_watched(&answer.watched);
        if let Some(list) = &answer.probes {
            self.host.probes.take(list);
        }
        (self.behind, self.sent) = match self.behind {
            Some((until, _)) if old.end < until => (Some((until, new.end)), old.end),
            // The old ones have reached the place from which on the new ones were sent.
            _ => (None, new.end),
        };
        if self.server_run.replace(answer.run).is_some_and(|before| before != answer.run) {
            // It was started anew between two reports, and may not have written what it had taken.
            self.fall_behind();
        }
        self.forget_written();
        Ok(())
    }

    /// Forgets the lines that the server has surely written by now.
    fn forget_written(&mut self) {
        let now = Instant::now();
        self.answered.push_back((now, self.sent));
        let mut surely = None;
        while let Some((at, place)) = self.answered.front().copied()
            && now.duration_since(at) >= KEPT_BY_THEN
        {
            surely = Some(place);
            self.answered.pop_front();
        }
        if let Some(place) = surely {
            self.sink.spool.lock().take(place);
        }
    }

    /// Waits until there is something to send.
    async fn wait_for_lines(&self) {
        loop {
            let until = self.behind.map_or(self.sent, |(_, from)| from);
            if self.behind.is_some_and(|(until, _)| self.sent < until) || until < self.sink.spool.lock().end()
            {
                return;
            }
            self.sink.grown.notified().await;
        }
    }
}

/// Writes a report of whole lines.
///
/// # Errors
/// When its head cannot be written.
pub(super) fn report(head: &ReportHead, lines: &[&[u8]]) -> Result<Bytes, HubError> {
    let mut report = serde_json::to_vec(head).map_err(|error| HubError::Declined(error.to_string()))?;
    report.push(b'\n');
    lines.iter().for_each(|lines| report.extend_from_slice(lines));
    Ok(report.into())
}
