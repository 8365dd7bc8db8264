//! Three nodes over one log at three real NATS servers: what clients have acknowledged and told stays true while parts are killed.

mod polls;
mod proxy;
mod reader;
#[path = "../support/mod.rs"]
mod support;
mod tls;

use std::{fs, net::SocketAddr, process::Stdio, time::Duration};

use broker_jetstream::test_server::{ServerOptions, TestCluster, TestServer};
use reader::RoomReader;
use serde_json::json;
use support::{
    TOKEN,
    binary::{ServerProcess, pulseboard, refusal},
    get, log_leader, operate, try_post,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const VERSION: &str = "2.11.11";
const CLIENTS: usize = 20;
const MESSAGES: usize = 12;
/// Each client has sent so many when a node is killed, and so many when the leader of NATS is.
const NODE_DIES_AT: usize = 4;
const LEADER_DIES_AT: usize = 8;
/// A publication waits this long at most while NATS chooses a leader; a client's patience is longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A node in a process of its own, with its data folder.
fn node(urls: &[String], replicas: usize) -> (ServerProcess, TempDir) {
    node_logging(urls, replicas, Stdio::null())
}

fn node_logging(urls: &[String], replicas: usize, log: Stdio) -> (ServerProcess, TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = pulseboard();
    command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(data.path());
    command.env("PULSEBOARD_BROKER__URL", urls.join(","));
    command.env("PULSEBOARD_BROKER__REPLICAS", replicas.to_string());
    command.env("PULSEBOARD_OPERATOR__TOKEN", TOKEN);
    command.env("PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS", "0");
    command.env("PULSEBOARD_LIMITS__MESSAGES_PER_SECOND", "0");
    (ServerProcess::logging(&mut command, log), data)
}

/// Says something in the lobby, at whichever node answers, until one says that it is stored.
async fn say(nodes: &[SocketAddr], first: usize, id: &str) {
    let body = json!({ "id": id, "topic": "chat/lobby", "data": { "name": "Kim", "text": id } }).to_string();
    for attempt in first.. {
        let to = nodes[attempt % nodes.len()];
        match post(to, &body).await {
            Some(200) => return,
            // A node that is dead, or that cannot reach the log now.
            None | Some(503) => sleep(Duration::from_millis(50)).await,
            Some(status) => panic!("{id} is refused with {status}"),
        }
    }
}

/// The answer's status; none where there was no answer.
async fn post(to: SocketAddr, body: &str) -> Option<u16> {
    try_post(to, "/live/send", "", body).await.map(|(status, _)| status)
}

/// The server that leads the log's stream, as a node tells it.
async fn leader(node: SocketAddr) -> String {
    let told = get(node, "/readyz").await.body;
    log_leader(&told).unwrap_or_else(|| panic!("{told}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_in_a_room_read_one_list_while_a_node_and_the_leader_of_nats_are_killed() {
    let mut nats = TestCluster::start(VERSION);
    let mut nodes: Vec<_> = (0..3).map(|_| node(&nats.urls(), 3)).collect();
    let addresses: Vec<SocketAddr> = nodes.iter().map(|(node, _)| node.address).collect();
    let last = "the-last-message";
    let readers: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(RoomReader::new(addresses.clone(), client).read_until(last)))
        .collect();
    for round in 0..MESSAGES {
        if round == NODE_DIES_AT {
            nodes[0].0.child.kill().expect("killed");
        }
        if round == LEADER_DIES_AT {
            let leader = leader(addresses[1]).await;
            nats.named(&leader).kill();
        }
        let saying = (0..CLIENTS).map(|client| {
            let addresses = addresses.clone();
            tokio::spawn(async move { say(&addresses, client, &format!("message-{client}-{round}")).await })
        });
        for said in saying.collect::<Vec<_>>() {
            timeout(PATIENCE, said).await.expect("a leader is chosen in time").expect("said");
        }
    }
    say(&addresses, 1, last).await;
    let mut lists = Vec::new();
    for reader in readers {
        lists.push(timeout(PATIENCE, reader).await.expect("everything comes").expect("no gap"));
    }
    let mut once = lists[0].clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), CLIENTS * MESSAGES + 1, "what was acknowledged is there, once");
    assert_eq!(lists[0].len(), once.len(), "nothing is doubled");
    for (client, list) in lists.iter().enumerate() {
        assert_eq!(list, &lists[0], "client {client} reads the same in the same order");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_without_nats_says_so_and_goes_on_when_it_is_back() {
    let mut nats = TestServer::start(VERSION, &ServerOptions::default());
    let log = tempfile::NamedTempFile::new().expect("a file");
    let (node, _data) = node_logging(&[nats.url()], 1, log.reopen().expect("it is there").into());
    let nodes = [node.address];
    say(&nodes, 0, "message-before").await;
    nats.kill();
    let body =
        json!({ "id": "message-while", "topic": "chat/lobby", "data": { "name": "Kim", "text": "x" } });
    assert_eq!(post(node.address, &body.to_string()).await, Some(503), "it says that the log is away");
    let ready = get(node.address, "/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.body);
    let read = get(node.address, "/api/v1/chat/lobby/messages").await;
    assert!(read.body.contains("message-before"), "reading goes on: {}", read.body);
    nats.restart();
    say(&nodes, 0, "message-while").await;
    let list = RoomReader::new(nodes.to_vec(), 0).read_until("message-while").await;
    assert_eq!(list, ["message-before", "message-while"]);
    let said = fs::read_to_string(log.path()).expect("it is text");
    assert!(said.contains("the connection to NATS broke"), "{said}");
    // One line says so, and not one for each attempt to connect.
    assert!(!said.contains("ERROR") && said.matches("connected to NATS").count() <= 3, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sees_and_ends_connections_of_all_nodes_at_any_of_them() {
    let nats = TestServer::start(VERSION, &ServerOptions::default());
    let nodes = [node(&[nats.url()], 1), node(&[nats.url()], 1)];
    let [here, there] = [&nodes[0], &nodes[1]].map(|(node, _)| node.address);
    let (mut connections, mut ids) = (Vec::new(), Vec::new());
    for to in [here, there] {
        let mut stream = TcpStream::connect(to).await.expect("accepted");
        let ask = format!("GET /live/sse?topics=chat/lobby HTTP/1.1\r\nhost: {to}\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.expect("written");
        assert!(stream.read(&mut [0; 64]).await.expect("read") > 0);
        connections.push(stream);
    }
    // The other node is known once it was heard of.
    while ids.len() < 2 {
        let list: serde_json::Value =
            serde_json::from_str(&operate("GET", here, "/api/v1/connections").await.body).expect("JSON");
        let listed = list["connections"].as_array().expect("a list").iter();
        ids = listed.map(|one| one["id"].as_u64().expect("a number")).collect();
    }
    assert_ne!(ids[0], ids[1], "nodes number their connections apart");
    for id in ids {
        let ended = operate("DELETE", here, &format!("/api/v1/connections/{id}")).await;
        assert_eq!(ended.status, 204, "{}", ended.body);
    }
    for mut connection in connections {
        let mut rest = String::new();
        timeout(PATIENCE, connection.read_to_string(&mut rest)).await.expect("it ends").expect("in order");
        assert!(rest.contains("\"reason\":\"ended\""), "{rest}");
    }
    assert_eq!(operate("DELETE", here, "/api/v1/connections/1").await.status, 404);
}

#[test]
fn a_log_that_cannot_be_had_is_refused_in_one_line() {
    let told = |settings: &[(&str, &str)]| {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = pulseboard();
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(data.path()).env("RUST_LOG", "off");
        command.envs(settings.iter().map(|(name, value)| (format!("PULSEBOARD_BROKER__{name}"), *value)));
        refusal(&mut command)
    };
    let nowhere = told(&[("URL", "nats://127.0.0.1:1")]);
    assert!(nowhere.contains("127.0.0.1:1"), "{nowhere}");
    let replicas = told(&[("URL", "nats://127.0.0.1:1"), ("REPLICAS", "2")]);
    assert!(replicas.contains("1, 3 or 5"), "{replicas}");
    let logins = told(&[("URL", "nats://127.0.0.1:1"), ("USER", "u"), ("PASSWORD", "p"), ("TOKEN", "t")]);
    assert!(logins.contains("give one"), "{logins}");
    assert!(!logins.contains("\"p\""), "no secret is told: {logins}");
}
