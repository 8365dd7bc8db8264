//! The page's one connection to the server.

use common::{
    Topic,
    api::Reason,
    frame::{ByeReason, GapReason},
};
use leptos::prelude::*;

/// Opens, closes and watches the connection.
pub trait LinkPort {
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
    /// Pins the transport that carries the page from now on, an id of [`LinkPort::transports`]; `None` leaves the choice to
    /// the page, which takes the first that gets through. Remembered.
    fn pin_transport(&self, id: Option<&'static str>);
    /// The transports there are: id and name, in the order of the catalog.
    fn transports(&self) -> Vec<(&'static str, &'static str)>;
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
