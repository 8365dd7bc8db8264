//! Servers and connections that fail: nothing acknowledged is lost, nothing is doubled, and all nodes see one order.

mod support;

use broker::{Broker, NewEntry, PublishError, TopicKind};
use broker_jetstream::{
    JetStreamSettings,
    test_server::{ServerOptions, TestCluster, TestRelay, TestServer},
};
use common::Seq;

use support::{Node, places, settings, topic, value};

async fn context(urls: Vec<String>) -> async_nats::jetstream::Context {
    async_nats::jetstream::new(async_nats::connect(urls).await.expect("it connects"))
}

async fn leader(urls: Vec<String>) -> String {
    let mut stream = context(urls).await.get_stream("PULSEBOARD").await.expect("the stream is there");
    let info = stream.info().await.expect("it has a leader");
    info.cluster.clone().and_then(|cluster| cluster.leader).expect("it has a leader")
}

/// Publishes 60 entries while a server fails in the middle, and holds both nodes' recordings against the answers.
async fn publish_over(one: &Node, two: &Node, fail: impl AsyncFnOnce()) {
    let mut acknowledged: Vec<(Seq, String)> = Vec::new();
    let mut fail = Some(fail);
    for number in 0..60 {
        if number == 20
            && let Some(fail) = fail.take()
        {
            fail().await;
        }
        let node = if number % 3 == 0 { two } else { one };
        acknowledged.push((node.publish("log/a", number).await, number.to_string()));
    }
    let by_one = places(&one.has("log/a", 60).await, "log/a");
    let by_two = places(&two.has("log/a", 60).await, "log/a");
    assert_eq!(by_one, by_two);
    let answers: Vec<_> = acknowledged.into_iter().map(|(seq, text)| (seq.0, text)).collect();
    assert_eq!(by_one, answers, "each entry once, where its publisher was told");
}

