//! A month of uptime on a clock that the test turns: nothing grows.

mod support;

use std::{fs, sync::Arc, time::Duration};

use broker_journal::JournalSettings;
use common::{Epoch, Topic};
use fanout::{
    Batch, PublishOptions, Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy,
};
use support::folder;
use tokio::time::advance;

const STEP: Duration = Duration::from_secs(30);
const STEPS_A_DAY: u64 = 24 * 60 * 2;
const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };

fn settings() -> Settings {
    let policy = |pattern: &str, kind, retention| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention,
    };
    let short = Retention { age: Duration::from_secs(60), lapses: true, ..Retention::entries(3000) };
    let custom = Retention { age: Duration::from_secs(600), ..Retention::entries(1024) };
    let chat = Retention { age: Duration::from_secs(30 * 86_400), ..Retention::entries(2_000) };
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![
            policy("host/*/metrics", TopicKind::Latest, Retention::entries(16)),
            policy("lab/*", TopicKind::Latest, short),
            policy("page/*", TopicKind::Latest, Retention::entries(16)),
            policy("chat/*", TopicKind::Log, chat),
            policy("custom/*", TopicKind::Log, custom),
        ],
        publication_bytes: 1 << 16,
        topics_per_subscription: 0,
        topics: 10_000,
        bytes: 1 << 20,
    }
}

fn topic(name: &str) -> Topic {
    name.parse().expect("a topic")
}

#[tokio::test(start_paused = true)]
async fn in_a_month_nothing_grows() {
    let dir = folder();
    let journal = JournalSettings { segment: 64 << 10, ..JournalSettings::new(dir.path(), 1 << 20) };
    let hub = support::open(settings(), &journal).expect("opened");
    let publish = |name: &str, bytes: usize| {
        hub.publish(&topic(name), vec![b'x'; bytes].into()).expect("published");
    };
    let kept = |pattern: &str| {
        let topics = hub.non_empty_topics(&pattern.parse().expect("a pattern"));
        topics.iter().map(|topic| hub.history(topic, None, usize::MAX).entries.len()).sum::<usize>()
    };
    let mut most_topics = Vec::new();
    for day in 0..30 {
        let mut most = 0;
        for step in 0..STEPS_A_DAY {
            let n = day * STEPS_A_DAY + step;
            publish("host/local/metrics", 800);
            publish(&format!("custom/job-{}", n % 20), 200);
            // A publisher who lost the answer sends it again: it is one entry, as long as the topic keeps it.
            let keyed = || {
                let key = format!("key-{n}").parse().expect("a key");
                hub.publish_with(&topic("custom/keyed"), "1".into(), PublishOptions::keyed(key))
                    .expect("published")
                    .cursor
            };
            assert_eq!(keyed(), keyed());
            if step % 10 == 0 {
                publish(&format!("chat/room-{}", n % 7), 120);
            }
            if step % 20 == 0 {
                // A page is opened, looks at a lab of its own, and is closed.
                let page =
                    [topic(&format!("page/p{n}")), topic(&format!("lab/l{n}")), topic("host/local/metrics")];
                let mut subscription = hub
                    .subscribe(&SubscribeOptions { topics: page.to_vec(), ..SubscribeOptions::default() })
                    .expect("a session");
                publish(page[1].as_str(), 16_000);
                subscription.take(ALL, &mut Vec::new());
            }
            advance(STEP).await;
            hub.sweep();
            most = most.max(hub.metrics().topics);
        }
        most_topics.push(most);
        assert_eq!(hub.metrics().subscriptions, 0);
        assert!(kept("host/*") <= 16 && kept("lab/*") <= 3);
        assert!(kept("custom/*") <= 2 * 20, "ten minutes are twenty entries, and as many with a key");
        // A key goes with its entry: what is published under it now is new.
        let (head, first) = (hub.head(), "key-0".parse().expect("a key"));
        let options = PublishOptions::keyed(first);
        let again = hub.publish_with(&topic("custom/keyed"), "1".into(), options).expect("published").cursor;
        assert!(again.seq > head.seq, "day {day}: {again} is no later than {head}");
        assert!(kept("chat/*") <= 7 * 2_000);
        let files =
            fs::read_dir(dir.path()).expect("a folder").filter_map(|entry| entry.ok()?.metadata().ok());
        let bytes: u64 = files.map(|file| file.len()).sum();
        assert!(bytes <= (1 << 20) + (128 << 10), "day {day}: {bytes} bytes on the disk");
    }
    assert!(most_topics.iter().all(|most| *most <= 35), "{most_topics:?}");
    assert_eq!(most_topics.first(), most_topics.last(), "{most_topics:?}");
}
