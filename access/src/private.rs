//! Topics that nobody reads without signing in, whatever the settings say.

use common::{Topic, TopicPattern, logs::LOGS, notice::NOTICES};

/// The first segment of the topics of hosts.
pub(crate) const HOSTS: &str = "host";

/// The first segments of topics that tell of people, and of what programs wrote: notices are for their readers, presence and pages say who
/// is here, and lines of logs may hold anything.
const PRIVATE: [&str; 4] = [NOTICES, "presence", "page", LOGS];

/// Why topics may not be shown to whoever has not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotForDisplay {
    /// The topics are for their readers, tell of people, or are lines of logs.
    #[error("{0} topics are never shown without signing in")]
    Private(&'static str),
    /// A star in the first place would show topics that nobody has thought of.
    #[error("the first part has to be a word, such as `host` in `host/*/metrics`: `*` would show everything")]
    Everything,
}

/// Checks that topics may be shown to whoever has not signed in.
///
/// # Errors
/// Why they may not.
pub fn check_display(topics: &TopicPattern) -> Result<(), NotForDisplay> {
    if topics.kind() == "*" {
        return Err(NotForDisplay::Everything);
    }
    match PRIVATE.into_iter().find(|private| *private == topics.kind()) {
        Some(private) => Err(NotForDisplay::Private(private)),
        None => Ok(()),
    }
}

/// Reports that a topic is never shown to whoever has not signed in.
pub(crate) fn is_private(topic: &Topic) -> bool {
    PRIVATE.contains(&topic.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_of_people_is_never_shown() {
        let check = |text: &str| check_display(&text.parse().expect("a family"));
        for shown in ["host/*/metrics", "host/*/*", "custom/*", "chat/lobby", "rooms", "alerts"] {
            assert_eq!(check(shown), Ok(()), "{shown}");
        }
        for (private, kind) in [
            ("notices/all", "notices"),
            ("notices/*/*", "notices"),
            ("presence/*", "presence"),
            ("page/*", "page"),
            ("logs/*/*", "logs"),
        ] {
            assert_eq!(check(private), Err(NotForDisplay::Private(kind)), "{private}");
        }
        for all in ["*", "*/*", "*/local/metrics"] {
            assert_eq!(check(all), Err(NotForDisplay::Everything), "{all}");
        }
    }
}
