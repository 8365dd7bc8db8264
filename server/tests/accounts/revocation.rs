//! Rights that are taken away while connections are open.

use std::time::Duration;

use common::frame::{ByeReason, ServerFrame};
use tokio::time::timeout;
use transport_probes::{Ask, Connection, LONG_WAIT, Seen};

use crate::{PASSWORD, browser::Browser, invited, sign_in, support::TestServer, with_admin};

/// Opens a connection of every transport on behalf of a browser.
pub async fn connections(server: &TestServer, browser: &Browser) -> Vec<Box<dyn Connection>> {
    let cookie =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let mut all = Vec::new();
    for probe in transport_probes::all() {
        let ask =
            Ask { headers: vec![("cookie", cookie.clone())], more: LONG_WAIT, ..Ask::topics(&["custom/a"]) };
        let mut client = probe.connect(server.address, ask).await.expect("it may");
        client.verdict().await;
        all.push(client);
    }
    all
}

/// Waits until each has ended. None may be told an entry that was published afterwards.
pub async fn all_end(connections: Vec<Box<dyn Connection>>) {
    for mut client in connections {
        loop {
            let seen = timeout(Duration::from_secs(20), client.see()).await.expect("it ends");
            match seen {
                Seen::Frame(ServerFrame::Event(event)) => panic!("{} was told", event.data.get()),
                Seen::Frame(ServerFrame::Bye { reason, .. }) => assert_eq!(reason, ByeReason::SignedOut),
                Seen::Frame(_) => {}
                Seen::End(_) => break,
            }
        }
    }
}

pub fn publish(server: &TestServer) {
    let topic = "custom/a".parse().expect("a topic");
    server.hub.publish(&topic, "1".into()).expect("published");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_connections_of_that_session_alone() {
    let (server, admin) = with_admin().await;
    let (mut here, _) = sign_in(&server, "kim", PASSWORD).await;
    let (theirs, others) = (connections(&server, &here).await, connections(&server, &admin).await);
    here.get("/account").await;
    assert_eq!(here.send("/sign-out", &[]).await.status, 303);
    publish(&server);
    all_end(theirs).await;
    for mut client in others {
        assert_eq!(client.event().await.data.get(), "1", "the other session goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_changes_and_an_account_that_is_disabled_end_their_connections() {
    let (server, mut admin) = with_admin().await;
    let mut viewer = invited(&server, &mut admin, "lee", "viewer").await;
    let theirs = connections(&server, &viewer).await;
    admin.get("/settings/people").await;
    assert_eq!(admin.send("/settings/people/role", &[("id", "2"), ("role", "operator")]).await.status, 200);
    publish(&server);
    all_end(theirs).await;
    assert_eq!(viewer.get("/api/v1/connections").await.status, 200, "the new role holds at once");
    let theirs = connections(&server, &viewer).await;
    admin.get("/settings/people").await;
    assert_eq!(admin.send("/settings/people/disable", &[("id", "2")]).await.status, 200);
    publish(&server);
    all_end(theirs).await;
    assert_eq!(viewer.get("/account").await.status, 303);
    assert_eq!(sign_in(&server, "lee", PASSWORD).await.1, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let (server, mut admin) = with_admin().await;
    let (mut other, _) = sign_in(&server, "kim", PASSWORD).await;
    let theirs = connections(&server, &other).await;
    admin.get("/account").await;
    let fields = [
        ("name", "kim"),
        ("current_password", PASSWORD),
        ("password", crate::OTHER),
        ("password_again", crate::OTHER),
    ];
    assert_eq!(admin.send("/account/password", &fields).await.status, 200);
    publish(&server);
    all_end(theirs).await;
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(admin.get("/account").await.status, 200, "that of the change goes on");
    assert_eq!(sign_in(&server, "kim", PASSWORD).await.1, 401);
    assert_eq!(sign_in(&server, "kim", crate::OTHER).await.1, 303);
}
