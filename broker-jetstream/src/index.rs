//! The index: which entries of which topic this node has read from the stream and takes to be there still.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
};

use broker::IdempotencyKey;
use common::{Seq, Topic};

use crate::message::Decoded;

/// The index of all `Log` topics. It costs about 50 bytes an entry.
#[derive(Debug)]
pub(crate) struct LogIndex {
    topics: HashMap<Topic, TopicIndex>,
    hasher: RandomState,
    /// The number that comes next, if none is missing.
    next: u64,
    /// The greatest number that the stream did not have.
    hole: u64,
    /// Doubts wait for [`Self::settle_doubts`].
    puts_off: bool,
}

/// The entries of one topic.
#[derive(Debug, Default)]
pub(crate) struct TopicIndex {
    /// Oldest first.
    pub(crate) entries: VecDeque<IndexedEntry>,
    keys: HashMap<u64, u64>,
    /// Everything up to here is gone.
    pub(crate) trimmed_to: u64,
    /// The newest entry that was read, kept or not.
    last: u64,
    pub(crate) bytes: usize,
    /// Everything up to here was removed at NATS, too.
    pub(crate) purged_to: u64,
    /// Numbers up to here are missing, and some may have been entries of this topic that were before its first one.
    doubt: u64,
    /// This node published the newest entry.
    pub(crate) newest_is_own: bool,
}

/// An entry of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexedEntry {
    pub(crate) seq: u64,
    pub(crate) size: usize,
    pub(crate) unix_millis: u64,
    key: Option<u64>,
}

impl Default for LogIndex {
    fn default() -> Self {
        Self { topics: HashMap::new(), hasher: RandomState::new(), next: 1, hole: 0, puts_off: false }
    }
}

impl LogIndex {
    /// Takes note of a number that the stream has; those before it that were not read are holes.
    pub(crate) fn pass(&mut self, seq: u64) {
        if seq > self.next {
            self.hole = seq - 1;
        }
        self.next = self.next.max(seq + 1);
    }

    /// Takes note that the stream has nothing more up to a number.
    pub(crate) fn pass_end(&mut self, last: u64) {
        self.pass(last + 1);
        self.next = self.next.min(last + 1);
    }

    /// The newest number that was read or found missing.
    pub(crate) fn read_through(&self) -> Seq {
        Seq(self.next - 1)
    }

    /// The greatest number that the stream did not have.
    pub(crate) fn hole(&self) -> Seq {
        Seq(self.hole)
    }

    /// The newest entry of a topic that was read.
    pub(crate) fn newest(&self, topic: &Topic) -> Seq {
        self.topics.get(topic).map_or(Seq::START, |topic| Seq(topic.last))
    }

    /// Takes an entry in, whose number was passed already. Returns the end of what its topic has lost, if that was not known.
    ///
    /// A publisher says which entry of the topic was the newest that it had read (`previous`), and how far it had read (`known`).
    /// Between `known` and the entry there may be more of the topic's entries: where numbers are missing there, those may have been some.
    /// While doubts are put off, that is so only where the topic is seen to have lost others.
    pub(crate) fn take(&mut self, seq: u64, entry: &Decoded, size: usize, unix_millis: u64) -> Option<Seq> {
        let hole = self.hole;
        let key = entry.key.as_ref().map(|key| self.hasher.hash_one(key.as_str()));
        let topic = self.topics.entry(entry.topic.clone()).or_default();
        let seen = topic.last.max(topic.trimmed_to);
        let is_doubtful = hole > entry.known.0.max(seen);
        let waits = is_doubtful && self.puts_off && entry.previous.0 <= seen;
        // The oldest go first: an entry that was read before the hole says that nothing behind it went.
        if waits && topic.entries.is_empty() {
            topic.doubt = hole;
        }
        let lost = if is_doubtful && !waits { hole } else { entry.previous.0 };
        let evicted = (lost > seen).then(|| {
            topic.trim(lost);
            topic.purged_to = topic.purged_to.max(lost);
            Seq(lost)
        });
        if let Some(key) = key {
            topic.keys.insert(key, seq);
        }
        topic.entries.push_back(IndexedEntry { seq, size, unix_millis, key });
        topic.bytes += size;
        topic.last = seq;
        evicted
    }

    /// Puts doubts off until a stream is read to its end: then it can be said of each topic whether it may have lost entries at all.
    pub(crate) fn put_off_doubts(&mut self) {
        self.puts_off = true;
    }

    /// Decides what was put off, by what a topic says that is read to its end. Returns the topics that count as having lost entries, and up
    /// to where.
    pub(crate) fn settle_doubts(
        &mut self,
        may_have_lost: impl Fn(&Topic, &TopicIndex) -> bool,
    ) -> Vec<(Topic, Seq)> {
        self.puts_off = false;
        let mut lost = Vec::new();
        for (name, topic) in &mut self.topics {
            let doubt = std::mem::take(&mut topic.doubt);
            if doubt > topic.trimmed_to && may_have_lost(name, topic) {
                topic.trim(doubt);
                topic.purged_to = topic.purged_to.max(doubt);
                lost.push((name.clone(), Seq(doubt)));
            }
        }
        lost
    }

    /// Takes note that everything of a topic up to a number is gone.
    pub(crate) fn trim(&mut self, topic: &Topic, through: u64) {
        self.topics.entry(topic.clone()).or_default().trim(through);
    }

    /// Takes note that everything up to a number is gone; returns the topics that it tells this of.
    pub(crate) fn trim_all(&mut self, through: u64) -> Vec<Topic> {
        self.topics.values_mut().for_each(|topic| {
            topic.trim(through);
            topic.purged_to = topic.purged_to.max(through);
        });
        self.topics.keys().cloned().collect()
    }

