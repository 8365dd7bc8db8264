//! Notices: what operators and programs tell everyone, a role or a person.
//!
//! Each audience has a topic of its own, `notices/all`, `notices/role/admin` or `notices/user/7`, and `access` decides by the topic who may
//! read it. So one rule holds for live connections of every transport, for what a resumed one is told, and for REST; and whoever loses a
//! role loses its topic with it. A topic that only says "look" would need no such rule, but every notice to one person would make each
//! open page ask.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Topic, role::Role};

/// The first segment of the topics of notices.
pub const NOTICES: &str = "notices";

/// The urgency of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// To be looked at soon.
    Warning,
    /// To be looked at now.
    Critical,
}

/// A text that is not a level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a level: it is info, warning or critical")]
pub struct BadNoticeLevel(pub String);

impl NoticeLevel {
    /// Every level, the least first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// The word that stands in addresses and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for NoticeLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for NoticeLevel {
    type Err = BadNoticeLevel;

    fn from_str(text: &str) -> Result<Self, BadNoticeLevel> {
        let found = Self::ALL.into_iter().find(|level| level.as_str() == text);
        found.ok_or_else(|| BadNoticeLevel(text.chars().take(40).collect()))
    }
}

/// The readers of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeAudience {
    /// Everyone who has an account.
    All,
    /// Accounts of this role, and of greater ones.
    Role(Role),
    /// One account, by its number; 0 is whoever uses a server without accounts.
    User(u64),
}

/// A text that is not an audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an audience: it is all, role:ROLE or user:NUMBER")]
pub struct BadNoticeAudience(pub String);

impl NoticeAudience {
    /// Returns the topic on which its readers are told.
    ///
    /// # Panics
    /// Never: each of them is a topic.
    #[must_use]
    pub fn topic(self) -> Topic {
        let text = match self {
            Self::All => format!("{NOTICES}/all"),
            Self::Role(role) => format!("{NOTICES}/role/{role}"),
            Self::User(user) => format!("{NOTICES}/user/{user}"),
        };
        text.parse().expect("words and digits are a topic")
    }

    /// Returns the audience of a topic of notices; none where it is no such topic.
    #[must_use]
    pub fn of_topic(topic: &Topic) -> Option<Self> {
        let rest = topic.as_str().strip_prefix(NOTICES)?.strip_prefix('/')?;
        match rest.split_once('/') {
            None => (rest == "all").then_some(Self::All),
            Some(("role", role)) => role.parse().ok().map(Self::Role),
            Some(("user", user)) => number(user).map(Self::User),
            Some(_) => None,
        }
    }
}

/// Reads a number as it is written: one number has one topic.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

impl fmt::Display for NoticeAudience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Role(role) => write!(f, "role:{role}"),
            Self::User(user) => write!(f, "user:{user}"),
        }
    }
}

impl FromStr for NoticeAudience {
    type Err = BadNoticeAudience;

    fn from_str(text: &str) -> Result<Self, BadNoticeAudience> {
        let read = match text.split_once(':') {
            None => (text == "all").then_some(Self::All),
            Some(("role", role)) => role.parse().ok().map(Self::Role),
            Some(("user", user)) => number(user).map(Self::User),
            Some(_) => None,
        };
        read.ok_or_else(|| BadNoticeAudience(text.chars().take(80).collect()))
    }
}

/// A publication on a topic of notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NoticeEvent {
    /// There is a new notice. Its text is asked for over REST.
    Notice {
        /// Its number. A newer notice has a greater one.
        id: u64,
        /// Its urgency.
        level: NoticeLevel,
        /// The line that it is shown by.
        title: String,
        /// The page of the board that it leads to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
        /// The moment at which it was sent, Unix milliseconds.
        at_ms: u64,
    },
    /// The reader has read some, on one device or another.
    Read(UnreadNotices),
}

/// The notices that a reader has not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnreadNotices {
    /// Their number.
    pub unread: u64,
    /// The newest notice that was there when they were counted, 0 for none: whoever counts on adds only those with a greater number.
    pub newest: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_said_as_it_is_read_and_has_a_topic_of_its_own() {
        let roles = Role::ALL.map(NoticeAudience::Role);
        let others = [NoticeAudience::All, NoticeAudience::User(0), NoticeAudience::User(17)];
        for audience in roles.into_iter().chain(others) {
            assert_eq!(audience.to_string().parse(), Ok(audience));
            assert_eq!(NoticeAudience::of_topic(&audience.topic()), Some(audience));
        }
        for text in
            ["", "All", "role:", "role:Admin", "user:", "user:07", "user:-1", "user:x", "team:1", "all:"]
        {
            assert!(text.parse::<NoticeAudience>().is_err(), "{text}");
        }
        for text in [
            "notices",
            "notices/none",
            "notices/role/root",
            "notices/user/07",
            "notices/user/1/2",
            "chat/all",
        ] {
            assert_eq!(NoticeAudience::of_topic(&text.parse().expect("a topic")), None, "{text}");
        }
    }

    #[test]
    fn levels_are_ordered_and_said_as_they_are_read() {
        assert!(NoticeLevel::Info < NoticeLevel::Warning && NoticeLevel::Warning < NoticeLevel::Critical);
        for level in NoticeLevel::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
            assert_eq!(serde_json::to_string(&level).expect("JSON"), format!("\"{level}\""));
        }
        assert!("urgent".parse::<NoticeLevel>().is_err());
    }

    #[test]
    fn an_event_says_which_it_is() {
        let read = NoticeEvent::Read(UnreadNotices { unread: 2, newest: 9 });
        assert_eq!(serde_json::to_string(&read).expect("JSON"), r#"{"type":"read","unread":2,"newest":9}"#);
        let text = r#"{"type":"notice","id":9,"level":"warning","title":"Disk","at_ms":5}"#;
        let read: NoticeEvent = serde_json::from_str(text).expect("an event");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
    }
}
