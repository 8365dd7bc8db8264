//! Two nodes whose store stands in one PostgreSQL database.

use pulseboard::secret::Secret;
use serde_json::json;
use store_postgres::test_server::TestServer as Postgres;

use crate::{
    support::{TestServer, start_with},
    team::{ask, invited, json, read, set_up, titles},
};

async fn node(postgres: &Postgres) -> TestServer {
    start_with(|config| config.store.url = Some(Secret::new(postgres.plain("notices")))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_one_at_every_node_and_read_at_all_of_them() {
    let postgres = Postgres::start(None).await;
    postgres.database("notices").await;
    let (one, other) = (node(&postgres).await, node(&postgres).await);
    let mut kim = set_up(one.address, &one.set_up.clone().expect("a link")).await;
    let min = invited(&mut kim, "min", "viewer").await;
    let at_other = |browser: &crate::browser::Browser| {
        let mut there = browser.clone();
        there.to = other.address;
        there
    };
    let (kim_there, min_there) = (at_other(&kim), at_other(&min));
    // The other node learns of the first account by itself.
    while ask(&kim_there, "/api/v1/notices", "", None).await.status != 200 {
        tokio::task::yield_now().await;
    }
    let body = json!({"to": "all", "level": "info", "title": "a"}).to_string();
    let keyed = "idempotency-key: k\r\n";
    let tries = (0..6)
        .map(|n| ask(if n % 2 == 0 { &kim } else { &kim_there }, "/api/v1/notices", keyed, Some(&body)));
    let answers = futures_util::future::join_all(tries).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201], "of six at once, at both, one is the first");
    assert_eq!(titles(&json(&min, "/api/v1/notices").await), ["a"]);
    let id = json(&min_there, "/api/v1/notices?show=unread").await["notices"][0]["id"].clone();
    assert_eq!(read(&min_there, &id).await.status, 200);
    assert_eq!(json(&min, "/api/v1/notices").await["unread"], 0);
    let readers = json(&kim, &format!("/api/v1/notices/{id}/readers")).await;
    assert_eq!(readers["read"][0]["name"], "min");
    assert_eq!(readers["waiting"], json!(["kim"]));
}
