//! The streams of lines that the page reads: one that goes on, and one of earlier lines.

use common::{
    frame::Event,
    logs::{LogMark, LogsOpened, LogsRequest},
    stream::StreamId,
};
use send_wrapper::SendWrapper;

use super::{
    ask::ask,
    board::{LogsBoard, LogsMode},
    reading::{ItemCounter, PAGE, ReadingSlot, StreamLane, StreamReading, StreamState},
    request,
    sources::logs_address,
    wire,
};
use crate::{
    live::{Stored, Trouble},
    ports::{Browser, FetchError},
};

/// As many lines of the past are read in one direction before the reader asks for more.
const STRETCH: usize = 2_000;
/// As many lines of all history are found, the newest ones.
const FOUND: u32 = 1_000;

impl LogsBoard {
    /// Shows the newest lines of the sources, and those that come.
    pub(super) fn read_newest(self) {
        self.mode.set(LogsMode::Live);
        self.clear();
        self.open(StreamLane::Main, LogsRequest { tail: Some(PAGE), follow: true, ..self.request() }, None);
    }

    /// Shows the lines from a moment on, microseconds. If it is among those that are here, it is only brought into view.
    pub(super) fn read_from(self, at: u64) {
        let here = self.lines.with(|lines| lines.ring.at_or_after(at)).flatten();
        if let Some(number) = here.filter(|_| !matches!(self.mode.peek(), LogsMode::Found(_))) {
            return self.lead_to(number);
        }
        self.mode.set(LogsMode::Moment(at));
        self.clear();
        self.pause();
        let since = Some(LogMark { at, seen: 0 });
        self.open(StreamLane::Main, LogsRequest { since, ..self.request() }, Some(STRETCH));
    }

    /// Shows those of all lines there are that match a pattern.
    pub(super) fn read_matching(self, pattern: String) {
        self.mode.set(LogsMode::Found(pattern));
        self.clear();
        self.open(StreamLane::Main, LogsRequest { tail: Some(FOUND), ..self.request() }, None);
    }

    /// Goes on behind the last line: up to the end and no further, or for as long as new ones come.
    pub(super) fn read_later(self, follow: bool) {
        let Some(since) = self.lines.with(|lines| lines.ring.end_mark()).flatten() else {
            return self.read_newest();
        };
        if follow {
            self.mode.set(LogsMode::Live);
        }
        let request = LogsRequest { since: Some(since), follow, ..self.request() };
        self.open(StreamLane::Main, request, (!follow).then_some(STRETCH));
    }

    /// Puts the lines before the first one before it.
    pub(super) fn read_earlier(self) {
        let Some(until) = self.lines.with(|lines| lines.ring.begin_mark()).flatten() else { return };
        self.pause();
        self.loads_earlier.set(true);
        self.earlier_failed.set(None);
        let first = self.lines.with(|lines| lines.ring.first()).unwrap_or_default();
        self.earlier_before.set(first);
        let request = LogsRequest { until: Some(until), tail: Some(PAGE), ..self.request() };
        self.open(StreamLane::Earlier, request, None);
    }

    /// Goes on after the line was away: no line is lost or comes twice.
    pub(super) fn resume(self) {
        // The server may have forgotten the streams, and finds out by itself that nobody reads them.
        for lane in [StreamLane::Main, StreamLane::Earlier] {
            self.slot(lane).update(|slot| slot.reading = None);
        }
        self.loads_earlier.set(false);
        // A server that stops may end the stream as failed just before the line is lost.
        if matches!(self.state.peek(), StreamState::Opening | StreamState::Reading | StreamState::Failed(_)) {
            self.try_again();
        }
    }

