//! The emitter with which a socket answers at once, through the connection's short list of answers.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::value::RawValue;

use super::{
    event::{Event, write_args},
    packet::{Packet, PacketKind},
};
use crate::socketio::engine::{Message, Out};

/// Answers that wait for the carrier. Nothing more is read while they are many.
#[derive(Debug, Default)]
pub(super) struct Answers {
    messages: VecDeque<Message>,
    bytes: usize,
}

/// The bytes of answers above which nothing more is read until the peer takes some.
const FULL: usize = 16 * 1024;
/// The bytes that every answer counts besides its own.
const EACH: usize = 64;

impl Answers {
    pub(super) fn push(&mut self, message: Message) {
        self.bytes += message.len() + EACH;
        self.messages.push_back(message);
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes > FULL
    }

    /// Moves all of them out.
    pub(super) fn flush(&mut self, out: &mut Out) {
        self.messages.drain(..).for_each(|message| out.message(message));
        self.messages.shrink_to(4);
        self.bytes = 0;
    }
}

/// Speaks in one namespace.
#[derive(Debug)]
pub struct Emitter<'a> {
    pub(super) namespace: &'a str,
    pub(super) answers: &'a mut Answers,
}

impl Emitter<'_> {
    /// Emits an event; with `id` the client answers it, and [`super::SocketHandler::on_ack`] gets the answer.
    pub fn emit(&mut self, event: &Event, id: Option<u64>) {
        let payload = write_args(Some(&event.name), &event.args);
        self.send(PacketKind::Event, id, payload, &event.attachments);
    }

    /// Answers the client's event of this number.
    pub fn answer(&mut self, id: u64, args: &[Box<RawValue>], attachments: &[Bytes]) {
        self.send(PacketKind::Ack, Some(id), write_args(None, args), attachments);
    }

    fn send(&mut self, kind: PacketKind, id: Option<u64>, payload: String, attachments: &[Bytes]) {
        let packet = Packet {
            kind,
            namespace: self.namespace.into(),
            id,
            attachments: attachments.len(),
            payload: Some(payload.into()),
        };
        self.answers.push(Message::Text(packet.to_text()));
        for bytes in attachments {
            self.answers.push(Message::Binary(bytes.clone()));
        }
    }
}
