//! The table of who is there: this node's members, and what other nodes say of theirs.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    mem,
    time::Duration,
};

use broker::{Member, NodeId, Presence};
use bytes::Bytes;
use common::Topic;
use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

/// The most members that a node says it has.
const MOST_OWN: usize = 20_000;
/// The most members of all other nodes together, and the most nodes.
const MOST_OTHERS: usize = 200_000;
const MOST_NODES: usize = 256;
/// The longest id and payload of a member, bytes.
const LONGEST_ID: usize = 128;
const LONGEST_DATA: usize = 4096;

/// Members, by topic and id.
pub(crate) type Members = BTreeMap<(Topic, String), Bytes>;

/// The table.
#[derive(Debug, Default)]
pub(crate) struct PresenceTable {
    state: Mutex<TableState>,
    /// Wakes the task that tells other nodes.
    pub(crate) changed: Notify,
}

#[derive(Debug, Default)]
struct TableState {
    own: BTreeMap<(Topic, String), OwnMember>,
    /// Members of this node that others have to be told of.
    unsaid: BTreeSet<(Topic, String)>,
    others: HashMap<NodeId, OtherNode>,
    /// Topics whose members have changed.
    changed: BTreeSet<Topic>,
}

#[derive(Debug)]
struct OwnMember {
    data: Bytes,
    until: Instant,
}

#[derive(Debug)]
struct OtherNode {
    heard: Instant,
    members: Members,
    /// The parts of a whole table that have come so far.
    arriving: Option<(u64, Members)>,
}

impl PresenceTable {
    /// Takes the changes of this node's members that others have to be told of: none as payload where one is gone.
    pub(crate) fn take_unsaid(&self) -> Vec<((Topic, String), Option<Bytes>)> {
        let state = &mut *self.state.lock();
        let own = &state.own;
        mem::take(&mut state.unsaid)
            .into_iter()
            .map(|member| {
                let data = own.get(&member).map(|own| own.data.clone());
                (member, data)
            })
            .collect()
    }

    /// Takes the topics whose members have changed since this was asked last.
    pub(crate) fn take_changed(&self) -> BTreeSet<Topic> {
        mem::take(&mut self.state.lock().changed)
    }

    /// This node's members.
    pub(crate) fn own(&self) -> Members {
        self.state.lock().own.iter().map(|(member, own)| (member.clone(), own.data.clone())).collect()
    }

    /// The other nodes that are there.
    pub(crate) fn others(&self) -> Vec<NodeId> {
        let mut nodes: Vec<_> = self.state.lock().others.keys().cloned().collect();
        nodes.sort();
        nodes
    }

    /// Removes this node's members whose time is up, and nodes that were silent for too long.
    pub(crate) fn expire(&self, silence: Duration) {
        let now = Instant::now();
        {
            let state = &mut *self.state.lock();
            let gone = state.own.extract_if(.., |_, own| own.until <= now).map(|(member, _)| member);
            for member in gone.collect::<Vec<_>>() {
                state.changed.insert(member.0.clone());
                state.unsaid.insert(member);
            }
            let silent: Vec<_> = state
                .others
                .iter()
                .filter(|(_, other)| now.duration_since(other.heard) > silence)
                .map(|(node, _)| node.clone())
                .collect();
            silent.iter().for_each(|node| state.forget(node));
        }
        self.changed.notify_one();
    }

    /// Takes note that a node ended.
    pub(crate) fn ended(&self, node: &NodeId) {
        self.state.lock().forget(node);
        self.changed.notify_one();
    }

    /// Takes changes of another node's members in.
    pub(crate) fn change(&self, node: &NodeId, changes: Vec<((Topic, String), Option<Bytes>)>) {
        {
            let mut state = self.state.lock();
            let room = state.room();
            let TableState { others, changed, .. } = &mut *state;
            let Some(other) = hear(others, node) else { return };
            let most = other.members.len() + room;
            for (member, data) in changes {
                let topic = member.0.clone();
                match data {
                    None => drop(other.members.remove(&member)),
                    Some(data) => {
                        let has_room = other.members.len() < most || other.members.contains_key(&member);
                        if !has_room || !fits(&member.1, &data) {
                            continue;
                        }
                        other.members.insert(member, data);
                    }
                }
                changed.insert(topic);
            }
        }
        self.changed.notify_one();
    }

