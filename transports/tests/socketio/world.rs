//! A server of ours on a port of its own: the log behind Socket.IO, or any Engine.IO server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::middleware;
use broker_jetstream::{JetStreamBroker, JetStreamSettings};
use common::{
    Cursor, Epoch, Topic,
    message::{ClientMessage, Receipt, Rejection},
};
use fanout::{Hub, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use transports::{
    gate::{Admission, Limits, OriginPolicy, guard},
    inbound::{InboundHandler, MessageSource},
    live::{Live, Pace},
};

use crate::support::serve;

const LIMITS: Limits = Limits {
    connections: 0,
    connections_per_address: 0,
    message_bytes: 64 * 1024,
    messages_per_second: 50,
    stall: Duration::from_secs(60),
};

pub struct World {
    pub address: SocketAddr,
    pub hub: Hub,
    accepting: JoinHandle<()>,
}

impl World {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = LIMITS;
        change(&mut limits);
        Self::serve(Hub::new(settings()), limits).await
    }

    /// A node whose log several share.
    pub async fn node(nats: String) -> Self {
        let nats = JetStreamSettings { servers: vec![nats], ..JetStreamSettings::default() };
        let settings = settings();
        let policies = settings.policies.clone();
        let broker = JetStreamBroker::connect(nats, policies, Arc::new(SystemClock)).await;
        let broker = broker.expect("NATS is there");
        let hub = Hub::with_broker(settings, broker);
        let hub = hub.expect("its first hub");
        hub.broker().ready().await.expect("it is not closed");
        Self::serve(hub, LIMITS).await
    }

    async fn serve(hub: Hub, limits: Limits) -> Self {
        let live = Live {
            hub: hub.clone(),
            authorizer: Arc::new(access::AllowAll),
            admission: Admission::new(limits, Arc::clone(hub.clock())),
            pace: Arc::new(Pace {
                heartbeat: Duration::from_secs(15),
                retry: Duration::from_millis(750),
                max_age: None,
            }),
            inbound: Arc::new(Publish(hub.clone())),
            compression: false,
            raw_namespaces: Arc::default(),
        };
        let (address, accepting) =
            serve(live.router().layer(middleware::from_fn_with_state(OriginPolicy::default(), guard))).await;
        Self { address, hub, accepting }
    }

    pub fn publish(&self, topic: &str, data: &str) -> Cursor {
        let topic: Topic = topic.parse().expect("a topic");
        self.hub.publish(&topic, data.to_owned().into()).expect("published")
    }

    /// Waits until so many sessions are open: what the server notices by itself has no other sign.
    pub async fn sessions(&self, count: usize) {
        for _ in 0..2000 {
            if self.hub.metrics().subscriptions == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} sessions, not {count}", self.hub.metrics().subscriptions);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn settings() -> Settings {
    let rule = |pattern: &str, kind, entries| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(entries),
    };
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(0x100),
        policies: vec![
            rule("log/*", TopicKind::Log, 10_000),
            rule("short/*", TopicKind::Log, 5),
            rule("latest/*", TopicKind::Latest, 4),
        ],
        publication_bytes: 1 << 20,
        topics_per_subscription: 64,
        topics: 1000,
        bytes: 1 << 30,
    }
}

/// Puts every message into the log.
#[derive(Debug)]
struct Publish(Hub);

impl InboundHandler for Publish {
    fn handle(
        &self,
        message: ClientMessage,
        _: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        let hub = self.0.clone();
        Box::pin(async move {
            let ClientMessage { id, topic, data } = message;
            let cursor = hub.publish(&topic, data.to_string().into()).expect("published");
            Ok(Receipt { id, cursor })
        })
    }
}