    /// Asks once more for the lines that did not come, or no longer do.
    pub(super) fn try_again(self) {
        match self.mode.peek() {
            LogsMode::Live if self.is_empty() => self.read_newest(),
            LogsMode::Live => self.read_later(true),
            LogsMode::Moment(at) if self.is_empty() => self.read_from(at),
            LogsMode::Moment(_) => self.read_later(false),
            LogsMode::Found(pattern) => self.read_matching(pattern),
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.lines.with(|lines| lines.ring.len() == 0).unwrap_or(true)
    }

    pub(super) fn close_all(self) {
        self.close(StreamLane::Main);
        self.close(StreamLane::Earlier);
    }

    fn request(self) -> LogsRequest {
        let pattern = match self.mode.peek() {
            LogsMode::Found(pattern) => Some(pattern),
            _ => None,
        };
        let (follow, tail, since, until) = (false, None, None, None);
        LogsRequest { sources: self.sources.peek(), follow, tail, since, until, pattern }
    }

    pub(super) const fn slot(self, lane: StreamLane) -> Stored<ReadingSlot> {
        match lane {
            StreamLane::Main => self.main,
            StreamLane::Earlier => self.earlier,
        }
    }

    /// Reads no more of a lane, and lets the server know.
    pub(super) fn close(self, lane: StreamLane) {
        let old = self.slot(lane).update(|slot| {
            slot.generation += 1;
            slot.reading.take()
        });
        if let (Some(Some(old)), Some(browser)) = (old, self.browser()) {
            cancel(browser, &old.id);
        }
    }

    fn open(self, lane: StreamLane, request: LogsRequest, left: Option<usize>) {
        self.close(lane);
        if lane == StreamLane::Main {
            self.close(StreamLane::Earlier);
            self.loads_earlier.set(false);
        }
        if request.sources.is_empty() {
            return self.state.set(StreamState::Idle);
        }
        let generation = self.slot(lane).with(|slot| slot.generation);
        let (Some(browser), Some(generation)) = (self.browser(), generation) else { return };
        if lane == StreamLane::Main {
            self.state.set(StreamState::Opening);
        }
        let json = request::json(&request);
        let then = {
            let browser = browser.clone();
            move |answer: Result<String, FetchError>| {
                let opened = answer.and_then(|text| {
                    wire::opened(&text).ok_or(FetchError { status: 200, reason: None, message: text })
                });
                // The page may have been left meanwhile, or wants other lines.
                let is_wanted = self.slot(lane).with(|slot| slot.generation) == Some(generation);
                match opened {
                    Ok(opened) if !is_wanted => cancel(browser, &opened.id),
                    Ok(opened) => self.watch(lane, generation, opened, left, &browser),
                    Err(error) if is_wanted => self.refused(lane, error, &browser),
                    Err(_) => {}
                }
            }
        };
        ask(browser, "POST", logs_address(), Some(json), Box::new(then));
    }

    fn watch(
        self,
        lane: StreamLane,
        generation: u64,
        opened: LogsOpened,
        left: Option<usize>,
        browser: &Browser,
    ) {
        let receive = move |event: &Event| {
            if self.slot(lane).with(|slot| slot.generation) == Some(generation) {
                self.receive(lane, event.data.get());
            }
        };
        let guard = SendWrapper::new(browser.messages.watch(opened.topic, None, Box::new(receive)));
        let reading = StreamReading {
            id: opened.id,
            counter: ItemCounter::default(),
            left,
            taken: Vec::new(),
            _guard: guard,
        };
        self.slot(lane).update(|slot| slot.reading = Some(reading));
        if lane == StreamLane::Main {
            self.state.set(StreamState::Reading);
        }
    }

    /// Lines that are there stay, and the question can be asked again.
    fn refused(self, lane: StreamLane, error: FetchError, browser: &Browser) {
        // The server says what is wrong with a pattern; other refusals have words of the page's.
        let detail = if error.status == 400 { error.message.clone() } else { String::new() };
        let trouble = Trouble::of(error, browser.clock.now());
        let told = [&*trouble.told(self.common), " ", &detail].concat().trim_end().to_owned();
        match lane {
            StreamLane::Main => self.state.set(StreamState::Refused { told, id: trouble.id }),
            StreamLane::Earlier => {
                self.loads_earlier.set(false);
                self.earlier_failed.set(Some(told));
            }
        }
    }
}

/// Tells the server that nobody reads a stream any more. It finds that out itself, if later.
fn cancel(browser: Browser, id: &StreamId) {
    let address = [&*logs_address(), "/", id.as_str()].concat();
    ask(browser, "DELETE", address, None, Box::new(|_| ()));
}
