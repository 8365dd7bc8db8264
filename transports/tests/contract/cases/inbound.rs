//! Frames from the client.

use common::{
    api::ApiError,
    close,
    frame::{ClientFrame, ErrorCode, ServerFrame},
};
use transport_probes::{Ask, KEY, Probe, masked_frame};

use crate::world::World;

pub const TEXT: u8 = 0x1;
fn text(frame_of_ours: &ClientFrame) -> Vec<u8> {
    masked_frame(0x80 | TEXT, &serde_json::to_vec(frame_of_ours).expect("JSON"))
}

pub async fn topics_come_and_go_on_an_open_line(probe: &dyn Probe) {
    let world = World::start().await;
    world.publish("latest/a", "1");
    let old = world.publish("log/b", "2");
    world.publish("log/b", "3");
    let mut client = probe.connect(world.address, Ask::default()).await.expect("no topics yet");
    client.verdict().await;
    client.heartbeat().await;
    let topics = |names: &[&str]| names.iter().map(|name| name.parse().expect("a topic")).collect::<Vec<_>>();
    let subscribe =
        |names, since, snapshot| ClientFrame::Subscribe { topics: topics(names), since, snapshot };
    client.send_raw(text(&subscribe(&["latest/a"], None, false))).await;
    let ServerFrame::Subscribed { topics: added } = client.frame().await else {
        panic!("subscribed was due")
    };
    assert_eq!(added, topics(&["latest/a"]));
    assert_eq!(client.event().await.data.get(), "1");
    assert_eq!(client.heartbeat().await, world.hub.head(), "told, newcomers included");
    client.send_raw(text(&subscribe(&["latest/a", "log/b"], Some(old), false))).await;
    let ServerFrame::Subscribed { topics: added } = client.frame().await else {
        panic!("subscribed was due")
    };
    assert_eq!(added, topics(&["log/b"]), "what was there stays as it is");
    assert_eq!(client.event().await.data.get(), "3");
    client.send_raw(text(&ClientFrame::Unsubscribe { topics: topics(&["latest/a", "log/never"]) })).await;
    client.send_raw(text(&ClientFrame::Ping { id: 1 })).await;
    while !matches!(client.frame().await, ServerFrame::Pong { id: 1 }) {}
    world.publish("latest/a", "4");
    world.publish("log/b", "5");
    assert_eq!(client.event().await.data.get(), "5");
}

pub async fn a_reader_who_does_not_look_is_told_later_and_only_the_newest(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client =
        probe.connect(world.address, Ask::topics(&["latest/a", "log/b"])).await.expect("connected");
    client.verdict().await;
    client.heartbeat().await;
    client.send_raw(text(&ClientFrame::Pace { ms: u32::MAX })).await;
    client.send_raw(text(&ClientFrame::Ping { id: 1 })).await;
    while !matches!(client.frame().await, ServerFrame::Pong { id: 1 }) {}
    for (topic, data) in [("latest/a", "1"), ("log/b", "2"), ("latest/a", "3"), ("log/b", "4")] {
        world.publish(topic, data);
    }
    client.send_raw(text(&ClientFrame::Ping { id: 2 })).await;
    let next = client.frame().await;
    assert!(matches!(next, ServerFrame::Pong { id: 2 }), "told too soon: {next:?}");
    client.send_raw(text(&ClientFrame::Pace { ms: 0 })).await;
    for data in ["2", "3", "4"] {
        assert_eq!(client.event().await.data.get(), data);
    }
    world.publish("latest/a", "5");
    assert_eq!(client.event().await.data.get(), "5", "as often as ever");
}

pub async fn a_ping_is_answered(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::default()).await.expect("connected");
    client.send_raw(text(&ClientFrame::Ping { id: 77 })).await;
    while !matches!(client.frame().await, ServerFrame::Pong { id: 77 }) {}
}

pub async fn an_unknown_topic_is_answered_and_the_line_stays(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("connected");
    client.verdict().await;
    client.heartbeat().await;
    let topics = vec!["log/b".parse().expect("a topic"), "nothing/here".parse().expect("a topic")];
    client.send_raw(text(&ClientFrame::Subscribe { topics, since: None, snapshot: false })).await;
    let ServerFrame::Error(ApiError { code, .. }) = client.frame().await else { panic!("an error was due") };
    assert_eq!(code, ErrorCode::UnknownTopic);
    world.publish("log/b", "1");
    world.publish("log/a", "2");
    assert_eq!(client.event().await.data.get(), "2", "all of a subscription or none of it");
}

