//! One container over REST: its configuration, its last hour, and what may be done with it.

use common::container::{
    ContainerActionAnswer, ContainerDetail, ContainerHistory, ContainerList, ContainersUsage, EngineState,
};
use container_engine::test_engine::{Docker, Podman, TestEngine};
use serde_json::json;
use transport_probes::Ask;

use crate::support::{Answer, TestServer, get, post, start_with};

const CONTAINERS: &str = "/api/v1/hosts/local/containers";

async fn start_beside(engine: &TestEngine, actions: bool) -> TestServer {
    let address = format!("unix://{}", engine.socket().display());
    let server = start_with(|config| {
        config.containers.engine = address;
        config.containers.actions = actions;
    })
    .await;
    while list(&server).await.engine.state != EngineState::Connected {
        tokio::task::yield_now().await;
    }
    server
}

async fn list(server: &TestServer) -> ContainerList {
    serde_json::from_str(&get(server.address, CONTAINERS).await.body).expect("a list")
}

async fn act(server: &TestServer, id: &str, action: &str) -> Answer {
    let body = json!({ "action": action }).to_string();
    post(server.address, &format!("{CONTAINERS}/{id}/actions"), "application/json", &body).await
}

async fn state(server: &TestServer, name: &str) -> String {
    let known = list(server).await;
    known.containers.into_iter().find(|one| one.name == name).map(|one| one.state).unwrap_or_default()
}

/// Waits until the events of the engine have changed the list.
async fn becomes(server: &TestServer, name: &str, wanted: &[&str]) {
    while !wanted.contains(&state(server, name).await.as_str()) {
        tokio::task::yield_now().await;
    }
}

async fn one_container_of(engine: &TestEngine) {
    let options = json!({
        "Env": ["PORT=8080", "DB_PASSWORD=hunter2", "URL=postgres://app:secret@db/app"],
        "Labels": {"team": "shop"},
        "HostConfig": {"Memory": 64 << 20, "NanoCpus": 500_000_000},
    });
    let id = engine.run(
        "shop",
        &["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"],
        &options,
    );
    let server = start_beside(engine, false).await;
    becomes(&server, "shop", &["running"]).await;
    let short = &id.as_str()[..12];
    let answer = get(server.address, &format!("{CONTAINERS}/{short}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for secret in ["hunter2", "secret@"] {
        assert!(!answer.body.contains(secret), "{secret} is told: {}", answer.body);
    }
    let detail: ContainerDetail = serde_json::from_str(&answer.body).expect("a container");
    assert_eq!((detail.container.id.as_str(), detail.container.name.as_str()), (id.as_str(), "shop"));
    assert_eq!(detail.container.memory_limit, Some(64 << 20));
    assert!(detail.environment.contains(&"PORT=8080".to_owned()), "{:?}", detail.environment);
    assert!(detail.labels.contains(&"team=shop".to_owned()), "{:?}", detail.labels);
    assert!(!detail.may_act, "its owner has not allowed it");

    let refused = act(&server, short, "stop").await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert!(refused.body.contains("containers.actions"), "{}", refused.body);
    assert_eq!(state(&server, "shop").await, "running");

    for (path, status) in [
        (format!("{CONTAINERS}/{}", "0".repeat(64)), 404),
        (format!("{CONTAINERS}/{}/history", "0".repeat(64)), 404),
        (format!("{CONTAINERS}/..%2F..%2Fimages"), 400),
        (format!("{CONTAINERS}/shop"), 400),
        (format!("/api/v1/hosts/elsewhere/containers/{short}"), 404),
    ] {
        assert_eq!(get(server.address, &path).await.status, status, "{path}");
    }
    // Nobody looks, and yet there is a past. The first point has levels, and the next one rates.
    let past = loop {
        let answer = get(server.address, &format!("{CONTAINERS}/{short}/history")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let past: ContainerHistory = serde_json::from_str(&answer.body).expect("a past");
        if !past.at.is_empty() {
            break past;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!((past.step_ms, past.cpu.len(), past.memory.len()), (10_000, past.at.len(), past.at.len()));
    assert!(past.memory[0].is_some_and(|bytes| bytes > 0), "{past:?}");
    server.stop().await;

    let server = start_beside(engine, true).await;
    becomes(&server, "shop", &["running"]).await;
    let detail = get(server.address, &format!("{CONTAINERS}/{short}")).await.body;
    assert!(serde_json::from_str::<ContainerDetail>(&detail).expect("a container").may_act);
    let started = |known: ContainerList| known.containers.into_iter().find(|one| one.name == "shop");
    let before = started(list(&server).await).and_then(|one| one.started_ms);
    for (action, becoming) in [("stop", "exited"), ("start", "running"), ("restart", "running")] {
        let answer = act(&server, short, action).await;
        assert_eq!(answer.status, 200, "{action}: {}", answer.body);
        let told: ContainerActionAnswer = serde_json::from_str(&answer.body).expect("an answer");
        assert!(told.done);
        becomes(&server, "shop", &[becoming, if becoming == "exited" { "stopped" } else { becoming }]).await;
    }
    while started(list(&server).await).and_then(|one| one.started_ms) <= before {
        tokio::task::yield_now().await;
    }
    // There is nothing to do, and that is no error.
    assert_eq!(act(&server, short, "start").await.status, 200);
    for body in ["kill", "exec", ""] {
        assert_eq!(act(&server, short, body).await.status, 422, "{body}");
    }
    engine.remove(&id);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_of_docker_is_shown_and_obeys_where_that_is_allowed() {
    one_container_of(&Docker::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_of_podman_is_shown_and_obeys_where_that_is_allowed() {
    one_container_of(&Podman::start().await).await;
}

/// Without any file of the kernel's on this machine there is usage all the same, and it ends when nobody looks.
#[tokio::test(flavor = "multi_thread")]
async fn usage_of_an_engine_elsewhere_comes_from_the_engine() {
    let engine = Docker::start_elsewhere().await;
    let busy = engine.run("busy", &["/bin/sh", "-c", "while :; do :; done"], &json!({}));
    let idle = engine.run("idle", &["/bin/sh", "-c", "sleep 1000"], &json!({}));
    let server = start_beside(&engine, false).await;
    becomes(&server, "idle", &["running"]).await;
    let topic = "docker/local/usage";
    let probe = transport_probes::all()[0];
    let mut line = probe.connect(server.address, Ask::topics(&[topic])).await.expect("it may");
    line.verdict().await;
    // Two measurements of the engine's make a rate.
    let used = loop {
        let event = line.event().await;
        let told: ContainersUsage = serde_json::from_str(event.data.get()).expect("usage");
        let of = |id: &str| told.containers.iter().find(|one| one.id == id).cloned();
        if let (Some(busy), Some(idle)) = (of(busy.as_str()), of(idle.as_str()))
            && busy.cpu.is_some()
            && idle.cpu.is_some()
        {
            break (busy, idle);
        }
    };
    assert!(used.0.cpu > used.1.cpu.map(|cpu| cpu + 1.0), "one works and the other does not: {used:?}");
    assert!(used.1.memory.is_some_and(|bytes| bytes > 0), "{used:?}");
    server.stop().await;
}
