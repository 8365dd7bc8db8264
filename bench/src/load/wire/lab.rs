//! WebSocket frames of what the server's lab publishes on a topic: a number and the time of publication (docs/protocol.md, "The lab").

use std::time::Duration;

use anyhow::Result;

use super::{Decode, Opening, Reply, websocket::WebSocket};
use crate::load::payload::PayloadStamp;

/// A decoder that hands over each entry as a payload of ours: its number, and the microseconds since [`LAB_EPOCH`].
pub(super) fn decoder(_: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(Lab { frames: WebSocket::default() })
}

struct Lab {
    frames: WebSocket,
}

/// The moment from which the times of publication are counted, after 1970: a payload has no room for more digits.
pub(crate) const LAB_EPOCH: Duration = Duration::from_secs(1_700_000_000);

const NUMBER: &[u8] = br#""seq":"#;
const TIME: &[u8] = br#""at":"#;

impl Decode for Lab {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.frames.feed(bytes, &mut |mut frame| {
            while let Some((number, at)) =
                after(frame, NUMBER).and_then(|rest| Some((rest, after(rest, TIME)?)))
            {
                if let (Some(number), Some(sent_at)) = (value(number), value(at).map(micros)) {
                    message(PayloadStamp { number, sent_at }.payload(0).as_bytes());
                }
                frame = at;
            }
        })
    }

    fn reply(&mut self) -> Option<Reply> {
        self.frames.reply()
    }
}

/// The microseconds since [`LAB_EPOCH`] of a time in milliseconds since 1970.
fn micros(millis: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of these years")]
    let micros = (1e3 * millis - 1e6 * LAB_EPOCH.as_secs_f64()).round() as u64;
    micros
}

/// Returns the rest behind a name.
fn after<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(name.len()).position(|some| some == name)?;
    Some(&text[at + name.len()..])
}

/// Reads the number at the beginning.
fn value<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    let length = text.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.'))?;
    std::str::from_utf8(&text[..length]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_says_its_number_and_its_time() {
        let entry = |seq, at| {
            format!(
                r#"{{"type":"event","cursor":"1-2","topic":"lab/x","data":{{"run":8,"seq":{seq},"at":{at},"pad":"a"}}}}"#
            )
        };
        let text = format!("[{},{}]", entry(7, "1795183407000.125"), entry(8, "1795183407020.000"));
        let frame = [&[0x81, 126, 0, text.len() as u8], text.as_bytes()].concat();
        assert!(text.len() < 256, "the length stands in the last byte of the header");
        let mut heard = Vec::new();
        let mut on_message = |message: &[u8]| PayloadStamp::each(message, |stamp| heard.push(stamp));
        decoder(&Opening::headed("")).feed(&frame, &mut on_message).expect("a frame");
        let stamp = |number, sent_at| PayloadStamp { number, sent_at };
        assert_eq!(heard, [stamp(7, 95_183_407_000_125), stamp(8, 95_183_407_020_000)]);
    }
}
