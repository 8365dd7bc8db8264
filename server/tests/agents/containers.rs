//! Containers of a machine whose agent reports: a real engine beside a real agent, while servers and agents come and go.

use std::{net::SocketAddr, path::Path};

use common::{
    container::{
        ContainerEvent, ContainerHistory, ContainerInfo, ContainerList, ContainerNews, ContainersUsage,
        EngineState, Happening,
    },
    host::HostId,
};
use container_engine::test_engine::{Docker, TestEngine};
use serde_json::{Value, json};
use transport_probes::{Ask, Connection};

use crate::{
    Agent, agent, code,
    hostile::{enrol, head, key, report},
    now,
    outage::hub,
    support::{get, start},
    until,
};

const TOPIC: &str = "docker/web-1";
const CONTAINERS: &str = "/api/v1/hosts/web-1/containers";
const FOREVER: [&str; 3] = ["/bin/sh", "-c", "sleep 1000"];

/// An agent beside an engine; with a code it enrols.
fn start_beside(engine: &TestEngine, folder: &Path, enrols: Option<(SocketAddr, &str)>) -> Agent {
    let address = format!("unix://{}", engine.socket().display());
    let mut command = agent(folder);
    command.args(["--fast-ms", "200", "--slow-ms", "500", "--engine", &address]);
    if let Some((to, code)) = enrols {
        command.args(["--hub", &format!("http://{to}"), "--enrol", code, "--name", "web-1"]);
    }
    Agent::run(&mut command)
}

async fn list(to: SocketAddr) -> Option<ContainerList> {
    let answer = get(to, CONTAINERS).await;
    // A server that has just started has not read its hosts yet.
    (answer.status == 200).then(|| serde_json::from_str(&answer.body).expect("a list"))
}

/// A line that follows the host's containers, from the newest entries on.
async fn line(to: SocketAddr, topic: &str) -> Box<dyn Connection> {
    let ask = Ask { snapshot: vec![topic.to_owned()], ..Ask::topics(&[topic]) };
    let mut line = transport_probes::all()[0].connect(to, ask).await.expect("it may");
    line.verdict().await;
    line
}

/// Waits until the list is as it should be: it is looked at after each entry of the topic.
async fn listed(to: SocketAddr, is_so: impl Fn(&ContainerList) -> bool) -> ContainerList {
    let mut line = line(to, TOPIC).await;
    loop {
        if let Some(list) = list(to).await.filter(|list| is_so(list)) {
            return list;
        }
        line.event().await;
    }
}

fn names(list: &ContainerList) -> Vec<&str> {
    list.containers.iter().map(|one| &*one.name).collect()
}

fn find<'a>(list: &'a ContainerList, name: &str) -> Option<&'a ContainerInfo> {
    list.containers.iter().find(|one| one.name == name)
}

/// The events on the topic, up to the one of this container.
async fn events(to: SocketAddr, last: &str, what: Happening) -> Vec<ContainerEvent> {
    let mut line = line(to, TOPIC).await;
    let mut told = Vec::new();
    loop {
        if let Ok(ContainerNews::Event(event)) = serde_json::from_str(line.event().await.data.get()) {
            let is_last = event.name == last && event.what == what;
            told.push(event);
            if is_last {
                return told;
            }
        }
    }
}