pub async fn what_breaks_a_rule_is_closed_with_its_code(probe: &dyn Probe) {
    let world = World::start().await;
    let whole = |payload: &[u8]| masked_frame(0x80 | TEXT, payload);
    let unmasked = vec![0x81, 2, b'{', b'}'];
    let cases: [(&str, Vec<u8>, u16); 18] = [
        ("not JSON", whole(b"hello"), close::BAD_FRAME),
        ("an unknown type", whole(br#"{"type":"dance"}"#), close::BAD_FRAME),
        ("an unknown field", whole(br#"{"type":"ping","id":1,"x":1}"#), close::BAD_FRAME),
        ("a bad topic", whole(br#"{"type":"subscribe","topics":["A B"]}"#), close::BAD_FRAME),
        ("a bad cursor", whole(br#"{"type":"subscribe","topics":["log/a"],"since":"x"}"#), close::BAD_FRAME),
        ("bad UTF-8", whole(&[b'"', 0xFF, b'"']), close::BAD_TEXT),
        ("a binary message", masked_frame(0x82, b"{}"), close::UNSUPPORTED),
        ("a message over the limit", whole(&vec![b' '; 64 * 1024 + 1]), close::TOO_BIG),
        (
            "fragments over the limit",
            [masked_frame(TEXT, &vec![b' '; 40_000]), masked_frame(0x80, &vec![b' '; 40_000])].concat(),
            close::TOO_BIG,
        ),
        (
            "a header that claims 2^62 bytes",
            [&[0x81, 0xFF][..], &(1u64 << 62).to_be_bytes(), &KEY].concat(),
            close::TOO_BIG,
        ),
        ("a frame without a mask", unmasked, close::PROTOCOL),
        ("a reserved bit", masked_frame(0xA1, b"{}"), close::PROTOCOL),
        ("a reserved opcode", masked_frame(0x83, b"{}"), close::PROTOCOL),
        ("a continuation of nothing", masked_frame(0x80, b"{}"), close::PROTOCOL),
        (
            "a message within a message",
            [masked_frame(TEXT, b"{"), masked_frame(0x81, b"}")].concat(),
            close::PROTOCOL,
        ),
        ("a ping in fragments", masked_frame(0x09, b""), close::PROTOCOL),
        ("a long ping", masked_frame(0x89, &[0; 126]), close::PROTOCOL),
        ("a close code that is never sent", masked_frame(0x88, &1005u16.to_be_bytes()), close::PROTOCOL),
    ];
    for (what, bytes, expected) in cases {
        let mut client = probe.connect(world.address, Ask::default()).await.expect("connected");
        client.send_raw(bytes).await;
        assert_eq!(client.end().await, Some(expected), "{what}");
    }
    world.sessions(0).await;
}

pub async fn a_message_may_come_in_any_pieces(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::default()).await.expect("connected");
    client.verdict().await;
    client.heartbeat().await;
    let json = br#"{"type":"ping","id":5}"#;
    let pieces = [
        masked_frame(TEXT, &json[..3]),
        masked_frame(0x89, b"are you there"),
        masked_frame(0x00, b""),
        masked_frame(0x80, &json[3..]),
    ]
    .concat();
    for byte in pieces {
        client.send_raw(vec![byte]).await;
    }
    assert!(
        matches!(client.frame().await, ServerFrame::Pong { id: 5 }),
        "tungstenite has taken the pong itself"
    );
}

pub async fn a_flood_is_closed(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::default()).await.expect("connected");
    let flood: Vec<u8> = (0..500).flat_map(|id| text(&ClientFrame::Ping { id })).collect();
    client.send_raw(flood).await;
    assert_eq!(client.end().await, Some(close::POLICY));
}

pub async fn a_close_is_answered_with_its_code(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::default()).await.expect("connected");
    client.send_raw(masked_frame(0x88, &4321u16.to_be_bytes())).await;
    assert_eq!(client.end().await, Some(4321));
    world.sessions(0).await;
}
