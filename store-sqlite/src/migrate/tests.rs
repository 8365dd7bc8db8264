//! Migrations that are cut off.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
};

use rusqlite::{Connection, functions::FunctionFlags};

use super::{MIGRATIONS, identify, migrate};
use crate::connection::{SqliteOptions, open_writer, schema};

/// Names the file to the child process.
const CHILD: &str = "STORE_SQLITE_MIGRATION_CHILD";
/// The word with which the child says that it stands in the middle.
const STOPPED: &str = "stopped";
const USERS: i64 = 2000;

/// Migrations of a version to come, which call `stop()` in the middle.
fn to_come() -> [&'static str; MIGRATIONS.len() + 1] {
    let next = "ALTER TABLE users ADD COLUMN nick TEXT; UPDATE users SET nick = name; \
                UPDATE users SET nick = stop() WHERE id = 1; CREATE INDEX users_by_nick ON users (nick);";
    let mut all = [next; MIGRATIONS.len() + 1];
    all[..MIGRATIONS.len()].copy_from_slice(MIGRATIONS);
    all
}

fn with_stop(connection: &Connection, stop: fn() -> String) {
    let flags = FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("stop", 0, flags, move |_| Ok(stop())).expect("a function");
}

/// Begins the migration and stands in the middle of it until it is killed.
fn stop_in_the_middle(path: &Path) {
    let connection = open_writer(path, &SqliteOptions::default()).expect("it opens");
    // So that pages of the transaction are in the file before it ends.
    connection.pragma_update(None, "cache_size", 10).expect("set");
    with_stop(&connection, || {
        // Not by `println!`, which the tests' harness would keep.
        writeln!(std::io::stdout(), "{STOPPED}").expect("said");
        loop {
            thread::park();
        }
    });
    migrate(&connection, &to_come()).expect("it never comes so far");
}

#[test]
fn a_process_that_is_killed_in_a_migration_loses_nothing() {
    if let Some(path) = env::var_os(CHILD) {
        stop_in_the_middle(Path::new(&path));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let connection = open_writer(&path, &SqliteOptions::default()).expect("it opens");
    let insert = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) \
                  INSERT INTO users (name, name_key, role, created_ms) SELECT 'user ' || n, n, 'viewer', n FROM n";
    connection.execute(insert, [USERS]).expect("inserted");
    drop(connection);

    let mut child = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "migrate::tests::a_process_that_is_killed_in_a_migration_loses_nothing"])
        .env(CHILD, &path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let said = BufReader::new(child.stdout.take().expect("its output")).lines();
    let stopped = said.map_while(Result::ok).any(|line| line.ends_with(STOPPED));
    child.kill().expect("killed");
    child.wait().expect("it has ended");
    assert!(stopped, "the child came to the middle of the migration");
    assert!(path.with_extension("db-wal").metadata().expect("a log").len() > 0, "it had written");

    let connection = open_writer(&path, &SqliteOptions::default()).expect("it opens");
    assert_eq!(identify(&connection, MIGRATIONS.len()).expect("a store"), schema());
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    assert_eq!(count("SELECT count(*) FROM users WHERE name = 'user ' || name_key").expect("read"), USERS);
    assert!(count("SELECT count(nick) FROM users").is_err(), "nothing of the migration is there");

    with_stop(&connection, || "first".to_owned());
    migrate(&connection, &to_come()).expect("it goes through");
    assert_eq!(identify(&connection, MIGRATIONS.len() + 1).expect("a store"), schema() + 1);
    assert_eq!(count("SELECT count(*) FROM users WHERE nick = name").expect("read"), USERS - 1);
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let connection =
        open_writer(&folder.path().join("store.db"), &SqliteOptions::default()).expect("it opens");
    let bad = [MIGRATIONS, &["CREATE TABLE more (id INTEGER); INSERT INTO missing VALUES (1);"]].concat();
    assert!(migrate(&connection, &bad).is_err());
    assert_eq!(identify(&connection, MIGRATIONS.len()).expect("a store"), schema());
    assert!(connection.prepare("SELECT * FROM more").is_err());
    assert!(connection.is_autocommit(), "the transaction has ended");
}