fn of(events: &[ContainerEvent], name: &str) -> Vec<(Happening, Option<i64>)> {
    let of = events.iter().filter(|event| event.name == name);
    of.map(|event| (event.what, event.exit_code)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn containers_of_an_agents_machine_are_listed_told_and_measured() {
    let (engine, server) = (Docker::start().await, start().await);
    let folder = tempfile::tempdir().expect("a folder");
    engine.run("before", &FOREVER, &json!({}));
    let agent = start_beside(&engine, folder.path(), Some((server.address, &code(server.data.path()))));
    until(server.address, "the agent is there", |agent| agent["online"] == true).await;
    let known = listed(server.address, |list| find(list, "before").is_some()).await;
    assert_eq!((known.engine.state, known.host.as_str()), (EngineState::Connected, "web-1"));
    assert_eq!(known.hosts, ["local", "web-1"].map(|name| name.parse::<HostId>().expect("a host")));
    let before = find(&known, "before").expect("it is listed");
    assert_eq!(before.state, "running");

    let job = engine.run("job", &["/bin/sh", "-c", "exit 3"], &json!({}));
    let known = listed(server.address, |list| {
        find(list, "job").is_some_and(|job| job.exit_code == Some(3) && job.state == "exited")
    })
    .await;
    assert_eq!(names(&known), ["before", "job"]);
    let one = get(server.address, &format!("{CONTAINERS}/{}", &before.id[..12])).await;
    assert_eq!(one.status, 422, "its own engine tells that: {}", one.body);
    let act = crate::post(
        server.address,
        &format!("{CONTAINERS}/{}/actions", before.id),
        None,
        "application/json",
        "{\"action\":\"stop\"}",
    )
    .await;
    assert_eq!(act.status, 422, "{}", act.body);
    engine.remove(&job);
    let told = events(server.address, "job", Happening::Removed).await;
    let (created, started, removed) = (Happening::Created, Happening::Started, Happening::Removed);
    let of_job = of(&told, "job");
    assert_eq!(of_job, [(created, None), (started, None), (Happening::Ended, Some(3)), (removed, None)]);
    assert_eq!(names(&listed(server.address, |list| list.containers.len() == 1).await), ["before"]);

    // Someone looks: the agent measures each second.
    let mut looking = line(server.address, "docker/web-1/usage").await;
    let usage = loop {
        let event = looking.event().await;
        let usage: ContainersUsage = serde_json::from_str(event.data.get()).expect("usage");
        if let Some(own) = usage.containers.first().filter(|own| own.cpu.is_some()) {
            break own.clone();
        }
    };
    assert_eq!(usage.id, before.id);
    assert!(usage.memory.is_some_and(|bytes| bytes > 0), "{usage:?}");

    // An agent that is not heard any more: the list stays, and its engine's state says so.
    agent.kill();
    let away = listed(server.address, |list| list.engine.state == EngineState::Away).await;
    assert_eq!(names(&away), ["before"]);
    assert!(away.engine.why.is_some_and(|why| why.contains("agent")), "it says what is away");
    assert!(away.engine.product.is_some_and(|product| product.starts_with("Docker ")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_while_the_server_is_away_and_the_agent_is_killed_come_late_and_once() {
    let engine = Docker::start().await;
    let (data, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = hub(data.path(), "127.0.0.1:0");
    let address = server.address;
    let enrols = Some((address, &*code(data.path())));
    let agent = start_beside(&engine, folder.path(), enrols);
    until(address, "the agent is there", |agent| agent["online"] == true).await;
    listed(address, |list| list.engine.state == EngineState::Connected).await;
    engine.run("kept", &FOREVER, &json!({}));
    let first = events(address, "kept", Happening::Started).await;
    assert_eq!(of(&first, "kept").len(), 2);
    drop(server);

    let waits = |text: String| {
        let folder = folder.path().join("agent/news");
        async move {
            let is_there = || {
                let files =
                    std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("one").path());
                files.filter_map(|file| std::fs::read_to_string(file).ok()).any(|lines| lines.contains(&text))
            };
            while !is_there() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    };
    let away = engine.run("away", &["/bin/sh", "-c", "exit 4"], &json!({}));
    waits("\"exit_code\":4".to_owned()).await;
    engine.remove(&away);
    waits("\"what\":\"removed\"".to_owned()).await;
    agent.kill();
    // Nobody sees this one end: the engine remembers it.
    engine.run("unseen", &["/bin/sh", "-c", "exit 5"], &json!({}));
    while engine_state(&engine, "unseen").await != "exited" {
        tokio::task::yield_now().await;
    }
    let _agent = start_beside(&engine, folder.path(), None);
    waits("\"exit_code\":5".to_owned()).await;
    let came_back = now();
    let _server = hub(data.path(), &address.to_string());
    until(address, "the agent is back", |agent| agent["online"] == true).await;
    let back = listed(address, |list| find(list, "unseen").is_some()).await;
    assert_eq!(names(&back), ["kept", "unseen"]);
    engine.run("last", &FOREVER, &json!({}));

    let told = events(address, "last", Happening::Started).await;
    let (created, started) = ((Happening::Created, None), (Happening::Started, None));
    assert_eq!(of(&told, "kept"), [created, started]);
    let of_away = [created, started, (Happening::Ended, Some(4)), (Happening::Removed, None)];
    assert_eq!(of(&told, "away"), of_away);
    assert_eq!(of(&told, "unseen"), [created, started, (Happening::Ended, Some(5))]);
    let times: Vec<u64> = told.iter().map(|event| event.at_ms).collect();
    assert!(times.is_sorted(), "in their order: {times:?}");
    let late = told.iter().filter(|event| event.name == "away" || event.name == "unseen");
    assert!(late.clone().all(|event| event.at_ms < came_back), "at their own time");
    let last = find(&listed(address, |list| find(list, "last").is_some()).await, "last").cloned();
    assert_eq!(last.expect("it is listed").state, "running");
}

async fn engine_state(engine: &TestEngine, name: &str) -> String {
    let client = engine.client();
    let version = client.negotiate().await.expect("it answers");
    let all = client.containers(&version).await.expect("a list");
    let found = all.into_iter().find(|row| row.name == name);
    found.map(|row| row.state.as_str().to_owned()).unwrap_or_default()
}

fn container(number: usize) -> Value {
    json!({ "id": format!("{number:064x}"), "name": format!("c{number}"), "image": "bb", "state": "running", "created_ms": 1 })
}

/// A part of a list, as an agent writes it.
fn part(run: u64, number: u64, [part, parts]: [usize; 2], containers: &[Value]) -> String {
    let engine = json!({ "state": "connected", "since_ms": 1, "product": "Docker 99" });
    json!({ "container_list": {
        "run": run, "number": number, "part": part, "parts": parts, "engine": engine, "containers": containers
    } })
    .to_string()
}

fn news(run: u64, number: u64, news: &Value) -> String {
    json!({ "container_news": { "run": run, "number": number, "news": news } }).to_string()
}

fn started(number: usize, id: &str, at_ms: u64) -> Value {
    json!({
        "type": "event", "at_ms": at_ms, "time": format!("{}.{:09}", at_ms / 1_000, at_ms % 1_000 * 1_000_000),
        "id": id, "name": format!("c{number}"), "image": "bb", "what": "started", "container": container(number)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_report_harms_no_other_line_and_no_other_host() {
    let server = start().await;
    for (key_of, name) in [('a', "web-1"), ('b', "web-2")] {
        assert_eq!(enrol(&server, &code(server.data.path()), &key(key_of), name).await.0, 200);
    }
    let (mine, at) = (format!("{:064x}", 1), now());
    let (status, answer) = report(&server, &key('b'), &[head(1)]).await;
    assert_eq!((status, &answer["containers"]), (200, &json!("unlisted")), "{answer}");
    let lines = [head(1), part(7, 1, [0, 1], &[container(1), container(2)])];
    let (_, answer) = report(&server, &key('b'), &lines).await;
    assert_eq!(answer["containers"], "listed", "{answer}");
    let others = list_of(&server, "web-2").await;

    let many: Vec<Value> = (0..120).map(container).collect();
    let too_many = (0..18).map(|index| part(1, index + 2, [index as usize, 20], &many));
    let usage = |at: u64| json!({ "at": at, "containers": [{ "id": mine, "cpu": 5.0 }, { "id": "../x" }] });
    let lines: Vec<String> = [head(1), part(1, 1, [0, 1], &[container(1)])]
        .into_iter()
        .chain(too_many)
        .chain([
            json!({ "container_exec": { "id": mine } }).to_string(),
            part(1, 40, [1, 2], &[container(3)]),
            part(
                1,
                41,
                [0, 1],
                &[json!({ "id": "../../etc", "name": "", "image": "", "state": "", "created_ms": 0 })],
            ),
            news(1, 42, &json!({ "type": "listed" })),
            news(1, 43, &started(1, &format!("{:064x}", 2), at)),
            news(1, 44, &started(1, &mine, at + 365 * 24 * 3_600_000)),
            news(1, 45, &started(1, &mine, at)),
            news(1, 45, &json!({ "type": "gone", "id": mine })),
            json!({ "container_past": usage(at - 60_000) }).to_string(),
            json!({ "container_past": usage(at) }).to_string(),
            json!({ "container_past": usage(u64::MAX) }).to_string(),
            json!({ "container_usage": usage(at) }).to_string(),
        ])
        .collect();
    let (status, answer) = report(&server, &key('a'), &lines).await;
    assert_eq!(status, 200, "{answer}");
    // Refused: what is beyond 2,000 containers and the parts behind it (2), an unknown kind, a part without a beginning, a list with an id that
    // is none, `listed`, an event of another container, one of the future, and usage of the future.
    assert_eq!(answer["refused"], 9, "{answer}");
    assert_eq!(answer["taken"].as_u64(), Some(lines.len() as u64 - 1 - 9), "{answer}");
    let known = list_of(&server, "web-1").await;
    assert_eq!(names(&known), ["c1"], "the number 45 counts once");
    let history = get(server.address, &format!("{CONTAINERS}/{mine}/history")).await;
    let history: ContainerHistory = serde_json::from_str(&history.body).expect("a history");
    assert_eq!((history.step_ms, &*history.at), (60_000, &[at - 60_000, at][..]));
    assert_eq!(
        list_of(&server, "web-2").await.containers,
        others.containers,
        "another host is another table"
    );
    let foreign = get(server.address, &format!("/api/v1/hosts/web-3/containers/{mine}")).await;
    assert_eq!(foreign.status, 404, "{}", foreign.body);

    let mut command = crate::support::binary::pulseboard();
    let removed =
        command.arg("--data-dir").arg(server.data.path()).args(["host", "remove", "web-1"]).status();
    assert!(removed.expect("it runs").success());
    while get(server.address, CONTAINERS).await.status != 404 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(get(server.address, "/api/v1/hosts/web-2/containers").await.status, 200);
    server.stop().await;
}

async fn list_of(server: &crate::support::TestServer, host: &str) -> ContainerList {
    let answer = get(server.address, &format!("/api/v1/hosts/{host}/containers")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("a list")
}
