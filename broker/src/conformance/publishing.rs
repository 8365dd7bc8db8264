//! Cases about publishing: order, once, expectations, bounds.

use common::Seq;
use futures_util::future::join_all;

use super::fixture::{ALL, Fixture, Node, entry, streamed, topic, value, with_key};
use crate::{NewEntry, PublishError};

pub(super) async fn entries_of_all_topics_have_one_order(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let names = ["log/a", "log/b", "log/c"];
    let publishing = (0..60).map(|number| node.publish(entry(names[number % 3], number)));
    let published = join_all(publishing).await;
    let told = node.told();
    assert_eq!(told.len(), 60);
    for (number, published) in published.iter().enumerate() {
        assert!(!published.duplicate);
        let (_, topic, text) =
            told.iter().find(|(cursor, ..)| *cursor == published.cursor).expect("its place was told");
        assert_eq!((topic.as_str(), text), (names[number % 3], &number.to_string()));
    }
    assert_eq!(node.recorder.recording().wakes, 60);
}

pub(super) async fn a_publisher_who_waits_has_its_own_order(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    for number in 0..20 {
        node.publish(entry("log/a", number)).await;
    }
    let expected: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(node.recorder.recording().texts(&topic("log/a")), expected);
}

pub(super) async fn a_stream_has_its_order_among_the_rest_and_does_not_come_back(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    for number in 0..20 {
        let new = if number % 2 == 0 { entry("log/a", number) } else { streamed("stream/a", number) };
        node.publish(new).await;
    }
    let told = node.told();
    assert!(told.is_sorted_by_key(|(cursor, ..)| cursor.seq));
    let expected: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(told.into_iter().map(|(.., text)| text).collect::<Vec<_>>(), expected);
    node.broker.remove(&topic("stream/a")).await.expect("it is removed");
    assert_eq!(node.history(&topic("stream/a"), ALL).await, (Vec::new(), false));
    // The topic may be used again.
    node.publish(streamed("stream/a", "again")).await;
    assert_eq!(node.recorder.recording().texts(&topic("stream/a")).last().map(String::as_str), Some("again"));
}

pub(super) async fn what_has_a_key_is_one_entry(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let first = node.publish(with_key("log/a", "x", "k:1")).await;
    assert!(!first.duplicate);
    node.publish(entry("log/a", "y")).await;
    let again = node.publish(with_key("log/a", "x", "k:1")).await;
    assert_eq!((again.cursor, again.duplicate), (first.cursor, true));
    let elsewhere = node.publish(with_key("log/b", "x", "k:1")).await;
    assert!(!elsewhere.duplicate, "a key is its topic's");
    assert_eq!(node.recorder.recording().texts(&topic("log/a")), ["x", "y"]);
    let told = node.recorder.recording();
    assert_eq!(told.entries[0].key.as_deref(), Some("k:1"));
    assert_eq!(told.entries[1].key, None);
}

pub(super) async fn a_key_belongs_to_its_payload(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let first = node.publish(with_key("log/a", "x", "k")).await;
    assert_eq!(node.refused(with_key("log/a", "other", "k")).await, PublishError::KeyReused);
    let lax = NewEntry { same_payload: false, ..with_key("log/a", "other", "k") };
    let again = node.publish(lax).await;
    assert_eq!((again.cursor, again.duplicate), (first.cursor, true));
    assert_eq!(node.recorder.recording().texts(&topic("log/a")), ["x"]);
}

pub(super) async fn of_many_at_once_with_one_key_one_is_taken(fixture: &mut dyn Fixture) {
    let mut nodes = vec![Node::open(fixture).await];
    if fixture.has_nodes() {
        nodes.push(Node::open(fixture).await);
    }
    for round in 0..5 {
        let key = format!("race-{round}");
        let publishing =
            (0..12).map(|number| nodes[number % nodes.len()].publish(with_key("log/a", round, &key)));
        let published = join_all(publishing).await;
        assert_eq!(published.iter().filter(|published| !published.duplicate).count(), 1);
        assert!(published.iter().all(|one| one.cursor == published[0].cursor));
    }
    for node in &nodes {
        assert_eq!(node.recorder.recording().texts(&topic("log/a")), ["0", "1", "2", "3", "4"]);
    }
}

pub(super) async fn a_publisher_may_expect_the_newest_entry(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let expecting = |data: &str, seq| NewEntry { expected: Some(seq), ..entry("log/a", data) };
    let first = node.publish(expecting("1", Seq::START)).await.cursor.seq;
    node.publish(entry("log/b", "between")).await;
    assert_eq!(node.refused(expecting("x", Seq::START)).await, PublishError::Conflict { newest: first });
    let second = node.publish(expecting("2", first)).await.cursor.seq;
    assert_eq!(node.refused(expecting("x", first)).await, PublishError::Conflict { newest: second });
    let race = (0..8).map(|number| node.broker.publish(expecting(&format!("r{number}"), second)));
    let raced = join_all(race).await;
    assert_eq!(raced.iter().filter(|raced| raced.is_ok()).count(), 1, "{raced:?}");
    let (texts, _) = node.history(&topic("log/a"), ALL).await;
    assert_eq!(texts.len(), 3);
}

pub(super) async fn what_was_asked_for_is_taken_in_though_nobody_waits(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    drop(node.broker.publish(entry("log/a", "left behind")));
    node.recorder.wait_for(|recording| recording.texts(&topic("log/a")) == ["left behind"]).await;
}

pub(super) async fn threads_publish_too(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let broker = node.broker.clone();
    let publishing =
        move || (broker.publish_blocking(&entry("log/a", 1)), broker.publish_blocking(&value("latest/a", 2)));
    let (stored, sent) = tokio::task::spawn_blocking(publishing).await.expect("it does not panic");
    assert!(node.broker.caught_up(stored.expect("it is taken in").cursor).await);
    sent.expect("it is taken in");
    node.recorder.wait_for(|recording| recording.texts(&topic("latest/a")) == ["2"]).await;
}

pub(super) async fn sizes_at_their_bounds_come_back_as_they_were(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let longest_name = format!("log/{}", "x.-_".repeat(16));
    let longest_key = "~".repeat(128);
    for data in [String::new(), "\0\r\n{}".to_owned(), "x".repeat(200_000)] {
        let key = format!("{}{}", &longest_key[..120], data.len());
        let published = node.publish(with_key(&longest_name, &data, &key)).await;
        assert!(node.publish(with_key(&longest_name, &data, &key)).await.duplicate);
        let told = node.recorder.recording();
        let entry = told.entries.last().expect("it was told");
        assert_eq!((entry.cursor.seq, &entry.key), (published.cursor.seq, &Some(key)));
        assert!(entry.data == data.as_bytes(), "{} bytes", data.len());
    }
    node.publish(with_key(&longest_name, "k", &longest_key)).await;
    let (texts, _) = node.history(&topic(&longest_name), ALL).await;
    assert_eq!(texts.iter().map(String::len).collect::<Vec<_>>(), [0, 5, 200_000, 1]);
}
