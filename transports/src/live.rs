//! All transports' server ends, together.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hub::{Hub, WireFormat};

use crate::{gate::Admission, inbound::InboundHandler, socketio::RawNamespace};

/// The state that all transports' servers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    /// The log.
    pub hub: Hub,
    /// The limits, and the live connections.
    pub admission: Admission,
    /// The times of all connections: heartbeat, retry, age.
    pub pace: Arc<Pace>,
    /// The handler of messages from clients.
    pub inbound: Arc<dyn InboundHandler>,
    /// A WebSocket compresses, if the client offers it.
    pub compression: bool,
}

/// The times of a connection.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The longest silence between two frames.
    pub heartbeat: Duration,
    /// The time after which a client whose connection broke should come back, unless it was told otherwise.
    pub retry: Duration,
    /// The age at which a one-way connection ends with a `bye` and is opened again; `None` for no limit. Its reader
    /// may have left behind a proxy that does not report it.
    pub max_age: Option<Duration>,
}

/// Every wire form, for figures.
pub const FORMS: &[&WireFormat] = &[
    &crate::sse::BLOCK,
    &crate::sse::CHUNK,
    &crate::sse::BARE,
    &crate::sse::BARE_CHUNK,
    &crate::websocket::TEXT,
    &crate::websocket::DEFLATED,
    &crate::websocket::DEFLATED_NARROW,
    &crate::http_stream::LINE,
    &crate::http_stream::CHUNK,
    &crate::polling::ITEM,
    &crate::socketio::wire::MAIN_FRAME,
    &crate::socketio::wire::KIND_FRAME,
    &crate::socketio::wire::MAIN_PACKET,
    &crate::socketio::wire::KIND_PACKET,
];

impl Pace {
    /// The retry as frames say it.
    #[must_use]
    pub fn retry_ms(&self) -> u64 {
        u64::try_from(self.retry.as_millis()).unwrap_or(u64::MAX)
    }

    /// The heartbeat as frames say it.
    #[must_use]
    pub fn heartbeat_ms(&self) -> u64 {
        u64::try_from(self.heartbeat.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Live {
    /// The routes of the catalog.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{sync::Arc, time::Duration};
    ///
    /// use common::{
    ///     ClientMessage, Epoch,
    ///     api::ApiError,
    ///     frame::ErrorCode,
    ///     message::{Receipt, Rejection},
    /// };
    /// use futures_util::future::BoxFuture;
    /// use hub::{Hub, Settings};
    /// use transports::{
    ///     gate::{Admission, Limits},
    ///     inbound::{InboundHandler, MessageSource},
    ///     live::{Live, Pace},
    /// };
    ///
    /// #[derive(Debug)]
    /// struct ReadOnly;
    ///
    /// impl InboundHandler for ReadOnly {
    ///     fn handle(
    ///         &self,
    ///         message: ClientMessage,
    ///         _: MessageSource,
    ///     ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
    ///         let error = ApiError::new(ErrorCode::UnknownTopic, "nothing is taken here".into());
    ///         Box::pin(async move { Err(Rejection { id: message.id, error, retry_ms: None }) })
    ///     }
    /// }
    ///
    /// let live = Live {
    ///     hub: Hub::new(Settings {
    ///         epoch: Epoch(1),
    ///         policies: Vec::new(),
    ///         publication_bytes: 1 << 20,
    ///         topics_per_subscription: 16,
    ///         topics: 100,
    ///         bytes: 1 << 24,
    ///     }),
    ///     admission: Admission::new(Limits {
    ///         connections: 1_000,
    ///         connections_per_address: 100,
    ///         message_bytes: 1 << 16,
    ///         messages_per_second: 20,
    ///         stall: Duration::from_secs(30),
    ///     }),
    ///     pace: Arc::new(Pace {
    ///         heartbeat: Duration::from_secs(15),
    ///         retry: Duration::from_secs(2),
    ///         max_age: None,
    ///     }),
    ///     inbound: Arc::new(ReadOnly),
    ///     compression: true,
    /// };
    /// let router: axum::Router = live.router();
    /// ```
    pub fn router(self) -> Router {
        self.router_with(Vec::new())
    }

    /// Returns the routes of the catalog, with these raw namespaces on Socket.IO.
    pub fn router_with(self, raw_namespaces: Vec<RawNamespace>) -> Router {
        Router::new()
            .merge(crate::websocket::server::routes())
            .merge(crate::sse::server::routes())
            .merge(crate::http_stream::server::routes())
            .merge(crate::long_polling::server::routes())
            .merge(crate::polling::server::routes())
            .merge(crate::inbound::routes())
            .with_state(self.clone())
            .merge(crate::socketio::server::routes(self, raw_namespaces))
    }
}

#[cfg(test)]
mod tests {
    use super::FORMS;

    #[test]
    fn no_two_forms_share_a_slot() {
        for (nth, form) in FORMS.iter().enumerate() {
            assert!(FORMS[..nth].iter().all(|other| other.slot() != form.slot()), "{}", form.name);
        }
    }
}
