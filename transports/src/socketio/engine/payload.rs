//! Several packets in one HTTP body.

use bytes::{BufMut, Bytes, BytesMut};

use super::packet::{BadEnginePacket, EnginePacket};

/// The separator of packets. No packet holds it: JSON escapes it, and base64 has no such letter.
const BETWEEN: char = '\x1e';

/// The packets of a body, one after the other.
pub(crate) fn read(body: &str) -> impl Iterator<Item = Result<EnginePacket, BadEnginePacket>> {
    body.split(BETWEEN).map(EnginePacket::from_payload)
}

/// A body of packets that are coded already.
pub(crate) fn join(packets: &[Bytes]) -> Bytes {
    if let [only] = packets {
        return only.clone();
    }
    let length = packets.iter().map(|packet| packet.len() + 1).sum();
    let mut body = BytesMut::with_capacity(length);
    for (index, packet) in packets.iter().enumerate() {
        if index > 0 {
            body.put_u8(BETWEEN as u8);
        }
        body.put_slice(packet);
    }
    body.freeze()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::socketio::engine::Message;

    proptest! {
        #[test]
        fn what_was_joined_is_read_apart(
            texts in prop::collection::vec("[^\x1e]{0,20}", 1..6),
            bytes in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let mut packets: Vec<EnginePacket> =
                texts.into_iter().map(|text| EnginePacket::Message(Message::Text(text))).collect();
            packets.push(EnginePacket::Message(Message::Binary(bytes.into())));
            let coded: Vec<Bytes> = packets.iter().map(|packet| packet.to_text().into()).collect();
            let body = join(&coded);
            let read: Result<Vec<_>, _> = read(std::str::from_utf8(&body).expect("text")).collect();
            prop_assert_eq!(read, Ok(packets));
        }
    }
}
