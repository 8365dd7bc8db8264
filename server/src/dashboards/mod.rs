//! Dashboards: rows of cards that the team shares. The store has them; each card is a view of Explore, so that what may be read of history
//! is read here as there.

mod api;
mod arrange;
mod changes;
mod content;
mod error;
mod feature;
mod forms;
mod import;
mod known;
mod listed;
mod multipart;
mod page;
mod query;
mod rotation;
mod route_state;
mod save;
mod shown;

pub(crate) use feature::FEATURE;
