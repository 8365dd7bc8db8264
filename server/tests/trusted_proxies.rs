//! The server finds a client's address: through trusted proxies, through others, and with headers that a client made
//! up. Clients have addresses of their own on loopback, so that a proxy tells them apart.

mod support;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use common::{
    connection::Connections,
    doctor::{AddressSource, Asker, ProbeReport},
};
use pulseboard::config::Config;
use support::{Answer, TestServer, answer, get, haproxy::Haproxy, nginx::Nginx, operate, start, start_with};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

const DOCTOR: &str = "/api/v1/doctor?probe=0123456789abcdef";
const CLIENT: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

fn trusting(config: &mut Config) {
    config.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    config.hosts = vec!["board.example".parse().expect("a host")];
}

async fn connect(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((from, 0).into()).expect("an address of this machine");
    socket.connect(to).await.expect("the server accepts")
}

async fn ask(from: Ipv4Addr, to: SocketAddr, path: &str, lines: &str) -> Option<Answer> {
    let mut stream = connect(from, to).await;
    let head = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n{lines}connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut told = Vec::new();
    // A connection that is not served ends without a word, or is reset.
    let _ = stream.read_to_end(&mut told).await;
    (!told.is_empty()).then(|| answer(&told))
}

/// Asks the server which address it takes a client for.
async fn asker(from: Ipv4Addr, to: SocketAddr, lines: &str) -> Asker {
    let answer = ask(from, to, DOCTOR, lines).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let testimony: ProbeReport = serde_json::from_str(&answer.body).expect(&answer.body);
    testimony.asker.expect("someone asks")
}

fn of_socket(asker: &Asker, address: Ipv4Addr) -> bool {
    let here: SocketAddr = asker.address.parse().expect("with its port");
    asker.source == AddressSource::Socket && here.ip() == IpAddr::V4(address)
}

const FORGED: [&str; 5] = [
    "x-forwarded-for: 192.0.2.7\r\n",
    "forwarded: for=192.0.2.7\r\n",
    "x-real-ip: 192.0.2.7\r\n",
    "x-forwarded-for: 192.0.2.7\r\nforwarded: for=192.0.2.7;host=board.example\r\n",
    "client-ip: 192.0.2.7\r\ntrue-client-ip: 192.0.2.7\r\n",
];

