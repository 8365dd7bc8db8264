//! Compression: what is agreed, what comes down, and what may go up.

use common::{
    close,
    frame::{ClientFrame, ServerFrame},
};
use transport_probes::{Ask, Connection, Deflated, OFFER, Refused, Socket, compressed, masked_frame};
use transports::routes::wire_formats;

use super::inbound::TEXT;
use crate::world::{Make, World};

const LAST: u8 = 0x80;
const RSV1: u8 = 0x40;
const AGREED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

async fn open(probe: &Deflated, world: &World, ask: Ask) -> Box<dyn Connection> {
    Box::new(socket(probe, world, ask, Some(OFFER)).await)
}

async fn socket(probe: &Deflated, world: &World, ask: Ask, offer: Option<&str>) -> Socket {
    probe.open(world.address, ask, offer).await.expect("a line")
}

pub async fn an_offer_is_answered_with_what_is_agreed(probe: &Deflated) {
    let world = World::start().await;
    let narrow = format!("{AGREED}; server_max_window_bits=9");
    for (offer, expected) in [
        (None, None),
        (Some(OFFER), Some(AGREED)),
        (Some("permessage-deflate; server_max_window_bits=10, permessage-deflate"), Some(&*narrow)),
        (Some("permessage-deflate; server_max_window_bits=8"), None),
        (Some("permessage-deflate; dance, permessage-bzip2"), None),
        (Some("permessage-bzip2, permessage-deflate"), Some(AGREED)),
    ] {
        let socket = socket(probe, &world, Ask::default(), offer).await;
        assert_eq!(socket.extensions.as_deref(), expected, "{offer:?}");
    }
    let Err(Refused { status, body }) = probe.open(world.address, Ask::default(), Some("a;;b")).await else {
        panic!("what is no list of extensions is refused")
    };
    assert_eq!(status, 400);
    assert!(body.contains("bad_request"), "{body}");
    let plain = World::make(Make { compression: false, ..Make::default() }).await;
    assert_eq!(
        socket(probe, &plain, Ask::default(), Some(OFFER)).await.extensions,
        None,
        "it can be switched off"
    );
}

pub async fn a_publication_is_compressed_once_for_all(probe: &Deflated) {
    let world = World::start().await;
    let ask = Ask::topics(&["log/a"]);
    let mut all = Vec::new();
    for _ in 0..10 {
        all.push(socket(probe, &world, ask.clone(), Some(OFFER)).await);
    }
    let mut narrow =
        socket(probe, &world, ask.clone(), Some("permessage-deflate; server_max_window_bits=9")).await;
    let mut plain = socket(probe, &world, ask, None).await;
    world.sessions(12).await;
    // The first words come again only at the end, farther back than a narrow window reaches.
    let numbers: Vec<String> = (0..500).map(|n| format!("{}", n * 7919)).collect();
    let long = format!("[{0},{1},{0}]", numbers[..20].join(","), numbers.join(","));
    world.publish("log/a", &long);
    world.publish("log/a", "1");
    for socket in all.iter_mut().chain([&mut narrow]) {
        let (event, length, compressed) = event(socket).await;
        assert_eq!(event, long);
        assert!(compressed && length < long.len() * 2 / 3, "{length} of {} bytes", long.len());
        let (event, _, compressed) = self::event(socket).await;
        assert_eq!(event, "1");
        assert!(!compressed, "there is nothing to win on so little");
    }
    let (event, _, compressed) = event(&mut plain).await;
    assert_eq!((event, compressed), (long, false), "who does not offer it is sent what it can read");
    assert_eq!(self::event(&mut plain).await.0, "1");
    let built = ["websocket", "websocket_deflated", "websocket_deflated_narrow"].map(|name| {
        let form = wire_formats().find(|form| form.name == name).expect("a form");
        world.hub.metrics().encodes[form.slot()]
    });
    assert_eq!(built, [2, 2, 2], "each form once for each publication, however many take it");
}

