//! News of an engine are on the log once, over restarts of both.

use std::path::Path;

use common::{
    Cursor,
    container::{ContainerEvent, ContainerList, ContainerNews, EngineState, Happening},
};
use container_engine::test_engine::{Docker, Podman, TestEngine};
use pulseboard::config::Config;
use serde_json::json;
use transport_probes::{Ask, Connection, LONG_WAIT};

use crate::support::{TestServer, get, start_with};

const TOPIC: &str = "docker/local";

pub(crate) async fn start_beside(engine: &TestEngine, data: &Path) -> TestServer {
    let address = format!("unix://{}", engine.socket().display());
    start_with(|config: &mut Config| {
        config.containers.engine = address;
        config.data_dir = data.to_owned();
        config.limits.connections_per_address = 0;
    })
    .await
}

pub(crate) async fn list(server: &TestServer) -> ContainerList {
    let answer = get(server.address, "/api/v1/hosts/local/containers").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("a list")
}

/// A line of each transport that follows containers.
pub(crate) async fn lines(server: &TestServer) -> Vec<Box<dyn Connection>> {
    let mut all = Vec::new();
    for probe in transport_probes::all() {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(&[TOPIC]) };
        let mut line = probe.connect(server.address, ask).await.expect("it may");
        line.verdict().await;
        all.push(line);
    }
    all
}

/// A line that follows them from a place on.
async fn line_since(server: &TestServer, since: Cursor) -> Box<dyn Connection> {
    let ask = Ask::topics(&[TOPIC]).since(since);
    let mut line = transport_probes::all()[0].connect(server.address, ask).await.expect("it may");
    line.verdict().await;
    line
}

/// The next event of a container of this name.
pub(crate) async fn event(line: &mut Box<dyn Connection>, name: &str) -> ContainerEvent {
    loop {
        let event = line.event().await;
        if let Ok(ContainerNews::Event(event)) = serde_json::from_str(event.data.get())
            && event.name == name
        {
            return event;
        }
    }
}

/// Waits until the engine answers, by what is on the topic.
pub(crate) async fn connected(server: &TestServer) -> ContainerList {
    let ask = Ask::topics(&[TOPIC]);
    let mut line = transport_probes::all()[0].connect(server.address, ask).await.expect("it may");
    line.verdict().await;
    loop {
        let known = list(server).await;
        if known.engine.state == EngineState::Connected {
            return known;
        }
        line.event().await;
    }
}

/// Every event of a container that the log has, in order.
fn told(server: &TestServer, name: &str) -> Vec<Happening> {
    let page = server.hub.history(&TOPIC.parse().expect("a topic"), None, usize::MAX);
    let events = page.entries.iter().filter_map(|entry| match serde_json::from_slice(&entry.data) {
        Ok(ContainerNews::Event(event)) if event.name == name => Some(event.what),
        _ => None,
    });
    events.collect()
}

/// A container that fails is told on each transport, and the list has it.
async fn each_transport_is_told(engine: &TestEngine) {
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(engine, data.path()).await;
    connected(&server).await;
    let mut lines = lines(&server).await;
    engine.run("job", &["/bin/sh", "-c", "exit 3"], &json!({}));
    let wanted = [Happening::Created, Happening::Started, Happening::Ended];
    let mut ages = Vec::new();
    for line in &mut lines {
        let mut heard = Vec::new();
        while heard.len() < wanted.len() {
            let event = event(line, "job").await;
            if event.what == Happening::Ended {
                assert_eq!(event.exit_code, Some(3));
                let container = event.container.as_ref().expect("it is there");
                assert_eq!(container.exit_code, Some(3), "{container:?}");
                ages.push(server.hub.clock().unix_millis().saturating_sub(event.at_ms));
            }
            heard.push(event.what);
        }
        assert_eq!(heard, wanted);
    }
    println!("{:?}: milliseconds from the end to each transport: {ages:?}", engine.product());
    let known = list(&server).await;
    let job = known.containers.iter().find(|one| one.name == "job").expect("it is in the list");
    assert_eq!(job.exit_code, Some(3));
    server.stop().await;
}

