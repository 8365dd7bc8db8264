//! The namespaces of one connection: who is in which, and what is said where.

use std::{
    collections::HashMap,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use common::close;
use serde::{Serialize, de::IgnoredAny};
use serde_json::value::{RawValue, Value};
use tokio::time::Instant;

use super::{
    application::{Application, ConnectError, Joined, SocketAction, SocketHandler},
    assembly::Assembly,
    emitter::{Answers, Emitter},
    event::{Event, placeholders_fit, read_args, take_name},
    packet::{BadPacket, Packet, PacketKind},
};
use crate::{
    connections::ConnectionStats,
    socketio::engine::{self, Carrier, DisconnectReason, Flow, Message, Out},
};

/// The terms of a connection.
#[derive(Debug, Clone)]
pub struct NamespaceSettings {
    /// The time for which a connection may be in no namespace.
    pub connect_timeout: Duration,
    /// The most namespaces of one connection.
    pub namespaces: usize,
    /// The most bytes of the attachments of one packet; 0 for no limit.
    pub attachment_bytes: usize,
}

/// The namespaces of one connection.
pub struct Namespaces<A> {
    application: A,
    settings: NamespaceSettings,
    joined: Vec<(Box<str>, Box<dyn SocketHandler>)>,
    assembly: Option<Assembly>,
    answers: Answers,
    /// A namespace was granted, and the client does not know it yet.
    granted: bool,
    /// While in no namespace: when to give up.
    alone_until: Option<Instant>,
    /// A socket has said bye; the others say theirs.
    closing: Option<u16>,
}

impl<A: Application> Namespaces<A> {
    /// Makes a connection that is in no namespace yet.
    pub fn new(application: A, settings: NamespaceSettings, now: Instant) -> Self {
        Self {
            application,
            alone_until: Some(now + settings.connect_timeout),
            settings,
            joined: Vec::new(),
            assembly: None,
            answers: Answers::default(),
            granted: false,
            closing: None,
        }
    }

    fn on_text(&mut self, text: &str, now: Instant) -> Result<(), BadPacket> {
        let packet = Packet::read(text)?;
        match packet.kind {
            PacketKind::Connect => self.join(&packet, now),
            PacketKind::Disconnect => {
                let mut socket = self.take(&packet.namespace, now).ok_or(BadPacket)?;
                socket.on_disconnect();
                Ok(())
            }
            PacketKind::Event | PacketKind::Ack => {
                let assembly = Assembly::begin(&packet)?;
                if assembly.is_whole() {
                    return self.deliver(assembly, now);
                }
                self.assembly = Some(assembly);
                Ok(())
            }
            PacketKind::ConnectError => Err(BadPacket),
        }
    }

    fn on_binary(&mut self, bytes: Bytes, now: Instant) -> Result<(), BadPacket> {
        let mut assembly = self.assembly.take().ok_or(BadPacket)?;
        assembly.add(bytes, self.settings.attachment_bytes)?;
        if assembly.is_whole() {
            return self.deliver(assembly, now);
        }
        self.assembly = Some(assembly);
        Ok(())
    }

    fn join(&mut self, packet: &Packet<'_>, now: Instant) -> Result<(), BadPacket> {
        let namespace = &*packet.namespace;
        if self.joined.iter().any(|(name, _)| **name == *namespace) {
            return Err(BadPacket);
        }
        let auth = packet.payload.as_deref();
        if auth.is_some_and(|auth| serde_json::from_str::<HashMap<String, IgnoredAny>>(auth).is_err()) {
            return Err(BadPacket);
        }
        let outcome = if self.joined.len() >= self.settings.namespaces {
            Err(ConnectError { message: "too many namespaces on one connection".into(), data: None })
        } else {
            self.application.join(namespace, auth, now)
        };
        match outcome {
            Ok(Joined { sid, pid, mut socket }) => {
                #[derive(Serialize)]
                struct Granted {
                    sid: String,
                    #[serde(skip_serializing_if = "Option::is_none")]
                    pid: Option<String>,
                }
                self.answer(PacketKind::Connect, namespace, &Granted { sid, pid });
                socket.on_connect(&mut Emitter { namespace, answers: &mut self.answers });
                self.joined.push((namespace.into(), socket));
                self.alone_until = None;
                self.granted = true;
            }
            Err(ConnectError { message, data }) => {
                #[derive(Serialize)]
                struct Error {
                    message: String,
                    #[serde(skip_serializing_if = "Option::is_none")]
                    data: Option<Value>,
                }
                self.answer(PacketKind::ConnectError, namespace, &Error { message, data });
            }
        }
        Ok(())
    }

    fn answer(&mut self, kind: PacketKind, namespace: &str, payload: &impl Serialize) {
        let payload = serde_json::to_string(payload).unwrap_or_default();
        let packet = Packet::new(kind, namespace, Some(payload.into()));
        self.answers.push(Message::Text(packet.to_text()));
    }

    fn deliver(&mut self, assembly: Assembly, now: Instant) -> Result<(), BadPacket> {
        let Assembly { kind, namespace, id, payload, attachments, .. } = assembly;
        if !attachments.is_empty() && !placeholders_fit(&payload, attachments.len()) {
            return Err(BadPacket);
        }
        let mut args: Vec<Box<RawValue>> = read_args(&payload)?;
        let found = self.joined.iter_mut().find(|(name, _)| **name == *namespace);
        let (_, socket) = found.ok_or(BadPacket)?;
        let emitter = &mut Emitter { namespace: &namespace, answers: &mut self.answers };
        match (kind, id) {
            (PacketKind::Ack, Some(id)) => {
                socket.on_ack(id, Event { name: String::new(), args, attachments }, emitter);
            }
            _ => {
                let name = take_name(&mut args)?;
                socket.on_event(Event { name, args, attachments }, id, now, emitter);
            }
        }
        Ok(())
    }

    fn take(&mut self, namespace: &str, now: Instant) -> Option<Box<dyn SocketHandler>> {
        let index = self.joined.iter().position(|(name, _)| **name == *namespace)?;
        Some(self.remove(index, now).1)
    }

    fn remove(&mut self, index: usize, now: Instant) -> (Box<str>, Box<dyn SocketHandler>) {
        let removed = self.joined.remove(index);
        if self.joined.is_empty() {
            self.alone_until = Some(now + self.settings.connect_timeout);
        }
        removed
    }

    /// Asks the sockets in turn, until one has something.
    fn poll_sockets(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<()> {
        for index in 0..self.joined.len() {
            let Poll::Ready(said) = self.joined[index].1.poll_more(cx, now, out) else { continue };
            match said {
                // The socket goes to the end of the queue: none can keep the others from sending.
                SocketAction::More => self.joined[index..].rotate_left(1),
                SocketAction::Leave => {
                    let (namespace, _) = self.remove(index, now);
                    let packet = Packet::new(PacketKind::Disconnect, &namespace, None);
                    out.message(Message::Text(packet.to_text()));
                }
                SocketAction::Bye(code) => {
                    self.remove(index, now);
                    self.closing.get_or_insert(code);
                }
            }
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl<A: Application> engine::EngineApplication for Namespaces<A> {
    fn on_message(&mut self, message: Message, now: Instant) -> Result<(), DisconnectReason> {
        if self.closing.is_some() {
            return Ok(());
        }
        let heard = match message {
            // The attachments of a packet stand together behind it.
            Message::Text(_) if self.assembly.is_some() => Err(BadPacket),
            Message::Text(text) => self.on_text(&text, now),
            Message::Binary(bytes) => self.on_binary(bytes, now),
        };
        heard.map_err(|BadPacket| DisconnectReason::BAD)
    }

    fn poll_more(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<Flow> {
        self.answers.flush(out);
        // The official client keeps the events of a body if its connection is closed just when it reads that it is
        // connected, and would handle them again when it comes back: so events come in a body of their own.
        if std::mem::take(&mut self.granted) && out.carrier() == Carrier::Polling {
            return Poll::Ready(Flow::More);
        }
        let polled = self.poll_sockets(cx, now, out);
        match (self.closing, self.alone_until) {
            (Some(code), _) if self.joined.is_empty() => Poll::Ready(Flow::End(DisconnectReason::Over(code))),
            (None, Some(until)) if now >= until => {
                Poll::Ready(Flow::End(DisconnectReason::Over(close::POLICY)))
            }
            _ if !out.is_empty() => Poll::Ready(Flow::More),
            // A socket was removed and sent nothing; the others may have something.
            _ if polled.is_ready() => self.poll_more(cx, now, out),
            _ => Poll::Pending,
        }
    }

    fn stats(&self) -> Option<&ConnectionStats> {
        self.application.stats()
    }

    fn deadline(&self) -> Option<Instant> {
        self.joined.iter().filter_map(|(_, socket)| socket.deadline()).chain(self.alone_until).min()
    }

    fn is_full(&self) -> bool {
        self.answers.is_full() || self.joined.iter().any(|(_, socket)| socket.is_busy())
    }

    fn poll_closing(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let over = self.joined.iter_mut().any(|(_, socket)| socket.poll_closing(cx).is_ready());
        if over { Poll::Ready(()) } else { Poll::Pending }
    }

    fn expires_at(&self) -> Option<Instant> {
        self.alone_until
    }

    fn on_ping_sent(&mut self) {
        self.joined.iter_mut().for_each(|(_, socket)| socket.on_ping_sent());
    }

    fn on_pong(&mut self) {
        self.joined.iter_mut().for_each(|(_, socket)| socket.on_pong());
    }
}
