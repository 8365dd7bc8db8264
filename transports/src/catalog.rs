//! Every transport there is, entered once.

/// A transport, as settings, pages, tests and benches name it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in settings and figures.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Where the server offers it.
    pub path: &'static str,
    /// Whether frames go up it too; where not, messages go by `POST /live/send` and topics by opening anew.
    pub two_way: bool,
    /// Whether a client falls back to it by itself from one that does not get through; where not, a person chooses it.
    pub fallback: bool,
    /// Whether it is heard only when the page asks, by a clock of the page's own: browsers slow that down while the page
    /// is hidden, and silence then means nothing.
    pub timed: bool,
}

/// All of them, the most capable first: the order in which a client tries them.
pub const CATALOG: &[&Entry] = &[
    &crate::websocket::ENTRY,
    &crate::sse::ENTRY,
    &crate::http_stream::ENTRY,
    &crate::long_polling::ENTRY,
    &crate::polling::ENTRY,
    &crate::socketio::ENTRY,
];

/// The transport of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    CATALOG.iter().copied().find(|entry| entry.id == id)
}
