//! Readers who may not follow a topic, and readers whose rights were taken away.

use std::sync::Arc;

use access::Principal;
use common::{api::ApiError, frame::ErrorCode, role::Role};
use transport_probes::{Ask, LONG_WAIT, Probe, Seen};

use crate::world::{Make, World};

const TOKEN: &str = "Bearer reader";

/// A program that may read `log/*`, and nothing else.
fn reader() -> Arc<Principal> {
    let scopes = ["read:log/*".parse().expect("a scope")];
    Arc::new(Principal::program(7, "kim", Role::Viewer, 3, scopes.into()))
}

async fn world(reader: &Arc<Principal>) -> World {
    World::make(Make { principals: vec![(TOKEN, Arc::clone(reader))], ..Make::default() }).await
}

fn ask(topics: &[&str]) -> Ask {
    Ask { headers: vec![("authorization", TOKEN.into())], more: LONG_WAIT, ..Ask::topics(topics) }
}

async fn expect_refusal(probe: &dyn Probe, world: &World, ask: Ask, status: u16, code: ErrorCode) {
    let refused = probe.connect(world.address, ask).await.err().expect("turned away");
    assert_eq!(refused.status, status, "{}", refused.body);
    let told: ApiError = serde_json::from_str(&refused.body).expect("an error's body");
    assert_eq!(told.code, code);
}

pub async fn a_stranger_is_refused(probe: &dyn Probe) {
    let world = world(&reader()).await;
    expect_refusal(probe, &world, Ask::topics(&["log/a"]), 401, ErrorCode::NotSignedIn).await;
    let forged = Ask { headers: vec![("authorization", "Bearer forged".into())], ..Ask::topics(&["log/a"]) };
    expect_refusal(probe, &world, forged, 401, ErrorCode::NotSignedIn).await;
    assert_eq!(world.hub.metrics().subscriptions, 0);
}

pub async fn a_topic_out_of_reach_is_refused(probe: &dyn Probe) {
    let world = world(&reader()).await;
    let mut client = probe.connect(world.address, ask(&["log/a"])).await.expect("it may");
    client.verdict().await;
    expect_refusal(probe, &world, ask(&["log/a", "latest/a"]), 403, ErrorCode::NotAllowed).await;
}

pub async fn a_wall_display_is_told_what_it_is_shown_and_refused_the_rest(probe: &dyn Probe) {
    let world = world(&Arc::new(Principal::wall_display())).await;
    expect_refusal(probe, &world, ask(&["latest/a"]), 401, ErrorCode::NotSignedIn).await;
    // It asks for a whole page: what it may not read is left out.
    let whole = Ask { snapshot: vec!["log/a".into(), "latest/a".into()], ..ask(&["latest/a", "log/a"]) };
    world.publish("latest/a", "1");
    world.publish("log/a", "2");
    let mut client = probe.connect(world.address, whole).await.expect("it may read some of it");
    client.verdict().await;
    assert_eq!(client.event().await.data.get(), "2");
    world.publish("latest/a", "3");
    world.publish("log/a", "4");
    assert_eq!(client.event().await.data.get(), "4");
}

pub async fn a_reader_whose_rights_are_taken_away_is_ended_and_refused(probe: &dyn Probe) {
    let reader = reader();
    let world = world(&reader).await;
    let mut client = probe.connect(world.address, ask(&["log/a"])).await.expect("it may");
    client.verdict().await;
    world.publish("log/a", "1");
    assert_eq!(client.event().await.data.get(), "1");
    if probe.holds_a_connection() {
        world.sessions(1).await;
    }
    world.live.revoke(|principal| principal.is_same_as(&reader));
    reader.revoke();
    world.publish("log/a", "2");
    loop {
        match client.next().await {
            Seen::Frame(common::frame::ServerFrame::Event(event)) => panic!("{} was told", event.data.get()),
            Seen::Frame(_) => {}
            Seen::End(_) => break,
        }
    }
    expect_refusal(probe, &world, ask(&["log/a"]), 401, ErrorCode::NotSignedIn).await;
    world.sessions(0).await;
}
