//! The people who are present in a room. It is told the time; so its tests need no waiting.

use std::{any::Any, collections::HashMap, sync::Weak, time::Duration};

use common::{
    MessageId,
    chat::{Announcement, SenderId},
};
use tokio::time::Instant;
use transports::{
    gate::ClientKey,
    inbound::{MessageCarrier, MessageSource},
};

use super::{
    error::ChatError,
    limits::PEOPLE,
    members::{RoomMember, ToldMember},
    sender,
};

/// A person who sends no announcement for this long has left: twice the 20 s at which programs announce themselves,
/// and a little.
const LAPSE: Duration = Duration::from_secs(45);
/// A person is there through at most this many connections: the one that has not been heard of for longest makes room.
const HOLDS: usize = 16;
/// A person who does not repeat that they are typing for this long has stopped.
const TYPING: Duration = Duration::from_secs(6);

#[derive(Debug)]
pub(super) struct People {
    here: HashMap<MessageId, PresentPerson>,
    /// The number of people who ever came.
    arrivals: u64,
    /// Something changed since it was last told.
    news: bool,
}

/// The thing that a person's presence hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    /// The live connection of this number, which is one person; or none: requests of their own, which hang on the live connections that their
    /// address has.
    connection: Option<u64>,
    address: ClientKey,
}

/// A holder, and the time until which it counts unless it is heard of again.
#[derive(Debug)]
struct Hold {
    by: Holder,
    /// Dead once the connection has ended.
    open: Option<Weak<dyn Any + Send + Sync>>,
    until: Instant,
}

#[derive(Debug)]
struct PresentPerson {
    sender: SenderId,
    /// A person who is there through several tabs leaves with the last of them.
    holds: Vec<Hold>,
    name: String,
    /// When they came, milliseconds since 1970, and the how many-th they were.
    arrived: (u64, u64),
    /// Until when they count as typing, if they are.
    typing: Option<Instant>,
}

impl Holder {
    pub(super) fn of(from: &MessageSource) -> Self {
        let connection = match from.carrier {
            MessageCarrier::Connection { id, .. } => Some(id),
            MessageCarrier::Request { .. } => None,
        };
        Self { connection, address: from.address.into() }
    }

    pub(super) fn address(self) -> ClientKey {
        self.address
    }
}

impl Hold {
    fn has_ended(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.strong_count() == 0)
    }
}

impl PresentPerson {
    /// A page posts until its line is up, and then says the same on the line: the connection takes over what requests of its address held.
    fn hold(&mut self, from: &MessageSource, until: Instant) {
        let by = Holder::of(from);
        let requests = Holder { connection: None, ..by };
        self.holds.retain(|hold| hold.by != by && hold.by != requests);
        if self.holds.len() >= HOLDS {
            self.holds.remove(0);
        }
        let open = match &from.carrier {
            MessageCarrier::Connection { open, .. } => Some(open.clone()),
            MessageCarrier::Request { .. } => None,
        };
        self.holds.push(Hold { by, open, until });
    }
}

/// A new room has something to tell: that nobody is there.
impl Default for People {
    fn default() -> Self {
        Self { here: HashMap::new(), arrivals: 0, news: true }
    }
}

impl People {
    /// Notes that someone is there.
    pub(super) fn apply(
        &mut self,
        said: Announcement,
        from: &MessageSource,
        now: Instant,
        at_ms: u64,
    ) -> Result<(), ChatError> {
        let Announcement { client, name, typing, leaving: _ } = said;
        if self.here.len() >= PEOPLE && !self.here.contains_key(&client) {
            return Err(ChatError::TooManyPeople);
        }
        let arrivals = &mut self.arrivals;
        let sender = sender::of(&client);
        let here = self.here.entry(client).or_insert_with(|| {
            self.news = true;
            *arrivals += 1;
            PresentPerson {
                sender,
                holds: Vec::new(),
                name: String::new(),
                arrived: (at_ms, *arrivals),
                typing: None,
            }
        });
        self.news |= here.name != name.as_str() || here.typing.is_some() != typing;
        name.as_str().clone_into(&mut here.name);
        here.typing = typing.then(|| now + TYPING);
        here.hold(from, now + LAPSE);
        Ok(())
    }