    /// Takes a part of another node's whole table in. A table is taken once its last part came and none is missing.
    pub(crate) fn replace(&self, node: &NodeId, part: TablePart) {
        {
            let mut state = self.state.lock();
            let room = state.room();
            let TableState { others, changed, .. } = &mut *state;
            let Some(other) = hear(others, node) else { return };
            let mut arrived = match other.arriving.take() {
                Some((next, arrived)) if next == part.number => arrived,
                _ if part.number == 0 => Members::new(),
                _ => return,
            };
            let left = (room + other.members.len()).saturating_sub(arrived.len());
            let fitting = part.members.into_iter().filter(|((_, id), data)| fits(id, data));
            arrived.extend(fitting.take(left));
            if !part.last {
                other.arriving = Some((part.number + 1, arrived));
                return;
            }
            let before = mem::replace(&mut other.members, arrived);
            let differs = |one: &Members, two: &Members| -> Vec<Topic> {
                one.iter()
                    .filter(|(member, data)| two.get(*member) != Some(*data))
                    .map(|((topic, _), _)| topic.clone())
                    .collect()
            };
            changed.extend(differs(&before, &other.members));
            changed.extend(differs(&other.members, &before));
        }
        self.changed.notify_one();
    }
}

/// A part of a node's whole table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TablePart {
    /// The first is 0.
    pub(crate) number: u64,
    pub(crate) last: bool,
    pub(crate) members: Members,
}

fn hear<'a>(others: &'a mut HashMap<NodeId, OtherNode>, node: &NodeId) -> Option<&'a mut OtherNode> {
    if others.len() >= MOST_NODES && !others.contains_key(node) {
        return None;
    }
    let now = Instant::now();
    let other = others.entry(node.clone()).or_insert_with(|| OtherNode {
        heard: now,
        members: Members::new(),
        arriving: None,
    });
    other.heard = now;
    Some(other)
}

/// True if a member is within its bounds.
fn fits(id: &str, data: &Bytes) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && data.len() <= LONGEST_DATA
}

impl TableState {
    /// Returns how many more members of other nodes are taken.
    fn room(&self) -> usize {
        MOST_OTHERS.saturating_sub(self.others.values().map(|other| other.members.len()).sum())
    }

    fn forget(&mut self, node: &NodeId) {
        if let Some(other) = self.others.remove(node) {
            self.changed.extend(other.members.into_keys().map(|(topic, _)| topic));
        }
    }
}

impl Presence for PresenceTable {
    fn add(&self, topic: &Topic, member: Member, ttl: Duration) {
        let Member { id, data } = member;
        if !fits(&id, &data) {
            tracing::warn!(%topic, id = id.len(), data = data.len(), "a member is too long for presence and left out");
            return;
        }
        {
            let mut state = self.state.lock();
            let name = (topic.clone(), id);
            if state.own.len() >= MOST_OWN && !state.own.contains_key(&name) {
                tracing::warn!(%topic, "more than {MOST_OWN} members are here: this one is left out");
                return;
            }
            let until = Instant::now() + ttl;
            let before = state.own.insert(name.clone(), OwnMember { data: data.clone(), until });
            if before.is_some_and(|before| before.data == data) {
                return;
            }
            state.unsaid.insert(name);
            state.changed.insert(topic.clone());
        }
        self.changed.notify_one();
    }

    fn refresh(&self, topic: &Topic, id: &str, ttl: Duration) -> bool {
        let mut state = self.state.lock();
        let now = Instant::now();
        match state.own.get_mut(&(topic.clone(), id.to_owned())) {
            Some(own) if own.until > now => {
                own.until = now + ttl;
                true
            }
            _ => false,
        }
    }

