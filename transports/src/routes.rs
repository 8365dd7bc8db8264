//! All transports' ends in the server, together.

use axum::Router;
use fanout::WireFormat;

use crate::{
    inbound,
    live::Live,
    registry::registered,
    server_transport::{ServerTransport, Slots},
};

macro_rules! routes {
    ($($transport:ty),+ $(,)?) => {
        fn transport_routes(live: &Live) -> Router {
            Router::new()$(.merge(<$transport as ServerTransport>::routes(live)))+
        }

        /// Returns the wire formats of all transports, for figures.
        pub fn wire_formats() -> impl Iterator<Item = &'static WireFormat> {
            [$(<$transport as ServerTransport>::WIRE_FORMATS),+].into_iter().flatten().copied()
        }

        routes!(@slots 0, $($transport,)+);
    };
    (@slots $first:expr, $transport:ty, $($rest:ty,)*) => {
        impl Slots for $transport {
            const FIRST: usize = $first;
        }

        routes!(@slots <$transport as Slots>::NEXT, $($rest,)*);
    };
    (@slots $first:expr,) => {
        /// The first slot for wire formats that are no transport's.
        pub const FREE_SLOT: usize = $first;
    };
}

registered!(routes);

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
    /// use fanout::{Clock, Hub, Settings, SystemClock};
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
    /// let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    /// let live = Live {
    ///     hub: Hub::new(Settings {
    ///         clock: Arc::clone(&clock),
    ///         epoch: Epoch(1),
    ///         policies: Vec::new(),
    ///         publication_bytes: 1 << 20,
    ///         topics_per_subscription: 16,
    ///         topics: 100,
    ///         bytes: 1 << 24,
    ///     }),
    ///     authorizer: Arc::new(access::AllowAll),
    ///     admission: Admission::new(
    ///         Limits {
    ///             connections: 1_000,
    ///             connections_per_address: 100,
    ///             message_bytes: 1 << 16,
    ///             messages_per_second: 20,
    ///             stall: Duration::from_secs(30),
    ///         },
    ///         clock,
    ///     ),
    ///     pace: Arc::new(Pace {
    ///         heartbeat: Duration::from_secs(15),
    ///         retry: Duration::from_secs(2),
    ///         max_age: None,
    ///     }),
    ///     inbound: Arc::new(ReadOnly),
    ///     compression: true,
    ///     raw_namespaces: Arc::default(),
    /// };
    /// let router: axum::Router = live.router();
    /// ```
    pub fn router(self) -> Router {
        transport_routes(&self).merge(inbound::routes().with_state(self))
    }
}

#[cfg(test)]
mod tests {
    use super::{FREE_SLOT, WireFormat, wire_formats};

    #[test]
    fn every_wire_format_has_the_slot_of_its_place_in_the_registry() {
        let slots: Vec<_> = wire_formats().map(WireFormat::slot).collect();
        assert_eq!(slots, (0..FREE_SLOT).collect::<Vec<_>>());
    }
}
