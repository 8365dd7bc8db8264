//! The suite that every broker passes, on one server and on three, of each release that is supported.

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use broker::{
    Broker,
    conformance::{self, Fixture},
};
use broker_jetstream::{
    JetStreamSettings,
    test_server::{ServerOptions, TestCluster, TestServer},
};
use futures_util::{FutureExt, future::BoxFuture};

/// One board's log on servers that other cases use, too.
struct Board(JetStreamSettings);

impl Board {
    fn new(servers: Vec<String>, replicas: usize) -> Self {
        static BOARDS: AtomicU64 = AtomicU64::new(0);
        let prefix = format!("board{}", BOARDS.fetch_add(1, Relaxed));
        Self(JetStreamSettings { prefix, replicas, ..support::settings(servers) })
    }
}

impl Fixture for Board {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Broker>> {
        async { support::connect(self.0.clone()).await as Arc<dyn Broker> }.boxed()
    }

    fn crash(&mut self, broker: Arc<dyn Broker>) -> BoxFuture<'_, ()> {
        // Its tasks end without a word to the servers, but for its presence.
        drop(broker);
        std::future::ready(()).boxed()
    }

    fn lose(&mut self) -> BoxFuture<'_, bool> {
        async {
            let client = async_nats::connect(self.0.servers.clone()).await.expect("it connects");
            let context = async_nats::jetstream::new(client);
            context.delete_stream(self.0.prefix.to_uppercase()).await.expect("it is deleted");
            true
        }
        .boxed()
    }

    fn outlives_its_broker(&self) -> bool {
        true
    }

    fn has_nodes(&self) -> bool {
        true
    }
}

async fn alone(version: &str) {
    let server = TestServer::start(version, &ServerOptions::default());
    conformance::run(async || Board::new(vec![server.url()], 1)).await;
}

async fn cluster(version: &str) {
    let cluster = TestCluster::start(version);
    conformance::run(async || Board::new(cluster.urls(), 3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_of_2_10() {
    alone("2.10.26").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_of_2_11() {
    alone("2.11.11").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_of_2_15() {
    alone("2.15.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_of_2_10() {
    cluster("2.10.26").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_of_2_11() {
    cluster("2.11.11").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_of_2_15() {
    cluster("2.15.1").await;
}
