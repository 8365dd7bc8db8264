//! Refusals, and how each transport tells them.

use common::{
    api::ApiError,
    frame::{ByeReason, ErrorCode, ServerFrame},
};
use transport_probes::{Ask, LONG_WAIT, Probe};
use transports::gate::Limits;

use crate::world::{Make, World};

async fn expect_refusal(probe: &dyn Probe, ask: Ask, status: u16, code: ErrorCode) {
    let world = World::start().await;
    let refused = probe.connect(world.address, ask).await.err().expect("turned away");
    assert_eq!(refused.status, status, "{}", refused.body);
    let told: ApiError = serde_json::from_str(&refused.body).expect("an error's body");
    assert_eq!(told.code, code);
    assert_eq!(world.hub.metrics().subscriptions, 0);
}

pub async fn a_foreign_origin_is_refused(probe: &dyn Probe) {
    let mut ask = Ask::topics(&["log/a"]);
    ask.headers = vec![("origin", "http://evil.example".into())];
    expect_refusal(probe, ask, 403, ErrorCode::ForbiddenOrigin).await;
}

pub async fn a_foreign_host_is_refused(probe: &dyn Probe) {
    let mut ask = Ask::topics(&["log/a"]);
    ask.headers = vec![("host", "evil.example".into())];
    expect_refusal(probe, ask, 403, ErrorCode::ForbiddenOrigin).await;
}

pub async fn an_unknown_topic_is_refused(probe: &dyn Probe) {
    expect_refusal(probe, Ask::topics(&["log/a", "nothing/here"]), 404, ErrorCode::UnknownTopic).await;
}

pub async fn too_many_topics_are_refused(probe: &dyn Probe) {
    let names: Vec<String> = (0..65).map(|n| format!("log/{n}")).collect();
    let ask = Ask { topics: names, ..Ask::default() };
    expect_refusal(probe, ask, 400, ErrorCode::TooManyTopics).await;
}

pub async fn a_malformed_cursor_is_refused(probe: &dyn Probe) {
    expect_refusal(probe, Ask::topics(&["log/a"]).since("yesterday"), 400, ErrorCode::BadCursor).await;
}

pub async fn a_malformed_topic_is_refused(probe: &dyn Probe) {
    expect_refusal(probe, Ask::topics(&["Log/A"]), 400, ErrorCode::BadTopic).await;
}

pub async fn one_connection_too_many_is_told_when_to_come_back(probe: &dyn Probe) {
    let limits = Limits { connections_per_address: 2, ..Make::default().limits };
    let world = World::make(Make { limits, ..Make::default() }).await;
    let ask = || Ask { more: LONG_WAIT, ..Ask::topics(&["log/a"]) };
    let mut first = probe.connect(world.address, ask()).await.expect("the first");
    first.verdict().await;
    first.heartbeat().await;
    let mut second = probe.connect(world.address, ask()).await.expect("the second");
    second.verdict().await;
    second.heartbeat().await;
    // A poller is admitted again with its second poll.
    world.sessions(2).await;
    let mut third =
        probe.connect(world.address, ask()).await.expect("an answer that EventSource understands");
    let ServerFrame::Bye { reason, retry_ms } = third.frame().await else { panic!("bye was due") };
    assert_eq!((reason, retry_ms), (ByeReason::TooManyConnections, 750));
    let code = third.end().await;
    assert!(code.is_none_or(|code| code == common::close::TRY_LATER), "{code:?}");
    drop(first);
    world.sessions(1).await;
    let mut fourth = probe.connect(world.address, ask()).await.expect("room again");
    fourth.verdict().await;
}