#[tokio::test]
async fn nobody_is_believed_unless_the_settings_name_it() {
    for server in [start().await, start_with(trusting).await] {
        for lines in FORGED {
            let asker = asker(CLIENT, server.address, lines).await;
            assert!(of_socket(&asker, CLIENT), "{lines}: {asker:?}");
            assert_eq!((asker.host, asker.scheme), (None, None));
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_trusted_proxy_tells_address_host_and_scheme() {
    let server = start_with(trusting).await;
    let told = async |lines: &str| asker(Ipv4Addr::LOCALHOST, server.address, lines).await;
    let legacy =
        told("x-forwarded-for: 6.6.6.6, 192.0.2.7\r\nx-forwarded-proto: https\r\nx-forwarded-host: board.example\r\n").await;
    assert_eq!(
        legacy,
        Asker {
            address: "192.0.2.7".into(),
            host: Some("board.example".into()),
            scheme: Some("https".into()),
            source: AddressSource::XForwardedFor
        }
    );
    let forwarded = told("forwarded: for=\"[2001:db8::7]:4711\";proto=https;host=board.example\r\n").await;
    assert_eq!(
        (forwarded.address.as_str(), forwarded.source),
        ("[2001:db8::7]:4711", AddressSource::Forwarded)
    );
    let differing = told("forwarded: for=6.6.6.6\r\nx-forwarded-for: 192.0.2.7\r\n").await;
    assert!(of_socket(&differing, Ipv4Addr::LOCALHOST), "{differing:?}");
    // A Host that no one knows is refused, whoever tells it.
    let lines = "x-forwarded-host: evil.example\r\n";
    let refused = ask(Ipv4Addr::LOCALHOST, server.address, DOCTOR, lines).await.expect("an answer");
    assert_eq!(refused.status, 403, "{}", refused.body);
    // A proxy may change the Host; a page's Origin is then that of the forwarded one.
    let lines = "x-forwarded-host: board.example\r\norigin: https://board.example\r\n";
    assert_eq!(ask(Ipv4Addr::LOCALHOST, server.address, DOCTOR, lines).await.expect("an answer").status, 200);
    assert_eq!(ask(CLIENT, server.address, DOCTOR, lines).await.expect("an answer").status, 403);
    server.stop().await;
}

async fn addresses(server: &TestServer) -> Vec<String> {
    let answer = operate("GET", server.address, "/api/v1/connections").await;
    let told: Connections = serde_json::from_str(&answer.body).expect(&answer.body);
    let mut addresses: Vec<String> = told.connections.into_iter().map(|one| one.address).collect();
    addresses.sort_unstable();
    addresses
}

/// Follows over SSE as a proxy asks for its client, and gives the first words and the line.
async fn follow(server: &TestServer, client: &str) -> (String, TcpStream) {
    let mut stream = connect(Ipv4Addr::LOCALHOST, server.address).await;
    let head = format!(
        "GET /live/sse?topics=custom/x HTTP/1.1\r\nhost: {}\r\nx-forwarded-for: {client}\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut text = String::new();
    while !text.contains("event: welcome") && !text.contains("event: bye") {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.expect("read");
        assert!(read > 0, "it ended: {text}");
        text.push_str(&String::from_utf8_lossy(&some[..read]));
    }
    (text, stream)
}

#[tokio::test]
async fn limits_and_the_inspector_go_by_the_client_and_a_network_of_ipv6_is_one() {
    let server = start_with(|config| {
        trusting(config);
        config.limits.connections_per_address = 1;
    })
    .await;
    let mut lines = Vec::new();
    for client in ["192.0.2.7", "192.0.2.8", "2001:db8:0:1::7", "2001:db8:0:2::7"] {
        let (told, line) = follow(&server, client).await;
        assert!(told.contains("event: welcome"), "{client}: {told}");
        lines.push(line);
    }
    for client in ["192.0.2.7", "6.6.6.6, 192.0.2.8", "2001:db8:0:1:ffff::8", "::ffff:192.0.2.7"] {
        let (told, _line) = follow(&server, client).await;
        assert!(told.contains("too_many_connections"), "{client}: {told}");
    }
    assert_eq!(addresses(&server).await, ["192.0.2.7", "192.0.2.8", "2001:db8:0:1::7", "2001:db8:0:2::7"]);
    server.stop().await;
}

#[tokio::test]
async fn one_connection_of_a_proxy_carries_the_questions_of_many_clients() {
    let server = start_with(trusting).await;
    let mut stream = connect(Ipv4Addr::LOCALHOST, server.address).await;
    for client in ["192.0.2.7", "192.0.2.7", "192.0.2.8", "192.0.2.7"] {
        let head = format!(
            "GET /live/poll?topics=custom/x HTTP/1.1\r\nhost: {}\r\nx-forwarded-for: {client}\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut text = String::new();
        while !text.ends_with(']') {
            let mut some = [0; 4096];
            let read = stream.read(&mut some).await.expect("read");
            assert!(read > 0, "it ended: {text}");
            text.push_str(&String::from_utf8_lossy(&some[..read]));
        }
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert_eq!(addresses(&server).await, [client]);
    }
    server.stop().await;
}

#[tokio::test]
async fn through_nginx_the_client_is_who_it_is_whatever_it_says() {
    let server = start_with(trusting).await;
    let lines =
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header Forwarded \"\";";
    let nginx = Nginx::with(&server, lines).await;
    for forged in FORGED {
        let asker = asker(CLIENT, nginx.address, forged).await;
        assert_eq!(
            (asker.address.as_str(), asker.source),
            ("127.0.0.2", AddressSource::XForwardedFor),
            "{forged}"
        );
    }
    drop(nginx);
    // As most are set up: what the client sends as Forwarded passes. It is believed only where it says the same.
    let nginx = Nginx::with(&server, "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;").await;
    let forged = asker(CLIENT, nginx.address, "forwarded: for=192.0.2.7\r\n").await;
    assert!(of_socket(&forged, Ipv4Addr::LOCALHOST), "{forged:?}");
    drop(nginx);
    server.stop().await;
}

#[tokio::test]
async fn haproxy_tells_the_client_before_its_first_byte_in_both_versions() {
    let preface = |config: &mut Config| {
        trusting(config);
        config.proxy_protocol = true;
    };
    let server = start_with(preface).await;
    for (mode, words) in
        [("tcp", "send-proxy"), ("tcp", "send-proxy-v2"), ("http", "send-proxy"), ("http", "send-proxy-v2")]
    {
        let haproxy = Haproxy::before(&server, mode, words).await;
        for forged in FORGED {
            let asker = asker(CLIENT, haproxy.address, forged).await;
            assert!(of_socket(&asker, CLIENT), "{mode} {words} {forged}: {asker:?}");
        }
    }
    // A trusted proxy has to begin with it; others are not asked for it, and cannot make it up.
    assert!(ask(Ipv4Addr::LOCALHOST, server.address, DOCTOR, "").await.is_none());
    assert!(of_socket(&asker(CLIENT, server.address, "").await, CLIENT));
    let mut stream = connect(CLIENT, server.address).await;
    let head =
        format!("PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\nGET {DOCTOR} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut told = Vec::new();
    let _ = stream.read_to_end(&mut told).await;
    assert!(!String::from_utf8_lossy(&told).contains("192.0.2.7"), "{}", String::from_utf8_lossy(&told));
    server.stop().await;
}

#[tokio::test]
async fn the_preface_stands_before_tls() {
    let server = start_with(|config| {
        trusting(config);
        config.proxy_protocol = true;
        config.tls.self_signed = true;
    })
    .await;
    for words in ["send-proxy ssl verify none", "send-proxy-v2 ssl verify none"] {
        let haproxy = Haproxy::before(&server, "http", words).await;
        let asker = asker(CLIENT, haproxy.address, "").await;
        assert!(of_socket(&asker, CLIENT), "{words}: {asker:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_name_with_a_dot_at_its_end_is_the_same() {
    let server = start_with(trusting).await;
    for (host, status) in
        [("board.example.", 200), ("board.example.:8443", 200), ("localhost.", 200), ("board.example..", 403)]
    {
        let text = format!("GET {DOCTOR} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(support::request(server.address, &text).await.status, status, "{host}");
    }
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    server.stop().await;
}
