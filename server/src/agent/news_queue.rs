//! News of containers that wait to be sent: in their order, each with its number.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use common::container::{ContainerInfo, ContainerNews, EngineStatus};
use container_engine::EventTime;

use super::{
    spool::{Lines, Portion, Spool, SpoolPlace},
    wire::ReportLine,
};
use crate::containers::{CONTAINERS, ContainerListPart, NumberedNews, bounded, time_of};

/// A part of a list has about so many bytes of containers: a way may take no longer reports than 64 KiB.
const PART_BYTES: usize = 24 << 10;
/// A server that has no list is told it this often at most.
const BETWEEN_LISTS: Duration = Duration::from_secs(60);

/// News that wait.
#[derive(Debug)]
pub(super) struct NewsQueue {
    spool: Spool,
    /// The file with the time of the last event.
    mark: PathBuf,
    run: u64,
    number: u64,
    /// The moment at which the list was put in last, in this run.
    listed: Option<Instant>,
    /// True if the server is to be told the list at once.
    wants_list: bool,
    /// The bytes that were given up, as far as they were told.
    lost_bytes: u64,
    /// True if news could not be written, and that was not told.
    has_failed: bool,
    /// The moment at which it was told last that something was lost.
    told_lost: Option<Instant>,
    /// True if the last list could not be written.
    owes_list: bool,
    /// The time of the last answer before lines were given up, milliseconds since 1970.
    answered_ms: u64,
}

impl NewsQueue {
    /// Opens that of an agent's folder, for a run of the agent.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub(super) fn open(folder: &Path, most_bytes: u64, run: u64, now_ms: u64) -> io::Result<Self> {
        let spool = Spool::open(&folder.join("news"), most_bytes)?;
        let mark = folder.join("last-event");
        Ok(Self {
            spool,
            mark,
            run,
            number: 0,
            listed: None,
            wants_list: false,
            lost_bytes: 0,
            has_failed: false,
            told_lost: None,
            owes_list: false,
            answered_ms: now_ms,
        })
    }

    /// Returns the time of the last event that was put in, in this run or an earlier one.
    pub(super) fn last_event(&self) -> Option<EventTime> {
        time_of(fs::read_to_string(&self.mark).ok()?.trim())
    }

    /// Says if the list was put in during this run.
    pub(super) fn has_listed(&self) -> bool {
        self.listed.is_some()
    }

    /// Puts news in.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn push(&mut self, news: ContainerNews) -> io::Result<()> {
        let pushed = self.push_news(news);
        self.has_failed |= pushed.is_err();
        pushed
    }

    fn push_news(&mut self, news: ContainerNews) -> io::Result<()> {
        let last = match &news {
            ContainerNews::Event(event) if !event.is_late => Some(event.time.clone()),
            _ => None,
        };
        let news = NumberedNews { run: self.run, number: self.next_number(), news: bounded_news(news) };
        self.write(&ReportLine::ContainerNews(Box::new(news)))?;
        match last {
            Some(time) => self.write_mark(&time),
            None => Ok(()),
        }
    }

    /// Puts the whole list in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn push_list(&mut self, engine: &EngineStatus, all: Vec<ContainerInfo>) -> io::Result<()> {
        // One that cannot be written is tried again as any other.
        self.listed = Some(Instant::now());
        let pushed = self.push_parts(engine, all);
        self.owes_list = pushed.is_err();
        pushed
    }

    fn push_parts(&mut self, engine: &EngineStatus, all: Vec<ContainerInfo>) -> io::Result<()> {
        if all.len() > CONTAINERS {
            tracing::warn!(
                containers = all.len(),
                "more containers than a server takes: {CONTAINERS} are told"
            );
        }
        let mut parts = vec![Vec::new()];
        let mut bytes = 0;
        for one in all.into_iter().take(CONTAINERS).map(bounded) {
            bytes += serde_json::to_vec(&one)?.len();
            if bytes > PART_BYTES {
                bytes = 0;
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(one);
            }
        }
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        for (part, containers) in (0..).zip(parts) {
            let part = ContainerListPart {
                run: self.run,
                number: self.next_number(),
                part,
                parts: count,
                engine: engine.clone(),
                containers,
            };
            self.write(&ReportLine::ContainerList(Box::new(part)))?;
        }
        self.wants_list = false;
        Ok(())
    }

    /// Takes note of a server that was started anew: it is told the list as soon as it says that it has none.
    pub(super) fn meet_server(&mut self) {
        self.wants_list = true;
    }

    /// Takes note of an answer. True if the list is to be put in now.
    pub(super) fn answered(&mut self, is_listed: bool, now_ms: u64) -> bool {
        if self.has_failed || self.spool.lost_bytes() > self.lost_bytes {
            // A list that is too long for what may wait would else push itself out, again and again.
            if self.told_lost.is_some_and(|at| at.elapsed() < BETWEEN_LISTS) {
                return false;
            }
            self.tell_lost(now_ms);
            return self.has_listed();
        }
        self.answered_ms = now_ms;
        self.listed.is_some_and(|at| {
            let is_due = at.elapsed() > BETWEEN_LISTS;
            (self.owes_list && is_due) || (!is_listed && (self.wants_list || is_due))
        })
    }

    /// Returns true if a server that was started anew is to be told of an engine that has listed nothing yet.
    pub(super) fn owes_engine(&mut self) -> bool {
        self.listed.is_none() && std::mem::take(&mut self.wants_list)
    }

    fn tell_lost(&mut self, now_ms: u64) {
        self.lost_bytes = self.spool.lost_bytes();
        self.has_failed = false;
        self.told_lost = Some(Instant::now());
        tracing::warn!("news of containers were given up: more wait than may be kept");
        let (from_ms, until_ms) = (self.answered_ms, now_ms);
        let why = "More news waited at the agent than it may keep.".to_owned();
        match self.push(ContainerNews::Unknown { from_ms, until_ms, why }) {
            Ok(()) => self.answered_ms = now_ms,
            Err(error) => tracing::error!(%error, "news of containers cannot be kept"),
        }
    }

    /// Returns the place behind the newest line.
    pub(super) fn end(&self) -> SpoolPlace {
        self.spool.end()
    }

    /// Returns the place of the oldest line.
    pub(super) fn begin(&self) -> SpoolPlace {
        self.spool.taken()
    }

    /// Reads lines from a place on.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn read(&self, from: SpoolPlace, most: Portion) -> io::Result<Lines> {
        self.spool.read(from, self.spool.end(), most)
    }

    /// Forgets the lines before a place.
    pub(super) fn take(&mut self, place: SpoolPlace) {
        self.spool.take(place);
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    fn write(&mut self, line: &ReportLine) -> io::Result<()> {
        self.spool.push(&serde_json::to_vec(line)?)
    }

    /// Written beside its place first: an agent that is killed finds the one or the other.
    fn write_mark(&self, time: &str) -> io::Result<()> {
        let beside = self.mark.with_added_extension("new");
        fs::write(&beside, time)?;
        fs::rename(&beside, &self.mark)
    }
}

