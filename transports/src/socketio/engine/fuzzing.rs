//! Packets, alone and together.

use super::{Carrier, EnginePacket, Message, payload};
use crate::websocket::{decode, fuzzing::as_client_sent};

/// A text that is a packet, or a body of them, is its only spelling; and a packet is the same on either carrier.
pub fn engine_io(bytes: &[u8]) {
    let Ok(body) = str::from_utf8(bytes) else { return };
    if let Ok(packet) = EnginePacket::from_text(body.to_owned()) {
        assert_eq!(packet.to_text(), body);
    }
    let packets: Result<Vec<_>, _> = payload::read(body).collect();
    let Ok(packets) = packets else { return };
    let coded: Vec<_> = packets.iter().map(|packet| Carrier::Polling.encode(packet)).collect();
    assert_eq!(payload::join(&coded), body);
    for packet in packets {
        let heard = match as_client_sent(&Carrier::WebSocket.encode(&packet)) {
            decode::WebSocketMessage::Text(text) => EnginePacket::from_text(text),
            decode::WebSocketMessage::Binary(bytes) => {
                Ok(EnginePacket::Message(Message::Binary(bytes.into())))
            }
            other => panic!("a packet is no {other:?}"),
        };
        assert_eq!(heard, Ok(packet));
    }
}
