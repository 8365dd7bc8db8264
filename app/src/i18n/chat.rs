//! The texts of the chat. Most stand apart from the page's others, so that only the chat's piece brings them.

use super::{Language, en, ko};

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

/// Every other text of the chat in one language.
#[derive(Debug)]
pub struct ChatWords {
    /// The rooms, for screen readers.
    pub rooms: &'static str,
    /// Button that asks for a room's name.
    pub other_room: &'static str,
    /// Field.
    pub room_name: &'static str,
    /// Explains the rule for a room's name.
    pub room_hint: &'static str,
    /// Button.
    pub enter: &'static str,
    /// Field.
    pub your_name: &'static str,
    /// Explains the use of the name.
    pub name_hint: &'static str,
    /// Why a name is not taken.
    pub name_bad: &'static str,
    /// Button.
    pub join: &'static str,
    /// Button.
    pub cancel: &'static str,
    /// The list, for screen readers.
    pub messages: &'static str,
    /// Nothing has been said.
    pub empty: &'static str,
    /// The line at the first unread message.
    pub new: &'static str,
    /// Messages of a stretch of time are gone.
    pub gap: &'static str,
    /// Button.
    pub to_newest: &'static str,
    /// The day of a message.
    pub today: &'static str,
    /// The day of a message.
    pub yesterday: &'static str,
    /// Field, for screen readers.
    pub message: &'static str,
    /// Button.
    pub send: &'static str,
    /// Explains the keys of the field.
    pub keys: &'static str,
    /// State of a message.
    pub sending: &'static str,
    /// Button of a message that was refused.
    pub discard: &'static str,
    /// Link: the way to the server is at fault.
    pub doctor: &'static str,
    /// Without a connection.
    pub offline: &'static str,
    /// More than two people type.
    pub many_typing: &'static str,
    /// A text is too long by so many characters.
    pub too_many: fn(usize) -> String,
    /// In the field, from the room's name.
    pub say_in: fn(&str) -> String,
    /// A message was refused, with what that means.
    pub failed: fn(&str) -> String,
    /// The page itself does not take a message: so many wait already.
    pub too_many_unsent: fn(u64) -> String,
    /// One person types.
    pub one_types: fn(&str) -> String,
    /// Two people type.
    pub two_type: fn(&str, &str) -> String,
    /// The number of people in the room.
    pub people: fn(usize) -> String,
    /// Name of the button that changes the reader's name.
    pub named: fn(&str) -> String,
    /// For screen readers: how many messages have come, and from whom the last one is.
    pub heard: fn(usize, &str) -> String,
    /// A palette entry, from a room's name.
    pub go_to: fn(&str) -> String,
}

impl ChatWords {
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
            Language::En => &en::CHAT,
            Language::Ko => &ko::CHAT,
        }
    }
}
