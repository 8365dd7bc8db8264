//! The messages between the tabs of a browser, as text: a word for its type, and its parts, each on a line.

use app::ports::{Link, LinkState, TransportFault, TransportReason};
use common::frame::{ByeReason, ServerFrame};
use transports::{
    browser::SubscribeRequest,
    catalog::{self, Entry},
};

use crate::feed::Feed;

/// Says something to all other tabs.
pub(super) fn say(feed: &Feed, message: &TabMessage) {
    if let Some(coordinator) = &feed.coordinator {
        coordinator.say(&message.write());
    }
}

/// Something said to all other tabs.
pub(super) enum TabMessage {
    /// I am new: who leads?
    Hello,
    /// This tab does.
    Leads(String),
    /// This tab wants to be told of this.
    Joins(String, SubscribeRequest),
    /// It no longer does.
    Leaves(String),
    /// A frame of the server, for one tab or for all.
    Frame(String, ServerFrame),
    /// The state of the connection, and whether the tab that has it is hidden.
    Link(Link, bool),
    /// Do not wait before the next attempt.
    Retry,
    /// The reader has chosen this transport, or leaves the choice to the page. The message names it: a browser may tell a tab of
    /// another's storage only after it has delivered this.
    Pin(Option<&'static Entry>),
}

impl TabMessage {
    pub(super) fn write(&self) -> String {
        match self {
            Self::Hello => "hello".to_owned(),
            Self::Leads(tab) => lines(&["leads", tab]),
            Self::Joins(tab, ask) => lines(&["joins", tab, &ask.query()]),
            Self::Leaves(tab) => lines(&["leaves", tab]),
            Self::Frame(tab, frame) => {
                lines(&["frame", tab, &serde_json::to_string(frame).unwrap_or_default()])
            }
            Self::Link(link, hidden) => write_link(link, *hidden),
            Self::Retry => "retry".to_owned(),
            Self::Pin(pinned) => lines(&["pin", pinned.map_or("", |entry| entry.id)]),
        }
    }

    /// A tab of another build may say what this one does not know.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '\n');
        let kind = parts.next()?;
        let mut part = || parts.next();
        Some(match kind {
            "hello" => Self::Hello,
            "leads" => Self::Leads(part()?.to_owned()),
            "joins" => Self::Joins(part()?.to_owned(), SubscribeRequest::read(part()?)?),
            "leaves" => Self::Leaves(part()?.to_owned()),
            "frame" => Self::Frame(part()?.to_owned(), ServerFrame::from_json(part()?).ok()?),
            "link" => read_link(text)?,
            "retry" => Self::Retry,
            "pin" => Self::Pin(catalog::find(part()?)),
            _ => return None,
        })
    }
}

fn lines(parts: &[&str]) -> String {
    parts.join("\n")
}

/// The state as a number, with the two that go with some of them.
fn write_link(link: &Link, hidden: bool) -> String {
    let (state, attempt, next_at) = match link.state {
        LinkState::Idle => (0, 0, 0),
        LinkState::Connecting => (1, 0, 0),
        LinkState::Live => (2, 0, 0),
        LinkState::Delayed => (3, 0, 0),
        LinkState::Stale => (4, 0, 0),
        LinkState::Reconnecting { attempt, next_at } => (5, attempt, next_at),
        LinkState::Offline { attempt, next_at } => (6, attempt, next_at),
        LinkState::Stopped => (7, 0, 0),
    };
    let (blocked, tries, fault, code) =
        link.why.map_or(("", 0, 0, 0), |TransportReason { transport, tries, fault }| {
            let (fault, code) = match fault {
                TransportFault::Silent => (0, 0),
                TransportFault::Cut => (1, 0),
                TransportFault::Answered(status) => (2, status),
                TransportFault::Closed(code) => (3, code),
                TransportFault::Before => (4, 0),
                TransportFault::TurnedAway(reason) => (5, bye_code(reason)),
            };
            (transport, tries, fault, code)
        });
    let round_trip = link.round_trip_ms.map_or(-1, |ms| ms.round() as i32);
    let (transport, pinned, hidden) = (link.transport, link.pinned.unwrap_or_default(), u8::from(hidden));
    format!(
        "link\n{transport}\n{pinned}\n{blocked}\n{round_trip}\n{state}\n{attempt}\n{next_at}\n{tries}\n{fault}\n{code}\n{hidden}"
    )
}

/// The reasons of a farewell, each by its place.
const BYES: [ByeReason; 6] = [
    ByeReason::Shutdown,
    ByeReason::TooManyConnections,
    ByeReason::LogFull,
    ByeReason::Ended,
    ByeReason::Renew,
    ByeReason::SignedOut,
];

fn bye_code(reason: ByeReason) -> u16 {
    BYES.iter().position(|bye| *bye == reason).unwrap_or_default() as u16
}

fn read_link(text: &str) -> Option<TabMessage> {
    let mut parts = text.split('\n').skip(1);
    let mut id = || Some(catalog::find(parts.next()?).map(|entry| entry.id));
    let (transport, pinned, blocked) = (id()??, id()?, id()?);
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (round_trip, state) = (number()?, number()?);
    let (attempt, next_at) = (number()? as u32, number()? as u64);
    let (tries, fault, code) = (number()? as u32, number()?, number()? as u16);
    let hidden = number()? != 0;
    let fault = match fault {
        0 => TransportFault::Silent,
        1 => TransportFault::Cut,
        2 => TransportFault::Answered(code),
        3 => TransportFault::Closed(code),
        5 => TransportFault::TurnedAway(BYES.get(usize::from(code)).copied()?),
        _ => TransportFault::Before,
    };
    let state = match state {
        0 => LinkState::Idle,
        1 => LinkState::Connecting,
        2 => LinkState::Live,
        3 => LinkState::Delayed,
        4 => LinkState::Stale,
        5 => LinkState::Reconnecting { attempt, next_at },
        6 => LinkState::Offline { attempt, next_at },
        _ => LinkState::Stopped,
    };
    let why = blocked.map(|transport| TransportReason { transport, tries, fault });
    let round_trip_ms = (round_trip >= 0).then_some(round_trip as f64);
    Some(TabMessage::Link(Link { state, transport, round_trip_ms, pinned, why, shared: true }, hidden))
}
