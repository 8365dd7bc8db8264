//! The use of a connection, reported to the counter of connections.

use std::sync::Arc;

use parking_lot::Mutex;

/// The use of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// The connection waits for a request, or for the rest of one's head; it may be closed.
    Idle,
    /// The connection answers a request.
    Busy,
    /// The connection carries a live stream, which has a limit of its own.
    Live,
}

/// Counts one connection.
pub trait Occupancy: Send + Sync {
    /// Tells what the connection is used for from now on.
    fn set_usage(&self, usage: Usage);
}

impl Occupancy for () {
    fn set_usage(&self, _: Usage) {}
}

/// The streams of one connection of HTTP/2.
#[derive(Clone)]
pub(in crate::conn) struct Streams(Arc<StreamsInner>);

struct StreamsInner {
    occupancy: Arc<dyn Occupancy>,
    /// Requests that are being answered, and live streams.
    counts: Mutex<(usize, usize)>,
}

/// One stream, for as long as it is open.
pub(in crate::conn) struct OpenStream {
    streams: Streams,
    live: bool,
}

impl Streams {
    pub(super) fn new(occupancy: Arc<dyn Occupancy>) -> Self {
        Self(Arc::new(StreamsInner { occupancy, counts: Mutex::default() }))
    }

    pub(super) fn request(&self) -> OpenStream {
        self.open(false)
    }

    pub(in crate::conn) fn live(&self) -> OpenStream {
        self.open(true)
    }

    pub(super) fn is_idle(&self) -> bool {
        *self.0.counts.lock() == (0, 0)
    }

    fn open(&self, live: bool) -> OpenStream {
        self.change(|(requests, lives)| if live { *lives += 1 } else { *requests += 1 });
        OpenStream { streams: self.clone(), live }
    }

    fn change(&self, change: impl FnOnce((&mut usize, &mut usize))) {
        let mut counts = self.0.counts.lock();
        let (requests, lives) = &mut *counts;
        change((requests, lives));
        let usage = match (*requests, *lives) {
            (0, 0) => Usage::Idle,
            (_, 0) => Usage::Busy,
            _ => Usage::Live,
        };
        self.0.occupancy.set_usage(usage);
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let live = self.live;
        self.streams.change(|(requests, lives)| if live { *lives -= 1 } else { *requests -= 1 });
    }
}
