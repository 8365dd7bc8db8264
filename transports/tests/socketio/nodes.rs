//! Coming back at another node over the same log.

use broker_jetstream::test_server::{ServerOptions, TestRelay, TestServer};

use crate::{
    client::number,
    recovery::{back, place},
    world::World,
};

async fn publish(node: &World, data: &str) {
    let topic = "log/a".parse().expect("a topic");
    node.hub.publish_async(&topic, data.to_owned().into()).await.expect("published");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_to_a_node_that_is_behind_is_recovered_and_gets_the_rest_once() {
    let nats = TestServer::start("2.11.11", &ServerOptions::default());
    let relay = TestRelay::start(nats.port()).await;
    let (near, far) = (World::node(nats.url()).await, World::node(relay.url()).await);
    let (mut socket, first) = back(&near, r#"{"topics":["log/a"]}"#).await;
    relay.cut().await;
    publish(&near, r#"{"n":1}"#).await;
    let offset = place(&socket.until("42[\"event\"").await);
    drop(socket);
    let auth = format!(r#"{{"topics":["log/a"],"pid":"{}","offset":"{offset}"}}"#, first.pid);
    let (mut socket, second) = back(&far, &auth).await;
    assert_eq!(second.pid, first.pid, "nothing is lost");
    publish(&near, r#"{"n":2}"#).await;
    relay.mend();
    assert_eq!(number(&socket.until("42[\"event\"").await), 2);
}
