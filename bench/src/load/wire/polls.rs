//! Questions and answers: polling by a clock, and long polling with the two ways there are to say how far one is.

use anyhow::{Result, bail};

use super::{
    Decode, Opening, Reply,
    answers::{Answer, Answers, header, status},
};

/// A question waits for its answer, and the next one begins at its cursor: docs/protocol.md.
pub(super) fn held_by_cursor(opening: &Opening<'_>) -> Box<dyn Decode> {
    poll(opening, after_cursor, true)
}

/// Long polling with Nchan's cursor: `Last-Modified` and `Etag`.
pub(super) fn held_by_validators(opening: &Opening<'_>) -> Box<dyn Decode> {
    poll(opening, after_validators, true)
}

/// A question is answered at once, and the next one is asked when the clock says so, or when there is more.
pub(super) fn by_clock(opening: &Opening<'_>) -> Box<dyn Decode> {
    poll(opening, after_cursor, false)
}

struct Poll {
    answers: Answers,
    /// The last lines of each request's head.
    end: String,
    path: &'static str,
    /// The next question's path and headers after an answer, and whether that one told everything.
    after: After,
    /// True if the server holds requests, so that the next one can follow at once.
    held: bool,
    next: Option<Reply>,
    /// True from the start if the first request waits like all others: no answer is to come then.
    ready: bool,
}

type After = fn(&'static str, &Answer) -> Option<(String, bool)>;

fn poll(opening: &Opening<'_>, after: After, held: bool) -> Box<dyn Decode> {
    Box::new(Poll {
        answers: Answers::after(opening.head),
        end: format!("Host: {}\r\n{}\r\n", opening.address, opening.manners),
        path: opening.path,
        after,
        held,
        next: None,
        ready: opening.head.is_empty(),
    })
}

impl Decode for Poll {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        self.answers.feed(bytes);
        while let Some(answer) = self.answers.next()? {
            if status(&answer.head)? >= 400 {
                bail!("a question was refused: {}", answer.head);
            }
            message(&answer.body);
            let Some((question, all_told)) = (self.after)(self.path, &answer) else {
                bail!("an answer that does not say its place: {}", answer.head);
            };
            let bytes = format!("GET {question}{}", self.end).into_bytes();
            self.next = Some(Reply { bytes, at_once: self.held || !all_told });
            self.ready = true;
        }
        Ok(())
    }

    fn reply(&mut self) -> Option<Reply> {
        self.next.take()
    }

    fn is_ready(&self) -> bool {
        self.ready
    }
}

fn after_cursor(path: &'static str, answer: &Answer) -> Option<(String, bool)> {
    let question = |cursor: &str, all_told| (format!("{path}&since={cursor} HTTP/1.1\r\n"), all_told);
    if let Some(cursor) = header(&answer.head, "live-cursor") {
        return Some(question(cursor, true));
    }
    // The newest frame stands last; only a heartbeat there says that all is told.
    const CURSOR: &[u8] = br#""cursor":""#;
    let at = answer.body.windows(CURSOR.len()).rposition(|some| some == CURSOR)? + CURSOR.len();
    let length = answer.body[at..].iter().position(|&byte| byte == b'"')?;
    let cursor = std::str::from_utf8(&answer.body[at..at + length]).ok()?;
    const HEARTBEAT: &[u8] = br#"{"type":"heartbeat""#;
    // A heartbeat is that and a cursor.
    let tail = &answer.body[at.saturating_sub(2 * HEARTBEAT.len())..at];
    Some(question(cursor, tail.windows(HEARTBEAT.len()).any(|some| some == HEARTBEAT)))
}

fn after_validators(path: &'static str, answer: &Answer) -> Option<(String, bool)> {
    let (modified, tag) = (header(&answer.head, "last-modified")?, header(&answer.head, "etag")?);
    let place = format!("If-Modified-Since: {modified}\r\nIf-None-Match: {tag}\r\n");
    Some((format!("{path} HTTP/1.1\r\n{place}"), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(decoder: fn(&Opening<'_>) -> Box<dyn Decode>, head: &str, body: &str) -> Reply {
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut decoder = decoder(&Opening::headed(&head));
        decoder.feed(body.as_bytes(), &mut |_| ()).expect("an answer");
        assert!(decoder.is_ready());
        let reply = decoder.reply().expect("a question");
        assert_eq!(decoder.reply(), None);
        reply
    }

    #[test]
    fn the_next_question_begins_where_the_answer_ended() {
        let event = r#"{"type":"event","cursor":"a-1","topic":"t","data":1}"#;
        let whole = format!(r#"[{event},{{"type":"heartbeat","cursor":"a-2"}}]"#);
        let question = |cursor: &str| {
            format!("GET /live&since={cursor} HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n").into_bytes()
        };
        let all = Reply { bytes: question("a-2"), at_once: false };
        assert_eq!(asked(by_clock, "200 OK", &whole), all);
        assert_eq!(asked(by_clock, "204 No Content\r\nLive-Cursor: a-2", ""), all);
        let cut = Reply { bytes: question("a-1"), at_once: true };
        assert_eq!(asked(by_clock, "200 OK", &format!("[{event}]")), cut);
        assert!(asked(held_by_cursor, "200 OK", &whole).at_once);
    }

    #[test]
    fn validators_are_given_back() {
        let head = "200 OK\r\nLast-Modified: Thu\r\nEtag: 3";
        let question =
            "GET /live HTTP/1.1\r\nIf-Modified-Since: Thu\r\nIf-None-Match: 3\r\nHost: 127.0.0.1:80\r\n\r\n";
        assert_eq!(asked(held_by_validators, head, "x").bytes, question.as_bytes());
    }
}
