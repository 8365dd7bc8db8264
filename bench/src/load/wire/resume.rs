//! A WebSocket whose client goes on from its cursor after a break: `since=` in the next request's query (docs/protocol.md).

use anyhow::Result;

use super::{Decode, Opening, Reply, ResumePoint, websocket::WebSocket};

/// A decoder that remembers the last cursor.
pub(super) fn websocket(opening: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(Resumable { frames: WebSocket::default(), point: opening.from.clone() })
}

struct Resumable {
    frames: WebSocket,
    point: ResumePoint,
}

const CURSOR: &[u8] = br#""cursor":""#;

impl Decode for Resumable {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let Self { frames, point } = self;
        frames.feed(bytes, &mut |frame| {
            if let Some(cursor) = last_cursor(frame) {
                point.query = format!("&since={cursor}");
            }
            message(frame);
        })
    }

    fn reply(&mut self) -> Option<Reply> {
        self.frames.reply()
    }

    fn resume_point(&self) -> Option<ResumePoint> {
        Some(self.point.clone())
    }
}

fn last_cursor(frame: &[u8]) -> Option<&str> {
    let at = frame.windows(CURSOR.len()).rposition(|some| some == CURSOR)? + CURSOR.len();
    let length = frame[at..].iter().position(|&byte| byte == b'"')?;
    std::str::from_utf8(&frame[at..at + length]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_cursor_is_where_a_client_goes_on() {
        let first = ResumePoint { query: "&since=1-4".into(), ..ResumePoint::default() };
        let mut decoder = websocket(&Opening::resumed("", &first));
        assert_eq!(decoder.resume_point(), Some(first));
        for (cursor, text) in [("1-5", r#"{"cursor":"1-5"}"#), ("1-5", "{}"), ("1-7", r#"{"cursor":"1-7"}"#)]
        {
            let frame = [&[0x81, text.len() as u8], text.as_bytes()].concat();
            decoder.feed(&frame, &mut |_| ()).expect("a frame");
            let point = decoder.resume_point().expect("a place");
            assert_eq!(point.query, format!("&since={cursor}"));
        }
    }
}
