//! The ladder of an agent's transports, before real proxies, and its doctor.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::{
    Agent, agent, code,
    support::{nginx::Nginx, start},
    until,
};

/// Lines with which nginx passes a WebSocket on.
const UPGRADE: &str = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                       proxy_set_header Connection \"upgrade\"; proxy_set_header Host $http_host;";
/// Lines with which nginx passes a body on as it comes, and no upgrade.
const STREAM: &str = "proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Host $http_host;";
/// Lines with which nginx passes whole requests on, and nothing else.
const PLAIN: &str = "proxy_set_header Host $http_host;";

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_reports_by_the_first_transport_that_a_proxy_lets_through() {
    for (lines, transport) in [(UPGRADE, "websocket"), (STREAM, "stream"), (PLAIN, "post")] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = start().await;
        let nginx = Nginx::with(&server, lines).await;
        let agent = Agent::enrol(folder.path(), nginx.address, &code(server.data.path()), "web-1");
        let told = until(server.address, "it is there", |agent| agent["online"] == true).await;
        assert_eq!(told["transport"], transport, "{told}");
        agent.kill();
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_uses_no_other_transport_than_it_was_told() {
    for transport in ["websocket", "stream", "post"] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = start().await;
        let code = code(server.data.path());
        let agent = Agent::enrol_by(folder.path(), server.address, &code, transport);
        let told = until(server.address, "it is there", |agent| agent["online"] == true).await;
        assert_eq!(told["transport"], transport, "{told}");
        agent.kill();
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_gets_through_and_what_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start().await;
    let nginx = Nginx::with(&server, STREAM).await;
    let one = Agent::enrol(folder.path(), nginx.address, &code(server.data.path()), "web-1");
    one.kill_once_it_is_there(server.address).await;
    let examine = |folder: &std::path::Path, more: &[&str]| {
        let examined = agent(folder).arg("doctor").args(more).output().expect("it runs");
        let text = [examined.stdout, examined.stderr].concat();
        (examined.status.success(), String::from_utf8(text).expect("text"))
    };
    let (is_well, text) = examine(folder.path(), &[]);
    assert!(is_well, "{text}");
    for seen in [
        "127.0.0.1 is 127.0.0.1",
        "of 127.0.0.1 is open",
        "WebSocket       does not get through: it is answered with status 426",
        "HTTP streaming  gets through",
        "HTTP POST       gets through",
        "known, as web-1",
        "agrees with the server's",
        "reports by HTTP streaming",
    ] {
        assert!(text.contains(seen), "{seen:?} is not in {text}");
    }
    let (is_well, text) = examine(folder.path(), &["--hub", &format!("http://{}", server.address)]);
    assert!(is_well && text.contains("reports by WebSocket"), "{text}");

    // Whoever is nobody is told so, and whoever is nowhere.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (is_well, text) = examine(elsewhere.path(), &[]);
    assert!(!is_well && text.contains("has not enrolled"), "{text}");
    let (is_well, text) = examine(elsewhere.path(), &["--hub", &format!("http://{}", server.address)]);
    assert!(!is_well && text.contains("does not know this agent"), "{text}");
    let address = server.address;
    server.stop().await;
    let (is_well, text) = examine(folder.path(), &["--hub", &format!("http://{address}")]);
    assert!(!is_well && text.contains("the server does not answer"), "{text}");
}

/// A way that holds every connection up, when it is told to: nothing passes any more, and nobody is told.
#[derive(Default)]
struct DeadWay {
    connections: AtomicUsize,
    dies: Notify,
}

impl DeadWay {
    async fn to(self: &Arc<Self>, server: SocketAddr) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let way = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                way.connections.fetch_add(1, Relaxed);
                let way = Arc::clone(&way);
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => return,
                        () = way.dies.notified() => {}
                    }
                    // Both ends stay open.
                    std::future::pending::<()>().await;
                });
            }
        });
        address
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_goes_dead_without_a_word_is_given_up() {
    for transport in ["websocket", "stream", "post"] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = start().await;
        let way = Arc::new(DeadWay::default());
        let hub = way.to(server.address).await;
        let agent = Agent::enrol_by(folder.path(), hub, &code(server.data.path()), transport);
        until(server.address, "it is there", |agent| agent["online"] == true).await;
        let before = way.connections.load(Relaxed);
        way.dies.notify_waiters();
        let again = async {
            while way.connections.load(Relaxed) == before {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), again).await.expect("it connects again");
        let heard =
            until(server.address, "it was heard", |agent| agent["heard_ms"].is_u64()).await["heard_ms"]
                .as_u64();
        let told =
            until(server.address, "it is heard again", |agent| agent["heard_ms"].as_u64() > heard).await;
        assert_eq!(told["transport"], transport, "{told}");
        agent.kill();
        server.stop().await;
    }
}
