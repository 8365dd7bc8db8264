//! The scopes of an API token: what a program may do with it, of what its owner may.

use std::{fmt, str::FromStr};

use common::{Topic, TopicPattern};

/// One right of a token: `read:PATTERN`, `publish:PATTERN`, `send:PATTERN`, `connections`, `notices` or `agent`. A pattern is a family of topics, as
/// `custom/*`, or `*` for every topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Follow these topics and read their history; with `*` the figures of hosts and of the server, too.
    Read(ScopeTopics),
    /// Publish to these topics.
    Publish(ScopeTopics),
    /// Send messages to these topics.
    Send(ScopeTopics),
    /// List, follow and end connections.
    Connections,
    /// Send notices, and see who has read them.
    Notices,
    /// Report a host's numbers.
    Agent,
}

/// The topics of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeTopics {
    /// Every topic.
    All,
    /// Those of a family.
    Family(TopicPattern, Box<str>),
}

/// A text that is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a scope: it is read:TOPICS, publish:TOPICS, send:TOPICS, connections, notices or agent, and TOPICS is * or a family such as custom/*"
)]
pub struct BadScope(pub String);

impl ScopeTopics {
    /// Reports that the scope reaches the topic.
    #[must_use]
    pub fn contain(&self, topic: &Topic) -> bool {
        match self {
            Self::All => true,
            Self::Family(pattern, _) => pattern.matches(topic),
        }
    }
}

impl FromStr for Scope {
    type Err = BadScope;

    fn from_str(text: &str) -> Result<Self, BadScope> {
        let bad = || BadScope(text.chars().take(100).collect());
        let Some((verb, topics)) = text.split_once(':') else {
            return match text {
                "connections" => Ok(Self::Connections),
                "notices" => Ok(Self::Notices),
                "agent" => Ok(Self::Agent),
                _ => Err(bad()),
            };
        };
        let topics = match topics {
            "*" => ScopeTopics::All,
            family => ScopeTopics::Family(family.parse().map_err(|_| bad())?, family.into()),
        };
        match verb {
            "read" => Ok(Self::Read(topics)),
            "publish" => Ok(Self::Publish(topics)),
            "send" => Ok(Self::Send(topics)),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for ScopeTopics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Family(_, text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(topics) => write!(f, "read:{topics}"),
            Self::Publish(topics) => write!(f, "publish:{topics}"),
            Self::Send(topics) => write!(f, "send:{topics}"),
            Self::Connections => f.write_str("connections"),
            Self::Notices => f.write_str("notices"),
            Self::Agent => f.write_str("agent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_said_as_they_are_read() {
        for text in [
            "read:*",
            "publish:custom/*",
            "send:chat/lobby",
            "connections",
            "notices",
            "agent",
            "read:host/*/metrics",
        ] {
            assert_eq!(text.parse::<Scope>().map(|scope| scope.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "read", "read:", "write:*", "read:A", "publish:custom/", "agent:*", "read:a,b", "*"]
        {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_family_reaches_its_topics_and_no_others() {
        let Ok(Scope::Publish(topics)) = "publish:custom/*".parse() else { panic!("a scope") };
        let reaches = |topic: &str| topics.contain(&topic.parse().expect("a topic"));
        assert!(reaches("custom/a"));
        assert!(!reaches("custom") && !reaches("custom/a/b") && !reaches("chat/a"));
    }
}
