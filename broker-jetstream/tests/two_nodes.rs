//! Two nodes on one server see one log.

use std::sync::Arc;

use broker::{Broker, NewEntry, SystemClock, TopicKind, conformance::Recorder};
use broker_jetstream::{
    JetStreamBroker, JetStreamSettings,
    test_server::{ServerOptions, TestServer, VERSIONS},
};
use common::{Seq, Topic};

async fn node(server: &TestServer) -> (Arc<JetStreamBroker>, Arc<Recorder>) {
    let settings = JetStreamSettings { servers: vec![server.url()], ..JetStreamSettings::default() };
    let broker =
        JetStreamBroker::connect(settings, Vec::new(), Arc::new(SystemClock)).await.expect("it connects");
    let recorder = Recorder::new();
    broker.subscribe(recorder.clone()).expect("it has no subscriber yet");
    broker.ready().await.expect("it reads the log");
    (broker, recorder)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_are_told_the_same_in_the_same_order() {
    for version in VERSIONS {
        let server = TestServer::start(version, &ServerOptions::default());
        let (one, recorded_one) = node(&server).await;
        let (two, recorded_two) = node(&server).await;
        let topics: Vec<Topic> =
            ["chat/a", "chat/b"].iter().map(|text| text.parse().expect("a topic")).collect();
        let publishing = (0..100).map(|number| {
            let broker = if number % 2 == 0 { &one } else { &two };
            let topic = topics[number % 3 % 2].clone();
            broker.publish(NewEntry::new(topic, TopicKind::Log, number.to_string().into()))
        });
        let mut places = Vec::new();
        for published in futures_util::future::join_all(publishing).await {
            places.push(published.expect("it is stored").cursor.seq);
        }
        places.sort();
        assert_eq!(places, (1..=100).map(Seq).collect::<Vec<_>>(), "{version}");
        let latest: Topic = "load".parse().expect("a topic");
        one.publish(NewEntry::new(latest.clone(), TopicKind::Latest, "7".into()))
            .await
            .expect("it is taken in");
        let told = |recording: &broker::conformance::Recording| recording.entries.len() >= 101;
        let by_one = recorded_one.wait_for(told).await;
        let by_two = recorded_two.wait_for(told).await;
        let logs = |recording: &broker::conformance::Recording| {
            recording
                .entries
                .iter()
                .filter(|entry| entry.topic != latest)
                .map(|entry| (entry.cursor.seq, entry.data.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(logs(&by_one), logs(&by_two), "{version}");
        let value = |recording: &broker::conformance::Recording| {
            recording
                .entries
                .iter()
                .find(|entry| entry.topic == latest)
                .map(|entry| (entry.cursor.latest, entry.data.clone()))
        };
        assert_eq!(value(&by_one), value(&by_two), "{version}");
        assert!(value(&by_one).is_some());
        assert_eq!(one.head().epoch, two.head().epoch);
        // A node that starts later is told the same.
        let (_three, recorded_three) = node(&server).await;
        assert_eq!(logs(&recorded_three.wait_for(told).await), logs(&by_one), "{version}");
    }
}
