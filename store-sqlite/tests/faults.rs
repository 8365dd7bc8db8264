//! Files that cannot be written, or are not what they should be.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use common::role::Role;
use futures_util::future::join_all;
use rusqlite::Connection;
use store::{AuditFilter, NewAudit, NewUser, Store, StoreError, User};
use store_sqlite::{FILE, SqliteOptions, SqliteStore, check};
use tempfile::{TempDir, tempdir};

/// The newest schema.
const SCHEMA: u32 = 8;

fn open(folder: &TempDir, options: SqliteOptions) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(folder.path(), options)
}

fn opened(folder: &TempDir) -> SqliteStore {
    open(folder, SqliteOptions::default()).expect("it opens")
}

fn user(name: &str) -> NewUser {
    NewUser { name: name.into(), name_key: name.into(), role: Role::Admin, password: None, created_ms: 1 }
}

async fn created(store: &SqliteStore, name: &str) -> User {
    store.users().create(user(name)).await.expect("the user is made")
}

async fn listed(store: &SqliteStore) -> Vec<User> {
    store.users().list(None, 1000).await.expect("listed")
}

fn audit(n: usize) -> NewAudit {
    let text = |text: &str| text.to_owned();
    let detail = "x".repeat(4000);
    NewAudit {
        at_ms: 1,
        actor: text("mina"),
        action: n.to_string(),
        object: text(""),
        address: text(""),
        detail,
    }
}

