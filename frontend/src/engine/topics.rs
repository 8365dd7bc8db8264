//! Which topics the page wants, which of them the line carries, and what was seen of each.

use common::{Cursor, Topic, frame::Event};
use transports::browser::SubscribeRequest;

/// A page has a handful of topics: a list is smaller and quicker than any map.
#[derive(Debug, Default)]
pub(super) struct Topics {
    known: Vec<TopicState>,
    pub(super) cursor: Option<Cursor>,
}

#[derive(Debug)]
struct TopicState {
    topic: Topic,
    /// The intervals at which the watchers expect events; a topic that is carried for a watcher that has left has
    /// none.
    watchers: Vec<Option<u32>>,
    /// The number of other tabs that follow the topic over this tab's connection.
    followers: u32,
    /// Says if the connection carries the topic.
    carried: Carried,
    /// Not told up to the cursor yet: it asks for a snapshot.
    unseen: bool,
    /// Asked for on an open line that has not said yet that it carries it: what the line tells till then, it tells without it.
    coming: bool,
    last: Option<Cursor>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Carried {
    No,
    Yes,
    /// For someone who has left, and now there is someone new: to be asked for again.
    ForAnother,
}

/// The changes of the connection's topics.
pub(super) struct Change {
    pub(super) added: Vec<Topic>,
    pub(super) removed: Vec<Topic>,
}

impl TopicState {
    fn is_wanted(&self) -> bool {
        self.is_watched() || self.followers > 0
    }

    /// By this page.
    fn is_watched(&self) -> bool {
        !self.watchers.is_empty()
    }

    /// To be asked for with what the log has of it.
    fn ask_anew(&mut self) {
        self.unseen = true;
        if self.carried == Carried::Yes {
            self.carried = Carried::ForAnother;
        }
    }
}

impl Topics {
    pub(super) fn want(&mut self, topic: Topic, cadence_ms: Option<u32>) {
        let known = self.know(&topic);
        if !known.is_watched() {
            known.ask_anew();
            known.last = None;
        }
        known.watchers.push(cadence_ms);
    }

    /// Another tab follows these by this one's line. Whether the line has to be asked for them from the other's place: it has
    /// passed it, or does not carry all of them.
    pub(super) fn take_in(&mut self, ask: &SubscribeRequest) -> bool {
        let mut lacks_some = false;
        for topic in &ask.topics {
            let known = self.know(topic);
            known.followers += 1;
            if ask.since.is_none() || ask.snapshot.contains(topic) {
                known.ask_anew();
            } else {
                lacks_some |= known.carried != Carried::Yes || known.coming;
                // Not asked for with what the log has of it: from the place of the one who has seen it up to there.
                known.unseen &= known.carried == Carried::Yes;
            }
        }
        ask.since.is_some_and(|since| {
            let is_behind = self.cursor.is_none_or(|own| !since.covers(own));
            if is_behind {
                self.cursor = Some(self.cursor.map_or(since, |own| own.retreat(since)));
            }
            is_behind || lacks_some
        })
    }

    /// It does no longer.
    pub(super) fn let_go(&mut self, topics: &[Topic]) {
        for known in self.known.iter_mut().filter(|known| topics.contains(&known.topic)) {
            known.followers = known.followers.saturating_sub(1);
        }
        self.forget_the_unwanted();
    }

    /// Returns true if other tabs follow topics over this tab's connection.
    pub(super) fn has_followers(&self) -> bool {
        self.known.iter().any(|known| known.followers > 0)
    }

    /// Returns true if the connection carries all of these topics, and the server has confirmed it.
    pub(super) fn carries(&self, topics: &[Topic]) -> bool {
        let carried = |known: &TopicState| known.carried == Carried::Yes && !known.coming;
        topics.iter().all(|topic| self.known.iter().any(|known| known.topic == *topic && carried(known)))
    }

    fn know(&mut self, topic: &Topic) -> &mut TopicState {
        let at = self.known.iter().position(|known| known.topic == *topic).unwrap_or_else(|| {
            self.known.push(TopicState {
                topic: topic.clone(),
                watchers: Vec::new(),
                followers: 0,
                carried: Carried::No,
                unseen: true,
                coming: false,
                last: None,
            });
            self.known.len() - 1
        });
        &mut self.known[at]
    }

