//! The interface between a transport and its connection.

use bytes::Bytes;
use common::frame::{ByeReason, ClientFrame, ServerFrame};
use fanout::WireFormat;

use crate::gate::Permit;

/// The encoder and decoder of one transport.
pub trait Framer: Send + Unpin + 'static {
    /// The wire form of a publication.
    fn wire_format(&self) -> &'static WireFormat;
    /// The bytes of any other frame.
    fn encode(&self, frame: &ServerFrame) -> Bytes;
    /// Decodes bytes of the peer.
    fn on_bytes(&mut self, bytes: &[u8], out: &mut Vec<Incoming>);
    /// The last bytes of a connection that ends for this reason.
    fn close_frame(&self, end: CloseReason) -> Bytes;
    /// Reports that the peer answers the close frame, and closes only then.
    fn awaits_close(&self) -> bool {
        false
    }
    /// Reports that these bytes, which came after the close frame, hold the peer's answer to it.
    fn on_bytes_after_close(&mut self, _: &[u8]) -> bool {
        true
    }
    /// A ping that every client of this transport answers by itself; none on a one-way connection.
    fn ping(&self) -> Option<Bytes> {
        None
    }
}

/// Something that the peer sent.
#[derive(Debug)]
pub enum Incoming {
    /// A frame of the protocol.
    Frame(ClientFrame),
    /// The transport itself answers, with these bytes.
    Answer(Bytes),
    /// The connection is to end.
    End(CloseReason),
}

/// The reason for which a connection ends, with its close code where the transport has close codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The peer has left, or its connection broke.
    Gone,
    /// The peer closed in an orderly way, with this code.
    Closed(Option<u16>),
    /// The peer broke a rule; the code says which.
    Broke(u16),
    /// The server ends it.
    Bye(ByeReason),
}

/// The first bytes of a connection, and its permit.
pub struct InitialWrite {
    /// The head of the response; it is written first.
    pub head: Bytes,
    /// The connection's permit.
    pub permit: Permit,
}
