//! The carriers of packets, and the encoding for each.

use bytes::Bytes;

use super::packet::{EnginePacket, Message};
use crate::{
    connections::ConnectionStats,
    websocket::wire::{Opcode, payload, whole},
};

/// The two ways to carry a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Packets are parts of HTTP bodies.
    Polling,
    /// Packets are frames.
    WebSocket,
}

impl Carrier {
    /// The packet as this carrier writes it.
    #[must_use]
    pub fn encode(self, packet: &EnginePacket) -> Bytes {
        match (self, packet) {
            (Self::WebSocket, EnginePacket::Message(Message::Binary(bytes))) => whole(Opcode::Binary, bytes),
            (Self::WebSocket, packet) => whole(Opcode::Text, packet.to_text().as_bytes()),
            (Self::Polling, packet) => packet.to_text().into(),
        }
    }
}

/// The output of one poll, encoded for the carrier that writes it. The application is polled only when that carrier
/// can write, so nothing is encoded for one carrier and left over for the other.
#[derive(Debug)]
pub struct Out {
    carrier: Carrier,
    pieces: Vec<Bytes>,
}

impl Out {
    /// Makes an empty output.
    #[must_use]
    pub fn new(carrier: Carrier) -> Self {
        Self { carrier, pieces: Vec::new() }
    }

    /// Returns the carrier.
    #[must_use]
    pub fn carrier(&self) -> Carrier {
        self.carrier
    }

    /// Adds a packet.
    pub fn packet(&mut self, packet: &EnginePacket) {
        self.pieces.push(self.carrier.encode(packet));
    }

    /// Adds a message.
    pub fn message(&mut self, message: Message) {
        self.packet(&EnginePacket::Message(message));
    }

    /// Adds a packet that is coded for this carrier already.
    pub fn encoded(&mut self, packet: Bytes) {
        self.pieces.push(packet);
    }

    /// Reports that there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Shows it to those who follow the connection.
    pub(super) fn trace(&self, stats: &ConnectionStats) {
        for piece in &self.pieces {
            stats.down(piece.len(), || {
                let packet = match self.carrier {
                    Carrier::WebSocket => payload(piece),
                    Carrier::Polling => &piece[..],
                };
                String::from_utf8_lossy(packet).into_owned()
            });
        }
    }

    /// Returns the encoded packets.
    #[must_use]
    pub fn into_pieces(self) -> Vec<Bytes> {
        self.pieces
    }
}
