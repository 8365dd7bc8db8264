//! Measures one publication with 1, 1,000 and 10,000 subscribers: first the append and the notification of every
//! subscriber, then each subscription's read. A second group measures it without subscribers, in memory and with a
//! journal.
#![allow(missing_docs)]

use std::{hint::black_box, sync::Arc};

use broker_journal::{JournalBroker, JournalSettings, LogSettings};
use bytes::Bytes;
use common::{Epoch, Topic};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fanout::{
    Batch, Hub, Retention, Settings, SubscribeOptions, Subscription, SystemClock, TopicKind, TopicPolicy,
};

fn publish(criterion: &mut Criterion) {
    let topic: Topic = "custom/bench".parse().expect("a topic");
    let payload = Bytes::from(vec![b'x'; 256]);
    for subscribers in [1usize, 1_000, 10_000] {
        let hub = Hub::new(settings());
        let options = SubscribeOptions { topics: vec![topic.clone()], ..SubscribeOptions::default() };
        let mut subscriptions: Vec<Subscription> =
            (0..subscribers).map(|_| hub.subscribe(&options).expect("a session")).collect();
        let mut group = criterion.benchmark_group(format!("{subscribers} subscribers"));
        group.throughput(Throughput::Elements(subscribers as u64));
        group.bench_function("publish", |bencher| {
            bencher.iter(|| hub.publish(&topic, payload.clone()).expect("published"));
        });
        group.bench_function("publish and deliver", |bencher| {
            let mut out = Vec::new();
            bencher.iter(|| {
                hub.publish(&topic, payload.clone()).expect("published");
                for subscription in &mut subscriptions {
                    out.clear();
                    black_box(subscription.take(Batch { entries: 64, bytes: 1 << 16 }, &mut out));
                }
            });
        });
        group.finish();
    }
}

fn store(criterion: &mut Criterion) {
    let topic: Topic = "custom/bench".parse().expect("a topic");
    let payload = Bytes::from(vec![b'x'; 256]);
    let dir = tempfile::tempdir().expect("a folder");
    let journal = JournalSettings::new(dir.path(), 256 << 20);
    let Settings { clock, epoch, policies, topics, bytes, .. } = settings();
    let log = LogSettings { clock, epoch, policies: policies.into(), topics, bytes };
    let broker = JournalBroker::open(log, &journal).expect("a folder that is free");
    let stored = Hub::with_broker(settings(), Arc::new(broker)).expect("a new log");
    let mut group = criterion.benchmark_group("256 bytes");
    group.throughput(Throughput::Elements(1));
    for (name, hub) in [("in memory", Hub::new(settings())), ("with a journal", stored)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| hub.publish(&topic, payload.clone()).expect("published"));
        });
    }
    group.finish();
}

fn settings() -> Settings {
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![TopicPolicy {
            pattern: "custom/*".parse().expect("a pattern"),
            kind: TopicKind::Log,
            retention: Retention::entries(1024),
        }],
        publication_bytes: 1 << 16,
        topics_per_subscription: 0,
        topics: 16,
        bytes: 1 << 30,
    }
}

criterion_group!(benches, publish, store);
criterion_main!(benches);
