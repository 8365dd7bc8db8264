//! The queue of bytes to write: shared slices, written many at a time.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use tokio::io::AsyncWrite;

use super::socket::Socket;

/// The bytes that one subscription has taken from the log and not yet written. A batch bounds them, and the next
/// batch is taken only when this is empty.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    slices: VecDeque<Bytes>,
}

/// The slices that go into one write; Linux takes up to 1,024.
const SLICES: usize = 64;
/// The slices for which an idle connection keeps memory.
const KEPT: usize = 4;

impl Outbox {
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.slices.push_back(bytes);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Returns the bytes that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.slices.iter().map(Bytes::len).sum()
    }

    /// Writes once; ready with how much.
    pub(crate) fn poll_write(&mut self, io: &mut Socket, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let io = Pin::new(io);
        let written = if let [only] = self.slices.make_contiguous() {
            ready!(io.poll_write(cx, only))?
        } else {
            let mut list = [IoSlice::new(&[]); SLICES];
            let count = self.slices.len().min(SLICES);
            for (slot, bytes) in list.iter_mut().zip(&self.slices) {
                *slot = IoSlice::new(bytes);
            }
            ready!(io.poll_write_vectored(cx, &list[..count]))?
        };
        self.advance(written);
        Poll::Ready(Ok(written))
    }

    fn advance(&mut self, mut written: usize) {
        while let Some(first) = self.slices.front_mut() {
            if written < first.len() {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.slices.pop_front();
        }
        if self.slices.capacity() > KEPT {
            self.slices.shrink_to(KEPT);
        }
    }
}
