//! The reason for which the server ends a line.

use common::frame::ByeReason;

/// Why the server ends a line: said on the line there is, and on the last one where that was the end of it.
#[derive(Debug, Default)]
pub(super) struct CloseReason {
    pub(super) heard: Option<ByeReason>,
    pub(super) last: Option<ByeReason>,
}

impl CloseReason {
    /// The line is no more. One that breaks without a word leaves none behind.
    pub(super) fn end_line(&mut self) {
        self.last = self.heard.take();
    }
}
