//! The suite that every store passes, on a file.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use store::{
    Store, UserId,
    conformance::{self, Fixture},
};
use store_sqlite::{FILE, SqliteOptions, SqliteStore};
use tempfile::TempDir;

/// A data folder.
struct Folder(TempDir);

impl Fixture for Folder {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Store>> {
        let store = SqliteStore::open(self.0.path(), SqliteOptions::default()).expect("it opens");
        std::future::ready(Arc::new(store) as Arc<dyn Store>).boxed()
    }

    fn tamper(&mut self, seq: u64) -> BoxFuture<'_, ()> {
        let connection = rusqlite::Connection::open(self.0.path().join(FILE)).expect("it opens");
        let seq = i64::try_from(seq).expect("a number");
        connection.execute("UPDATE audit SET detail = 'nothing' WHERE seq = ?1", [seq]).expect("changed");
        std::future::ready(()).boxed()
    }

    fn skip_notices(&mut self, count: u64) -> BoxFuture<'_, ()> {
        let connection = rusqlite::Connection::open(self.0.path().join(FILE)).expect("it opens");
        let count = i64::try_from(count).expect("a number");
        let update = "UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'notices'";
        assert_eq!(connection.execute(update, [count]), Ok(1));
        std::future::ready(()).boxed()
    }

    fn remove_user(&mut self, user: UserId) -> BoxFuture<'_, ()> {
        let connection = rusqlite::Connection::open(self.0.path().join(FILE)).expect("it opens");
        connection.pragma_update(None, "foreign_keys", true).expect("set");
        let user = i64::try_from(user.0).expect("a number");
        assert_eq!(connection.execute("DELETE FROM users WHERE id = ?1", [user]), Ok(1));
        std::future::ready(()).boxed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file() {
    conformance::run(async || Folder(tempfile::tempdir().expect("a folder"))).await;
}
