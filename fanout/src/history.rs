//! Looking back: a stretch of what is kept of one topic, for pages of it and for indexes over it.

use std::sync::Arc;

use common::{Cursor, Seq, Topic, TopicPattern};

use crate::{hub::Hub, publication::Publication};

/// A stretch of a topic, and where it lies.
#[derive(Debug, Clone)]
pub struct HistoryPage {
    /// Oldest first.
    pub entries: Vec<Arc<Publication>>,
    /// The log keeps more entries before these.
    pub earlier: bool,
    /// Every entry of the topic up to here is gone.
    pub trimmed_to: Seq,
    /// The position of the log's newest entry at the same moment: a reader who goes on from here misses nothing.
    pub head: Cursor,
}

impl Hub {
    /// The newest `limit` entries of a topic, or those next before a place. Empty where there is no such topic.
    #[must_use]
    pub fn history(&self, topic: &Topic, before: Option<Seq>, limit: usize) -> HistoryPage {
        self.with_log(|log| {
            let head = log.head();
            let Some(topic) = log.find(topic.as_str()) else {
                return HistoryPage { entries: Vec::new(), earlier: false, trimmed_to: Seq::START, head };
            };
            let end = before.map_or(topic.len(), |before| topic.first_after_number(before.previous()));
            let begin = end.saturating_sub(limit);
            let entries = (begin..end).filter_map(|index| topic.entry(index).cloned()).collect();
            HistoryPage { entries, earlier: begin > 0, trimmed_to: topic.evicted_number(), head }
        })
    }

    /// The topics of a family of which something is kept.
    #[must_use]
    pub fn non_empty_topics(&self, pattern: &TopicPattern) -> Vec<Topic> {
        self.with_log(|log| {
            let kept = log.topics().filter(|topic| !topic.is_empty());
            kept.map(|topic| &topic.state.name).filter(|name| pattern.matches(name)).cloned().collect()
        })
    }
}
