//! The texts of the connection: what its state means, which transport carries the page and why, and what became of it. They stand
//! apart from the others, so that only the pieces that tell of it bring them.

use common::frame::ByeReason;

use super::{Language, en, ko};

/// Every text of the connection in one language.
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
    /// Explains the state.
    pub idle_hint: &'static str,
    /// Explains the state.
    pub connecting_hint: &'static str,
    /// Explains the state.
    pub live_hint: &'static str,
    /// Explains the state.
    pub delayed_hint: &'static str,
    /// Explains the state.
    pub stale_hint: &'static str,
    /// Explains the state.
    pub reconnecting_hint: &'static str,
    /// Explains the state.
    pub offline_hint: &'static str,
    /// Explains the state.
    pub stopped_hint: &'static str,
    /// Why entries were lost.
    pub evicted: &'static str,
    /// Why entries were lost.
    pub restarted: &'static str,
    /// Why entries were lost.
    pub foreign: &'static str,
    /// The line is back, from a duration.
    pub resumed: fn(&str) -> String,
    /// Entries were lost: duration, reason, topics.
    pub gap: fn(&str, &str, &str) -> String,
}

impl WireWords {
    /// The texts in the page's language.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> &'static Self {
        Self::of(Language::here())
    }

    /// The texts in a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WIRE,
            Language::Ko => &ko::WIRE,
        }
    }
}
