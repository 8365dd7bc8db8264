//! Stretches of what is kept, and snapshots of a bounded length.

use std::sync::Arc;

use bytes::Bytes;
use common::{Cursor, Epoch, Seq, Topic};
use fanout::{
    Batch, Delivery, HistoryPage, Hub, Retention, Settings, SubscribeOptions, SystemClock, TopicKind,
    TopicPolicy,
};

fn hub(retention: Retention) -> Hub {
    let policy =
        |pattern: &str, kind| TopicPolicy { pattern: pattern.parse().expect("a pattern"), kind, retention };
    Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![policy("log/*", TopicKind::Log), policy("latest/*", TopicKind::Latest)],
        publication_bytes: 8,
        topics_per_subscription: 4,
        topics: 8,
        bytes: 1 << 30,
    })
}

fn t(name: &str) -> Topic {
    name.parse().expect("a topic")
}

fn publish(hub: &Hub, topic: &str) -> Seq {
    hub.publish(&t(topic), Bytes::from_static(b"1")).expect("published").seq
}

fn seqs(page: &HistoryPage) -> Vec<u64> {
    page.entries.iter().map(|entry| entry.cursor.seq.0).collect()
}

#[test]
fn a_topic_is_read_backwards_page_by_page_and_nothing_is_missed_or_told_twice() {
    let hub = hub(Retention::entries(7));
    let mut all: Vec<u64> = Vec::new();
    for _ in 0..10 {
        all.push(publish(&hub, "log/a").0);
        publish(&hub, "log/b");
    }
    let (mut read, mut before) = (Vec::new(), None);
    loop {
        let page = hub.history(&t("log/a"), before, 3);
        assert_eq!(page.trimmed_to, Seq(all[2]));
        assert_eq!(page.head, hub.head());
        before = page.entries.first().map(|entry| entry.cursor.seq);
        read.splice(0..0, seqs(&page));
        if !page.earlier {
            break;
        }
    }
    assert_eq!(read, all[3..]);
}

#[test]
fn where_nothing_is_kept_there_is_nothing_to_look_back_to() {
    let hub = hub(Retention::entries(7));
    publish(&hub, "log/a");
    let page = hub.history(&t("log/none"), None, 5);
    assert_eq!((page.entries.len(), page.earlier, page.head), (0, false, hub.head()));
    let before_all = hub.history(&t("log/a"), Some(Seq::START), 5);
    assert_eq!((before_all.entries.len(), before_all.earlier), (0, false));
    assert_eq!(hub.non_empty_topics(&"log/*".parse().expect("a pattern")), [t("log/a")]);
}

#[test]
fn a_snapshot_begins_with_the_newest_entries_and_goes_on_without_a_gap() {
    let hub = hub(Retention { snapshot: 3, ..Retention::entries(100) });
    let all: Vec<u64> = (0..5).map(|_| publish(&hub, "log/a").0).collect();
    publish(&hub, "latest/a");
    let newest = publish(&hub, "latest/a").0;
    let topics = vec![t("log/a"), t("latest/a")];
    let since = Some(Cursor::new(Epoch(1), Seq(all[0])));
    let options = SubscribeOptions { snapshot: topics.clone(), topics, since };
    let mut subscription = hub.subscribe(&options).expect("a session");
    let last = publish(&hub, "log/a").0;
    let mut out = Vec::new();
    subscription.take(Batch { entries: usize::MAX, bytes: usize::MAX }, &mut out);
    let seen: Vec<u64> = out
        .iter()
        .map(|delivery| match delivery {
            Delivery::Event(event) => event.cursor.seq.0,
            Delivery::Gap(..) => panic!("a snapshot has no gap"),
        })
        .collect();
    assert_eq!(seen, [all[2], all[3], all[4], newest, last]);
    let since = SubscribeOptions { topics: vec![t("log/a")], since, snapshot: vec![] };
    let mut out = Vec::new();
    hub.subscribe(&since).expect("a session").take(Batch { entries: 99, bytes: 99 }, &mut out);
    assert_eq!(out.len(), 5, "who resumes misses nothing, however much it is");
}
