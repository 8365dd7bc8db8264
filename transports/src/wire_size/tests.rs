//! A scale shows what the server's end truly writes.

use std::sync::Arc;

use common::{
    Epoch, Topic,
    frame::{Event, ServerFrame},
};
use fanout::{
    Batch, Delivery, Hub, Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy,
    WireFormat,
};
use serde_json::value::RawValue;

use crate::{catalog::WIRE_SIZES, http_stream, polling, socketio, sse, websocket};

/// The form in which each transport writes publications, in the catalog's order.
const FORMS: [&WireFormat; 6] = [
    &websocket::wire::TEXT,
    &sse::wire::CHUNK,
    &http_stream::wire::CHUNK,
    &polling::wire::ITEM,
    &polling::wire::ITEM,
    &socketio::wire::MAIN_FRAME,
];

#[test]
fn publications_weigh_what_the_server_writes() {
    let topic: Topic = "lab/0123456789abcdef".parse().expect("a topic");
    let rule = TopicPolicy {
        pattern: "lab/*".parse().expect("a pattern"),
        kind: TopicKind::Latest,
        retention: Retention::entries(100),
    };
    let hub = Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(0x19a_9f3c_2d10),
        policies: vec![rule],
        publication_bytes: 1 << 20,
        topics_per_subscription: 0,
        topics: 10,
        bytes: 1 << 24,
    });
    let attach = SubscribeOptions { topics: vec![topic.clone()], ..SubscribeOptions::default() };
    let mut subscription = hub.subscribe(&attach).expect("a session");
    // Around every length at which a header or a chunk's own length becomes longer.
    let lengths = (2..400).chain(4_000..4_100).chain(65_350..65_550);
    for length in lengths {
        let data = format!("\"{}\"", "x".repeat(length - 2));
        hub.publish(&topic, data.clone().into()).expect("published");
        let mut taken = Vec::new();
        subscription.take(Batch { entries: 1, bytes: usize::MAX }, &mut taken);
        let [Delivery::Event(entry)] = &taken[..] else { panic!("one event, not {taken:?}") };
        let data = RawValue::from_string(data).expect("JSON");
        let frame = ServerFrame::Event(Event { cursor: entry.cursor, topic: topic.clone(), data });
        for (size, form) in WIRE_SIZES.iter().zip(FORMS) {
            let written = subscription.encode(entry, form).len();
            assert_eq!((size.encoded_len)(&frame), written, "{} of {length} bytes", size.entry.name);
        }
    }
}
