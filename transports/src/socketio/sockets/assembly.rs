//! An event whose attachments are still coming.

use bytes::Bytes;

use super::packet::{BadPacket, Packet, PacketKind};

/// The most attachments of a packet, as in the official clients.
const MOST: usize = 10;

/// A packet, and those of its attachments that have come.
#[derive(Debug)]
pub(super) struct Assembly {
    pub(super) kind: PacketKind,
    pub(super) namespace: String,
    pub(super) id: Option<u64>,
    pub(super) payload: String,
    pub(super) attachments: Vec<Bytes>,
    expected: usize,
    bytes: usize,
}

impl Assembly {
    pub(super) fn begin(packet: &Packet<'_>) -> Result<Self, BadPacket> {
        if packet.attachments > MOST {
            return Err(BadPacket);
        }
        Ok(Self {
            kind: packet.kind,
            namespace: packet.namespace.clone().into_owned(),
            id: packet.id,
            payload: packet.payload.clone().unwrap_or_default().into_owned(),
            attachments: Vec::new(),
            expected: packet.attachments,
            bytes: 0,
        })
    }

    /// Adds an attachment. `limit` is what all of them may have together, bytes; 0 for no limit.
    pub(super) fn add(&mut self, bytes: Bytes, limit: usize) -> Result<(), BadPacket> {
        self.bytes += bytes.len();
        if limit > 0 && self.bytes > limit {
            return Err(BadPacket);
        }
        self.attachments.push(bytes);
        Ok(())
    }

    pub(super) fn is_whole(&self) -> bool {
        self.attachments.len() == self.expected
    }
}
