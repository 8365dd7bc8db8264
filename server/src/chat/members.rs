//! The people of a room over all nodes: each node says who is there through it, and what is told is made of all.

use broker::Member;
use common::chat::{Person, Presence, SenderId};
use serde::{Deserialize, Serialize};

/// The presence list names at most this many people: a room of usual size, and little enough to publish often.
const NAMED: usize = 50;

/// A person as a node tells others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoomMember {
    pub(super) sender: SenderId,
    pub(super) told: ToldMember,
}

/// The part of it that the payload holds. Later versions may add to it, and earlier ones skip what they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ToldMember {
    pub(super) name: String,
    pub(super) typing: bool,
    /// When they came, milliseconds since 1970, and the how many-th of their node they were.
    pub(super) arrived: (u64, u64),
}

impl RoomMember {
    /// Writes it for other nodes.
    pub(super) fn encode(&self) -> Member {
        let data = serde_json::to_vec(&self.told).expect("texts and numbers");
        Member { id: self.sender.to_string(), data: data.into() }
    }

    /// Reads what a node wrote; `None` where it is nothing of ours.
    pub(super) fn decode(member: &Member) -> Option<Self> {
        Some(Self { sender: member.id.parse().ok()?, told: serde_json::from_slice(&member.data).ok()? })
    }
}

/// The presence that is told of these people. Someone whom two nodes name is one person.
pub(super) fn presence(mut members: Vec<RoomMember>) -> Presence {
    members.sort_unstable_by_key(|member| (member.sender, !member.told.typing, member.told.arrived));
    members.dedup_by_key(|member| member.sender);
    members.sort_unstable_by_key(|member| (!member.told.typing, member.told.arrived));
    let count = members.len();
    let person = |RoomMember { sender, told }: RoomMember| Person {
        name: told.name,
        sender: Some(sender),
        typing: told.typing,
    };
    Presence { count, people: members.into_iter().take(NAMED).map(person).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(sender: u64, typing: bool, arrived: u64) -> RoomMember {
        let told = ToldMember { name: format!("P{sender}"), typing, arrived: (arrived, 0) };
        RoomMember { sender: SenderId::new(sender), told }
    }

    #[test]
    fn a_member_reads_back_as_it_was_written_and_nothing_else_is_one() {
        let written = member(7, true, 3).encode();
        assert_eq!(RoomMember::decode(&written), Some(member(7, true, 3)));
        let more =
            Member { data: r#"{"name":"P7","typing":true,"arrived":[3,0],"mood":1}"#.into(), ..written };
        assert_eq!(RoomMember::decode(&more), Some(member(7, true, 3)), "of a later version");
        for bad in ["", "[]", "{}", r#"{"name":7,"typing":true,"arrived":[3,0]}"#] {
            assert_eq!(RoomMember::decode(&Member { data: bad.into(), ..more.clone() }), None, "{bad}");
        }
        assert_eq!(RoomMember::decode(&Member { id: "no sender".to_owned(), ..more }), None);
    }

    #[test]
    fn who_is_there_through_two_nodes_is_one_person_who_types_where_they_type() {
        let told = presence(vec![member(1, false, 5), member(2, false, 4), member(1, true, 6)]);
        let names: Vec<_> = told.people.iter().map(|person| (person.name.as_str(), person.typing)).collect();
        assert_eq!((told.count, names), (2, vec![("P1", true), ("P2", false)]));
    }
}
