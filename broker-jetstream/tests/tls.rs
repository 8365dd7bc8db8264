//! TLS to NATS with certificates of an own authority.

mod support;

use broker_jetstream::{
    JetStreamSettings, Login, TlsFiles,
    test_server::{ServerOptions, TestServer},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use support::{
    Node,
    authority::{Authority, file},
    holds, refusal, settings,
};

/// A server whose certificate is for `localhost`.
fn server(authority: &Authority, clients: Option<&Authority>) -> TestServer {
    let tls = Some(authority.server("localhost", clients));
    TestServer::start("2.15.1", &ServerOptions { tls, ..ServerOptions::default() })
}

/// A node's files.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Trusts an authority.
    fn trust(&self, authority: &Authority) -> TlsFiles {
        TlsFiles { ca: Some(file(self.0.path(), "ca.pem", &authority.certificate)), ..TlsFiles::default() }
    }

    /// Trusts an authority, and shows a certificate of another one.
    fn show(&self, authority: &Authority, client: &Authority) -> TlsFiles {
        let (certificate, key) = client.sign("node");
        let client = (file(self.0.path(), "node.pem", &certificate), file(self.0.path(), "node.key", &key));
        TlsFiles { client: Some(client), ..self.trust(authority) }
    }
}

fn over_tls(server: &TestServer, tls: TlsFiles) -> JetStreamSettings {
    JetStreamSettings { tls, ..settings(vec![format!("tls://localhost:{}", server.port())]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_known_authority_is_taken_and_others_are_refused() {
    let (authority, files) = (Authority::new("board"), Files::new());
    let server = server(&authority, None);
    let node = Node::start(over_tls(&server, files.trust(&authority))).await;
    node.publish("log/a", 1).await;
    node.has("log/a", 1).await;
    let plain_address = vec![format!("nats://localhost:{}", server.port())];
    Node::start(JetStreamSettings { tls: files.trust(&authority), ..settings(plain_address) }).await;

    let unknown = ["signed by an authority that this node does not know", "`ca`"];
    holds(&refusal(over_tls(&server, TlsFiles::default())).await, &unknown);
    holds(&refusal(over_tls(&server, files.trust(&Authority::new("other")))).await, &unknown);
    holds(&refusal(over_tls(&server, files.trust(&Authority::new("board")))).await, &unknown);
    let tls = files.trust(&authority);
    let by_address = settings(vec![format!("tls://127.0.0.1:{}", server.port())]);
    let by_address = refusal(JetStreamSettings { tls, ..by_address }).await;
    holds(&by_address, &["not for the name in its address", "localhost"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let files = Files::new();
    let why = refusal(over_tls(&server, files.trust(&Authority::new("board")))).await;
    holds(&why, &["does not speak TLS", "`tls` block"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_a_certificate_takes_those_of_its_authority() {
    let (authority, clients, files) = (Authority::new("board"), Authority::new("nodes"), Files::new());
    let server = server(&authority, Some(&clients));
    Node::start(over_tls(&server, files.show(&authority, &clients))).await;
    let none = refusal(over_tls(&server, files.trust(&authority))).await;
    holds(&none, &["asks for a certificate of this node", "`cert` and `key`"]);
    let other = refusal(over_tls(&server, files.show(&authority, &Authority::new("others")))).await;
    holds(&other, &["refuses", "check `cert` and `key`"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_of_no_use_is_named() {
    let (authority, files) = (Authority::new("board"), Files::new());
    let server = server(&authority, None);
    let good = files.show(&authority, &authority);
    let (certificate, key) = good.client.clone().expect("it shows one");
    let missing = files.0.path().join("missing.pem");
    let empty = file(files.0.path(), "empty.pem", "no certificate\n");
    for (tls, path) in [
        (TlsFiles { ca: Some(missing.clone()), ..good.clone() }, &missing),
        (TlsFiles { ca: Some(empty.clone()), ..good.clone() }, &empty),
        (TlsFiles { ca: Some(key.clone()), ..good.clone() }, &key),
        (TlsFiles { client: Some((missing.clone(), key.clone())), ..good.clone() }, &missing),
        (TlsFiles { client: Some((key.clone(), key.clone())), ..good.clone() }, &key),
        (TlsFiles { client: Some((certificate.clone(), certificate.clone())), ..good.clone() }, &certificate),
    ] {
        holds(&refusal(over_tls(&server, tls)).await, &[&path.display().to_string()]);
    }
}

/// Carries one connection to a server, and tells its client of another server; returns the server's first line.
async fn tell_of_another(
    listener: &TcpListener,
    server: u16,
    other: u16,
) -> (String, BufReader<TcpStream>, TcpStream) {
    let (mut client, _) = listener.accept().await.expect("it connects");
    let server = TcpStream::connect(("127.0.0.1", server)).await.expect("it is there");
    let (mut server, mut line) = (BufReader::new(server), String::new());
    server.read_line(&mut line).await.expect("it says what it is");
    let told = line.replacen('{', &format!("{{\"connect_urls\":[\"127.0.0.1:{other}\"],"), 1);
    client.write_all(told.as_bytes()).await.expect("it reads");
    (line, server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_never_goes_out_in_plain_where_an_address_asks_for_tls() {
    let (authority, files) = (Authority::new("board"), Files::new());
    let server = server(&authority, None);
    let between = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let plain = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = |listener: &TcpListener| listener.local_addr().expect("it is bound").port();
    let login = Login::User { user: "ada".to_owned(), password: "lovelace".to_owned() };
    let tls = files.trust(&authority);
    let address = format!("tls://localhost:{}", port(&between));
    let node = tokio::spawn(Node::start(JetStreamSettings { login, tls, ..settings(vec![address]) }));
    let (line, mut to_server, mut to_node) = tell_of_another(&between, server.port(), port(&plain)).await;
    let _node = tokio::select! {
        _ = copy_bidirectional(&mut to_node, &mut to_server) => panic!("nobody has cut it"),
        node = node => node.expect("it starts"),
    };
    // It goes on at the other server.
    drop((between, to_server, to_node));
    let (mut client, _) = plain.accept().await.expect("it connects");
    let without_tls = line.replace("\"tls_required\":true", "\"tls_required\":false");
    assert_ne!(without_tls, line);
    client.write_all(without_tls.as_bytes()).await.expect("it reads");
    let first = client.read_u8().await.expect("it begins");
    // RFC 8446 §5.1: a record of the handshake.
    assert_eq!(first, 22, "it begins with {:?}", char::from(first));
}
