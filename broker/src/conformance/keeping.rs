//! Cases about what is kept: history, retention, removal, restarts, lives.

use common::Seq;
use futures_util::future::join_all;

use super::fixture::{ALL, Fixture, Node, entry, topic, until, value, with_key};
use crate::{Broker, BrokerError, HistoryFilter, NewEntry, PublishError};

pub(super) async fn history_is_read_by_all_its_filters(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let mut seqs = Vec::new();
    for number in 0..10 {
        seqs.push(node.publish(entry("log/a", number)).await.cursor.seq);
        node.publish(entry("log/b", "x")).await;
    }
    let read = async |since: Option<usize>, before: Option<usize>, limit, reverse| {
        let filter = HistoryFilter {
            since: since.map(|at| seqs[at]),
            before: before.map(|at| seqs[at]),
            limit,
            reverse,
        };
        let (texts, more) = node.history(&topic("log/a"), filter).await;
        (texts.concat(), more)
    };
    assert_eq!(read(None, None, 100, false).await, ("0123456789".to_owned(), false));
    assert_eq!(read(None, None, 3, false).await, ("012".to_owned(), true));
    assert_eq!(read(None, None, 3, true).await, ("789".to_owned(), true));
    assert_eq!(read(None, None, 10, true).await, ("0123456789".to_owned(), false));
    assert_eq!(read(Some(6), None, 100, false).await, ("789".to_owned(), false));
    assert_eq!(read(Some(2), Some(6), 100, false).await, ("345".to_owned(), false));
    assert_eq!(read(Some(2), Some(6), 2, true).await, ("45".to_owned(), true));
    assert_eq!(read(Some(2), Some(6), 2, false).await, ("34".to_owned(), true));
    assert_eq!(read(None, Some(0), 5, true).await, (String::new(), false));
    assert_eq!(read(Some(6), Some(2), 5, false).await, (String::new(), false), "bounds that cross");
    let (texts, more) = node.history(&topic("log/unknown"), ALL).await;
    assert!(texts.is_empty() && !more);
}

pub(super) async fn retention_trims_and_says_how_far(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let mut seqs = Vec::new();
    for number in 0..12 {
        seqs.push(node.publish(entry("short/a", number)).await.cursor.seq);
    }
    node.broker.sweep();
    let short = topic("short/a");
    until(async || node.history(&short, ALL).await.0 == ["7", "8", "9", "10", "11"]).await;
    let history = node.broker.history(&short, ALL).await.expect("history is read");
    assert_eq!(history.trimmed_to, seqs[6]);
    if fixture.outlives_its_broker() {
        node.broker.close();
        let again = Node::open(fixture).await;
        let told = again.recorder.recording();
        assert_eq!(told.texts(&short), ["7", "8", "9", "10", "11"]);
        assert_eq!(told.evicted.get(&short), Some(&seqs[6]));
    }
}

pub(super) async fn a_removed_topic_is_gone_for_all(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let other = if fixture.has_nodes() { Some(Node::open(fixture).await) } else { None };
    let gone = topic("log/gone");
    let mut last = Seq::START;
    for number in 0..4 {
        last = node.publish(with_key("log/gone", number, &format!("k{number}"))).await.cursor.seq;
    }
    node.publish(entry("log/stays", "x")).await;
    assert_eq!(node.broker.remove(&gone).await, Ok(4));
    for node in other.iter().chain([&node]) {
        let told =
            node.recorder.wait_for(|told| told.evicted.get(&gone).is_some_and(|through| *through >= last));
        told.await;
        assert_eq!(node.history(&gone, ALL).await, (Vec::new(), false));
        assert!(node.broker.history(&gone, ALL).await.expect("history is read").trimmed_to >= last);
        assert_eq!(node.history(&topic("log/stays"), ALL).await.0, ["x"]);
    }
    assert_eq!(node.broker.remove(&gone).await, Ok(0));
    // The entry is gone, and with it its key.
    let again = node.publish(with_key("log/gone", "0", "k0")).await;
    assert!(!again.duplicate && again.cursor.seq > last);
    assert!(node.publish(with_key("log/gone", "0", "k0")).await.duplicate);
    assert_eq!(node.history(&gone, ALL).await.0, ["0"]);
}

pub(super) async fn nothing_newest_is_expected_of_a_removed_topic(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    node.publish(entry("log/a", 1)).await;
    assert_eq!(node.broker.remove(&topic("log/a")).await, Ok(1));
    let published = node.publish(NewEntry { expected: Some(Seq::START), ..entry("log/a", 2) }).await;
    assert!(!published.duplicate);
}

