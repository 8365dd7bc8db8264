//! Connections that only read. A write-ahead log lets them read while the writer writes.

use std::{path::Path, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use rusqlite::Connection;
use store::{StoreError, StoreFuture};
use tokio::{sync::Semaphore, task};

use crate::{connection::open_reader, error::WorkResult};

/// The number of connections.
const READERS: u8 = 4;

/// The connections that only read.
#[derive(Debug)]
pub(crate) struct Readers {
    /// As many permits as connections; closed with the store.
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn open(path: &Path, busy_timeout: Duration) -> Result<Self, StoreError> {
        let idle: Result<Vec<_>, _> = (0..READERS).map(|_| open_reader(path, busy_timeout)).collect();
        Ok(Self { permits: Arc::new(Semaphore::new(READERS.into())), idle: Arc::new(Mutex::new(idle?)) })
    }

    /// Has `work` done on one of the connections, in a thread that may wait for the disk.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> WorkResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let (permits, idle) = (self.permits.clone(), self.idle.clone());
        Box::pin(async move {
            let permit = permits.acquire_owned().await.map_err(|_| StoreError::Closed)?;
            let read = task::spawn_blocking(move || {
                // The connection goes back before the permit does, also where the work panics.
                let _permit = permit;
                let borrowed = Borrowed { connection: idle.lock().pop(), idle: &idle };
                let connection = borrowed.connection.as_ref().ok_or(StoreError::Closed)?;
                work(connection).map_err(StoreError::from)
            });
            read.await.map_err(|error| StoreError::Failed(error.to_string()))?
        })
    }

    /// Reads no more. The future resolves when the connections are closed.
    pub(crate) fn close(&self) -> BoxFuture<'static, ()> {
        let (permits, idle) = (self.permits.clone(), self.idle.clone());
        Box::pin(async move {
            if let Ok(all) = permits.acquire_many(READERS.into()).await {
                idle.lock().clear();
                permits.close();
                drop(all);
            }
        })
    }
}

/// A connection that goes back by itself.
struct Borrowed<'a> {
    connection: Option<Connection>,
    idle: &'a Mutex<Vec<Connection>>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.idle.lock().extend(self.connection.take());
    }
}
