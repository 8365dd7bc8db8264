//! Memory that runs out, published ports and pulled images, on real engines.

use common::container::{ContainerInfo, ContainerNews, Happening};
use container_engine::test_engine::{Docker, Podman, TestEngine, TestRegistry};
use serde_json::json;

use crate::{
    news::{connected, event, lines, list, start_beside},
    support::TestServer,
};

async fn find(server: &TestServer, name: &str) -> Option<ContainerInfo> {
    list(server).await.containers.into_iter().find(|one| one.name == name)
}

/// Memory that runs out is told on each transport where the engine tells of it: Podman 4 has neither an event nor a mark for it.
async fn memory_runs_out(engine: &TestEngine, is_told: bool) {
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(engine, data.path()).await;
    connected(&server).await;
    let mut lines = lines(&server).await;
    let options = json!({"HostConfig": {"Memory": 16 << 20, "MemorySwap": 16 << 20}});
    // A child runs out of memory, and the container ends a moment later: Docker misses that of one that is gone at once.
    engine.run("hungry", &["/bin/sh", "-c", "tail /dev/zero; sleep 1; exit 137"], &options);
    for line in &mut lines {
        let mut was_told = false;
        loop {
            let event = event(line, "hungry").await;
            was_told |= event.what == Happening::OutOfMemory;
            if event.what == Happening::Ended {
                assert_eq!(event.exit_code, Some(137));
                assert!(!is_told || event.container.is_some_and(|one| one.oom_killed), "it says why");
                break;
            }
        }
        assert_eq!(was_told, is_told);
    }
    let hungry = find(&server, "hungry").await.expect("it is in the list");
    assert_eq!((hungry.exit_code, hungry.oom_killed || !is_told), (Some(137), true), "{hungry:?}");
    server.stop().await;
}

async fn an_image_is_pulled(engine: &TestEngine) {
    let registry = TestRegistry::start().await;
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(engine, data.path()).await;
    connected(&server).await;
    let mut lines = lines(&server).await;
    engine.pull_from(&registry);
    for line in &mut lines {
        let pulled = loop {
            let event = line.event().await;
            match serde_json::from_str(event.data.get()) {
                Ok(ContainerNews::Event(event)) if event.what == Happening::ImagePulled => break event,
                _ => {}
            }
        };
        assert!(pulled.image.contains(&registry.address().to_string()), "{pulled:?}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_tells_of_memory_and_pulls() {
    let engine = Docker::start().await;
    memory_runs_out(&engine, true).await;
    an_image_is_pulled(&engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn podman_tells_of_memory_and_pulls() {
    let engine = Podman::start().await;
    memory_runs_out(&engine, false).await;
    an_image_is_pulled(&engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn published_ports_are_in_the_list() {
    let engine = Docker::start_elsewhere().await;
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(&engine, data.path()).await;
    connected(&server).await;
    let options = json!({
        "ExposedPorts": {"80/tcp": {}, "53/udp": {}, "9000/tcp": {}},
        "HostConfig": {
            "NetworkMode": "bridge",
            "PortBindings": {
                "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}],
                "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "5353"}],
            },
        },
    });
    engine.run("web", &["/bin/sh", "-c", "sleep 1000"], &options);
    let ports = loop {
        match find(&server, "web").await {
            Some(web) if web.state == "running" && !web.ports.is_empty() => break web.ports,
            _ => tokio::task::yield_now().await,
        }
    };
    for port in ["127.0.0.1:8080→80/tcp", "127.0.0.1:5353→53/udp", "9000/tcp"] {
        assert!(ports.iter().any(|one| one == port), "{port}: {ports:?}");
    }
    server.stop().await;
}
