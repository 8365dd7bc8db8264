//! The texts of transports: which carries the page, and why it is that one.

use common::frame::ByeReason;

/// Every text of transports in one language.
#[derive(Debug)]
pub struct WireWords {
    /// The page chooses the transport.
    pub automatic: &'static str,
    /// The badge's hint where a pinned transport does not get through.
    pub barred: &'static str,
    /// Why a transport does not carry the page: its name, how often it was tried in a row (0: it had been well), what happened.
    pub blocked: fn(&str, u32, &str) -> String,
    /// Names the transport in use; follows the sentence before.
    pub using: fn(&str) -> String,
    /// Another tab has the line; follows its transport's name.
    pub shared: &'static str,
    /// Reports the transport's failure.
    pub silent: &'static str,
    /// Reports the transport's failure.
    pub cut: &'static str,
    /// Reports a refusal: the status of HTTP.
    pub answered: fn(u16) -> String,
    /// Reports a close: its code.
    pub closed: fn(u16) -> String,
    /// Reports a transport that failed the last time on this network.
    pub before: &'static str,
    /// Explains why the server ended the connection, with the setting that decides it.
    pub turned_away: fn(ByeReason) -> &'static str,
    /// Another transport is used: from, to.
    pub fell_back: fn(&str, &str) -> String,
    /// From which transport to which better one.
    pub went_up: fn(&str, &str) -> String,
    /// A palette entry.
    pub use_transport: fn(&str) -> String,
}
