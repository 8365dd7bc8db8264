//! The bounds on rooms and on the people in them.

/// The server has at most this many rooms; a room that is empty and silent no longer counts.
pub(super) const ROOMS: usize = 100;
/// A room holds at most this many people.
pub(super) const PEOPLE: usize = 1000;
