//! The stream under a connection: a TCP socket, one with TLS, a unix socket, or the body of an HTTP/2 response.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, UnixStream},
};
use tokio_rustls::server::TlsStream;

use super::pipe::Pipe;
use crate::connections::ConnectionStats;

/// A two-way stream of bytes, and what was read from it too early.
#[derive(Debug)]
pub struct Socket {
    kind: SocketKind,
    early: Bytes,
    /// The statistics of a client who polls on it, while hyper has it.
    stats: Option<Arc<ConnectionStats>>,
}

#[derive(Debug)]
enum SocketKind {
    Plain(TcpStream),
    // A TLS subscription is a kilobyte and more: what is plain does not pay for it.
    Tls(Box<TlsStream<TcpStream>>),
    Unix(UnixStream),
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
    pub(super) fn with_stats(mut self, stats: Option<Arc<ConnectionStats>>) -> Self {
        self.stats = stats;
        self
    }

    /// Takes the statistics that were put back with it.
    pub(super) fn take_stats(&mut self) -> Option<Arc<ConnectionStats>> {
        self.stats.take()
    }

    /// Returns the bytes that were put back and not read again.
    pub(super) fn early(&self) -> &Bytes {
        &self.early
    }

    /// The TCP socket underneath, where this connection has it to itself.
    #[must_use]
    pub fn tcp(&self) -> Option<&TcpStream> {
        match &self.kind {
            SocketKind::Plain(stream) => Some(stream),
            SocketKind::Tls(stream) => Some(stream.get_ref().0),
            SocketKind::Unix(_) | SocketKind::Body(_) => None,
        }
    }

    /// Has what waits here be counted, where this is not a TCP socket, which has no queue of ours.
    pub(super) fn count(&self, stats: &Arc<ConnectionStats>) {
        if let SocketKind::Body(pipe) = &self.kind {
            pipe.count(stats);
        }
    }

    /// Reports that the peer chose HTTP/2 in the TLS handshake (RFC 7301, `h2`).
    #[must_use]
    pub fn speaks_http2(&self) -> bool {
        matches!(&self.kind, SocketKind::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2"))
    }

    fn io(&mut self) -> Pin<&mut (dyn ReadWrite + Unpin)> {
        match &mut self.kind {
            SocketKind::Plain(stream) => Pin::new(stream),
            SocketKind::Tls(stream) => Pin::new(stream.as_mut()),
            SocketKind::Unix(stream) => Pin::new(stream),
            SocketKind::Body(pipe) => Pin::new(pipe),
        }
    }
}

trait ReadWrite: AsyncRead + AsyncWrite {}
impl<T: AsyncRead + AsyncWrite> ReadWrite for T {}

impl From<SocketKind> for Socket {
    fn from(kind: SocketKind) -> Self {
        Self { kind, early: Bytes::new(), stats: None }
    }
}

impl From<TcpStream> for Socket {
    fn from(stream: TcpStream) -> Self {
        SocketKind::Plain(stream).into()
    }
}

impl From<TlsStream<TcpStream>> for Socket {
    fn from(stream: TlsStream<TcpStream>) -> Self {
        SocketKind::Tls(Box::new(stream)).into()
    }
}

impl From<UnixStream> for Socket {
    fn from(stream: UnixStream) -> Self {
        SocketKind::Unix(stream).into()
    }
}

impl From<Pipe> for Socket {
    fn from(pipe: Pipe) -> Self {
        SocketKind::Body(pipe).into()
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
            SocketKind::Plain(stream) => stream.is_write_vectored(),
            SocketKind::Tls(stream) => stream.is_write_vectored(),
            SocketKind::Unix(stream) => stream.is_write_vectored(),
            SocketKind::Body(_) => false,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }
}
