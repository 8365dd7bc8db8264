//! What is under a connection: a TCP socket, one with TLS, or the body of an HTTP/2 answer.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::pipe::Pipe;
use crate::roster::Meter;

/// A two-way stream of bytes, and what was read from it too early.
#[derive(Debug)]
pub struct Socket {
    kind: Kind,
    early: Bytes,
    /// What counts a client who asks again and again on it, while hyper has it.
    meter: Option<Arc<Meter>>,
}

#[derive(Debug)]
enum Kind {
    Plain(TcpStream),
    // A TLS session is a kilobyte and more: what is plain does not pay for it.
    Tls(Box<TlsStream<TcpStream>>),
    Body(Pipe),
}

impl Socket {
    /// Puts back bytes that were read past what was asked for. They come first again, before what was put back earlier and not
    /// read since.
    #[must_use]
    pub fn with_early(mut self, early: Bytes) -> Self {
        self.early = match (early.is_empty(), self.early.is_empty()) {
            // Even empty it would hold the eight kilobytes that a request was read into.
            (true, true) => Bytes::new(),
            (true, false) => self.early,
            (false, true) => early,
            (false, false) => [early, self.early].concat().into(),
        };
        self
    }

    /// Puts back what counts its client.
    #[must_use]
    pub(super) fn counted_by(mut self, meter: Option<Arc<Meter>>) -> Self {
        self.meter = meter;
        self
    }

    /// What was put back with it.
    pub(super) fn take_meter(&mut self) -> Option<Arc<Meter>> {
        self.meter.take()
    }

    /// What was put back and not read again.
    pub(super) fn early(&self) -> &Bytes {
        &self.early
    }

    /// The TCP socket underneath, where this connection has it to itself.
    #[must_use]
    pub fn tcp(&self) -> Option<&TcpStream> {
        match &self.kind {
            Kind::Plain(stream) => Some(stream),
            Kind::Tls(stream) => Some(stream.get_ref().0),
            Kind::Body(_) => None,
        }
    }

    /// Has what waits here be counted, where this is not a TCP socket, which has no queue of ours.
    pub(super) fn count(&self, meter: &Arc<Meter>) {
        if let Kind::Body(pipe) = &self.kind {
            pipe.count(meter);
        }
    }

    /// Whether the other end chose HTTP/2 while TLS was set up (RFC 7301, `h2`).
    #[must_use]
    pub fn speaks_http2(&self) -> bool {
        matches!(&self.kind, Kind::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2"))
    }

    fn io(&mut self) -> Pin<&mut (dyn ReadWrite + Unpin)> {
        match &mut self.kind {
            Kind::Plain(stream) => Pin::new(stream),
            Kind::Tls(stream) => Pin::new(stream.as_mut()),
            Kind::Body(pipe) => Pin::new(pipe),
        }
    }
}

trait ReadWrite: AsyncRead + AsyncWrite {}
impl<T: AsyncRead + AsyncWrite> ReadWrite for T {}

impl From<Kind> for Socket {
    fn from(kind: Kind) -> Self {
        Self { kind, early: Bytes::new(), meter: None }
    }
}

impl From<TcpStream> for Socket {
    fn from(stream: TcpStream) -> Self {
        Kind::Plain(stream).into()
    }
}

impl From<TlsStream<TcpStream>> for Socket {
    fn from(stream: TlsStream<TcpStream>) -> Self {
        Kind::Tls(Box::new(stream)).into()
    }
}

impl From<Pipe> for Socket {
    fn from(pipe: Pipe) -> Self {
        Kind::Body(pipe).into()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() {
            let some = self.early.len().min(into.remaining());
            into.put_slice(&self.early[..some]);
            self.early.advance(some);
            if self.early.is_empty() {
                self.early = Bytes::new();
            }
            return Poll::Ready(Ok(()));
        }
        self.io().poll_read(cx, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.kind {
            Kind::Plain(stream) => stream.is_write_vectored(),
            Kind::Tls(stream) => stream.is_write_vectored(),
            Kind::Body(_) => false,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }
}