async fn kill_the_leader(version: &str) {
    let mut cluster = TestCluster::start(version);
    let settings = JetStreamSettings { replicas: 3, ..settings(cluster.urls()) };
    let (one, two) = (Node::start(settings.clone()).await, Node::start(settings).await);
    let epoch = one.broker.head().epoch;
    let urls = cluster.urls();
    publish_over(&one, &two, async || {
        let name = leader(urls).await;
        cluster.named(&name).kill();
    })
    .await;
    assert_eq!(two.broker.head().epoch, epoch, "nothing was lost: it is the same life");
    one.broker.publish(value("latest/a", "x")).await.expect("it is taken in");
    two.has("latest/a", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_takes_nothing_along_in_2_10() {
    kill_the_leader("2.10.26").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_killed_takes_nothing_along_in_2_15() {
    kill_the_leader("2.15.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_stopped_takes_nothing_along() {
    let mut cluster = TestCluster::start("2.15.1");
    let settings = JetStreamSettings { replicas: 3, ..settings(cluster.urls()) };
    let (one, two) = (Node::start(settings.clone()).await, Node::start(settings).await);
    let name = leader(cluster.urls()).await;
    publish_over(&one, &two, async || cluster.named(&name).pause()).await;
    cluster.named(&name).resume();
    one.publish("log/b", "after").await;
    two.has("log/b", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_and_comes_back_goes_on_with_the_log() {
    for version in ["2.10.26", "2.15.1"] {
        let mut server = TestServer::start(version, &ServerOptions::default());
        let settings = settings(vec![server.url()]);
        let (one, two) = (Node::start(settings.clone()).await, Node::start(settings).await);
        one.broker.publish(value("latest/a", "x")).await.expect("it is taken in");
        let first = two.has("latest/a", 1).await.entries[0].cursor;
        publish_over(&one, &two, async || server.restart()).await;
        // The values were in memory: the node that published them does so again, and their numbers go on.
        let told = two.has("latest/a", 2).await;
        let again = told.entries.iter().rfind(|entry| entry.topic == topic("latest/a")).expect("it was told");
        assert_eq!(again.data, "x");
        assert!(again.cursor.latest > first.latest && again.cursor.epoch == first.epoch, "{version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_for_a_while_goes_on_with_the_log() {
    let server = TestServer::start("2.11.11", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    let (one, two) = (Node::start(settings.clone()).await, Node::start(settings).await);
    publish_over(&one, &two, async || {
        server.pause();
        one.fails().await;
        server.resume();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_cut_off_says_so_and_goes_on_where_it_was() {
    let server = TestServer::start("2.11.11", &ServerOptions::default());
    let relay = TestRelay::start(server.port()).await;
    let near = Node::start(settings(vec![server.url()])).await;
    let far = Node::start(settings(vec![relay.url()])).await;
    near.publish("log/a", 0).await;
    far.has("log/a", 1).await;
    relay.cut().await;
    let failure = far.fails().await;
    assert!(failure.contains("is not connected"), "{failure}");
    // A publication before that is known may still arrive: its publisher is told to ask again.
    let refused = far.broker.publish(NewEntry::new(topic("log/a"), TopicKind::Log, "lost".into())).await;
    assert!(matches!(refused, Err(PublishError::Unavailable { .. })), "{refused:?}");
    for text in ["1", "2"] {
        far.broker.publish(value("latest/a", text)).await.expect("it waits");
    }
    for number in 1..10 {
        near.publish("log/a", number).await;
    }
    relay.mend();
    let told = places(&far.has("log/a", 10).await, "log/a");
    assert_eq!(told, places(&near.has("log/a", 10).await, "log/a"));
    let value = near.has("latest/a", 1).await;
    assert_eq!(value.texts(&topic("latest/a")), ["2"], "only the newest one waited");
    far.publish("log/a", 10).await;
    near.has("log/a", 11).await;
    assert_eq!(far.broker.health().failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_made_anew_begins_one_new_life_on_all_nodes() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    let (one, two) = (Node::start(settings.clone()).await, Node::start(settings).await);
    for number in 0..5 {
        one.publish("log/a", number).await;
    }
    two.has("log/a", 5).await;
    let before = two.broker.head();
    context(vec![server.url()]).await.delete_stream("PULSEBOARD").await.expect("it is deleted");
    one.recorder.wait_for(|told| !told.resets.is_empty()).await;
    two.recorder.wait_for(|told| !told.resets.is_empty()).await;
    let next = one.publish("log/a", "next").await;
    assert_eq!(next, Seq(1), "the new stream counts from its start");
    let (by_one, by_two) = (one.has("log/a", 1).await, two.has("log/a", 1).await);
    assert_eq!(by_one.entries.last(), by_two.entries.last());
    assert!(two.broker.head().epoch > before.epoch);
    assert_eq!(one.broker.head().epoch, two.broker.head().epoch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_purged_by_hand_has_lost_what_it_says() {
    for version in ["2.10.26", "2.15.1"] {
        let server = TestServer::start(version, &ServerOptions::default());
        let settings = settings(vec![server.url()]);
        let one = Node::start(settings.clone()).await;
        let mut last = Seq::START;
        for number in 0..5 {
            last = one.publish("log/a", number).await;
        }
        one.has("log/a", 5).await;
        let before = one.broker.head();
        let stream = context(vec![server.url()]).await.get_stream("PULSEBOARD").await.expect("it is there");
        stream.purge().await.expect("it is purged");
        let two = Node::start(settings).await;
        let told = two.recorder.recording();
        assert_eq!((told.entries.len(), told.forgotten), (0, last), "{version}");
        let next = two.publish("log/a", "next").await;
        assert_eq!(next, last.next());
        one.has("log/a", 6).await;
        assert_eq!(one.broker.head().epoch, before.epoch, "it can be named: the life goes on");
        assert_eq!(two.broker.head().epoch, before.epoch);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_starts_takes_no_others_losses_for_a_topics_own() {
    let server = TestServer::start("2.11.11", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    let one = Node::start(settings.clone()).await;
    // They are on their way together, so that none of them knows of the one before it.
    let together = ["short/a", "short/a", "log/room", "short/a", "log/room", "short/a"];
    let publications = together.iter().enumerate().map(|(number, name)| one.publish(name, number));
    futures_util::future::join_all(publications).await;
    for number in 10..20 {
        one.publish("short/a", number).await;
    }
    // The topic keeps five, and the others go at NATS.
    let mut stream = context(vec![server.url()]).await.get_stream("PULSEBOARD").await.expect("it is there");
    while stream.info().await.expect("it is there").state.messages > 5 + 2 {
        one.broker.sweep();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let two = Node::start(settings).await;
    let told = two.recorder.recording();
    assert_eq!(places(&told, "log/room").len(), 2);
    assert_eq!(told.evicted.get(&topic("log/room")), None, "{told:?}");
    let oldest = places(&told, "short/a")[0].0;
    assert!(told.evicted[&topic("short/a")] >= Seq(oldest - 1), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_starts_while_others_publish_begins_no_new_life() {
    let server = TestServer::start("2.11.11", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    let one = Node::start(settings.clone()).await;
    let epoch = one.broker.head().epoch;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let meta = context(vec![server.url()]).await.get_stream("PULSEBOARD_META").await.expect("it is there");
    let note = meta.get_last_raw_message_by_subject("pulseboard.meta").await.expect("a note");
    let mut note: serde_json::Value = serde_json::from_slice(&note.payload).expect("JSON");
    let publishing = tokio::spawn(async move {
        for number in 0.. {
            // The place is noted at once, as by a node whose turn it is just then.
            note["seq"] = one.publish("log/a", number).await.0.into();
            client.request("pulseboard.meta", note.to_string().into()).await.expect("it is stored");
        }
    });
    for _ in 0..20 {
        assert_eq!(support::connect(settings.clone()).await.head().epoch, epoch, "nothing was lost");
    }
    publishing.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_a_leader_does_not_know_yet_is_not_taken_for_one_that_was_never_given_out() {
    let cluster = TestCluster::start("2.11.11");
    let node = Node::start(JetStreamSettings { replicas: 3, ..settings(cluster.urls()) }).await;
    let last = node.publish("log/a", "last").await;
    node.has("log/a", 1).await;
    let next = common::Cursor { seq: last.next(), ..node.broker.head() };
    // The first look at the stream does not find it.
    let (is_there, published) = tokio::join!(node.broker.caught_up(next), node.publish("log/a", "next"));
    assert_eq!((is_there, published), (true, next.seq));
}
