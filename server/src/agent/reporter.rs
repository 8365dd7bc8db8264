//! The reporter: it sends the lines that wait, what is new first, and forgets them once the server has surely kept them.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use common::{host::HostInfo, host_labels::HostLabels};
use fanout::Clock;
use hyper::body::Bytes;
use tokio::time::{sleep, timeout};

use super::{
    answered::AnsweredPlaces,
    containers::ContainerReports,
    hub::HubError,
    ladder::Ladder,
    probes::AgentProbes,
    sink::AgentSink,
    spool::{Lines, Portion, SpoolPlace},
    wire::{ContainersKnown, REPORT_BYTES, REPORT_LINES, ReportHead, VERSION},
};

/// A report has at most so many new lines, as many old ones, and as many with news of containers.
const LARGEST: Portion = Portion { bytes: REPORT_BYTES / 4, lines: REPORT_LINES / 3 };
/// Reports get shorter down to this, where the way takes no longer ones.
const SMALLEST: usize = 16 << 10;
/// After a failure it is tried again after a second, then after twice as long, up to this.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// A server that does not know the agent, or refuses it, is asked again after this.
const REFUSED_REST: Duration = Duration::from_secs(60);
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
    answered: AnsweredPlaces,
    news: NewsProgress,
    portion: Portion,
    lost_bytes: u64,
    /// The run of the server that has answered last.
    server_run: Option<u64>,
}

/// The place up to which the server has followed the news of containers, which come in their order.
struct NewsProgress {
    containers: ContainerReports,
    /// Everything before it was answered.
    sent: SpoolPlace,
    answered: AnsweredPlaces,
    /// True if the server takes them; none while that is not known.
    is_taken: Option<bool>,
}

impl NewsProgress {
    fn new(containers: ContainerReports) -> Self {
        let sent = containers.begin();
        Self { containers, sent, answered: AnsweredPlaces::default(), is_taken: None }
    }

    /// Says if some of them wait for the server, or to know whether it takes any.
    fn are_waiting(&self) -> bool {
        self.is_taken != Some(false) && self.sent < self.containers.end()
    }

    /// Begins anew with those that the server may not have.
    fn fall_behind(&mut self) {
        self.answered.clear();
        self.sent = self.containers.begin();
        self.is_taken = None;
    }

    /// Reads the next ones, for a server that takes them.
    fn read(&self, most: Portion) -> io::Result<Option<Lines>> {
        let is_taken = self.is_taken == Some(true);
        is_taken.then(|| self.containers.read(self.sent, most)).transpose()
    }

    /// Takes note of an answer, and of what the server has of containers by then.
    fn answered(&mut self, known: Option<ContainersKnown>) {
        let Some(known) = known else {
            if self.is_taken.replace(false) != Some(false) {
                tracing::info!(
                    "this server is of a version that takes no containers: it is not told of them"
                );
            }
            self.sent = self.containers.end();
            return self.containers.take(self.sent);
        };
        self.is_taken = Some(true);
        self.containers.answered(known);
        if let Some(place) = self.answered.note(self.sent) {
            self.containers.take(place);
        }
    }
}

impl Reporter {
    pub(super) fn new(
        ladder: Ladder,
        host: ReportedHost,
        sink: Arc<AgentSink>,
        containers: ContainerReports,
    ) -> Self {
        let (sent, end) = {
            let spool = sink.spool.lock();
            (spool.taken(), spool.end())
        };
        // Lines of an earlier run are old ones.
        let behind = Some((end, end));
        Self {
            ladder,
            host,
            sink,
            sent,
            behind,
            answered: AnsweredPlaces::default(),
            news: NewsProgress::new(containers),
            portion: LARGEST,
            lost_bytes: 0,
            server_run: None,
        }
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
        self.news.fall_behind();
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
        let news = self.news.read(self.portion).map_err(gone)?;
        let head = ReportHead {
            info: self.host.info.clone(),
            labels: self.host.labels.clone(),
            version: VERSION.to_owned(),
            now: self.host.clock.unix_millis(),
            run: self.host.run,
            probes: Some(self.host.probes.told()),
        };
        let of_containers = news.as_ref().map_or(&[][..], |news| &news.bytes);
        let report = report(&head, &[&new.bytes, &old.bytes, of_containers])?;
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
            self.news.containers.meet_server();
        } else if let Some(news) = news {
            self.news.sent = news.end;
        }
        self.news.answered(answer.containers);
        // Forgets the lines that the server has surely written by now.
        if let Some(place) = self.answered.note(self.sent) {
            self.sink.spool.lock().take(place);
        }
        Ok(())
    }

    /// Waits until there is something to send.
    async fn wait_for_lines(&self) {
        loop {
            let until = self.behind.map_or(self.sent, |(_, from)| from);
            if self.behind.is_some_and(|(until, _)| self.sent < until)
                || until < self.sink.spool.lock().end()
                || self.news.are_waiting()
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

#[cfg(test)]
mod tests {
    use collect::CollectorSettings;
    use common::container::ContainerNews;
    use fanout::SystemClock;

    use super::{
        super::{news_queue::NewsQueue, spool::Spool},
        *,
    };
    use crate::containers::{ContainerTable, NewsSink};

    fn progress(folder: &std::path::Path) -> NewsProgress {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let settings =
            CollectorSettings { fast: Duration::from_secs(1), slow: Duration::from_secs(2), prober: None };
        let spool = Spool::open(&folder.join("waiting"), 1 << 20).expect("it opens");
        let sink = Arc::new(AgentSink::new(Arc::clone(&clock), spool, &settings));
        let table = ContainerTable::new(Arc::clone(&clock));
        let queue = NewsQueue::open(folder, 1 << 20, 7, 0).expect("it opens");
        NewsProgress::new(ContainerReports::new(clock, table, queue, sink))
    }

    #[tokio::test]
    async fn a_server_that_takes_no_containers_is_told_none_and_none_are_kept_for_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut progress = progress(folder.path());
        let gone = || ContainerNews::Gone { id: "0123456789ab".into() };
        progress.containers.tell(gone()).await;
        assert!(progress.are_waiting());
        assert_eq!(progress.read(LARGEST).expect("it is read"), None, "nothing is known of the server yet");
        progress.answered(None);
        assert!(!progress.are_waiting());
        assert_eq!(progress.containers.begin(), progress.containers.end());
        progress.containers.tell(gone()).await;
        assert_eq!(progress.read(LARGEST).expect("it is read"), None);
        // It was replaced by a newer one.
        progress.fall_behind();
        progress.answered(Some(ContainersKnown::Unlisted));
        let lines = progress.read(LARGEST).expect("it is read").expect("they are sent");
        assert!(String::from_utf8(lines.bytes).expect("text").contains("\"number\":2"));
    }
}
