//! Two nodes whose accounts stand in one PostgreSQL database.

use pulseboard::secret::Secret;
use store_postgres::test_server::TestServer as Postgres;

use crate::{
    OTHER, PASSWORD, set_up, sign_in,
    support::{TestServer, start_with},
};

async fn node(postgres: &Postgres) -> TestServer {
    start_with(|config| config.store.url = Some(Secret::new(postgres.plain("accounts")))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_at_one_node_is_known_at_the_other_until_a_revocation_anywhere() {
    let postgres = Postgres::start(None).await;
    postgres.database("accounts").await;
    let (one, other) = (node(&postgres).await, node(&postgres).await);
    let mut admin = set_up(&one).await;
    // The other node learns of the first account by itself.
    let mut stranger = crate::browser::Browser::new(other.address);
    while stranger.get("/api/v1/hosts").await.status == 200 {
        tokio::task::yield_now().await;
    }
    let mut there = admin.clone();
    there.to = other.address;
    assert_eq!(there.get("/account").await.status, 200, "a session holds at every node");
    let (mut thief, status) = sign_in(&other, "kim", PASSWORD).await;
    assert_eq!(status, 303);
    let lines = crate::revocation::connections(&other, &thief).await;
    admin.get("/account").await;
    let fields =
        [("name", "kim"), ("current_password", PASSWORD), ("password", OTHER), ("password_again", OTHER)];
    assert_eq!(admin.send("/account/password", &fields).await.status, 200);
    crate::revocation::all_end(lines).await;
    assert_eq!(thief.get("/account").await.status, 303);
    assert_eq!(there.get("/account").await.status, 200, "the session of the change goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_lines_stay_and_forms_say_so() {
    let mut postgres = Postgres::start(None).await;
    postgres.database("accounts").await;
    let server = node(&postgres).await;
    let mut admin = set_up(&server).await;
    let mut lines = crate::revocation::connections(&server, &admin).await;
    postgres.stop();
    assert_eq!(admin.get("/account").await.status, 503);
    assert!(admin.page.contains("503-"), "it names the id of the log: {}", admin.page);
    assert_eq!(admin.get("/api/v1/hosts").await.status, 200, "what was known a moment ago holds");
    let mut forger = admin.clone();
    let forged = "0".repeat(64);
    forger.cookies.insert("pulseboard-session".to_owned(), forged);
    assert_eq!(forger.get("/account").await.status, 503, "nobody can say whether that is a session");
    crate::revocation::publish(&server);
    for client in &mut lines {
        assert_eq!(client.event().await.data.get(), "1", "live connections go on");
    }
    postgres.restart().await;
    while admin.get("/account").await.status != 200 {
        tokio::task::yield_now().await;
    }
}
