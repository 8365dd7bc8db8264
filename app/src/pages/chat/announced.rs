//! The last announcement of the reader to the room.

use common::MessageId;

use super::guard::Guard;

/// The reader said this last, at this time.
#[derive(Default)]
pub(super) struct Announced {
    /// This browser's name among those who are there: two tabs are one person.
    pub(super) client: Option<MessageId>,
    /// When it was said, and when a key was last touched; milliseconds since 1970.
    pub(super) at: f64,
    pub(super) typed: f64,
    pub(super) typing: bool,
    /// The announcement that is on its way: a newer one takes its place.
    pub(super) guard: Option<Guard>,
}
