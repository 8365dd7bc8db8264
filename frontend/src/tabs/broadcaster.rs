//! The tabs that are told by this one's line.

use common::{
    Topic,
    frame::{ByeReason, ServerFrame, Verdict},
};
use transports::browser::SubscribeRequest;

use crate::lock::Lock;

/// Another tab.
pub(super) struct FollowerEntry {
    pub(super) tab: String,
    topics: Vec<Topic>,
    /// It has been told something before: what of the time since then is missing, it wants to know.
    resumes: bool,
    /// The number of connections when the tab came.
    came_on: u32,
    /// And when it was welcomed.
    welcomed_on: Option<u32>,
    /// Ours when the tab is gone.
    _gone: Option<Lock>,
}

#[derive(Default)]
pub(super) struct Broadcaster {
    followers: Vec<FollowerEntry>,
}

impl Broadcaster {
    pub(super) fn is_empty(&self) -> bool {
        self.followers.is_empty()
    }

    /// A tab comes, or comes again; what it followed until now is given back.
    pub(super) fn join(
        &mut self,
        tab: String,
        ask: &SubscribeRequest,
        line: u32,
        gone: impl FnOnce(&str) -> Option<Lock>,
    ) -> Vec<Topic> {
        let before = self.followers.iter().position(|one| one.tab == tab);
        let before = before.map(|at| self.followers.swap_remove(at));
        let (followed, gone) = match before {
            Some(before) => (before.topics, before._gone),
            None => (Vec::new(), gone(&tab)),
        };
        self.followers.push(FollowerEntry {
            tab,
            topics: ask.topics.clone(),
            resumes: ask.since.is_some(),
            came_on: line,
            welcomed_on: None,
            _gone: gone,
        });
        followed
    }

    /// A tab leaves; what it followed.
    pub(super) fn leave(&mut self, tab: &str) -> Vec<Topic> {
        let at = self.followers.iter().position(|one| one.tab == tab);
        at.map(|at| self.followers.swap_remove(at).topics).unwrap_or_default()
    }

    /// Nobody is told anything any more; what they followed.
    pub(super) fn end(&mut self) -> Vec<Vec<Topic>> {
        self.followers.drain(..).map(|one| one.topics).collect()
    }

    /// Those who can be welcomed now, with the verdict on the time that they were away. `tells` says how the line with these
    /// topics began, and the how-manieth it is.
    pub(super) fn greet(
        &mut self,
        tells: impl Fn(&[Topic]) -> Option<(Verdict, u32)>,
    ) -> Vec<(String, Verdict)> {
        let mut greeted = Vec::new();
        for one in self.followers.iter_mut().filter(|one| one.welcomed_on.is_none()) {
            let Some((verdict, line)) = tells(&one.topics) else { continue };
            one.welcomed_on = Some(line);
            let verdict = match verdict {
                // Without a place of its own there is nothing to resume.
                _ if !one.resumes => Verdict::New,
                Verdict::Gap if one.came_on != line => Verdict::Gap,
                // A line that was open all the while missed nothing.
                _ => Verdict::Resumed,
            };
            greeted.push((one.tab.clone(), verdict));
        }
        greeted
    }

    /// Returns the tabs that the frames at the beginning of this connection concern: those whose cursors it was asked
    /// for.
    pub(super) fn begun_with(&self, line: u32) -> impl Iterator<Item = &str> {
        let concerned =
            move |one: &&FollowerEntry| one.resumes && one.came_on != line && one.welcomed_on == Some(line);
        self.followers.iter().filter(concerned).map(|one| one.tab.as_str())
    }
}

/// Returns true if a frame is for all followers of its topics. The others are between the server and this tab.
pub(super) fn is_for_all(frame: &ServerFrame) -> bool {
    matches!(
        frame,
        ServerFrame::Event(_)
            | ServerFrame::Heartbeat { .. }
            | ServerFrame::Gap { .. }
            | ServerFrame::Bye { reason: ByeReason::SignedOut, .. }
    )
}
