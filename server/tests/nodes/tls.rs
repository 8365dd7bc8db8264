//! A node's settings for TLS and its login reach NATS.

use broker_jetstream::test_server::{ServerOptions, ServerTls, TestServer};
use serde_json::json;

use crate::{
    VERSION, post,
    support::binary::{ServerProcess, pulseboard, refusal},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_logs_in_over_tls_as_its_settings_say() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let tls = ServerTls { clients: None, certificate: certificate.clone(), key };
    let lines = "authorization { token: s3cret }\n".to_owned();
    let options = ServerOptions { tls: Some(tls), lines, ..ServerOptions::default() };
    let nats = TestServer::start(VERSION, &options);
    let data = tempfile::tempdir().expect("a folder");
    let ca = data.path().join("ca.pem");
    std::fs::write(&ca, certificate).expect("the folder is writable");
    let url = format!("tls://localhost:{}", nats.port());
    let told = |settings: &[(&str, &str)]| {
        let mut command = pulseboard();
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(data.path()).env("RUST_LOG", "off");
        command.env("PULSEBOARD_BROKER__URL", &url);
        command.envs(settings.iter().map(|(name, value)| (format!("PULSEBOARD_BROKER__{name}"), *value)));
        command
    };
    let ca = ca.to_str().expect("a path that is text");
    let unknown = refusal(&mut told(&[("TOKEN", "s3cret")]));
    assert!(unknown.contains("does not know") && unknown.contains("`ca`"), "{unknown}");
    let wrong = refusal(&mut told(&[("TOKEN", "wr0ng"), ("CA", ca)]));
    assert!(wrong.contains("refuses the login") && !wrong.contains("wr0ng"), "{wrong}");
    let missing = refusal(&mut told(&[("TOKEN", "s3cret"), ("CA", "/nowhere/ca.pem")]));
    assert!(missing.contains("/nowhere/ca.pem"), "{missing}");
    let node = ServerProcess::new(&mut told(&[("TOKEN", "s3cret"), ("CA", ca)]));
    let body = json!({ "id": "message-1", "topic": "chat/lobby", "data": { "name": "Kim", "text": "x" } })
        .to_string();
    assert_eq!(post(node.address, &body).await, Some(200));
}
