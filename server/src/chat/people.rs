//! The people who are present in a room. It is told the time; so its tests need no waiting.

use std::{collections::HashMap, time::Duration};

use common::{
    MessageId,
    chat::{Announcement, Person, Presence, SenderId},
};
use tokio::time::Instant;
use transports::gate::ClientKey;

use super::{error::ChatError, sender};

/// A room holds at most this many people.
pub(super) const PEOPLE: usize = 1000;
/// The presence list names at most this many people: a room of usual size, and little enough to publish often.
const NAMED: usize = 50;
/// A person who sends no announcement for this long has left: twice the 20 s at which programs announce themselves,
/// and a little.
const LAPSE: Duration = Duration::from_secs(45);
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

#[derive(Debug)]
struct PresentPerson {
    sender: SenderId,
    from: ClientKey,
    name: String,
    arrived: u64,
    until: Instant,
    /// Until when they count as typing, if they are.
    typing: Option<Instant>,
}

/// A new room has something to tell: that nobody is there.
impl Default for People {
    fn default() -> Self {
        Self { here: HashMap::new(), arrivals: 0, news: true }
    }
}

impl People {
    /// Someone says that they are there, or that they leave.
    pub(super) fn apply(
        &mut self,
        said: Announcement,
        from: ClientKey,
        now: Instant,
    ) -> Result<(), ChatError> {
        let Announcement { client, name, typing, leaving } = said;
        if leaving {
            self.news |= self.here.remove(&client).is_some();
            return Ok(());
        }
        if self.here.len() >= PEOPLE && !self.here.contains_key(&client) {
            return Err(ChatError::TooManyPeople);
        }
        let arrivals = &mut self.arrivals;
        let sender = sender::of(&client);
        let here = self.here.entry(client).or_insert_with(|| {
            self.news = true;
            *arrivals += 1;
            PresentPerson { sender, from, name: String::new(), arrived: *arrivals, until: now, typing: None }
        });
        here.from = from;
        self.news |= here.name != name.as_str() || here.typing.is_some() != typing;
        name.as_str().clone_into(&mut here.name);
        here.typing = typing.then(|| now + TYPING);
        here.until = now + LAPSE;
        Ok(())
    }

    /// Removes the people whose announcements have expired.
    pub(super) fn expire(&mut self, now: Instant) {
        let news = &mut self.news;
        self.here.retain(|_, here| {
            if here.typing.is_some_and(|until| until <= now) {
                here.typing = None;
                *news = true;
            }
            *news |= here.until <= now;
            here.until > now
        });
        if self.here.is_empty() {
            self.here.shrink_to_fit();
        }
    }

    /// When something lapses next.
    pub(super) fn due(&self) -> Option<Instant> {
        self.here.values().map(|here| here.typing.map_or(here.until, |typing| typing.min(here.until))).min()
    }

    /// Returns the presence to publish, if it differs from what was published last.
    pub(super) fn news(&mut self) -> Option<Presence> {
        if !std::mem::take(&mut self.news) {
            return None;
        }
        let mut all: Vec<&PresentPerson> = self.here.values().collect();
        all.sort_unstable_by_key(|here| (here.typing.is_none(), here.arrived));
        let person = |here: &&PresentPerson| Person {
            name: here.name.clone(),
            sender: Some(here.sender),
            typing: here.typing.is_some(),
        };
        Some(Presence { count: all.len(), people: all.iter().take(NAMED).map(person).collect() })
    }

    /// Returns true if the person of this program is present.
    pub(super) fn has(&self, client: &MessageId) -> bool {
        self.here.contains_key(client)
    }

    /// Counts the people who came from one client address.
    pub(super) fn from(&self, from: ClientKey) -> usize {
        self.here.values().filter(|here| here.from == from).count()
    }

    pub(super) fn len(&self) -> usize {
        self.here.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.here.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> ClientKey {
        std::net::IpAddr::from([192, 0, 2, 1]).into()
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
        assert_eq!(names(people.news()), Some(vec![]));
        for (client, typing) in [(1, false), (2, false), (1, false), (2, true)] {
            people.apply(said(client, ["Kim", "Lee"][client - 1], typing), here(), now).expect("taken");
        }
        assert_eq!(names(people.news()), Some(vec!["Lee…".into(), "Kim".into()]));
        people.apply(said(2, "Lee", true), here(), now).expect("taken");
        assert_eq!(people.news(), None);
        people.apply(Announcement { leaving: true, ..said(2, "Lee", false) }, here(), now).expect("taken");
        people.apply(Announcement { leaving: true, ..said(3, "Choi", false) }, here(), now).expect("taken");
        assert_eq!(names(people.news()), Some(vec!["Kim".into()]));
    }

    #[test]
    fn who_is_not_heard_of_stops_typing_and_then_leaves() {
        let (mut people, start) = (People::default(), Instant::now());
        people.apply(said(1, "Kim", true), here(), start).expect("taken");
        people.news();
        assert_eq!(people.due(), Some(start + TYPING));
        people.expire(start + TYPING);
        assert_eq!(names(people.news()), Some(vec!["Kim".into()]));
        people.expire(start + LAPSE - Duration::from_millis(1));
        assert_eq!((people.len(), people.due()), (1, Some(start + LAPSE)));
        people.expire(start + LAPSE);
        assert_eq!((names(people.news()), people.due()), (Some(vec![]), None));
    }

    #[test]
    fn a_room_has_a_bound_and_names_some_of_a_crowd() {
        let (mut people, now) = (People::default(), Instant::now());
        for client in 0..PEOPLE {
            people.apply(said(client, &format!("P{client}"), client == 999), here(), now).expect("taken");
        }
        assert!(matches!(
            people.apply(said(PEOPLE, "late", false), here(), now),
            Err(ChatError::TooManyPeople)
        ));
        people.apply(said(5, "P5", true), here(), now).expect("who is there may speak");
        let presence = people.news().expect("news");
        assert_eq!((presence.count, presence.people.len()), (PEOPLE, NAMED));
        assert_eq!(names(Some(presence)).expect("names")[..3], ["P5…", "P999…", "P0"]);
    }
}
