//! The registry of transports: one line for each, the most capable first. Clients try them in this order.

/// Hands the registered transports to a macro, which makes from them what it is there for.
macro_rules! registered {
    ($make:ident) => {
        $make![
            crate::websocket::WebSocket,
            crate::sse::Sse,
            crate::http_stream::HttpStream,
            crate::long_polling::LongPolling,
            crate::polling::Polling,
            crate::socketio::SocketIo,
        ];
    };
}

pub(crate) use registered;
