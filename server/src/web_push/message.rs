//! A message to a browser: the text that its service worker shows, and the words that its push service reads.

use std::time::Duration;

use common::notice::NoticeLevel;
use serde::Serialize;
use store::Notice;

use super::encryption::LONGEST;

/// The most characters of a text that are sent along: no system shows more of one.
const TEXT: usize = 500;

/// A message to a browser.
#[derive(Debug, Clone)]
pub(crate) struct PushMessage {
    /// The text that is encrypted, JSON.
    pub(super) payload: Vec<u8>,
    /// The `Urgency` (RFC 8030 §5.3).
    pub(super) urgency: &'static str,
    /// The `Topic` (RFC 8030 §5.4): a message that waits is replaced by the next of its topic.
    pub(super) topic: String,
    /// The time for which the push service may keep it.
    pub(super) ttl: Duration,
}

/// The text, as the service worker reads it.
#[derive(Clone, Copy, Serialize)]
struct Payload<'a> {
    id: u64,
    level: NoticeLevel,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    at_ms: u64,
}

impl PushMessage {
    /// Tells a notice.
    pub(crate) fn of(notice: &Notice, ttl: Duration) -> Self {
        let sent = &notice.sent;
        let urgency = match sent.level {
            NoticeLevel::Info => "low",
            NoticeLevel::Warning => "normal",
            NoticeLevel::Critical => "high",
        };
        let payload = Payload {
            id: notice.id.0,
            level: sent.level,
            title: &sent.title,
            text: &sent.text,
            link: sent.link.as_deref(),
            at_ms: sent.created_ms,
        };
        Self { payload: payload.fitting(), urgency, topic: format!("notice-{}", notice.id), ttl }
    }

    /// Tries a device out.
    pub(crate) fn test(title: &str, at_ms: u64) -> Self {
        let payload = Payload { id: 0, level: NoticeLevel::Info, title, text: "", link: None, at_ms };
        let ttl = Duration::from_secs(60);
        Self { payload: payload.fitting(), urgency: "high", topic: "test".to_owned(), ttl }
    }
}

impl Payload<'_> {
    /// Returns it as JSON that fits into a message: cut is the text, and then goes the link, since the notice itself has both.
    fn fitting(&self) -> Vec<u8> {
        let mut left = self.text.chars().count().min(TEXT);
        loop {
            let mut text: String = self.text.chars().take(left).collect();
            if left > 0 && text.len() < self.text.len() {
                text.push('…');
            }
            let json = Payload { text: &text, ..*self }.json();
            if json.len() <= LONGEST {
                return json;
            }
            // Titles and links are bounded, but longer in JSON than they are: each step drops a quarter of the text.
            if left == 0 {
                return Payload { text: "", link: None, ..*self }.json();
            }
            left = left * 3 / 4;
        }
    }

    fn json(&self) -> Vec<u8> {
        // Plain data always is JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use common::notice::NoticeAudience;
    use serde_json::Value;
    use store::{NewNotice, NoticeId, UserId};

    use super::*;

    fn payload(title: &str, text: &str, link: Option<&str>) -> Value {
        let sent = NewNotice {
            audience: NoticeAudience::All,
            level: NoticeLevel::Critical,
            title: title.into(),
            text: text.into(),
            link: link.map(str::to_owned),
            sender: UserId(1),
            sender_name: "kim".into(),
            created_ms: 5,
            expires_ms: None,
            key: None,
        };
        let message = PushMessage::of(&Notice { id: NoticeId(u64::MAX), sent }, Duration::ZERO);
        assert!(message.payload.len() <= LONGEST, "{} bytes", message.payload.len());
        assert!(message.topic.len() <= 32 && message.urgency == "high");
        serde_json::from_slice(&message.payload).expect("JSON")
    }

    #[test]
    fn a_notice_is_told_whole_where_it_fits() {
        let told = payload("디스크", "두 줄\n", Some("/chat"));
        let expected = serde_json::json!({"id": u64::MAX, "level": "critical", "title": "디스크", "text": "두 줄\n",
            "link": "/chat", "at_ms": 5});
        assert_eq!(told, expected);
        assert_eq!(payload("a", "", None).get("text"), None);
    }

    #[test]
    fn a_long_notice_is_cut() {
        let told = payload("a", &"가".repeat(4_000), None);
        assert_eq!(told["text"].as_str().expect("a text").chars().count(), TEXT + 1);
        let title = "\"".repeat(200);
        let link = format!("/{}", "\"".repeat(1_999));
        let told = payload(&title, &"\u{1f980}".repeat(4_000), Some(&link));
        assert_eq!((told["title"].as_str(), told.get("link")), (Some(&*title), None), "both do not fit");
        let link = format!("/{}", "x".repeat(1_999));
        let told = payload(&title, &"\t".repeat(4_000), Some(&link));
        assert_eq!(told["link"].as_str(), Some(&*link));
        assert!(told["text"].as_str().expect("a text").ends_with('…'));
    }
}
