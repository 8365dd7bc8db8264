//! Behind real proxies, each set up with the very lines of docs/proxies.md, which are taken out of that document: what it promises is what holds.
//! `cargo xtask proxies` runs all of them; those that `cargo xtask setup --tests` installs run with every other test, too.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod carries;
mod document;
mod proxy;
mod reader;
mod setups;
#[path = "../support/mod.rs"]
mod support;

use carries::Carried;
use document::row;
use proxy::Proxy;
use setups::Setup;
use support::{TestServer, start_with};
use tokio::io::AsyncReadExt;

/// As the document tells to set the server up: all readers have the proxy's address.
async fn server() -> TestServer {
    start_with(|config| config.limits.connections_per_address = 0).await
}

/// The table is right about the proxy as it comes, and with the document's lines everything passes.
async fn holds(setup: &Setup) {
    let server = server().await;
    let proxy = Proxy::as_it_comes(setup, server.address).await;
    let found = Carried { server: &server, reader: &proxy.reader }.as_it_comes().await;
    assert_eq!(found, row(setup.name), "the table of docs/proxies.md, {}", setup.name);
    drop(proxy);
    let proxy = Proxy::by_the_document(setup, server.address).await;
    let carried = Carried { server: &server, reader: &proxy.reader };
    carried.streams_and_polls().await;
    carried.web_socket().await;
    carried.socket_io(true).await;
    carried.send().await;
    assert!(carried.as_it_comes().await.keeps_host, "with the lines the Host is the reader's");
    drop(proxy);
    server.stop().await;
}

#[tokio::test]
async fn nginx_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::NGINX).await;
}

#[tokio::test]
async fn haproxy_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::HAPROXY).await;
}

#[tokio::test]
async fn caddy_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::CADDY).await;
}

/// Caddy 2.6 compresses without flushing where the first write is over 512 bytes, `no-transform` or not; what names its coding it leaves
/// alone.
#[tokio::test]
async fn caddy_that_compresses_holds_no_stream_back() {
    const COMPRESSING: Setup =
        Setup { as_it_comes: "encode gzip\n  reverse_proxy 127.0.0.1:3000", ..setups::CADDY };
    let server = server().await;
    let proxy = Proxy::as_it_comes(&COMPRESSING, server.address).await;
    let topic = "custom/long".parse().expect("a topic");
    let publish = |text: String| {
        server.hub.publish(&topic, format!("{text:?}").into()).expect("published");
    };
    publish("x".repeat(4_000));
    for nth in 0..100 {
        let mut stream = proxy.reader.compressed("/live/sse?topics=custom/long&snapshot=custom/long").await;
        hear(&mut stream, "xxxx").await;
        publish(format!("number {nth}."));
        hear(&mut stream, &format!("number {nth}.")).await;
    }
    drop(proxy);
    server.stop().await;
}

async fn hear(stream: &mut tokio::net::TcpStream, word: &str) {
    let mut heard = Vec::new();
    let hearing = async {
        while !heard.windows(word.len()).any(|some| some == word.as_bytes()) {
            assert!(stream.read_buf(&mut heard).await.expect("read") > 0, "it ended before {word:?}");
        }
    };
    let came = tokio::time::timeout(std::time::Duration::from_secs(30), hearing).await;
    assert!(came.is_ok(), "{word:?} is held back: {}", String::from_utf8_lossy(&heard));
}

#[tokio::test]
async fn lighttpd_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::LIGHTTPD).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn apache_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::APACHE).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn varnish_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::VARNISH).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn squid_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::SQUID).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn traffic_server_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::TRAFFIC_SERVER).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn h2o_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::H2O).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn nghttpx_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::NGHTTPX).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn hitch_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::HITCH).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn stunnel_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::STUNNEL).await;
}

#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn sslh_carries_all_six_with_the_lines_of_the_document() {
    holds(&setups::SSLH).await;
}

/// It cannot carry upgrades, and asks by a Host of its own: what reads comes through, and what changes something does not.
#[tokio::test]
#[ignore = "cargo xtask proxies installs it"]
async fn tinyproxy_carries_all_that_only_reads() {
    let server = server().await;
    let proxy = Proxy::by_the_document(&setups::TINYPROXY, server.address).await;
    let carried = Carried { server: &server, reader: &proxy.reader };
    assert_eq!(carried.as_it_comes().await, row(setups::TINYPROXY.name));
    carried.streams_and_polls().await;
    drop(proxy);
    server.stop().await;
}
