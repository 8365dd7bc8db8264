//! The store: its file, its writer and its readers.

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use store::{
    AuditStore, DashboardStore, HostStore, IdentityStore, InvitationStore, NoticeStore, PasskeyStore,
    PushStore, ServerSecretStore, SessionStore, SourceStore, Store, StoreError, StoreFuture, TokenStore,
    UserStore,
};
use tokio::task;

use crate::{
    backup::backup,
    connection::{SqliteOptions, open_writer},
    error::WorkResult,
    readers::Readers,
    writer::Writer,
};

/// The name of the file in the data folder.
pub const FILE: &str = "store.db";

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    options: SqliteOptions,
    writer: Writer,
    readers: Readers,
}

impl SqliteStore {
    /// Opens the store of a data folder, makes it where there is none, and brings it to the newest schema. It waits for the disk.
    ///
    /// # Errors
    /// When the file cannot be read or written, holds something else, or has a newer schema; then nothing of it has changed.
    pub fn open(folder: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let connection = open_writer(&path, &options)?;
        let readers = Readers::open(&path, options.busy_timeout)?;
        Ok(Self { path, options, writer: Writer::start(connection)?, readers })
    }

    /// Writes a copy of the store as it is at one moment to a file that does not exist yet. Changes go on meanwhile.
    pub fn backup(&self, to: &Path) -> StoreFuture<()> {
        let (from, to, busy_timeout) = (self.path.clone(), to.to_owned(), self.options.busy_timeout);
        Box::pin(async move {
            let copied = task::spawn_blocking(move || backup(&from, &to, busy_timeout));
            copied.await.map_err(|error| StoreError::Failed(error.to_string()))?
        })
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> WorkResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        self.readers.read(work)
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> WorkResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        self.writer.write(work)
    }
}

impl Store for SqliteStore {
    fn users(&self) -> &dyn UserStore {
        self
    }

    fn identities(&self) -> &dyn IdentityStore {
        self
    }

    fn passkeys(&self) -> &dyn PasskeyStore {
        self
    }

    fn server_secrets(&self) -> &dyn ServerSecretStore {
        self
    }

    fn sessions(&self) -> &dyn SessionStore {
        self
    }

    fn tokens(&self) -> &dyn TokenStore {
        self
    }

    fn invitations(&self) -> &dyn InvitationStore {
        self
    }

    fn notices(&self) -> &dyn NoticeStore {
        self
    }

    fn pushes(&self) -> &dyn PushStore {
        self
    }

    fn hosts(&self) -> &dyn HostStore {
        self
    }

    fn sources(&self) -> &dyn SourceStore {
        self
    }

    fn dashboards(&self) -> &dyn DashboardStore {
        self
    }

    fn audit(&self) -> &dyn AuditStore {
        self
    }

    fn ping(&self) -> StoreFuture<()> {
        self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?))
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let (writer, readers) = (self.writer.close(), self.readers.close());
        Box::pin(async move {
            // The writer last: whoever closes the file last moves the write-ahead log into it.
            readers.await;
            writer.await;
        })
    }
}