    /// Ends a person's presence as far as this holder goes. A request does not say for which of its address's connections it speaks, so it ends the
    /// presence; who is still there through another says so again.
    pub(super) fn leave(&mut self, client: &MessageId, by: Holder) {
        let ends = |hold: &Hold| by.connection.is_none() || hold.by == by || hold.has_ended();
        self.let_go(|name, hold| name == client && ends(hold));
    }

    /// Ends what this connection holds of anyone else.
    pub(super) fn keep_only(&mut self, client: &MessageId, by: Holder) {
        self.let_go(|name, hold| name != client && hold.by == by);
    }

    /// Ends holds; a person who has none left leaves.
    fn let_go(&mut self, ends: impl Fn(&MessageId, &Hold) -> bool) {
        let news = &mut self.news;
        self.here.retain(|name, here| {
            here.holds.retain(|hold| !ends(name, hold));
            *news |= here.holds.is_empty();
            !here.holds.is_empty()
        });
    }

    /// Removes the people whose announcements have expired.
    pub(super) fn expire(&mut self, now: Instant) {
        for here in self.here.values_mut() {
            if here.typing.is_some_and(|until| until <= now) {
                here.typing = None;
                self.news = true;
            }
        }
        self.let_go(|_, hold| hold.until <= now);
        if self.here.is_empty() {
            self.here.shrink_to_fit();
        }
    }

    /// When something lapses next.
    pub(super) fn due(&self) -> Option<Instant> {
        let holds = |here: &PresentPerson| here.holds.iter().map(|hold| hold.until).min();
        self.here.values().flat_map(|here| holds(here).into_iter().chain(here.typing)).min()
    }

    /// Returns the people who are there, if they differ from those that were returned last.
    pub(super) fn news(&mut self) -> Option<Vec<RoomMember>> {
        if !std::mem::take(&mut self.news) {
            return None;
        }
        let member = |here: &PresentPerson| RoomMember {
            sender: here.sender,
            told: ToldMember {
                name: here.name.clone(),
                typing: here.typing.is_some(),
                arrived: here.arrived,
            },
        };
        Some(self.here.values().map(member).collect())
    }

    /// Says whether the person of this program is there through this holder.
    pub(super) fn is_held(&self, client: &MessageId, by: Holder) -> bool {
        self.here.get(client).is_some_and(|here| here.holds.iter().any(|hold| hold.by == by))
    }

