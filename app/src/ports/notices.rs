//! Notices that people and programs send to the reader, as the server tells them.

use super::LocalFuture;

/// Reads what the server says of notices, and asks for it.
pub trait NoticePort {
    /// Reads an event of the reader's topics; nothing where it says nothing that this page knows.
    fn read(&self, event: &str) -> Option<NoticeNews>;
    /// Acknowledges a notice on all devices, if one is named, and asks for those that the reader has not read, the newest first.
    fn unread(&self, acknowledged: Option<u64>) -> LocalFuture<Option<NoticeNews>>;
}

/// Something that the server says of notices.
#[derive(Debug, Clone, PartialEq)]
pub enum NoticeNews {
    /// There is a new one.
    Sent(SentNotice),
    /// The reader has not read so many.
    Unread {
        /// Their number.
        count: usize,
        /// The newest notice when they were counted.
        newest: u64,
        /// Those that were asked for.
        notices: Vec<SentNotice>,
    },
}

/// A notice that the reader was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SentNotice {
    /// Its number. A newer notice has a greater one.
    pub id: u64,
    /// Its urgency: `info`, `warning` or `critical`.
    pub level: String,
    /// The line that it is shown by.
    pub title: String,
    /// More about it; empty in an event.
    pub text: String,
    /// The page of the board that it leads to; empty where it leads to none.
    pub link: String,
    /// The moment at which it was sent.
    pub at_ms: u64,
}
