//! The task that reads events without a pause: Docker slows down everyone's calls for a reader that stalls.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::{sync::mpsc, task::JoinHandle};

use crate::{error::EngineError, event::KeyedEvent, streams::EventStream, time::EventTime};

/// As many events may wait.
const QUEUE: usize = 4_096;

/// The events of one connection, through a bounded queue.
#[derive(Debug)]
pub(super) struct EventReader {
    queue: mpsc::Receiver<KeyedEvent>,
    overflow: Arc<Overflow>,
    task: JoinHandle<EngineError>,
}

/// The events for which there was no room.
#[derive(Debug, Default)]
struct Overflow {
    has_lost: AtomicBool,
    newest: AtomicU64,
}

impl EventReader {
    /// Begins to read.
    pub(super) fn start(stream: EventStream) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let overflow = Arc::new(Overflow::default());
        let task = tokio::spawn(read(stream, sender, overflow.clone()));
        Self { queue, overflow, task }
    }

    /// The next event; none when the stream is over.
    pub(super) async fn next(&mut self) -> Option<KeyedEvent> {
        self.queue.recv().await
    }

    /// The time of the newest event that was lost, once the queue has been emptied, and once.
    pub(super) fn take_lost(&self) -> Option<EventTime> {
        let is_due = self.queue.is_empty() && self.overflow.has_lost.swap(false, Ordering::AcqRel);
        is_due.then(|| EventTime(self.overflow.newest.load(Ordering::Acquire)))
    }

    /// The reason for the stream's end.
    pub(super) async fn reason(&mut self) -> EngineError {
        (&mut self.task).await.unwrap_or(EngineError::Cut)
    }
}

impl Drop for EventReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(
    mut stream: EventStream,
    queue: mpsc::Sender<KeyedEvent>,
    overflow: Arc<Overflow>,
) -> EngineError {
    loop {
        match stream.next_keyed().await {
            Ok(Some(keyed)) => {
                let time = keyed.key.0;
                match queue.try_send(keyed) {
                    Ok(()) => {}
                    Err(mpsc::error::TrySendError::Full(_)) => {
                        overflow.newest.store(time.0, Ordering::Release);
                        overflow.has_lost.store(true, Ordering::Release);
                    }
                    Err(mpsc::error::TrySendError::Closed(_)) => return EngineError::Cut,
                }
            }
            // Without an `until` no engine ends its events but when it ends itself.
            Ok(None) => return EngineError::Cut,
            Err(error) => return error,
        }
    }
}
