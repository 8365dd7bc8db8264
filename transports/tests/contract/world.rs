//! A hub and all server ends on a port of their own, without the rest of the server.

use std::{
    future::ready,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use access::{AccessTable, AllowAll, Authorizer, Principal};
use axum::{extract::Request, http::header, middleware};
use bytes::Bytes;
use common::{Cursor, Epoch, Topic};
use fanout::{Broker, Hub, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
use transports::{
    gate::{Admission, Limits, OriginPolicy, guard},
    live::{Live, Pace},
};

use crate::{inbound::Echo, support::serve};

/// The bytes that are kept of a stream.
pub const STREAM_BYTES: usize = 1 << 20;

pub struct World {
    pub address: SocketAddr,
    pub hub: Hub,
    pub live: Live,
    requests: Arc<AtomicUsize>,
    accepting: tokio::task::JoinHandle<()>,
    coalescing: tokio::task::JoinHandle<()>,
}

pub struct Make {
    pub epoch: u64,
    pub limits: Limits,
    pub heartbeat: Duration,
    pub max_age: Option<Duration>,
    pub compression: bool,
    /// Those who may ask, by what their requests carry as `Authorization`; with none, everyone may do everything.
    pub principals: Vec<(&'static str, Arc<Principal>)>,
}

impl Default for Make {
    fn default() -> Self {
        let limits = Limits {
            connections: 0,
            connections_per_address: 0,
            message_bytes: 64 * 1024,
            messages_per_second: 50,
            stall: Duration::from_secs(60),
        };
        Self {
            epoch: 0x100,
            limits,
            heartbeat: Duration::from_secs(15),
            max_age: None,
            compression: true,
            principals: Vec::new(),
        }
    }
}

impl World {
    pub async fn start() -> Self {
        Self::make(Make::default()).await
    }

    pub async fn make(make: Make) -> Self {
        let hub = Hub::new(Self::settings(make.epoch));
        Self::serve(hub, make).await
    }

    /// A node whose log others share.
    pub async fn node(broker: Arc<dyn Broker>) -> Self {
        let hub = Hub::with_broker(Self::settings(0), Arc::clone(&broker)).expect("a log without readers");
        broker.ready().await.expect("the log is read");
        Self::serve(hub, Make::default()).await
    }

    pub fn settings(epoch: u64) -> Settings {
        let rule = |pattern: &str, kind, entries| TopicPolicy {
            pattern: pattern.parse().expect("a pattern"),
            kind,
            retention: Retention { bytes: 64 << 20, ..Retention::entries(entries) },
        };
        Settings {
            clock: Arc::new(SystemClock),
            epoch: Epoch(epoch),
            policies: vec![
                rule("log/*", TopicKind::Log, 10_000),
                rule("short/*", TopicKind::Log, 5),
                rule("latest/*", TopicKind::Latest, 4),
                TopicPolicy {
                    pattern: "stream/*".parse().expect("a pattern"),
                    kind: TopicKind::Stream,
                    retention: Retention { bytes: STREAM_BYTES, ..Retention::entries(10_000) },
                },
            ],
            publication_bytes: 1 << 20,
            topics_per_subscription: 64,
            topics: 1000,
            bytes: 1 << 30,
        }
    }

    async fn serve(hub: Hub, make: Make) -> Self {
        let pace =
            Pace { heartbeat: make.heartbeat, retry: Duration::from_millis(750), max_age: make.max_age };
        let authorizer: Arc<dyn Authorizer> =
            if make.principals.is_empty() { Arc::new(AllowAll) } else { Arc::new(shown_table()) };
        let live = Live {
            hub: hub.clone(),
            authorizer,
            admission: Admission::new(make.limits, Arc::clone(hub.clock())),
            pace: Arc::new(pace),
            inbound: Arc::new(Echo::new(hub.clone())),
            compression: make.compression,
            raw_namespaces: Arc::default(),
        };
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let principals = make.principals;
        let router = live
            .clone()
            .router()
            .layer(middleware::map_request(move |request| ready(authenticate(request, &principals))))
            .layer(middleware::from_fn_with_state(OriginPolicy::default(), guard))
            .layer(middleware::map_request(move |request: Request| {
                counter.fetch_add(1, Ordering::Relaxed);
                ready(request)
            }));
        let (address, accepting) = serve(router).await;
        // As the server does it.
        let coalescing = tokio::spawn({
            let hub = hub.clone();
            async move { hub.coalesce(Duration::from_millis(2)).await }
        });
        Self { address, hub, live, requests, accepting, coalescing }
    }

    pub fn publish(&self, topic: &str, data: &str) -> Cursor {
        let topic: Topic = topic.parse().expect("a topic");
        self.hub.publish(&topic, Bytes::copy_from_slice(data.as_bytes())).expect("published")
    }

    /// Returns the number of requests that came to the router.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Waits until so many sessions are open: what the server notices by itself has no other sign.
    pub async fn sessions(&self, count: usize) {
        for _ in 0..6000 {
            if self.hub.metrics().subscriptions == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} sessions, not {count}", self.hub.metrics().subscriptions);
    }
}

/// Shows `log/*` to whoever is a wall display.
fn shown_table() -> AccessTable {
    AccessTable { anonymous_topics: vec!["log/*".parse().expect("a family")] }
}

fn authenticate(mut request: Request, principals: &[(&'static str, Arc<Principal>)]) -> Request {
    let proof = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let known = principals.iter().find(|(name, _)| Some(*name) == proof).map(|(_, known)| Arc::clone(known));
    if let Some(principal) = known {
        request.extensions_mut().insert(principal);
    }
    request
}

impl Drop for World {
    fn drop(&mut self) {
        self.accepting.abort();
        self.coalescing.abort();
    }
}
