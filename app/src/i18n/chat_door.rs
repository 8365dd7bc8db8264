//! The texts of the chat that every page has: its button, and its panel until the chat has come.

/// The texts of the chat that the page has before the panel is opened.
#[derive(Debug)]
pub struct ChatDoorWords {
    /// The panel.
    pub chat: &'static str,
    /// A palette entry and a shortcut's meaning.
    pub open: &'static str,
    /// Button.
    pub close: &'static str,
    /// Says that the panel's contents could not be loaded.
    pub missing: &'static str,
    /// Name of the top bar's button, from how many messages are unread.
    pub unread: fn(usize) -> String,
}
