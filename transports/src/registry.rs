//! The registry of transports: one line for each, the most capable first. Clients try them in this order.
//!
//! Besides its line here and its folder, a transport has a `mod` line in `lib.rs`; the lab's facts of it in each language
//! (`app/src/pages/lab/words`); a probe in `probes/`; and a test of its wire's size in `wire_size/tests.rs`.

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