    /// Takes note that everything of a topic up to a number was removed at NATS.
    pub(crate) fn note_purged(&mut self, topic: &Topic, through: u64) {
        if let Some(topic) = self.topics.get_mut(topic) {
            topic.purged_to = topic.purged_to.max(through);
        }
    }

    /// Takes note of who published a topic's newest entry.
    pub(crate) fn note_owner(&mut self, topic: &Topic, is_own: bool) {
        if let Some(topic) = self.topics.get_mut(topic) {
            topic.newest_is_own = is_own;
        }
    }

    /// The entries of a topic.
    pub(crate) fn topic(&self, topic: &Topic) -> Option<&TopicIndex> {
        self.topics.get(topic)
    }

    pub(crate) fn topics(&self) -> impl Iterator<Item = (&Topic, &TopicIndex)> {
        self.topics.iter()
    }

    /// Finds the entry with a key. Two keys may have one hash: the entry has to be looked at.
    pub(crate) fn find(&self, topic: &Topic, key: &IdempotencyKey) -> Option<u64> {
        self.topics.get(topic)?.keys.get(&self.hasher.hash_one(key.as_str())).copied()
    }
}

impl TopicIndex {
    fn trim(&mut self, through: u64) {
        while let Some(entry) = self.entries.front().copied()
            && entry.seq <= through
        {
            self.entries.pop_front();
            self.bytes -= entry.size;
            if let Some(key) = entry.key
                && self.keys.get(&key) == Some(&entry.seq)
            {
                self.keys.remove(&key);
            }
        }
        self.trimmed_to = self.trimmed_to.max(through);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subjects::SubjectKind;

    fn entry(topic: &str, previous: u64, known: u64) -> Decoded {
        Decoded {
            topic: topic.parse().expect("a topic"),
            kind: SubjectKind::Entry,
            origin: "n-1".to_owned(),
            key: None,
            previous: Seq(previous),
            known: Seq(known),
        }
    }

    fn read(index: &mut LogIndex, seq: u64, entry: &Decoded) -> Option<Seq> {
        index.pass(seq);
        index.take(seq, entry, 1, 0)
    }

    #[test]
    fn a_topic_without_losses_has_none() {
        let mut index = LogIndex::default();
        assert_eq!(read(&mut index, 1, &entry("a", 0, 0)), None);
        assert_eq!(read(&mut index, 2, &entry("b", 0, 0)), None, "the publisher had not read the first");
        assert_eq!(read(&mut index, 3, &entry("a", 1, 2)), None);
    }

    #[test]
    fn what_the_oldest_entry_followed_is_gone() {
        let mut index = LogIndex::default();
        assert_eq!(read(&mut index, 50, &entry("a", 30, 49)), Some(Seq(30)), "known to the publisher");
        assert_eq!(read(&mut index, 51, &entry("b", 0, 49)), None, "nothing was there that could be gone");
        assert_eq!(
            read(&mut index, 60, &entry("c", 0, 51)),
            Some(Seq(59)),
            "52 to 59 may have been its entries"
        );
    }

    #[test]
    fn a_reader_that_comes_late_learns_what_went_meanwhile() {
        let mut index = LogIndex::default();
        assert_eq!(read(&mut index, 1, &entry("a", 0, 0)), None);
        assert_eq!(read(&mut index, 2, &entry("b", 0, 1)), None);
        assert_eq!(read(&mut index, 9, &entry("a", 7, 8)), Some(Seq(7)));
        assert_eq!(read(&mut index, 10, &entry("b", 2, 9)), None);
        assert_eq!(index.topic(&"a".parse().expect("a topic")).expect("it is there").entries.len(), 1);
    }

    #[test]
    fn a_first_read_settles_by_each_topic_whether_the_missing_were_its_own() {
        let mut index = LogIndex::default();
        index.put_off_doubts();
        assert_eq!(read(&mut index, 3, &entry("first", 0, 0)), None, "1 and 2 may have been its entries");
        assert_eq!(
            read(&mut index, 6, &entry("first", 3, 3)),
            None,
            "the third is there, so none behind it went"
        );
        assert_eq!(read(&mut index, 7, &entry("other", 0, 3)), None);
        assert_eq!(read(&mut index, 12, &entry("lost", 4, 6)), Some(Seq(11)), "it has lost the fourth");
        let mut asked = Vec::new();
        let asks = std::cell::RefCell::new(&mut asked);
        let mut lost = index.settle_doubts(|topic, entries| {
            asks.borrow_mut().push((topic.to_string(), entries.entries.len()));
            topic.as_str() == "other"
        });
        lost.sort();
        asked.sort();
        assert_eq!(asked, [("first".to_owned(), 2), ("other".to_owned(), 1)]);
        assert_eq!(lost, [("other".parse().expect("a topic"), Seq(5))]);
        assert_eq!(
            read(&mut index, 20, &entry("late", 0, 12)),
            Some(Seq(19)),
            "from now on doubts count at once"
        );
    }

    #[test]
    fn the_end_of_what_is_read_may_be_missing_numbers() {
        let mut index = LogIndex::default();
        read(&mut index, 1, &entry("a", 0, 0));
        index.pass_end(1);
        assert_eq!((index.read_through(), index.hole()), (Seq(1), Seq(0)));
        index.pass_end(5);
        assert_eq!((index.read_through(), index.hole()), (Seq(5), Seq(5)));
        assert_eq!(read(&mut index, 6, &entry("a", 1, 5)), None);
    }
}
