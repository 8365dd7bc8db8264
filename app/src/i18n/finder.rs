//! The texts of the palette's answers.

/// Every text of them in one language.
#[derive(Debug)]
pub struct FinderWords {
    /// A group.
    pub recent: &'static str,
    /// A group.
    pub cards: &'static str,
    /// A group.
    pub rooms: &'static str,
    /// A group.
    pub actions: &'static str,
    /// Explains the arrow keys.
    pub choose: &'static str,
    /// Explains Enter.
    pub take: &'static str,
}
