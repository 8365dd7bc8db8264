//! Which rooms there are.

use std::collections::{BTreeMap, HashSet};

use common::{
    Topic,
    chat::{Announcement, RoomId},
};
use fanout::Hub;
use tokio::time::Instant;
use transports::{
    gate::ClientKey,
    inbound::{MessageCarrier, MessageSource},
};

use super::{
    error::ChatError,
    limits::ROOMS,
    people::{Holder, People},
};

#[derive(Debug)]
pub(super) struct Rooms {
    all: BTreeMap<RoomId, Room>,
    per_address: usize,
}

#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) people: People,
    /// The client that sent to the room first; unknown for a room that came from the log.
    maker: Option<ClientKey>,
}

impl Rooms {
    /// Those that the log keeps something of, and the lobby.
    /// One address may make `per_address` rooms; 0 for no limit.
    pub(super) fn restored(hub: &Hub, per_address: usize) -> Self {
        let family = "chat/*".parse().expect("a pattern");
        let mut all = BTreeMap::from([(RoomId::lobby(), Room::default())]);
        for topic in hub.non_empty_topics(&family) {
            if let Some(id) = RoomId::of_chat(&topic) {
                all.insert(id, Room::default());
            }
        }
        Self { all, per_address }
    }

    /// Returns true if the room exists.
    pub(super) fn has(&self, id: &RoomId) -> bool {
        self.all.contains_key(id)
    }

    /// A room, made if there is none.
    pub(super) fn enter(&mut self, id: &RoomId, from: ClientKey) -> Result<&mut Room, ChatError> {
        if !self.has(id) {
            if self.all.len() >= ROOMS {
                return Err(ChatError::TooManyRooms);
            }
            let made = self.all.values().filter(|room| room.maker == Some(from)).count();
            if self.per_address > 0 && made >= self.per_address {
                return Err(ChatError::TooManyRoomsFromHere(self.per_address));
            }
        }
        Ok(self.all.entry(id.clone()).or_insert_with(|| Room { maker: Some(from), ..Room::default() }))
    }

    /// Notes that someone is in a room, or leaves it.
    pub(super) fn announce(
        &mut self,
        id: &RoomId,
        said: Announcement,
        from: &MessageSource,
        now: Instant,
        at_ms: u64,
    ) -> Result<(), ChatError> {
        let holder = Holder::of(from);
        if said.leaving {
            if let Some(room) = self.all.get_mut(id) {
                room.people.leave(&said.client, holder);
            }
            return Ok(());
        }
        let held = |room: &Room| room.people.is_held(&said.client, holder);
        if let MessageCarrier::Request { connections } = from.carrier
            && !self.all.values().any(held)
        {
            let address = holder.address();
            let people: HashSet<_> =
                self.all.values().flat_map(|room| room.people.of_address(address)).collect();
            if people.len() >= connections && !people.contains(&said.client) {
                return Err(ChatError::TooManyFromHere(connections));
            }
        }
        let comes = !self.all.get(id).is_some_and(held);
        let client = said.client.clone();
        self.enter(id, holder.address())?.people.apply(said, from, now, at_ms)?;
        if comes && matches!(from.carrier, MessageCarrier::Connection { .. }) {
            // A connection is one person: whoever it said it was before has left.
            for room in self.all.values_mut() {
                room.people.keep_only(&client, holder);
            }
        }
        Ok(())
    }

    /// A room of which the log has something, whether or not it was closed meanwhile.
    pub(super) fn reopen(&mut self, id: &RoomId) -> &mut Room {
        self.all.entry(id.clone()).or_default()
    }

    /// Counts the people in a room.
    #[cfg(test)]
    pub(super) fn people(&self, id: &RoomId) -> usize {
        self.all.get(id).map_or(0, |room| room.people.len())
    }

    /// Rooms that nobody is in and of which nothing is kept go, but for the lobby.
    pub(super) fn close_the_empty(&mut self, hub: &Hub) {
        self.all.retain(|id, room| {
            !room.people.is_empty() || *id == RoomId::lobby() || is_kept(hub, &id.chat_topic())
        });
    }

    /// Adds rooms that other nodes have made: the log keeps something of them, or someone is there.
    pub(super) fn add_those_of_others(&mut self, hub: &Hub) {
        let family = "chat/*".parse().expect("a pattern");
        let said = hub.non_empty_topics(&family);
        let present = hub.broker().presence().topics();
        let ids =
            said.iter().filter_map(RoomId::of_chat).chain(present.iter().filter_map(RoomId::of_presence));
        for id in ids {
            self.all.entry(id).or_default();
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&RoomId, &mut Room)> {
        self.all.iter_mut()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &RoomId> {
        self.all.keys()
    }
}

/// Reports that the log keeps something of a room.
pub(super) fn is_kept(hub: &Hub, chat: &Topic) -> bool {
    !hub.history(chat, None, 1).entries.is_empty()
}
