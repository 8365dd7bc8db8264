//! The words between a transport and its line.

use bytes::Bytes;
use common::frame::{ByeReason, ClientFrame, ServerFrame};
use hub::WireFormat;

use crate::gate::Permit;

/// How one transport writes and reads on the line.
pub trait Framer: Send + Unpin + 'static {
    /// The wire form of a publication.
    fn wire_format(&self) -> &'static WireFormat;
    /// The bytes of any other frame.
    fn encode(&self, frame: &ServerFrame) -> Bytes;
    /// What the peer's bytes mean.
    fn on_bytes(&mut self, bytes: &[u8], out: &mut Vec<Incoming>);
    /// The last bytes of a connection that ends for this reason.
    fn close_frame(&self, end: CloseReason) -> Bytes;
    /// Reports whether the peer answers the farewell, and closes only then.
    fn awaits_close(&self) -> bool {
        false
    }
    /// Reports whether these bytes, which came after the farewell, hold the peer's answer to it.
    fn on_bytes_after_close(&mut self, _: &[u8]) -> bool {
        true
    }
    /// A question that every client of this transport answers by itself; none on a one-way line.
    fn ping(&self) -> Option<Bytes> {
        None
    }
}

/// What a peer can say.
#[derive(Debug)]
pub enum Incoming {
    /// A frame of the protocol.
    Frame(ClientFrame),
    /// Something the transport itself answers, with these bytes.
    Answer(Bytes),
    /// The connection is to end.
    End(CloseReason),
}

/// Why a connection ends, with the close code that says it where the transport has close codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The peer has left, or its line broke.
    Gone,
    /// The peer closed in an orderly way, with this code.
    Closed(Option<u16>),
    /// It broke a rule; the code says which.
    Broke(u16),
    /// The server ends it.
    Bye(ByeReason),
}

/// What a connection begins with.
pub struct InitialWrite {
    /// What is written first: the answer's head.
    pub head: Bytes,
    /// The connection's place among those that may come.
    pub permit: Permit,
}
