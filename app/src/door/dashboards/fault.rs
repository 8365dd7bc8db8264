//! The reasons for which a dashboard, or a card of it, is not kept.

use crate::door::explore_problem::ExploreProblem;

/// The reason for which a dashboard, or a card of it, is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardFault {
    /// The form of the import has neither a file nor a text.
    NoImport,
    /// The text is no export.
    BadImport {
        /// The reason, in English words of the server.
        reason: String,
    },
    /// The form of the import is longer than what is taken.
    LongImport {
        /// The most KiB.
        most: usize,
    },
    /// A view of Explore makes no sense.
    View(ExploreProblem),
    /// No card has this place.
    NoCard,
    /// A card is asked for something that is not done.
    BadAct,
    /// The dashboard has more cards than are kept.
    Cards {
        /// The number of its cards.
        count: usize,
        /// The most that are kept.
        most: usize,
    },
    /// A row has more cards than are kept.
    RowCards {
        /// The number of its cards.
        count: usize,
        /// The most that are kept.
        most: usize,
    },
    /// A title is longer than what is kept.
    LongTitle {
        /// The number of its characters.
        count: usize,
        /// The most that are kept.
        most: usize,
    },
    /// A title has a control character.
    BadTitle,
    /// A card has more series than are kept.
    Series {
        /// The number of its series.
        count: usize,
        /// The most that are kept.
        most: usize,
    },
    /// A card has a series twice.
    SeriesTwice,
    /// No line is drawn of this aggregate.
    Aggregate,
}