/// Asserts that neither the store nor the check takes a file, both by one error, and that not a byte of it changes.
fn assert_refused(folder: &TempDir, kind: &str) -> StoreError {
    let path = folder.path().join(FILE);
    let before = fs::read(&path).expect("read");
    let error = open(folder, SqliteOptions::default()).expect_err("it is refused");
    assert_eq!((error.kind(), &check(&path)), (kind, &Err(error.clone())));
    assert!(fs::read(&path).expect("read") == before, "it is as it was");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_what_was_answered_is_there_and_nothing_else() {
    let folder = tempdir().expect("a folder");
    let store =
        open(&folder, SqliteOptions { max_pages: Some(100), ..SqliteOptions::default() }).expect("opens");
    let appends = join_all((0..200).map(|n| store.audit().append(audit(n)))).await;
    let mut answered: Vec<_> = appends.iter().flatten().map(|entry| entry.seq).collect();
    let refused: Vec<_> = appends.iter().filter_map(|entry| entry.as_ref().err()).collect();
    assert!(!refused.is_empty() && refused.iter().all(|error| **error == StoreError::Full), "{refused:?}");
    // One at a time, too.
    while let Ok(entry) = store.audit().append(audit(0)).await {
        answered.push(entry.seq);
    }
    assert_eq!(store.audit().append(audit(0)).await, Err(StoreError::Full));
    store.close().await;

    let store = opened(&folder);
    let filter = AuditFilter { limit: 1000, ..AuditFilter::default() };
    let mut found: Vec<_> =
        store.audit().list(filter).await.expect("listed").iter().map(|entry| entry.seq).collect();
    found.sort_unstable();
    answered.sort_unstable();
    assert!(!found.is_empty());
    assert_eq!(found, answered);
    assert_eq!(store.audit().append(audit(0)).await.expect("there is room").seq, found.len() as u64 + 1);
    assert_eq!(store.audit().verify().await.expect("verified").broken_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_may_not_be_written_is_read() {
    let folder = tempdir().expect("a folder");
    let store = opened(&folder);
    let made = created(&store, "mina").await;
    store.close().await;
    let store = open(&folder, SqliteOptions { read_only: true, ..SqliteOptions::default() }).expect("opens");
    assert_eq!(store.users().create(user("jun")).await, Err(StoreError::ReadOnly));
    assert_eq!(listed(&store).await, std::slice::from_ref(&made));
    store.close().await;
    assert_eq!(listed(&opened(&folder)).await, [made]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_another_program_holds_is_busy() {
    let folder = tempdir().expect("a folder");
    let options = SqliteOptions { busy_timeout: Duration::from_millis(20), ..SqliteOptions::default() };
    let store = open(&folder, options.clone()).expect("it opens");
    let made = created(&store, "mina").await;
    let other = Connection::open(folder.path().join(FILE)).expect("it opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("held");
    assert_eq!(store.users().create(user("jun")).await, Err(StoreError::Busy));
    assert_eq!(listed(&store).await, std::slice::from_ref(&made), "it is read meanwhile");
    assert_eq!(open(&folder, options).map(|_| ()), Err(StoreError::Busy));
    other.execute_batch("ROLLBACK").expect("let go");
    let second = created(&store, "jun").await;
    assert_eq!(listed(&store).await, [made, second]);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempdir().expect("a folder");
    fs::write(folder.path().join(FILE), "notes of someone\n".repeat(500)).expect("written");
    assert_refused(&folder, "not_a_store");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempdir().expect("a folder");
    let other = Connection::open(folder.path().join(FILE)).expect("it opens");
    other.execute_batch("CREATE TABLE users (name TEXT); PRAGMA user_version = 1").expect("made");
    other.close().expect("closed");
    assert_refused(&folder, "not_a_store");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused() {
    let folder = tempdir().expect("a folder");
    let store = opened(&folder);
    created(&store, "mina").await;
    store.close().await;
    let path = folder.path().join(FILE);
    let newer = Connection::open(&path).expect("it opens");
    newer.pragma_update(None, "user_version", 99).expect("set");
    newer.close().expect("closed");
    let error = assert_refused(&folder, "newer_schema");
    assert!(error.to_string().contains("99"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_not_restored() {
    let folder = tempdir().expect("a folder");
    let store = opened(&folder);
    join_all((0..50).map(|n| store.audit().append(audit(n)))).await;
    store.close().await;
    let path = folder.path().join(FILE);
    assert_eq!(check(&path), Ok(SCHEMA));
    let mut bytes = fs::read(&path).expect("read");
    // Every page behind the first few, so that some page with entries is hit.
    for page in bytes.chunks_mut(4096).skip(20) {
        page[..64].fill(0xa5);
    }
    fs::write(&path, bytes).expect("written");
    assert_eq!(check(&path).expect_err("it is found").kind(), "damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_with_a_trigger_is_not_restored() {
    let folder = tempdir().expect("a folder");
    opened(&folder).close().await;
    let path = folder.path().join(FILE);
    let crafted = Connection::open(&path).expect("it opens");
    let trigger = "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET role = 'admin'; END";
    crafted.execute_batch(trigger).expect("made");
    crafted.close().expect("closed");
    assert_eq!(check(&path).expect_err("it is found").kind(), "not_a_store");
    assert_eq!(check(&folder.path().join("missing")).expect_err("it is missing").kind(), "not_a_store");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_made_while_entries_come_is_whole() {
    let folder = tempdir().expect("a folder");
    let store = opened(&folder);
    for n in 0..20 {
        store.audit().append(audit(n)).await.expect("appended");
    }
    let copies = tempdir().expect("a folder");
    let to = copies.path().join(FILE);
    let append = async {
        for n in 0..100 {
            store.audit().append(audit(n)).await.expect("appended");
        }
    };
    let ((), copied) = futures_util::future::join(append, store.backup(&to)).await;
    copied.expect("copied");
    assert_eq!(check(&to), Ok(SCHEMA));
    assert_eq!(store.backup(&to).await.expect_err("it is there").kind(), "bad_settings");
    assert_private(&to);
    let copy = opened(&copies).audit().verify().await.expect("verified");
    assert!(copy.entries >= 20 && copy.broken_at.is_none(), "{copy:?}");
    assert_eq!(
        fs::read_dir(copies.path())
            .expect("listed")
            .filter(|entry| {
                entry.as_ref().expect("an entry").file_name().to_string_lossy().contains("partial")
            })
            .count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_reads_the_files() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    fs::write(&path, "").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    let store = opened(&folder);
    created(&store, "mina").await;
    for name in [FILE, "store.db-wal", "store.db-shm"] {
        assert_private(&folder.path().join(name));
    }
}

fn assert_private(path: &Path) {
    let mode = path.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}
