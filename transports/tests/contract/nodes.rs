//! Several nodes over one log at a real NATS: a client that changes its node and its transport misses nothing and gets nothing twice.

use std::{collections::BTreeSet, sync::Arc};

use broker_jetstream::{
    JetStreamBroker, JetStreamSettings,
    test_server::{ServerOptions, TestServer},
};
use common::{
    Cursor, Topic,
    frame::{Event, ServerFrame, Verdict},
};
use fanout::SystemClock;
use transport_probes::{Ask, Connection};

use crate::world::World;

const LOG: &str = "log/a";
const LATEST: &str = "latest/a";

async fn node(nats: &TestServer) -> World {
    let settings = JetStreamSettings { servers: vec![nats.url()], ..JetStreamSettings::default() };
    let policies = World::settings(0).policies;
    let broker = JetStreamBroker::connect(settings, policies, Arc::new(SystemClock)).await;
    World::node(broker.expect("NATS is there")).await
}

/// Publishes a number on a node.
async fn publish(node: &World, topic: &str, value: u64) {
    let topic: Topic = topic.parse().expect("a topic");
    node.hub.publish_async(&topic, value.to_string().into()).await.expect("published");
}

/// The view of a client who keeps its place over all of its connections.
#[derive(Default)]
struct ClientView {
    place: Option<Cursor>,
    /// The values of the log, as they came.
    log: Vec<u64>,
    latest: Vec<u64>,
}

impl ClientView {
    fn take(&mut self, Event { cursor, topic, data }: Event) {
        self.place = Some(self.place.map_or(cursor, |place| place.advance(cursor)));
        let value = data.get().parse().expect("a number");
        if topic.as_str() == LOG { self.log.push(value) } else { self.latest.push(value) }
    }

    /// Follows a connection until a value of each topic has come.
    async fn follow(&mut self, client: &mut dyn Connection, until: (u64, u64)) {
        while self.log.last() < Some(&until.0) || self.latest.last() < Some(&until.1) {
            match client.frame().await {
                ServerFrame::Event(event) => self.take(event),
                ServerFrame::Heartbeat { cursor } => {
                    self.place = Some(self.place.map_or(cursor, |place| place.advance(cursor)));
                }
                other => panic!("nothing is lost, and yet: {other:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_of_transport_and_node_resumes_without_loss() {
    let nats = TestServer::start("2.11.11", &ServerOptions::default());
    let nodes = [node(&nats).await, node(&nats).await];
    let mut value = 0;
    for (first, from) in transport_probes::all().iter().enumerate() {
        for (second, to) in transport_probes::all().iter().enumerate() {
            let here = (first + second) % 2;
            let (one, other) = (&nodes[here], &nodes[1 - here]);
            let context = format!("from {} to {}", from.entry().id, to.entry().id);
            let mut view = ClientView::default();
            value += 1;
            publish(other, LATEST, value).await;
            let mut ask = Ask::topics(&[LOG, LATEST]);
            let mut client = from.connect(one.address, ask.clone()).await.expect("admitted");
            assert_eq!(client.verdict().await, Verdict::New, "{context}");
            let begin = value + 1;
            for n in 0..3 {
                value += 1;
                publish(if n % 2 == 0 { one } else { other }, LOG, value).await;
            }
            publish(one, LATEST, value).await;
            view.follow(&mut *client, (value, value)).await;
            drop(client);
            // While it is away, and while it comes: the node that it comes to may be a moment behind the one that it was on.
            for n in 0..4 {
                value += 1;
                publish(if n % 2 == 0 { one } else { other }, LOG, value).await;
            }
            ask.since = view.place.map(|place| place.to_string());
            let mut client = to.connect(other.address, ask).await.expect("admitted");
            assert_eq!(client.verdict().await, Verdict::Resumed, "{context}");
            value += 1;
            publish(one, LOG, value).await;
            publish(other, LATEST, value).await;
            view.follow(&mut *client, (value, value)).await;
            assert_eq!(view.log, (begin..=value).collect::<Vec<_>>(), "{context}");
            let latest: BTreeSet<u64> = view.latest.iter().copied().collect();
            assert_eq!(view.latest, latest.into_iter().collect::<Vec<_>>(), "{context}: in order, each once");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_no_node_ever_told_is_foreign() {
    let nats = TestServer::start("2.11.11", &ServerOptions::default());
    let node = node(&nats).await;
    publish(&node, LOG, 1).await;
    let head = node.hub.head();
    let made_up = Cursor { seq: common::Seq(head.seq.0 + 1_000), ..head };
    for probe in transport_probes::all() {
        let ask = Ask::topics(&[LOG]).since(made_up);
        // It is believed until the log has denied it; then it is asked to come again.
        let verdict = loop {
            let mut client = probe.connect(node.address, ask.clone()).await.expect("admitted");
            let verdict = client.verdict().await;
            if verdict == Verdict::Gap {
                break verdict;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(verdict, Verdict::Gap, "{}", probe.entry().id);
    }
}
