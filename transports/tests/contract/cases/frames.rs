//! Messages on a WebSocket as libraries need them.

use flate2::{Decompress, FlushDecompress, Status};
use transport_probes::{Ask, Deflated, OFFER};

use crate::world::World;

/// wsproto (and niquests with it) end with 1007 where a ping stands within a compressed message, and Node's WebSocket gives empty
/// texts once a message has ended its deflate stream: so a message is one frame, and its stream is flushed and goes on.
pub async fn a_message_is_one_frame_whose_deflate_stream_goes_on(probe: &Deflated) {
    let world = World::start().await;
    for offer in [None, Some(OFFER), Some("permessage-deflate; server_max_window_bits=9")] {
        let mut socket = probe.open(world.address, Ask::topics(&["log/a"]), offer).await.expect("a line");
        world.sessions(1).await;
        for length in [0, 1, 100, 126, 300, 4_000, 65_000, 70_000, 200_000] {
            let data = format!("\"{}\"", "ab1 ".repeat(length / 4));
            world.publish("log/a", &data);
            loop {
                let (first, payload) = socket.frame().await.expect("a frame");
                // The last of its message, text: never a continuation (RFC 6455 §5.4).
                assert_eq!(first & 0x8F, 0x81, "{length}: {first:#04x}");
                let text = if first & 0x40 == 0 { payload } else { inflated(payload) };
                if text.starts_with(br#"{"type":"event""#) {
                    assert!(text.ends_with(format!("\"data\":{data}}}").as_bytes()), "{length}");
                    break;
                }
            }
        }
        drop(socket);
        world.sessions(0).await;
    }
}

/// RFC 7692 §7.2.1: flushed to the byte, with no block that says it is the last.
fn inflated(mut payload: Vec<u8>) -> Vec<u8> {
    payload.extend([0, 0, 0xFF, 0xFF]);
    let (mut inflater, mut text) = (Decompress::new(false), Vec::with_capacity(1 << 20));
    let status = inflater.decompress_vec(&payload, &mut text, FlushDecompress::Sync).expect("deflate data");
    assert_ne!(status, Status::StreamEnd, "a last block ends the stream for the messages after it");
    assert_eq!(inflater.total_in(), payload.len() as u64);
    text
}