    fn remove(&self, topic: &Topic, id: &str) -> bool {
        {
            let mut state = self.state.lock();
            let name = (topic.clone(), id.to_owned());
            let Some(own) = state.own.remove(&name) else { return false };
            state.unsaid.insert(name);
            state.changed.insert(topic.clone());
            if own.until <= Instant::now() {
                return false;
            }
        }
        self.changed.notify_one();
        true
    }

    fn list(&self, topic: &Topic) -> Vec<Member> {
        let state = self.state.lock();
        let now = Instant::now();
        let from = (topic.clone(), String::new());
        let own = state
            .own
            .range(&from..)
            .take_while(|((its, _), _)| its == topic)
            .filter(|(_, own)| own.until > now)
            .map(|((_, id), own)| Member { id: id.clone(), data: own.data.clone() });
        let mut nodes: Vec<_> = state.others.iter().collect();
        nodes.sort_by_key(|(node, _)| *node);
        let others = nodes.into_iter().flat_map(|(_, other)| {
            other
                .members
                .range(&from..)
                .take_while(|((its, _), _)| its == topic)
                .map(|((_, id), data)| Member { id: id.clone(), data: data.clone() })
        });
        own.chain(others).collect()
    }

    fn topics(&self) -> Vec<Topic> {
        let state = self.state.lock();
        let now = Instant::now();
        let own = state.own.iter().filter(|(_, own)| own.until > now).map(|((topic, _), _)| topic);
        let others = state.others.values().flat_map(|other| other.members.keys().map(|(topic, _)| topic));
        own.chain(others).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str) -> (Topic, String) {
        ("presence/lobby".parse().expect("a topic"), id.to_owned())
    }

    /// Parts of a table that is greater than any may be; the last one says that it is so.
    fn parts(ends: bool) -> impl Iterator<Item = TablePart> {
        const MEMBERS: usize = 1000;
        let last = (MOST_OTHERS / MEMBERS + 2) as u64;
        (0..=last).map(move |number| {
            let members = (0..MEMBERS).map(|n| (member(&format!("{number}-{n}")), Bytes::new())).collect();
            TablePart { number, last: ends && number == last, members }
        })
    }

    #[tokio::test]
    async fn a_table_that_never_ends_does_not_grow_beyond_what_is_taken() {
        let (table, node) = (PresenceTable::default(), NodeId::new("a"));
        parts(false).for_each(|part| table.replace(&node, part));
        let state = table.state.lock();
        let (_, arriving) = state.others[&node].arriving.as_ref().expect("it has not ended");
        assert_eq!(arriving.len(), MOST_OTHERS);
    }

    #[tokio::test]
    async fn a_full_table_takes_no_one_in_and_lets_members_go() {
        let (table, node) = (PresenceTable::default(), NodeId::new("a"));
        parts(true).for_each(|part| table.replace(&node, part));
        let there = |id: &str| table.state.lock().others[&node].members.contains_key(&member(id));
        table.change(&node, vec![(member("new"), Some(Bytes::new()))]);
        assert!(there("0-0") && !there("new"));
        table.change(&node, vec![(member("0-0"), None), (member("new"), Some(Bytes::new()))]);
        assert!(!there("0-0") && there("new"));
    }

    #[tokio::test]
    async fn members_of_other_nodes_are_bounded_as_those_of_this_one() {
        let (table, node) = (PresenceTable::default(), NodeId::new("a"));
        let long = Bytes::from(vec![b'x'; LONGEST_DATA + 1]);
        let all = [
            ("", Bytes::new()),
            (&"x".repeat(LONGEST_ID + 1), Bytes::new()),
            ("long", long),
            ("a", Bytes::new()),
        ];
        let members: Members = all.iter().map(|(id, data)| (member(id), data.clone())).collect();
        let changes = members.iter().map(|(member, data)| (member.clone(), Some(data.clone()))).collect();
        table.change(&node, changes);
        let ids = || table.list(&member("").0).into_iter().map(|member| member.id).collect::<Vec<_>>();
        assert_eq!(ids(), ["a"]);
        table.replace(&node, TablePart { number: 0, last: true, members });
        assert_eq!(ids(), ["a"]);
    }
}