    /// Lists the people who are there through an address.
    pub(super) fn of_address(&self, address: ClientKey) -> impl Iterator<Item = &MessageId> {
        let is_of = move |here: &PresentPerson| here.holds.iter().any(|hold| hold.by.address == address);
        self.here.iter().filter(move |(_, here)| is_of(here)).map(|(client, _)| client)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.here.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.here.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use common::chat::{Person, Presence};

    use super::*;
    use crate::chat::members::presence;

    /// A client that sends requests of its own.
    fn here() -> MessageSource {
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        MessageSource {
            address,
            principal: Arc::new(access::Principal::open_house()),
            carrier: MessageCarrier::Request { connections: 1 },
        }
    }

    fn on(id: u64, connection: &Arc<dyn Any + Send + Sync>) -> MessageSource {
        let open = Arc::downgrade(connection);
        MessageSource { carrier: MessageCarrier::Connection { id, open }, ..here() }
    }

    fn said(client: usize, name: &str, typing: bool) -> Announcement {
        let client = format!("client-{client}").parse().expect("an id");
        Announcement { client, name: name.parse().expect("a name"), typing, leaving: false }
    }

    fn names(presence: Option<Presence>) -> Option<Vec<String>> {
        let mark =
            |person: &Person| if person.typing { format!("{}…", person.name) } else { person.name.clone() };
        presence.map(|presence| presence.people.iter().map(mark).collect())
    }

    #[test]
    fn only_changes_are_told_and_who_types_comes_first() {
        let (mut people, now) = (People::default(), Instant::now());
        assert_eq!(names(people.news().map(presence)), Some(vec![]));
        for (client, typing) in [(1, false), (2, false), (1, false), (2, true)] {
            people.apply(said(client, ["Kim", "Lee"][client - 1], typing), &here(), now, 0).expect("taken");
        }
        assert_eq!(names(people.news().map(presence)), Some(vec!["Lee…".into(), "Kim".into()]));
        people.apply(said(2, "Lee", true), &here(), now, 0).expect("taken");
        assert_eq!(people.news(), None);
        for client in [2, 3] {
            people.leave(&said(client, "Lee", false).client, Holder::of(&here()));
        }
        assert_eq!(names(people.news().map(presence)), Some(vec!["Kim".into()]));
    }

    #[test]
    fn who_is_there_through_two_connections_leaves_with_the_last() {
        let (mut people, now) = (People::default(), Instant::now());
        let connections: [Arc<dyn Any + Send + Sync>; 3] = [Arc::new(()), Arc::new(()), Arc::new(())];
        let sources = [on(1, &connections[0]), on(2, &connections[1]), on(3, &connections[2])];
        let kim = said(1, "Kim", false).client;
        // Posted before there was a line: the line takes it over.
        for from in [&here(), &sources[0], &sources[1]] {
            people.apply(said(1, "Kim", false), from, now, 0).expect("taken");
        }
        people.leave(&kim, Holder::of(&sources[0]));
        assert_eq!(people.len(), 1);
        people.leave(&kim, Holder::of(&sources[1]));
        assert_eq!(people.len(), 0);
        // A connection that has ended holds nobody who leaves on the one that took its place.
        for from in &sources[..2] {
            people.apply(said(1, "Kim", false), from, now, 0).expect("taken");
        }
        let [first, _second, _third] = connections;
        drop(first);
        people.leave(&kim, Holder::of(&sources[1]));
        assert_eq!(people.len(), 0);
        // And it may have gone over to a one-way line meanwhile.
        people.apply(said(1, "Kim", false), &sources[2], now, 0).expect("taken");
        people.leave(&kim, Holder::of(&here()));
        assert_eq!(people.len(), 0);
    }

    #[test]
    fn who_is_not_heard_of_stops_typing_and_then_leaves() {
        let (mut people, start) = (People::default(), Instant::now());
        people.apply(said(1, "Kim", true), &here(), start, 0).expect("taken");
        people.news();
        assert_eq!(people.due(), Some(start + TYPING));
        people.expire(start + TYPING);
        assert_eq!(names(people.news().map(presence)), Some(vec!["Kim".into()]));
        people.expire(start + LAPSE - Duration::from_millis(1));
        assert_eq!((people.len(), people.due()), (1, Some(start + LAPSE)));
        people.expire(start + LAPSE);
        assert_eq!((names(people.news().map(presence)), people.due()), (Some(vec![]), None));
    }

    #[test]
    fn a_room_has_a_bound_and_names_some_of_a_crowd() {
        let (mut people, now) = (People::default(), Instant::now());
        for client in 0..PEOPLE {
            people.apply(said(client, &format!("P{client}"), client == 999), &here(), now, 0).expect("taken");
        }
        assert!(matches!(
            people.apply(said(PEOPLE, "late", false), &here(), now, 0),
            Err(ChatError::TooManyPeople)
        ));
        people.apply(said(5, "P5", true), &here(), now, 0).expect("who is there may speak");
        let presence = presence(people.news().expect("news"));
        assert_eq!((presence.count, presence.people.len()), (PEOPLE, 50));
        assert_eq!(names(Some(presence)).expect("names")[..3], ["P5…", "P999…", "P0"]);
    }
}
