//! Socket.IO on HTTP long polling over several nodes: a proxy has to find each session's node, and another one when that is killed.

use broker_jetstream::test_server::{ServerOptions, TestServer};
use serde_json::json;

use crate::{
    VERSION, node,
    proxy::{CADDY, HAPROXY, NGINX, Proxy, Setup},
    support::programs,
};

const PROGRAM: &str = include_str!("polls.mjs");
const CLIENTS: usize = 12;

async fn sessions_stay_whole(setup: &Setup) {
    let nats = TestServer::start(VERSION, &ServerOptions::default());
    let nodes = [(); 3].map(|()| node(&[nats.url()], 1));
    let addresses = nodes.each_ref().map(|(node, _)| node.address);
    let proxy = Proxy::start(setup, &addresses).await;
    let nodes = nodes.each_ref().map(|(node, _)| json!({ "address": node.address, "pid": node.child.id() }));
    let setup = json!({ "proxy": proxy.address, "nodes": nodes, "clients": CLIENTS });
    let program = PROGRAM.replace("SETUP", &setup.to_string());
    let told = programs::lines(programs::node(&program), 2, |_| true).await;
    assert_eq!(told, ["12 sessions, at several nodes, 0 broken", "no other broke, all recovered, once each"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn socket_io_on_long_polling_stays_at_its_node_and_leaves_it_when_it_dies_behind_nginx() {
    sessions_stay_whole(&NGINX).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn socket_io_on_long_polling_stays_at_its_node_and_leaves_it_when_it_dies_behind_haproxy() {
    sessions_stay_whole(&HAPROXY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn socket_io_on_long_polling_stays_at_its_node_and_leaves_it_when_it_dies_behind_caddy() {
    sessions_stay_whole(&CADDY).await;
}
