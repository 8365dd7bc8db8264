//! Keys that are pressed on the page.

use std::any::Any;

/// Hears key presses.
pub trait KeyPort {
    /// Hears every key press on the page, until the guard is dropped. Returning `true` means it was used up.
    fn on_key(&self, handler: Box<dyn Fn(Key) -> bool>) -> Box<dyn Any>;
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
