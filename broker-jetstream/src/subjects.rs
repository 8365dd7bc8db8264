//! Names at NATS: streams, and the subjects that topics become.

use common::Topic;

/// The names that one prefix makes.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// The prefix itself.
    pub(crate) prefix: String,
    /// The stream of `Log` topics.
    pub(crate) log: String,
    /// The stream of `Latest` topics.
    pub(crate) latest: String,
    /// The bucket of the log's own data.
    pub(crate) meta: String,
}

/// The meaning of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubjectKind {
    /// An entry of a `Log` topic.
    Entry,
    /// A note that a `Log` topic was removed up to there. It has a subject of its own, so that it is never the topic's newest entry.
    Removal,
    /// A value of a `Latest` topic.
    Value,
}

impl SubjectKind {
    const fn token(self) -> &'static str {
        match self {
            Self::Entry => "log",
            Self::Removal => "removed",
            Self::Value => "latest",
        }
    }
}

impl Names {
    pub(crate) fn new(prefix: &str) -> Self {
        let log = prefix.to_ascii_uppercase();
        Self { prefix: prefix.to_owned(), latest: format!("{log}_LATEST"), meta: format!("{log}_META"), log }
    }

    /// The subject of a topic. `/` becomes the `.` between tokens, and `.` becomes `=`, which no topic holds.
    pub(crate) fn subject(&self, kind: SubjectKind, topic: &Topic) -> String {
        let mut subject = format!("{}.{}.", self.prefix, kind.token());
        subject.extend(topic.as_str().chars().map(|character| match character {
            '/' => '.',
            '.' => '=',
            other => other,
        }));
        subject
    }

    /// The subjects of all topics.
    pub(crate) fn all(&self, kind: SubjectKind) -> String {
        format!("{}.{}.>", self.prefix, kind.token())
    }

    /// Reads a subject back; none where no topic has it.
    pub(crate) fn topic(&self, subject: &str) -> Option<(SubjectKind, Topic)> {
        let rest = subject.strip_prefix(self.prefix.as_str())?.strip_prefix('.')?;
        let (token, tail) = rest.split_once('.')?;
        let kind = [SubjectKind::Entry, SubjectKind::Removal, SubjectKind::Value]
            .into_iter()
            .find(|kind| kind.token() == token)?;
        if tail.contains('/') {
            return None;
        }
        let text: String = tail
            .chars()
            .map(|character| match character {
                '.' => '/',
                '=' => '.',
                other => other,
            })
            .collect();
        Some((kind, text.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_reads_back_from_its_subject() {
        let names = Names::new("board-2");
        for text in
            ["alerts", "chat/lobby", "host/web-1.example/metrics", "a/b/c/d", "a.b", ".", "./..", "_/-"]
        {
            let topic: Topic = text.parse().expect("a topic");
            for kind in [SubjectKind::Entry, SubjectKind::Removal, SubjectKind::Value] {
                let subject = names.subject(kind, &topic);
                assert_eq!(names.topic(&subject), Some((kind, topic.clone())), "{subject}");
                assert!(!subject.split('.').any(str::is_empty), "{subject} has an empty token");
            }
        }
    }

    #[test]
    fn other_subjects_are_no_topics() {
        let names = Names::new("board");
        for subject in [
            "",
            "board",
            "board.log",
            "board.log.",
            "board.log.A",
            "other.log.a",
            "board.x.a",
            "board.log.a/b",
        ] {
            assert_eq!(names.topic(subject), None, "{subject}");
        }
    }
}
