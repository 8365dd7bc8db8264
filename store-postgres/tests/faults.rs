//! Servers that restart, are away, full of something else, or of a newer version.

mod support;

use common::role::Role;
use futures_util::future::join_all;
use store::{NewUser, Store, StoreError};
use store_postgres::PostgresStore;
use support::{PASSWORD, TestServer, assert_refused, close};

fn user(name: &str) -> NewUser {
    NewUser { name: name.into(), name_key: name.into(), role: Role::Admin, password: None, created_ms: 1 }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_of_the_server_the_next_call_works() {
    let mut server = TestServer::start(None).await;
    server.database("board").await;
    let store = server.store("board").await;
    let made = store.users().create(user("mina")).await.expect("made");
    // Several connections of the pool are open, and all of them break.
    for asked in join_all((0..20).map(|_| store.users().any())).await {
        assert_eq!(asked, Ok(true));
    }
    server.restart().await;
    assert_eq!(store.users().by_id(made.id).await, Ok(Some(made)));
    store.users().create(user("jun")).await.expect("it writes, too");

    server.stop();
    let away = store.users().any().await.expect_err("nobody is there");
    assert_eq!(away.kind(), "unavailable", "{away}");
    server.restart().await;
    assert_eq!(store.users().any().await, Ok(true), "it finds the server again");
    close(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_open_at_once_make_one_schema() {
    let server = TestServer::start(None).await;
    server.database("board").await;
    let address = server.plain("board");
    let stores = join_all((0..8).map(|_| PostgresStore::connect(&address))).await;
    let stores: Vec<_> = stores.into_iter().map(|store| store.expect("it opens")).collect();
    let made = join_all(stores.iter().map(|store| store.users().create_first(user("mina")))).await;
    assert_eq!(made.into_iter().filter_map(|made| made.expect("asked")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_and_left_as_it_is() {
    let server = TestServer::start(None).await;
    server.database("board").await;
    close(server.store("board").await).await;
    let client = server.client("board").await;
    client.batch_execute("UPDATE store_schema SET number = 1000").await.expect("changed");
    let refused = PostgresStore::connect(&server.plain("board")).await.expect_err("it is newer");
    assert!(matches!(refused, StoreError::NewerSchema { found: 1000, .. }), "{refused}");
    let number: i32 = client.query_one("SELECT number FROM store_schema", &[]).await.expect("asked").get(0);
    assert_eq!(number, 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_something_else_is_refused_and_left_as_it_is() {
    let server = TestServer::start(None).await;
    server.database("shop").await;
    let client = server.client("shop").await;
    client.batch_execute("CREATE TABLE sessions (basket text)").await.expect("made");
    assert_refused(&server.plain("shop"), "not_a_store", "sessions").await;
    let tables = client
        .query_one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", &[])
        .await
        .expect("asked")
        .get::<_, i64>(0);
    assert_eq!(tables, 1, "nothing was made beside it");

    let latin = "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'";
    client.batch_execute(latin).await.expect("made");
    assert_refused(&server.plain("latin"), "bad_settings", "UTF8").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_read_only_is_read_and_not_written() {
    let server = TestServer::start(None).await;
    server.database("board").await;
    let store = server.store("board").await;
    store.users().create(user("mina")).await.expect("made");
    close(store).await;
    let client = server.client("postgres").await;
    let sql = "ALTER DATABASE board SET default_transaction_read_only = on";
    client.batch_execute(sql).await.expect("changed");
    let store = server.store("board").await;
    assert_eq!(store.users().any().await, Ok(true));
    assert_eq!(store.users().create(user("jun")).await, Err(StoreError::ReadOnly));
    assert_eq!(store.users().list(None, 10).await.expect("listed").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_lock_in_vain_is_told_so_and_nothing_is_changed() {
    let server = TestServer::start(None).await;
    server.database("board").await;
    let store = server.store("board").await;
    let mut other = server.client("board").await;
    let held = other.transaction().await.expect("begun");
    held.batch_execute("LOCK TABLE users").await.expect("locked");
    assert_eq!(store.users().create_first(user("mina")).await, Err(StoreError::Busy));
    held.rollback().await.expect("given back");
    assert_eq!(store.users().any().await, Ok(false));
    store.users().create_first(user("mina")).await.expect("asked").expect("it is the first");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_is_told_so() {
    let mut server = TestServer::start(None).await;
    let wrong = server.plain("postgres").replace(PASSWORD, "wrong");
    assert_refused(&wrong, "bad_settings", "password").await;
    assert_refused(&server.plain("nowhere"), "bad_settings", "nowhere").await;
    assert_refused(&server.address("postgres"), "bad_settings", "sslmode=disable").await;
    let address = server.plain("postgres");
    server.stop();
    assert_refused(&address, "unavailable", "refused").await;
}
