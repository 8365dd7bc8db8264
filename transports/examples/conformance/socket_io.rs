//! A Socket.IO server that gives every event back, with the times that its suite expects.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use axum::Router;
use serde_json::value::RawValue;
use tokio::time::Instant;
use transports::socketio::{
    engine::{self, Out, random},
    sockets::{
        Application, ConnectError, Emitter, Event, Joined, NamespaceSettings, Namespaces, SocketAction,
        SocketHandler,
    },
};

use crate::engine_io;

pub(crate) fn router() -> Router {
    engine::router("/socket.io", engine_io::settings(), |_, _| {
        let settings = NamespaceSettings {
            connect_timeout: Duration::from_secs(1),
            namespaces: 16,
            attachment_bytes: 1_000_000,
        };
        Some(Namespaces::new(Echoes, settings, Instant::now()))
    })
}

struct Echoes;

impl Application for Echoes {
    fn join(&mut self, namespace: &str, auth: Option<&str>, _: Instant) -> Result<Joined, ConnectError> {
        if !matches!(namespace, "/" | "/custom") {
            return Err(ConnectError::unknown());
        }
        let refused = |message: String| ConnectError { message, data: None };
        let auth = RawValue::from_string(auth.unwrap_or("{}").to_owned());
        let auth = auth.map_err(|error| refused(error.to_string()))?;
        let sid = random().map_err(|error| refused(error.to_string()))?;
        Ok(Joined { sid, pid: None, socket: Box::new(Echo { auth }) })
    }
}

struct Echo {
    auth: Box<RawValue>,
}

impl SocketHandler for Echo {
    fn on_connect(&mut self, emitter: &mut Emitter<'_>) {
        let auth = Event { name: "auth".into(), args: vec![self.auth.clone()], ..Event::default() };
        emitter.emit(&auth, None);
    }

    fn on_event(&mut self, event: Event, id: Option<u64>, _: Instant, emitter: &mut Emitter<'_>) {
        match (event.name.as_str(), id) {
            ("message", _) => emitter.emit(&Event { name: "message-back".into(), ..event }, None),
            ("message-with-ack", Some(id)) => emitter.answer(id, &event.args, &event.attachments),
            _ => {}
        }
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<SocketAction> {
        Poll::Pending
    }
}
