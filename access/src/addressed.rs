//! Topics that are for some readers only.

use common::{
    Topic,
    notice::{NOTICES, NoticeAudience},
};

use crate::principal::{Credential, Principal};

/// Reports that a topic is addressed: who may follow it depends on who it is for, and nobody else is told what stands on it, not even
/// whoever follows another's connection.
#[must_use]
pub fn is_addressed(topic: &Topic) -> bool {
    topic.kind() == NOTICES
}

/// Reports that a frame may tell of an addressed topic, by its text: of any form that names the topic in JSON, or stands in the Socket.IO
/// namespace of its kind. It may err on the side of silence.
#[must_use]
pub fn may_be_addressed(frame: &str) -> bool {
    frame.match_indices(NOTICES).any(|(at, _)| {
        let (before, after) = (&frame[..at], &frame[at + NOTICES.len()..]);
        (before.ends_with('"') && after.starts_with('/')) || (before.ends_with('/') && after.starts_with(','))
    })
}

/// Reports that a principal is one of those that a topic is for; true of topics that are for nobody in particular.
pub(crate) fn is_for(principal: &Principal, topic: &Topic) -> bool {
    if !is_addressed(topic) {
        return true;
    }
    // Without accounts there is one operator, who is everyone.
    let is_house = principal.credential == Credential::OpenHouse;
    match NoticeAudience::of_topic(topic) {
        Some(NoticeAudience::All) => is_house || principal.role.is_some(),
        Some(NoticeAudience::Role(least)) => is_house || principal.role.is_some_and(|role| role >= least),
        Some(NoticeAudience::User(0)) => is_house,
        Some(NoticeAudience::User(user)) => principal.user == Some(user),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_names_an_addressed_topic_is_noticed_in_every_form() {
        for frame in [
            r#"{"type":"event","cursor":"1-1","topic":"notices/all","data":1}"#,
            r#"42["event",{"topic":"notices/user/7"}]"#,
            r#"2/notices,["event",{"room":"role/admin","data":1},"1-1"]"#,
            r#"[{"type":"gap","topics":["a","notices/role/admin"]}]"#,
        ] {
            assert!(may_be_addressed(frame), "{frame}");
        }
        for frame in
            ["", "notices/", r#"{"topic":"custom/notices","data":"notices"}"#, r#"{"topic":"chat/lobby"}"#]
        {
            assert!(!may_be_addressed(frame), "{frame}");
        }
    }
}
