//! Lines of containers that are kept: found when the container is gone, each once over restarts of the server.

use std::path::Path;

use common::kept_logs::{KeptLogHit, KeptLogPage, KeptLogSources};
use container_engine::test_engine::{Docker, Podman, TestEngine};
use pulseboard::config::{Config, KeptContainers};
use serde_json::json;

use crate::support::{Answer, TestServer, get, start_with};

async fn start_keeping(engine: &TestEngine, data: &Path, keep: KeptContainers) -> TestServer {
    let address = format!("unix://{}", engine.socket().display());
    start_with(|config: &mut Config| {
        config.containers.engine = address;
        config.data_dir = data.to_owned();
        config.logs.keep = keep;
        config.limits.publications_per_second = 0;
    })
    .await
}

async fn ask(server: &TestServer, query: &str) -> Answer {
    get(server.address, &format!("/api/v1/kept-logs{query}")).await
}

async fn page(server: &TestServer, query: &str) -> KeptLogPage {
    let answer = ask(server, query).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("a page")
}

async fn sources(server: &TestServer) -> KeptLogSources {
    let answer = ask(server, "/sources").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("sources")
}

/// Waits until so many lines of a container are kept. Nothing tells when they are: it is asked for.
async fn kept(server: &TestServer, name: &str, lines: u64) {
    loop {
        let sources = sources(server).await;
        let of = sources.sources.iter().filter(|source| source.name == name);
        let now: u64 = of.map(|source| source.lines).sum();
        assert!(now <= lines, "{name} has {now} lines instead of {lines}");
        if now == lines {
            assert!(sources.bytes > 0 && sources.bytes <= sources.most_bytes);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// All lines that a search finds, the oldest first.
async fn all(server: &TestServer, query: &str) -> Vec<KeptLogHit> {
    let mut hits: Vec<KeptLogHit> = Vec::new();
    let mut before = String::new();
    loop {
        let page = page(server, &format!("?limit=1000&{query}{before}")).await;
        hits.extend(page.hits);
        let Some(next) = page.next else { break };
        before = format!("&before={next}");
    }
    hits.reverse();
    hits
}

fn shell(script: &str) -> [&str; 3] {
    ["/bin/sh", "-c", script]
}

async fn lines_are_kept_over_everything(engine: &TestEngine) {
    let data = tempfile::tempdir().expect("a folder");
    let server = start_keeping(engine, data.path(), KeptContainers::Labelled).await;
    let labelled = json!({"Labels": {"pulseboard.logs.keep": "true"}});
    let short = engine.run("short", &shell("echo order 7 failed >&2; echo 웹서버가 시작됨"), &labelled);
    let many =
        engine.run("many", &shell("for i in $(seq 1 3000); do echo number $i; done; sleep 1000"), &labelled);
    let not = engine.run("not", &shell("echo order of another"), &json!({}));
    let again = engine.run("again", &shell("for i in $(seq 1 50); do echo cannot connect; done"), &labelled);
    kept(&server, "short", 2).await;
    kept(&server, "many", 3_000).await;
    kept(&server, "again", 50).await;

    let found = page(&server, "?words=ORDER").await;
    assert_eq!(found.hits.len(), 1, "{found:?}");
    let hit = &found.hits[0];
    assert_eq!((&*hit.text, &*hit.name, hit.stderr, hit.repeated), ("order 7 failed", "short", true, 1));
    assert_eq!((&*hit.host, hit.source.clone()), ("local", format!("container:{short}")));
    assert_eq!(found.next, None);
    assert_eq!(page(&server, "?words=%EC%84%9C%EB%B2%84").await.hits[0].text, "웹서버가 시작됨");
    let repeated = page(&server, "?words=connect&source=again").await;
    assert_eq!(repeated.hits.iter().map(|hit| hit.repeated).collect::<Vec<_>>(), [50]);
    assert_eq!(page(&server, "?pattern=%5Enumber%2012.4%24").await.hits.len(), 10);

    // A container that begins another life goes on; a server that was not there has it from the engine.
    engine.act(&again, "start");
    kept(&server, "again", 100).await;
    engine.remove(&short);
    engine.remove(&not);
    server.stop().await;
    engine.act(&again, "start");
    let server = start_keeping(engine, data.path(), KeptContainers::Labelled).await;
    kept(&server, "again", 150).await;
    kept(&server, "many", 3_000).await;
    assert_eq!(page(&server, "?words=order").await.hits.len(), 1, "also of a container that is gone");
    let told: Vec<String> = all(&server, "source=many").await.into_iter().map(|hit| hit.text).collect();
    let wanted: Vec<String> = (1..=3_000).map(|number| format!("number {number}")).collect();
    assert!(told == wanted, "{} lines", told.len());
    server.stop().await;
    for id in [many, again] {
        engine.remove(&id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_docker_are_kept_each_once() {
    lines_are_kept_over_everything(&Docker::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_podman_are_kept_each_once() {
    lines_are_kept_over_everything(&Podman::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_kept_it_is_said() {
    let data = tempfile::tempdir().expect("a folder");
    let off = |config: &mut Config| {
        config.containers.engine = "off".to_owned();
        config.data_dir = data.path().to_owned();
    };
    let server = start_with(off).await;
    for path in ["", "/sources"] {
        let answer = ask(&server, path).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        assert!(answer.body.contains("logs.keep is off"), "{}", answer.body);
    }
    assert!(!data.path().join("kept-logs").exists());
    server.stop().await;
    let server = start_with(|config: &mut Config| {
        off(config);
        config.logs.keep = KeptContainers::All;
    })
    .await;
    for query in ["?words=--", "?pattern=%28", "?limit=0", "?since=x", "?before=1"] {
        let answer = ask(&server, query).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
    }
    assert_eq!(page(&server, "?words=anything").await, KeptLogPage { hits: Vec::new(), next: None });
    server.stop().await;
}
