//! Servers and streams that cannot be used are refused with one line that says what to do.

mod support;

use std::{sync::Arc, time::Duration};

use async_nats::{HeaderMap, jetstream::stream::Config};
use broker::{Broker, BrokerError, SystemClock, conformance::policies};
use broker_jetstream::{
    JetStreamBroker, JetStreamSettings, Login,
    test_server::{ServerOptions, TOO_OLD, TestCluster, TestServer, VERSIONS, free_port},
};

use support::{Node, holds, places, refusal, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_debian_12_is_too_old() {
    let server = TestServer::start(TOO_OLD, &ServerOptions::default());
    holds(&refusal(settings(vec![server.url()])).await, &["2.9.10", "too old", "2.10"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_jetstream_is_refused() {
    let options = ServerOptions { without_jetstream: true, ..ServerOptions::default() };
    let server = TestServer::start("2.15.1", &options);
    holds(&refusal(settings(vec![server.url()])).await, &["no JetStream", "-js"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_login_is_refused_and_a_right_one_is_not_shown() {
    let lines = "authorization { user: ada, password: lovelace }\n".to_owned();
    let server = TestServer::start("2.11.11", &ServerOptions { lines, ..ServerOptions::default() });
    let with = |login| JetStreamSettings { login, ..settings(vec![server.url()]) };
    let user = |password: &str| Login::User { user: "ada".to_owned(), password: password.to_owned() };
    for login in [Login::None, user("byron"), Login::Token("lovelace".to_owned())] {
        let why = refusal(with(login)).await;
        holds(&why, &["refuses the login"]);
        assert!(!why.contains("byron") && !why.contains("lovelace"), "{why}");
    }
    let right = with(user("lovelace"));
    assert!(!format!("{right:?}").contains("lovelace"));
    support::connect(right).await;
    let in_address = server.url().replace("//", "//ada:lovelace@");
    let node = Node::start(settings(vec![in_address])).await;
    let details = node.broker.health().details;
    assert!(!details.contains("lovelace") && details.contains(&server.url()), "{details}");
    holds(&details, &["2.11.11", "sync_interval: always"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_the_address_may_be_there_later() {
    let settings = settings(vec![format!("nats://127.0.0.1:{}", free_port())]);
    let connected = JetStreamBroker::connect(settings, policies(), Arc::new(SystemClock)).await;
    let Err(BrokerError::Unavailable(why)) = connected else { panic!("{connected:?}") };
    holds(&why, &["does not answer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_of_other_programs_are_left_alone() {
    let server = TestServer::start("2.10.26", &ServerOptions::default());
    let context = async_nats::jetstream::new(async_nats::connect(server.url()).await.expect("it connects"));
    let make = async |name: &str, subject: &str| {
        let config =
            Config { name: name.to_owned(), subjects: vec![subject.to_owned()], ..Config::default() };
        context.create_stream(config).await.expect("it is made");
    };
    make("PULSEBOARD", "orders.>").await;
    holds(&refusal(settings(vec![server.url()])).await, &["PULSEBOARD", "not made by Pulseboard", "prefix"]);
    make("ORDERS", "taken.log.>").await;
    let taken = JetStreamSettings { prefix: "taken".to_owned(), ..settings(vec![server.url()]) };
    holds(&refusal(taken).await, &["another stream has these subjects", "prefix"]);
    let three = JetStreamSettings { replicas: 3, prefix: "three".to_owned(), ..settings(vec![server.url()]) };
    holds(&refusal(three).await, &["replicas"]);
    let bad = JetStreamSettings { prefix: "No.".to_owned(), ..settings(vec![server.url()]) };
    holds(&refusal(bad).await, &["prefix", "a-z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_copies_than_servers_are_refused() {
    // Each is waited for.
    let checks = VERSIONS.map(|version| tokio::spawn(more_copies_are_refused(version)));
    for check in checks {
        check.await.expect("it is refused");
    }
}

async fn more_copies_are_refused(version: &str) {
    let cluster = TestCluster::start(version);
    let refusal = async |replicas| {
        let settings = JetStreamSettings { replicas, ..settings(cluster.urls()) };
        // A cluster has no leader for a moment after it started.
        loop {
            match JetStreamBroker::connect(settings.clone(), policies(), Arc::new(SystemClock)).await {
                Err(BrokerError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(BrokerError::Unusable(why)) => break why,
                other => panic!("{version}: it is not refused: {other:?}"),
            }
        }
    };
    holds(&refusal(5).await, &["cannot hold the stream", "`replicas`"]);
    holds(&refusal(4).await, &["4 replicas", "1, 3 or 5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_not_whole_yet_is_waited_for() {
    // 2.12 and later choose no first leader before all three are there, and 2.10 not always.
    let version = "2.11.11";
    let mut cluster = TestCluster::start_two(version);
    let wanted = JetStreamSettings { replicas: 3, ..settings(cluster.urls()) };
    let connecting = tokio::spawn(support::connect(wanted));
    let context = async_nats::jetstream::new(async_nats::connect(cluster.urls()).await.expect("it connects"));
    let asked = Config { name: "ANOTHER".to_owned(), num_replicas: 3, ..Config::default() };
    loop {
        match context.create_stream(asked.clone()).await {
            Err(error) if error.to_string().contains("10005") => break,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            Ok(_) => panic!("{version}: two servers hold three copies"),
        }
    }
    cluster.servers[2].respawn();
    connecting.await.expect("it waits for the third server");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_changed_by_hand_or_is_newer_is_refused() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    support::connect(settings.clone()).await;
    let context = async_nats::jetstream::new(async_nats::connect(server.url()).await.expect("it connects"));
    let config = context.get_stream("PULSEBOARD").await.expect("it is there").cached_info().config.clone();
    let mut changed = config.clone();
    changed.subjects.push("more.>".to_owned());
    context.update_stream(changed).await.expect("it is changed");
    holds(&refusal(settings.clone()).await, &["more.>", "changed by hand"]);
    let mut newer = config;
    newer.metadata.insert("pulseboard-format".to_owned(), "2".to_owned());
    context.update_stream(newer).await.expect("it is changed");
    holds(&refusal(settings).await, &["format 2", "update this node"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_another_program_wrote_over_is_refused_until_it_is_purged() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    node.publish("log/a", 1).await;
    let context = async_nats::jetstream::new(async_nats::connect(server.url()).await.expect("it connects"));
    let sent = context.publish("pulseboard.meta", "strange".into()).await.expect("it is sent");
    sent.await.expect("it is stored");
    let why = refusal(settings(vec![server.url()])).await;
    holds(&why, &["no note of ours", "nats stream purge PULSEBOARD_META"]);
    // A node that is there goes on.
    node.publish("log/a", 2).await;
    let stream = context.get_stream("PULSEBOARD_META").await.expect("it is there");
    stream.purge().await.expect("it is purged");
    let later = Node::start(settings(vec![server.url()])).await;
    later.has("log/a", 2).await;
    node.recorder.wait_for(|told| !told.resets.is_empty()).await;
    assert_eq!(node.broker.head().epoch, later.broker.head().epoch);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_others_on_our_subjects_are_skipped() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    node.publish("log/a", 1).await;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let context = async_nats::jetstream::new(client.clone());
    let mut newer = HeaderMap::new();
    newer.insert("Pulseboard-Format", "99");
    for subject in [
        "pulseboard.log.log.a",
        "pulseboard.log.NO.TOPIC",
        "pulseboard.removed.log.a",
        "pulseboard.latest.latest.a",
    ] {
        context.publish(subject, "strange".into()).await.expect("it is sent").await.expect("it is stored");
        context
            .publish_with_headers(subject, newer.clone(), "newer".into())
            .await
            .expect("it is sent")
            .await
            .expect("it is stored");
    }
    // Presence and control hear strangers, too.
    for subject in ["pulseboard.presence", "pulseboard.nodes.x"] {
        client.publish(subject, "strange".into()).await.expect("it is sent");
    }
    node.publish("log/a", 2).await;
    let told = node.has("log/a", 2).await;
    assert_eq!(places(&told, "log/a").iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert!(told.evicted.is_empty(), "nothing was removed");
    node.broker.sweep();
    while !node.broker.health().details.contains("8 messages at NATS were skipped") {
        tokio::time::sleep(Duration::from_millis(50)).await;
        node.broker.sweep();
    }
    let later = Node::start(settings(vec![server.url()])).await;
    assert_eq!(places(&later.has("log/a", 2).await, "log/a"), places(&told, "log/a"));
}
