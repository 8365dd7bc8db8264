//! The interfaces between the pages and their environment: the browser (implemented in `frontend`) and the server
//! (implemented in `server`). Pages reach them through context and never name a socket, a timer or a canvas call.

mod connections;
mod doctor;
mod lab;

use std::{any::Any, future::Future, pin::Pin, rc::Rc, sync::Arc};

use charts::Chart;
use common::{
    ClientMessage, Cursor, MessageId, Topic,
    api::{ApiError, Reason},
    frame::{ByeReason, Event, GapReason},
    history::History,
    host::{HostId, HostSnapshot},
};
use leptos::{prelude::*, web_sys::HtmlCanvasElement};
use send_wrapper::SendWrapper;

pub use connections::{ConnectionPorts, FrameEvent};
pub use doctor::{DoctorPorts, IdleProbe, Preflight, Probing, StreamProbe, WebSocketProbe};
pub use lab::{BytesKnown, ClockLook, LabPorts, LabTransport, LineObserver};

/// The browser's side, provided as context by `frontend` before hydration; absent on the server.
#[derive(Clone)]
pub struct Browser(SendWrapper<Rc<dyn BrowserPorts>>);

impl Browser {
    /// Wraps the browser's implementation for use as context.
    #[must_use]
    pub fn new(ports: Rc<dyn BrowserPorts>) -> Self {
        Self(SendWrapper::new(ports))
    }
}

impl std::ops::Deref for Browser {
    type Target = dyn BrowserPorts;

    fn deref(&self) -> &Self::Target {
        &**self.0
    }
}