/// Events while the server is away are told once when it is back.
async fn nothing_is_missed_while_the_server_is_away(engine: &TestEngine) {
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(engine, data.path()).await;
    let known = connected(&server).await;
    let mut line = line_since(&server, known.cursor).await;
    let id = engine.run("web", &["/bin/sh", "-c", "sleep 1000"], &json!({}));
    while event(&mut line, "web").await.what != Happening::Started {}
    drop(line);
    server.stop().await;
    engine.act(&id, "pause");
    engine.act(&id, "unpause");
    let server = start_beside(engine, data.path()).await;
    connected(&server).await;
    let mut line = line_since(&server, known.cursor).await;
    let mut heard = Vec::new();
    while heard.last() != Some(&Happening::Unpaused) {
        heard.push(event(&mut line, "web").await.what);
    }
    let wanted = [Happening::Created, Happening::Started, Happening::Paused, Happening::Unpaused];
    assert_eq!(heard, wanted);
    engine.remove(&id);
    while event(&mut line, "web").await.what != Happening::Removed {}
    let told = told(&server, "web");
    assert_eq!(told[..4], wanted, "nothing is on the log twice");
    assert_eq!(told.iter().filter(|what| **what == Happening::Removed).count(), 1);
    assert!(list(&server).await.containers.iter().all(|one| one.name != "web"));
    server.stop().await;
}

/// An engine that is away is said to be, and its containers stay; when it is back, what it cannot know any more is said.
async fn an_engine_that_was_killed_comes_back(engine: &mut TestEngine) {
    let data = tempfile::tempdir().expect("a folder");
    engine.run("kept", &["/bin/sh", "-c", "sleep 1000"], &json!({}));
    let server = start_beside(engine, data.path()).await;
    let known = connected(&server).await;
    let mut line = line_since(&server, known.cursor).await;
    engine.kill_engine();
    loop {
        if let ContainerNews::Engine(status) = news(&mut line).await {
            assert_eq!(status.state, EngineState::Away);
            assert!(status.why.is_some() && status.product.is_some_and(|name| name.starts_with("Docker ")));
            break;
        }
    }
    let away = list(&server).await;
    assert_eq!(away.engine.state, EngineState::Away);
    assert!(away.containers.iter().any(|one| one.name == "kept" && one.state == "running"), "{away:?}");
    engine.launch().await;
    // A Docker that starts ends what still ran, and says so after all that it has forgotten.
    let (mut is_back, mut is_unknown) = (false, false);
    loop {
        match news(&mut line).await {
            ContainerNews::Engine(status) => is_back |= status.state == EngineState::Connected,
            ContainerNews::Unknown { from_ms, until_ms, .. } => {
                assert!(from_ms <= until_ms);
                is_unknown = true;
            }
            ContainerNews::Event(event) if event.name == "kept" && event.what == Happening::Ended => break,
            _ => {}
        }
    }
    assert!(is_back);
    assert!(is_unknown, "a Docker that was killed has forgotten what it told");
    assert_eq!(told(&server, "kept").iter().filter(|what| **what == Happening::Ended).count(), 1);
    server.stop().await;
}

async fn news(line: &mut Box<dyn Connection>) -> ContainerNews {
    let event = line.event().await;
    serde_json::from_str(event.data.get()).expect("news")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_docker_tells_is_on_every_transport_once_over_restarts_of_both() {
    let mut engine = Docker::start().await;
    each_transport_is_told(&engine).await;
    nothing_is_missed_while_the_server_is_away(&engine).await;
    an_engine_that_was_killed_comes_back(&mut engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_podman_tells_is_on_every_transport() {
    each_transport_is_told(&Podman::start().await).await;
}
