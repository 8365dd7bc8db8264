//! The roles of the pages that share one connection.

/// The role of a page among the tabs of its browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Not known yet: nothing is opened.
    Unknown,
    /// It has the line, for all.
    Leads,
    /// Another tab has it.
    Follows,
}