/// Everything that a page may ask of the browser.
pub trait BrowserPorts {
    /// The state of the page's one connection, for the badge and the cards.
    fn link(&self) -> ReadSignal<Link>;
    /// Reports events of the connection, newest last; the notifications keep them.
    fn on_notice(&self, tell: Box<dyn Fn(Notice)>);
    /// Opens the page's connection.
    fn connect(&self);
    /// Closes it until `connect` is called.
    fn disconnect(&self);
    /// Ends the wait before the next attempt.
    fn retry_now(&self);
    /// Pins the transport that carries the page from now on, an id of [`BrowserPorts::transports`]; `None` leaves the choice to
    /// the page, which takes the first that gets through. Remembered.
    fn pin_transport(&self, id: Option<&'static str>);
    /// The transports there are: id and name, in the order of the catalog.
    fn transports(&self) -> Vec<(&'static str, &'static str)>;
    /// Receives a topic's events until the returned guard is dropped. `cadence_ms` is how often one is expected,
    /// from which the engine judges when the line is silent; `None` for topics that speak when they have to.
    fn watch(&self, topic: Topic, cadence_ms: Option<u32>, receive: Box<dyn Fn(&Event)>) -> Box<dyn Any>;
    /// Sends a message up, on whatever transport there is, and again after a broken line, until the server has told what
    /// became of it. Messages arrive in the order in which they were given. Dropping the guard gives up waiting.
    fn send(&self, message: ClientMessage, told: Box<dyn Fn(SendOutcome)>) -> Box<dyn Any>;
    /// A name that no other message has.
    fn new_message_id(&self) -> MessageId;
    /// Keeps a text in this browser; `None` forgets it.
    fn keep(&self, name: &'static str, text: Option<&str>);
    /// Reads the value that was kept under this name.
    fn kept(&self, name: &'static str) -> Option<String>;
    /// Takes charge of a canvas until the returned handle is dropped.
    fn canvas(&self, canvas: HtmlCanvasElement) -> Box<dyn ChartCanvas>;
    /// The points of a host's history measured after `since` (milliseconds since 1970).
    fn history(&self, host: &HostId, since: u64) -> LocalFuture<Result<History, FetchError>>;
    /// A host as it is now, for a page that was not rendered by the server.
    fn host(&self, host: &HostId) -> LocalFuture<Result<HostSnapshot, FetchError>>;
    /// Milliseconds since 1970, by the browser's clock.
    fn now(&self) -> f64;
    /// Returns the offset of the reader's clock from UTC at that moment (milliseconds since 1970), minutes: 540 in
    /// Seoul.
    fn zone_minutes(&self, at_ms: f64) -> i32;
    /// Runs `tick` about once a second while the page is shown, until the guard is dropped.
    fn every_second(&self, tick: Box<dyn Fn()>) -> Box<dyn Any>;
    /// Returns true if the page is visible.
    fn is_shown(&self) -> bool;
    /// Hears every key press on the page, until the guard is dropped. Returning `true` means it was used up.
    fn on_key(&self, handler: Box<dyn Fn(Key) -> bool>) -> Box<dyn Any>;
    /// Keeps a preference (theme, language) where the server sees it too: a cookie of one year. False where this browser keeps none.
    fn remember(&self, name: &'static str, value: &str) -> bool;
    /// Sets an attribute of the root element (`data-theme`, `lang`); repaints every canvas.
    fn mark_root(&self, name: &'static str, value: Option<&str>);
    /// Asks the server for the page in another language, by its tag, and keeps the choice as [`BrowserPorts::remember`] does.
    fn choose_language(&self, tag: &'static str);
    /// Hands the reader a file.
    fn save_text(&self, file_name: &str, mime: &str, text: &str);
    /// Hands the reader a picture of a canvas under its two lines of text.
    fn save_picture(&self, file_name: &str, canvas: &HtmlCanvasElement, picture: &Picture);
    /// Loads the lab's interface, which is a lazy chunk; nothing if it cannot be loaded.
    fn laboratory(&self) -> LocalFuture<Option<Rc<dyn LabPorts>>>;
}

/// The outcome of sending a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// It is stored, at this place.
    Sent(Cursor),
    /// The server does not take it, and will not if it is sent again as it is.
    Rejected(ApiError),
}

/// A future of the browser's one thread.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// A canvas under the care of the painter: it draws when the chart has changed and the canvas can be seen, once an
/// animation frame.
pub trait ChartCanvas {
    /// Shows a chart from now on. Once something of it is on the canvas, the canvas carries the attribute
    /// `data-painted`: from then on the stylesheet hides the server's picture behind it.
    fn show(&self, chart: Chart);
}

/// The texts in a picture that leaves the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The chart's title.
    pub title: String,
    /// When, of which machine, and what else the reader would not know.
    pub below: String,
}

/// The connection, as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The state of the connection.
    pub state: LinkState,
    /// The transport in use or being tried: its id in the catalog.
    pub transport: &'static str,
    /// The last measured round trip, milliseconds, where the transport can tell.
    pub round_trip_ms: Option<f64>,
    /// The transport that the reader has pinned.
    pub pinned: Option<&'static str>,
    /// Why a better transport does not carry the page, or why this one does not.
    pub why: Option<TransportReason>,
    /// True if another tab of this browser has the connection.
    pub shared: bool,
}

/// Why a transport does not carry the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportReason {
    /// Its id in the catalog.
    pub transport: &'static str,
    /// The number of failed attempts in a row; 0 if it was live.
    pub tries: u32,
    /// The last failure.
    pub fault: TransportFault,
}

/// The failure of an attempt, or of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFault {
    /// Nothing came in time: something on the way holds it back.
    Silent,
    /// It ended before the server's first word, though the way to its address is free.
    Cut,
    /// Something on the way answered for its address, with this status.
    Answered(u16),
    /// It was closed with this code.
    Closed(u16),
    /// It had not got through on this network when the page was here before.
    Before,
    /// The server said why it ends the connection.
    TurnedAway(ByeReason),
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing has asked for it yet.
    Idle,
    /// The first attempt is under way.
    Connecting,
    /// Frames arrive in time.
    Live,
    /// The next frame is late.
    Delayed,
    /// It is so late that the numbers are old.
    Stale,
    /// The line was lost; attempt `attempt` starts at `next_at` (milliseconds since 1970, browser's clock).
    Reconnecting {
        /// Counted from 1.
        attempt: u32,
        /// When it starts; in the past while it is under way.
        next_at: u64,
    },
    /// The browser has no network, or every attempt of the last five seconds failed.
    Offline {
        /// Counted from 1.
        attempt: u32,
        /// When the next attempt starts.
        next_at: u64,
    },
    /// A person stopped it.
    Stopped,
}

/// Something that happened to the connection and that a person may want to know later.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Entries of these topics were lost to this page, and why.
    Gap {
        /// Why.
        reason: GapReason,
        /// Of which topics.
        topics: Vec<Topic>,
        /// The page was away for this long, milliseconds.
        away_ms: u64,
    },
    /// The line was lost and is back; nothing is missing.
    Resumed {
        /// The page was away for this long, milliseconds.
        away_ms: u64,
    },
    /// The page went on with another transport than the one asked for.
    FellBack {
        /// The catalog id of the one that failed.
        from: &'static str,
        /// The catalog id of the one in use.
        to: &'static str,
    },
    /// A better transport gets through again.
    WentUp {
        /// The catalog id of the one that carried the page till then.
        from: &'static str,
        /// The catalog id of the one in use.
        to: &'static str,
    },
    /// The server said something was wrong with a request of the page's.
    Refused(Reason),
    /// This browser keeps nothing for the site: what the reader chose holds for this page only.
    NotKept,
    /// A piece of the page did not come, and what the reader asked for could not be done.
    NotLoaded,
}

/// A key press outside of text fields, or one with Ctrl or Cmd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// As in `KeyboardEvent.key`.
    pub key: String,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    /// Shift.
    pub shift: bool,
    /// True if a text field has the focus.
    pub in_text: bool,
}

/// A request of the page's that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The status, 0 when there was no answer.
    pub status: u16,
    /// The reason for which it was refused, if the server has told one.
    pub reason: Option<Reason>,
    /// The failure in words, for the console.
    pub message: String,
}

/// The server's side, provided as context for rendering; absent in the browser.
#[derive(Clone)]
pub struct Server(pub Arc<dyn ServerPorts>);

/// Everything that a page may ask of the server while it is rendered.
pub trait ServerPorts: Send + Sync {
    /// A host as it is now; `None` where there is none of that name.
    fn host(&self, host: &HostId) -> Option<HostSnapshot>;
    /// The reader's preference from the request's cookie of that name.
    fn preference(&self, name: &str) -> Option<String>;
    /// The request's `Accept-Language`.
    fn accept_language(&self) -> Option<String>;
    /// A name for the network that the request came from, where it is known.
    fn network(&self) -> Option<String>;
    /// Answers this request with another status, for example 404.
    fn set_status(&self, status: u16);
}