pub(super) async fn a_log_outlives_its_broker(fixture: &mut dyn Fixture) {
    if !fixture.outlives_its_broker() {
        return;
    }
    let node = Node::open(fixture).await;
    for number in 0..10 {
        node.publish(with_key(["log/a", "log/b"][number % 2], number, &format!("k{number}"))).await;
    }
    let told = node.told();
    node.broker.close();
    let again = Node::open(fixture).await;
    assert_eq!(again.told(), told);
    assert!(again.broker.head().covers(told[9].0));
    assert_eq!(again.recorder.recording().evicted.get(&topic("log/a")), None, "nothing is lost");
    let duplicate = again.publish(with_key("log/a", 4, "k4")).await;
    assert_eq!((duplicate.cursor, duplicate.duplicate), (told[4].0, true));
    let next = again.publish(entry("log/a", "next")).await;
    assert_eq!(next.cursor.epoch, told[9].0.epoch);
    assert!(next.cursor.seq > told[9].0.seq);
}

pub(super) async fn what_was_acknowledged_outlives_a_crash(fixture: &mut dyn Fixture) {
    if !fixture.outlives_its_broker() {
        return;
    }
    let node = Node::open(fixture).await;
    let published = join_all((0..50).map(|number| node.publish(entry("log/a", number)))).await;
    let Node { broker, recorder } = node;
    drop(recorder);
    fixture.crash(broker).await;
    let again = Node::open(fixture).await;
    let told = again.told();
    let epoch = again.broker.head().epoch;
    for (number, published) in published.iter().enumerate() {
        let text = number.to_string();
        let found = told.iter().filter(|(_, _, told)| *told == text).collect::<Vec<_>>();
        assert_eq!(found.len(), 1, "entry {number}");
        assert!(epoch > published.cursor.epoch || found[0].0 == published.cursor);
    }
}

pub(super) async fn a_loss_that_nobody_can_name_begins_a_new_life(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let before = node.publish(entry("log/a", "before")).await.cursor;
    if !fixture.has_nodes() {
        node.broker.close();
    }
    if !fixture.lose().await {
        return;
    }
    if fixture.has_nodes() {
        let told = node.recorder.wait_for(|told| !told.resets.is_empty()).await;
        assert!(told.resets.iter().all(|epoch| *epoch > before.epoch));
        until(async || node.broker.health().failure.is_none()).await;
        let after = node.publish(entry("log/a", "after")).await.cursor;
        assert_eq!(after.epoch, *told.resets.last().expect("a life began"));
        assert!(!node.broker.caught_up(before).await, "it is a place of an earlier life");
    } else {
        let again = Node::open(fixture).await;
        assert!(again.broker.head().epoch > before.epoch);
    }
}

pub(super) async fn places_that_were_never_given_out_are_told_apart(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let place = node.publish(entry("log/a", 1)).await.cursor;
    assert!(node.broker.caught_up(place).await);
    let mut ahead = place;
    ahead.seq = Seq(place.seq.0 + 1_000_000);
    assert!(!node.broker.caught_up(ahead).await);
    let mut earlier = place;
    earlier.epoch.0 -= 1;
    assert!(!node.broker.caught_up(earlier).await);
}

pub(super) async fn the_newest_value_is_told(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let newest = |told: &super::Recording, text: &str| {
        told.texts(&topic("latest/a")).last().is_some_and(|told| told == text)
    };
    for number in 1..=30 {
        node.broker.publish(value("latest/a", number)).await.expect("it is taken in");
    }
    let told = node.recorder.wait_for(|told| newest(told, "30")).await;
    let numbers: Vec<u64> =
        told.texts(&topic("latest/a")).iter().map(|text| text.parse().expect("a number")).collect();
    assert!(numbers.is_sorted(), "an older value never replaces a newer one: {numbers:?}");
    if fixture.has_nodes() {
        let other = Node::open(fixture).await;
        let told = other.recorder.wait_for(|told| newest(told, "30")).await;
        assert_eq!(told.texts(&topic("latest/a")), ["30"]);
        other.broker.publish(value("latest/a", 31)).await.expect("it is taken in");
        let both = [&node, &other].map(|node| async {
            let told = node.recorder.wait_for(|told| newest(told, "31")).await;
            told.entries.last().expect("it was told").cursor
        });
        let [one, two] = join_all(both).await[..] else { panic!("there are two") };
        assert_eq!(one, two, "a value has one number on all nodes");
        assert!(!node.broker.numbers_latest_apart() || one.latest > Seq::START);
    }
}

pub(super) async fn a_closed_broker_takes_nothing(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let again = node.broker.subscribe(node.recorder.clone());
    assert_eq!(again, Err(BrokerError::Subscribed));
    node.broker.flush().await.expect("everything is stored");
    node.broker.close();
    assert_eq!(node.refused(entry("log/a", 1)).await, PublishError::Closed);
    assert_eq!(node.refused(value("latest/a", 1)).await, PublishError::Closed);
    assert_eq!(
        Broker::publish_blocking(node.broker.as_ref(), &value("latest/a", 1)),
        Err(PublishError::Closed)
    );
}
