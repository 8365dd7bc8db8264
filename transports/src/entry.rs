//! The catalog's entry of a transport.

/// A transport, as settings, pages, tests and benches name it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in settings and figures.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The path at which the server offers it.
    pub path: &'static str,
    /// Frames go up on the connection, too. Without it, messages go by `POST /live/send`, and topics change by a new
    /// connection.
    pub two_way: bool,
    /// A client falls back to it by itself from a transport that does not get through. Without it, a person has to
    /// choose it.
    pub fallback: bool,
    /// The client receives only when the page asks, by a timer of the page. Browsers slow timers of hidden pages, so
    /// silence then means nothing.
    pub timed: bool,
}
