//! The one thread that writes. It takes all changes that wait into one transaction, so many who wait share one write to the disk.

use std::{
    sync::{
        Arc,
        atomic::{
            AtomicBool,
            Ordering::{Acquire, Release},
        },
    },
    thread,
};

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use store::{StoreError, StoreFuture};
use tokio::sync::{mpsc, oneshot, watch};

use crate::error::{WorkError, WorkResult};

/// The most changes that wait. Callers beyond wait for room.
const QUEUE: usize = 1024;
/// The most changes of one transaction.
const BATCH: usize = 256;

/// The writer, as its callers know it.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
    closed: Arc<AtomicBool>,
    /// The thread drops the other end when it has ended.
    ended: watch::Receiver<()>,
}

/// A message to the thread.
enum Message {
    Change(Box<dyn Change>),
    Close,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let (running, ended) = watch::channel(());
        let write = move || {
            run(&connection, messages);
            drop(connection);
            drop(running);
        };
        let started = thread::Builder::new().name("store".into()).spawn(write);
        started.map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { queue, closed: Arc::default(), ended })
    }

    /// Has `work` done in a transaction; what it changed is undone where it fails. The answer comes when it is on the disk.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> WorkResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let (queue, closed) = (self.queue.clone(), self.closed.clone());
        Box::pin(async move {
            if closed.load(Acquire) {
                return Err(StoreError::Closed);
            }
            let gone = || {
                let closed = closed.load(Acquire);
                if closed { StoreError::Closed } else { gone() }
            };
            let (answer, answered) = oneshot::channel();
            let pending = Pending { work: Some(work), outcome: None, answer };
            queue.send(Message::Change(Box::new(pending))).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        })
    }

    /// Takes no more changes. The future resolves when those that waited are done and the file is closed.
    pub(crate) fn close(&self) -> BoxFuture<'static, ()> {
        self.closed.store(true, Release);
        let (queue, mut ended) = (self.queue.clone(), self.ended.clone());
        Box::pin(async move {
            // It fails where the thread has ended already.
            queue.send(Message::Close).await.ok();
            while ended.changed().await.is_ok() {}
        })
    }
}

/// The thread has ended though nobody closed it.
fn gone() -> StoreError {
    StoreError::Unavailable("its writer has ended".into())
}

/// Makes changes until it is told to close, or nobody is left who could ask for one.
fn run(connection: &Connection, mut messages: mpsc::Receiver<Message>) {
    let mut open = true;
    while open {
        let Some(first) = messages.blocking_recv() else { return };
        let mut next = Some(first);
        let mut batch = Vec::new();
        while let Some(message) = next {
            match message {
                Message::Change(change) => batch.push(change),
                Message::Close => {
                    // Whoever waits for room is told; what is in the queue is done.
                    messages.close();
                    open = false;
                }
            }
            next = if open && batch.len() >= BATCH { None } else { messages.try_recv().ok() };
        }
        commit(connection, batch);
    }
}

/// A change that waits.
trait Change: Send {
    /// Does the work, and keeps its outcome.
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError>;

    /// Tells the caller the outcome, or that the transaction around it failed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Pending<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&Connection) -> WorkResult<T> + Send> Change for Pending<T, F> {
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let work = self.work.take().ok_or_else(gone)?;
        let outcome = work(connection).map_err(StoreError::from);
        self.outcome.insert(outcome).as_ref().map(|_| ()).map_err(StoreError::clone)
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) | (None | Some(Ok(_)), Err(error)) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(gone()),
        };
        // Nobody may wait any more.
        self.answer.send(outcome).ok();
    }
}

/// Makes changes in one transaction, each in a savepoint of its own, and answers them.
fn commit(connection: &Connection, batch: Vec<Box<dyn Change>>) {
    let answer = |changes: Vec<Box<dyn Change>>, committed: Result<(), StoreError>| {
        changes.into_iter().for_each(|change| change.answer(committed.clone()));
    };
    let mut waiting = batch.into_iter();
    while waiting.len() > 0 {
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            return answer(waiting.collect(), Err(WorkError::from(error).into()));
        }
        let mut done = Vec::with_capacity(waiting.len());
        for mut change in waiting.by_ref() {
            let ran = savepoint(connection, &mut *change);
            done.push(change);
            // A full disk or a failed one makes SQLite roll back all of it, so all have this change's error; the rest is tried in a
            // transaction of its own.
            if connection.is_autocommit() {
                let lost = || StoreError::Failed("its transaction was rolled back".into());
                answer(std::mem::take(&mut done), Err(ran.err().unwrap_or_else(lost)));
                break;
            }
        }
        if connection.is_autocommit() {
            continue;
        }
        let committed = connection.execute_batch("COMMIT").map_err(|error| WorkError::from(error).into());
        if committed.is_err() {
            connection.execute_batch("ROLLBACK").ok();
        }
        answer(done, committed);
    }
}

/// Makes one change, or none of it. An error is the change's own, or that of its savepoint.
fn savepoint(connection: &Connection, change: &mut dyn Change) -> Result<(), StoreError> {
    let execute =
        |sql| connection.execute_batch(sql).map_err(|error| StoreError::from(WorkError::from(error)));
    execute("SAVEPOINT change")?;
    let ran = change.run(connection);
    if connection.is_autocommit() {
        return ran;
    }
    if ran.is_err() {
        execute("ROLLBACK TO change")?;
    }
    execute("RELEASE change")?;
    ran
}