    pub(super) fn unwant(&mut self, topic: &Topic, cadence_ms: Option<u32>) {
        let Some(known) = self.known.iter_mut().find(|known| known.topic == *topic) else { return };
        if let Some(one) = known.watchers.iter().position(|&cadence| cadence == cadence_ms) {
            known.watchers.swap_remove(one);
        }
        self.forget_the_unwanted();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.wanted().next().is_none()
    }

    pub(super) fn wants(&self, topic: &Topic) -> bool {
        self.known.iter().any(|known| known.is_watched() && known.topic == *topic)
    }

    /// Returns the interval of the busiest topic that the connection carries.
    pub(super) fn cadence_ms(&self) -> Option<f64> {
        let carried = self.wanted().filter(|known| known.carried == Carried::Yes);
        carried.flat_map(|known| known.watchers.iter().flatten()).min().map(|&ms| f64::from(ms))
    }

    /// Returns the request for a new connection, which then carries its topics.
    pub(super) fn ask(&mut self) -> SubscribeRequest {
        // Without a cursor, too: a Log topic would else begin with what comes next.
        let unseen = |known: &&TopicState| known.unseen;
        let snapshot = self.wanted().filter(unseen).map(|known| known.topic.clone()).collect();
        let topics = self.wanted().map(|known| known.topic.clone()).collect();
        self.carry_the_wanted();
        self.known.iter_mut().for_each(|known| known.coming = false);
        SubscribeRequest { topics, since: self.cursor, snapshot, client: None }
    }

    /// Returns the request for a connection that is only tried: every transport answers it at once.
    pub(super) fn present(&self) -> SubscribeRequest {
        let topics = self.wanted().map(|known| known.topic.clone()).collect();
        SubscribeRequest { topics, ..SubscribeRequest::default() }
    }

    /// Returns the changes for an open connection, which then carries them.
    pub(super) fn change(&mut self) -> Option<Change> {
        let names = |all: &[TopicState], pick: fn(&TopicState) -> bool| -> Vec<Topic> {
            all.iter().filter(|known| pick(known)).map(|known| known.topic.clone()).collect()
        };
        let added = names(&self.known, |known| known.is_wanted() && known.carried != Carried::Yes);
        let removed = names(&self.known, |known| match known.carried {
            Carried::No => false,
            Carried::Yes => !known.is_wanted(),
            Carried::ForAnother => true,
        });
        self.carry_the_wanted();
        for known in self.known.iter_mut().filter(|known| added.contains(&known.topic)) {
            known.coming = true;
        }
        (!added.is_empty() || !removed.is_empty()).then_some(Change { added, removed })
    }

    /// The line carries these from now on.
    pub(super) fn came(&mut self, topics: &[Topic]) {
        for known in self.known.iter_mut().filter(|known| topics.contains(&known.topic)) {
            known.coming = false;
        }
    }

    /// The line is told up to `cursor`, with all that it carries.
    pub(super) fn placed(&mut self, cursor: Cursor) {
        self.cursor = Some(self.cursor.map_or(cursor, |known| known.advance(cursor)));
        for known in self.known.iter_mut().filter(|known| !known.coming) {
            known.unseen = false;
        }
    }

    /// Returns true if an event is new to the page, and marks it as seen.
    pub(super) fn see(&mut self, event: &Event) -> bool {
        let found = self.known.iter_mut().find(|known| known.topic == event.topic);
        let Some(known) = found.filter(|known| known.is_watched()) else { return false };
        if known.last.is_some_and(|last| last.covers(event.cursor)) {
            return false;
        }
        known.last = Some(event.cursor);
        // A snapshot's entries are older than the place of the rest: they do not move it.
        if !known.unseen || self.cursor.is_none_or(|place| place.epoch != event.cursor.epoch) {
            self.cursor = Some(self.cursor.map_or(event.cursor, |place| place.advance(event.cursor)));
        }
        true
    }

    fn wanted(&self) -> impl Iterator<Item = &TopicState> {
        self.known.iter().filter(|known| known.is_wanted())
    }

    fn carry_the_wanted(&mut self) {
        for known in &mut self.known {
            known.carried = if known.is_wanted() { Carried::Yes } else { Carried::No };
        }
        self.forget_the_unwanted();
    }

    fn forget_the_unwanted(&mut self) {
        self.known.retain(|known| known.is_wanted() || known.carried != Carried::No);
    }
}