/// The next publication, its frame's length, and whether it was compressed.
async fn event(socket: &mut Socket) -> (String, usize, bool) {
    loop {
        let seen = (socket as &mut dyn Connection).frame().await;
        if let ServerFrame::Event(event) = seen {
            let (length, compressed) = socket.last;
            return (event.data.get().to_owned(), length, compressed);
        }
    }
}

pub async fn a_compressed_message_is_understood(probe: &Deflated) {
    let world = World::start().await;
    let mut client = open(probe, &world, Ask::default()).await;
    client.verdict().await;
    client.heartbeat().await;
    let json = serde_json::to_vec(&ClientFrame::Ping { id: 8 }).expect("JSON");
    client.send_raw(masked_frame(LAST | RSV1 | TEXT, &compressed(&json))).await;
    assert!(matches!(client.frame().await, ServerFrame::Pong { id: 8 }));
    let payload = compressed(&json);
    let (begin, end) = payload.split_at(5);
    let pieces = [
        masked_frame(RSV1 | TEXT, begin),
        masked_frame(0x89, b"are you there"),
        masked_frame(0x00, b""),
        masked_frame(0x80, end),
    ];
    client.send_raw(pieces.concat()).await;
    assert!(matches!(client.frame().await, ServerFrame::Pong { id: 8 }));
    client.send_raw(masked_frame(LAST | TEXT, &json)).await;
    assert!(matches!(client.frame().await, ServerFrame::Pong { id: 8 }), "it may leave a message as it is");
    let mut just_the_limit = json;
    just_the_limit.resize(64 * 1024, b' ');
    client.send_raw(masked_frame(LAST | RSV1 | TEXT, &compressed(&just_the_limit))).await;
    assert!(matches!(client.frame().await, ServerFrame::Pong { id: 8 }));
}

pub async fn what_cannot_be_inflated_is_closed_with_its_code(probe: &Deflated) {
    let world = World::start().await;
    let whole = |payload: &[u8]| masked_frame(LAST | RSV1 | TEXT, payload);
    let bomb = compressed(&vec![b' '; 8 << 20]);
    let json = br#"{"type":"ping","id":1,"and":"so on, and so on, and so on"}"#;
    let cut = compressed(json);
    let (half, rest) = bomb.split_at(bomb.len() / 2);
    let cases: [(&str, Vec<u8>, u16); 9] = [
        ("a byte over the limit", whole(&compressed(&vec![b' '; 64 * 1024 + 1])), close::TOO_BIG),
        ("a bomb", whole(&bomb), close::TOO_BIG),
        (
            "a bomb in two halves",
            [masked_frame(RSV1 | TEXT, half), masked_frame(LAST, rest)].concat(),
            close::TOO_BIG,
        ),
        ("no deflate data", whole(b"{}"), close::BAD_TEXT),
        ("a message that is cut off", whole(&cut[..cut.len() - 8]), close::BAD_TEXT),
        ("bad UTF-8", whole(&compressed(&[b'"', 0xFF, b'"'])), close::BAD_TEXT),
        (
            "a compressed piece within",
            [masked_frame(RSV1 | TEXT, b"{"), masked_frame(LAST | RSV1, b"}")].concat(),
            close::PROTOCOL,
        ),
        ("a compressed ping", masked_frame(0x89 | RSV1, b""), close::PROTOCOL),
        ("another reserved bit", masked_frame(LAST | RSV1 | 0x20 | TEXT, &compressed(json)), close::PROTOCOL),
    ];
    for (what, bytes, expected) in cases {
        let mut client = open(probe, &world, Ask::default()).await;
        client.send_raw(bytes).await;
        assert_eq!(client.end().await, Some(expected), "{what}");
    }
    world.sessions(0).await;
}

pub async fn what_was_not_agreed_is_closed(probe: &Deflated) {
    let world = World::start().await;
    for offer in [None, Some("permessage-deflate; server_max_window_bits=8")] {
        let client = socket(probe, &world, Ask::default(), offer).await;
        let mut client: Box<dyn Connection> = Box::new(client);
        client.send_raw(masked_frame(LAST | RSV1 | TEXT, &compressed(br#"{"type":"ping","id":1}"#))).await;
        assert_eq!(client.end().await, Some(close::PROTOCOL), "{offer:?}");
    }
}
