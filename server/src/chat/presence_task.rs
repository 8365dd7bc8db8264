//! The presence task: it tells who came and left, and closes rooms that are empty.
//!
//! Each node tells the others who is there through it. One of them, the first by its name, tells everyone's pages what that makes together.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    future::pending,
    time::Duration,
};

use broker::Member;
use common::{
    Topic,
    chat::{Presence, RoomId, RoomInfo, SenderId},
};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::{
    Chat, ChatInner,
    members::{RoomMember, presence},
};

/// From one round to the next at least: a room's presence is told up to four times a second, however much it changes.
const PACE: Duration = Duration::from_millis(250);
/// A node among several looks this often whether it is its turn to tell.
const TURN: Duration = Duration::from_secs(5);
/// A node's word on its people holds for so long at others. It says itself when someone leaves, and others notice when it is gone.
const HOLDS: Duration = Duration::from_secs(86_400);
/// It is told again after half of it.
const TELL_AGAIN: Duration = Duration::from_secs(43_200);

/// The things that were told, so that only changes are.
#[derive(Debug, Default)]
struct ToldPresence {
    /// This node's people, as other nodes know them, and when they were told.
    members: HashMap<RoomId, HashMap<SenderId, (Member, Instant)>>,
    /// Each room's presence, as pages know it.
    rooms: BTreeMap<RoomId, Presence>,
    list: Vec<RoomInfo>,
    /// True if this node was the one that tells pages.
    was_first: bool,
}

impl Chat {
    /// Goes round when something has changed or lapses, for ever.
    pub(super) async fn keep(self) {
        let mut told = ToldPresence::default();
        let mut changes = self.0.hub.presence_changes();
        let mut topics = self.0.hub.topic_changes();
        loop {
            let now = Instant::now();
            let due = self.0.round(&mut told, now);
            let lapse = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = self.0.changed.notified() => {}
                // Whoever falls behind here lists all the same.
                _ = changes.recv() => {}
                _ = topics.changed() => {}
                () = lapse => {}
            }
            sleep_until(now + PACE).await;
        }
    }
}

impl ChatInner {
    /// Tells what has changed; returns when something lapses next.
    fn round(&self, told: &mut ToldPresence, now: Instant) -> Option<Instant> {
        let is_first = self.hub.is_first_node();
        let mut rooms = self.rooms.lock();
        for (id, room) in rooms.iter_mut() {
            room.people.expire(now);
            if let Some(members) = room.people.news() {
                self.tell_nodes(told.members.entry(id.clone()).or_default(), id, &members, now);
            }
        }
        told.members.retain(|_, members| !members.is_empty());
        rooms.close_the_empty(&self.hub);
        rooms.add_those_of_others(&self.hub);
        if is_first {
            if !told.was_first {
                // Another may have told something else meanwhile.
                (told.rooms, told.list) = Default::default();
            }
            self.tell_pages(told, rooms.ids());
        }
        told.was_first = is_first;
        let due = rooms.iter_mut().filter_map(|(_, room)| room.people.due()).min();
        let turn = (!self.hub.is_alone()).then_some(now + TURN);
        due.into_iter().chain(turn).min()
    }

    /// Tells other nodes which of this one's people have come, left or changed.
    fn tell_nodes(
        &self,
        told: &mut HashMap<SenderId, (Member, Instant)>,
        id: &RoomId,
        members: &[RoomMember],
        now: Instant,
    ) {
        let (presence, topic) = (self.hub.broker().presence(), id.presence_topic());
        let here: HashSet<SenderId> = members.iter().map(|member| member.sender).collect();
        told.retain(|sender, (member, _)| {
            let stays = here.contains(sender);
            if !stays {
                presence.remove(&topic, &member.id);
            }
            stays
        });
        for member in members {
            let (sender, member) = (member.sender, member.encode());
            let is_known =
                told.get(&sender).is_some_and(|(known, at)| *known == member && now - *at < TELL_AGAIN);
            if !is_known {
                presence.add(&topic, member.clone(), HOLDS);
                told.insert(sender, (member, now));
            }
        }
    }

    /// Tells everyone's pages who is where.
    fn tell_pages<'a>(&self, told: &mut ToldPresence, ids: impl Iterator<Item = &'a RoomId>) {
        let (mut list, mut all) = (Vec::new(), BTreeMap::new());
        for id in ids {
            let topic = id.presence_topic();
            let members = self.hub.broker().presence().list(&topic);
            let now = presence(members.iter().filter_map(RoomMember::decode).collect());
            if told.rooms.get(id) != Some(&now) {
                self.publish(&topic, &now);
            }
            list.push(RoomInfo { room: id.clone(), people: now.count });
            all.insert(id.clone(), now);
        }
        told.rooms = all;
        if list != told.list {
            self.publish(&self.list, &list);
            told.list = list;
        }
    }

    /// A log that does not take it (it is full of topics, or closed) will hear of the next change.
    fn publish(&self, topic: &Topic, news: &impl Serialize) {
        match serde_json::to_vec(news) {
            Ok(data) => {
                if let Err(error) = self.hub.publish(topic, data.into()) {
                    tracing::debug!(%topic, %error, "presence could not be told");
                }
            }
            Err(error) => tracing::error!(%topic, %error, "presence could not be written"),
        }
    }
}