fn bounded_news(news: ContainerNews) -> ContainerNews {
    match news {
        ContainerNews::Event(mut event) => {
            event.container = event.container.map(bounded);
            ContainerNews::Event(event)
        }
        ContainerNews::Changed { container } => ContainerNews::Changed { container: bounded(container) },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use common::container::EngineState;

    use super::*;

    const ALL: Portion = Portion { bytes: usize::MAX, lines: usize::MAX };

    fn lines(queue: &NewsQueue) -> Vec<ReportLine> {
        let read = queue.read(queue.begin(), ALL).expect("it is read");
        let text = String::from_utf8(read.bytes).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
    }

    fn many(count: usize) -> Vec<ContainerInfo> {
        let one = |number| ContainerInfo { id: format!("{number:064x}"), ..ContainerInfo::default() };
        (0..count).map(one).collect()
    }

    fn engine() -> EngineStatus {
        EngineStatus { state: EngineState::Connected, since_ms: 1, product: None, why: None }
    }

    #[test]
    fn a_long_list_goes_in_parts_that_a_server_takes_and_ends_at_its_bound() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut queue = NewsQueue::open(folder.path(), 1 << 24, 7, 0).expect("it opens");
        queue.push_list(&engine(), many(CONTAINERS + 5)).expect("it is written");
        let lines = lines(&queue);
        let (mut told, count) = (0, lines.len());
        for (place, line) in lines.into_iter().enumerate() {
            assert!(serde_json::to_vec(&line).expect("JSON").len() < super::super::wire::REPORT_LINE_BYTES);
            let ReportLine::ContainerList(part) = line else { panic!("{line:?}") };
            assert_eq!((part.run, part.number), (7, place as u64 + 1));
            assert_eq!((part.part as usize, part.parts as usize), (place, count));
            told += part.containers.len();
        }
        assert!(count > 1);
        assert_eq!(told, CONTAINERS);
    }

    #[test]
    fn a_server_without_a_list_is_told_it_once_and_not_again_and_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut queue = NewsQueue::open(folder.path(), 1 << 24, 7, 0).expect("it opens");
        queue.meet_server();
        assert!(!queue.answered(false, 1), "nothing is known here yet");
        queue.push_list(&engine(), Vec::new()).expect("it is written");
        assert!(!queue.answered(false, 2), "it is on its way");
        queue.meet_server();
        assert!(!queue.answered(true, 3));
        assert!(queue.answered(false, 4));
    }

    #[test]
    fn news_that_were_given_up_are_said_to_be_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut queue = NewsQueue::open(folder.path(), 1 << 20, 7, 0).expect("it opens");
        assert!(!queue.answered(true, 1_000));
        for one in many(10_000) {
            queue.push(ContainerNews::Changed { container: one }).expect("it is written");
        }
        queue.push_list(&engine(), Vec::new()).expect("it is written");
        assert!(queue.answered(true, 9_000), "the list tells what has become of them");
        let ReportLine::ContainerNews(line) = lines(&queue).pop().expect("a line") else { panic!("news") };
        assert!(
            matches!(line.news, ContainerNews::Unknown { from_ms: 1_000, until_ms: 9_000, .. }),
            "{line:?}"
        );
        assert!(!queue.answered(true, 10_000), "once");
        for one in many(10_000) {
            queue.push(ContainerNews::Changed { container: one }).expect("it is written");
        }
        assert!(
            !queue.answered(true, 11_000),
            "more is told a minute later, for a long list pushes news out itself"
        );
    }

    #[test]
    fn a_server_that_starts_anew_is_told_once_of_an_engine_that_has_listed_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut queue = NewsQueue::open(folder.path(), 1 << 20, 7, 0).expect("it opens");
        assert!(!queue.owes_engine(), "the server that is there has heard of it");
        queue.meet_server();
        assert_eq!([queue.owes_engine(), queue.owes_engine()], [true, false]);
        queue.push_list(&engine(), Vec::new()).expect("it is written");
        queue.meet_server();
        assert!(!queue.owes_engine(), "the list says it");
    }
}
