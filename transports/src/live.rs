//! All transports' server ends, together.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hub::{Form, Hub};

use crate::gate::Admission;

/// What every server end needs; cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    /// The log.
    pub hub: Hub,
    /// How many may come, and how much each may use.
    pub admission: Admission,
    /// When to speak without anything to say.
    pub pace: Arc<Pace>,
}

/// The times of a connection.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The longest silence between two frames.
    pub heartbeat: Duration,
    /// When a client whose line broke should come back, unless it was told otherwise.
    pub retry: Duration,
}

/// Every wire form, for figures.
pub const FORMS: &[&Form] =
    &[&crate::sse::BLOCK, &crate::sse::CHUNK, &crate::sse::BARE, &crate::websocket::TEXT];

impl Live {
    /// The routes of the catalog.
    pub fn router(self) -> Router {
        Router::new()
            .merge(crate::sse::server::routes())
            .merge(crate::websocket::server::routes())
            .with_state(self)
    }
}
