//! An Engine.IO server that gives every message back, with the times that its suite expects.

use std::{
    collections::VecDeque,
    task::{Context, Poll},
    time::Duration,
};

use axum::Router;
use tokio::time::Instant;
use transports::socketio::engine::{
    self, DisconnectReason, EngineApplication, EngineSettings, Flow, Message, Out,
};

pub(crate) fn router() -> Router {
    engine::router("/engine.io", settings(), |_, _| Some(Echo::default()))
}

pub(crate) fn settings() -> EngineSettings {
    EngineSettings {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        upgrade_timeout: Duration::from_secs(10),
        max_payload: 1_000_000,
        messages_per_second: 0,
        stall: Duration::from_secs(30),
        sessions: 10_000,
    }
}

#[derive(Default)]
struct Echo {
    heard: VecDeque<Message>,
    bytes: usize,
}

impl EngineApplication for Echo {
    fn on_message(&mut self, message: Message, _: Instant) -> Result<(), DisconnectReason> {
        self.bytes += message.len();
        self.heard.push_back(message);
        Ok(())
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, out: &mut Out) -> Poll<Flow> {
        if self.heard.is_empty() {
            return Poll::Pending;
        }
        self.bytes = 0;
        self.heard.drain(..).for_each(|message| out.message(message));
        Poll::Ready(Flow::More)
    }

    fn is_full(&self) -> bool {
        self.bytes > 64 * 1024
    }
}
