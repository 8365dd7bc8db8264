//! The decision whether a principal may do something.

use std::fmt;

use common::{Topic, TopicPattern};

use crate::{
    action::Action,
    addressed::is_for,
    principal::{Credential, Principal},
    private::{HOSTS, is_private},
    scope::{Scope, ScopeTopics},
};

/// Why a principal may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It has not signed in. A program sends a token as `Authorization: Bearer TOKEN`.
    #[error("sign in, or send a token as `Authorization: Bearer TOKEN`")]
    NotSignedIn,
    /// Its role or its scopes do not reach so far.
    #[error("this needs another role or scope ({})", .0.name())]
    NotAllowed(Action),
}

/// Decides whether a principal may do something.
pub trait Authorizer: Send + Sync + fmt::Debug {
    /// Decides on an action. Without a `topic`, an action that is about topics may be done if there may be a topic for it.
    ///
    /// # Errors
    /// Why it may not.
    fn may(&self, principal: &Principal, action: Action, topic: Option<&Topic>) -> Result<(), Denied>;
}

/// Decides by the table of roles and actions.
#[derive(Debug, Default)]
pub struct AccessTable {
    /// The topics that a wall display may read, without signing in.
    pub anonymous_topics: Vec<TopicPattern>,
}

/// Lets everyone do everything: for a server of tests, or one that has other guards.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowAll;

impl Authorizer for AllowAll {
    fn may(&self, _: &Principal, _: Action, _: Option<&Topic>) -> Result<(), Denied> {
        Ok(())
    }
}

impl Authorizer for AccessTable {
    fn may(&self, principal: &Principal, action: Action, topic: Option<&Topic>) -> Result<(), Denied> {
        let Some(least) = action.least_role() else { return Ok(()) };
        if principal.is_revoked() {
            return Err(Denied::NotSignedIn);
        }
        // A table of patterns cannot say it: who a topic is for depends on who asks.
        let is_for = action != Action::ReadTopic || topic.is_none_or(|topic| is_for(principal, topic));
        let Some(role) = principal.role else {
            let may = match &principal.credential {
                // Other people's connections need the operator's token, and accounts are not there yet.
                Credential::OpenHouse => !matches!(
                    action,
                    Action::ManageConnections
                        | Action::ManageOwnAccount
                        | Action::ManagePeople
                        | Action::ReadAudit
                        | Action::ManageHosts
                        | Action::ReportHost
                ),
                Credential::WallDisplay => self.may_wall_display(action, topic),
                Credential::Agent(_) => action == Action::ReportHost,
                _ => false,
            };
            return if may && is_for { Ok(()) } else { Err(Denied::NotSignedIn) };
        };
        let in_scope = match &principal.credential {
            Credential::Token(_, scopes) => scopes.iter().any(|scope| reaches(scope, action, topic)),
            // It has one use, and whoever wants another makes a token with scopes.
            Credential::OperatorToken => action == Action::ManageConnections,
            _ => true,
        };
        if role >= least && in_scope && is_for { Ok(()) } else { Err(Denied::NotAllowed(action)) }
    }
}

impl AccessTable {
    /// Shows what the settings name, and the overview where that is about hosts. Nothing else is for whoever has not signed in.
    fn may_wall_display(&self, action: Action, topic: Option<&Topic>) -> bool {
        let mut shown = self.anonymous_topics.iter();
        match action {
            Action::ReadTopic => {
                shown.any(|pattern| topic.is_none_or(|topic| pattern.matches(topic) && !is_private(topic)))
            }
            Action::ViewOverview => shown.any(|pattern| pattern.kind() == HOSTS),
            _ => false,
        }
    }
}

fn reaches(scope: &Scope, action: Action, topic: Option<&Topic>) -> bool {
    let contain = |topics: &ScopeTopics| topic.is_none_or(|topic| topics.contain(topic));
    match (scope, action) {
        (Scope::Read(topics), Action::ReadTopic)
        | (Scope::Publish(topics), Action::Publish)
        | (Scope::Send(topics), Action::SendMessage) => contain(topics),
        (Scope::Read(ScopeTopics::All), Action::ReadFigures | Action::ReadNotices)
        | (Scope::Connections, Action::ManageConnections)
        | (Scope::Notices, Action::SendNotices) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use common::role::Role;

    use super::*;
    use crate::TABLE;

    fn person(role: Role) -> Principal {
        Principal::person(1, "kim", role, 1)
    }

    fn program(role: Role, scopes: &[&str]) -> Principal {
        let scopes: Arc<[Scope]> = scopes.iter().map(|text| text.parse().expect("a scope")).collect();
        Principal::program(1, "kim", role, 1, scopes)
    }

    fn action_needs_role(action: Action) -> bool {
        action.least_role().is_some()
    }

    fn names(principal: &Principal) -> Vec<&'static str> {
        let topic = "custom/a".parse().expect("a topic");
        let table = AccessTable::default();
        let may = |action: &Action| table.may(principal, *action, Some(&topic)).is_ok();
        TABLE.iter().map(|(action, _)| *action).filter(may).map(Action::name).collect()
    }

    #[test]
    fn a_role_may_do_what_lesser_roles_may_and_some_more() {
        let public = ["read_public"];
        let viewer = [
            "view_overview",
            "view_pages",
            "read_topic",
            "read_figures",
            "send_message",
            "read_notices",
            "acknowledge_notices",
            "manage_own_account",
            "use_lab",
        ];
        let operator =
            ["publish", "manage_connections", "send_notices", "control_containers", "manage_dashboards"];
        let admin = ["manage_people", "read_audit", "manage_hosts", "report_host", "manage_sources"];
        assert_eq!(names(&Principal::anonymous()), public);
        assert_eq!(names(&person(Role::Viewer)), [&public[..], &viewer].concat());
        assert_eq!(names(&person(Role::Operator)), [&public[..], &viewer, &operator].concat());
        assert_eq!(names(&person(Role::Admin)), [&public[..], &viewer, &operator, &admin].concat());
    }

    #[test]
    fn a_program_may_do_what_its_scopes_say_and_its_owner_may() {
        assert_eq!(names(&program(Role::Admin, &[])), ["read_public"]);
        assert_eq!(names(&program(Role::Admin, &["publish:custom/*"])), ["read_public", "publish"]);
        assert_eq!(
            names(&program(Role::Viewer, &["publish:custom/*"])),
            ["read_public"],
            "its owner may not"
        );
        assert_eq!(names(&program(Role::Admin, &["publish:custom/b"])), ["read_public"]);
        assert_eq!(
            names(&program(Role::Viewer, &["read:*"])),
            ["read_public", "read_topic", "read_figures", "read_notices"]
        );
        assert_eq!(names(&program(Role::Admin, &["notices"])), ["read_public", "send_notices"]);
        assert_eq!(names(&program(Role::Viewer, &["notices"])), ["read_public"]);
        assert_eq!(names(&program(Role::Viewer, &["read:custom/*"])), ["read_public", "read_topic"]);
        assert_eq!(
            names(&program(Role::Admin, &["connections", "agent"])),
            ["read_public", "manage_connections"]
        );
    }

    #[test]
    fn the_operators_token_opens_the_connections_alone() {
        assert_eq!(names(&Principal::operator_token()), ["read_public", "manage_connections"]);
    }

    #[test]
    fn without_accounts_this_machine_may_do_all_but_look_at_other_people() {
        let open = names(&Principal::open_house());
        assert!(open.contains(&"publish") && open.contains(&"use_lab") && open.contains(&"send_message"));
        for name in ["manage_connections", "manage_people", "read_audit", "manage_own_account"] {
            assert!(!open.contains(&name), "{name}");
        }
    }

    #[test]
    fn a_wall_display_reads_what_it_is_shown_and_nothing_else() {
        let table = AccessTable { anonymous_topics: vec!["host/*/metrics".parse().expect("a family")] };
        let (wall, nobody) = (Principal::wall_display(), Principal::anonymous());
        let may = |action, topic: Option<&str>| {
            let topic = topic.map(|topic| topic.parse().expect("a topic"));
            assert!(!action_needs_role(action) || table.may(&nobody, action, topic.as_ref()).is_err());
            table.may(&wall, action, topic.as_ref())
        };
        assert_eq!(may(Action::ReadTopic, Some("host/local/metrics")), Ok(()));
        assert_eq!(may(Action::ReadTopic, None), Ok(()));
        assert_eq!(may(Action::ViewOverview, None), Ok(()));
        let others = TABLE.iter().map(|(action, _)| *action).filter(|action| {
            !matches!(action, Action::ReadPublic | Action::ReadTopic | Action::ViewOverview)
        });
        for action in others {
            for topic in [None, Some("host/local/metrics")] {
                assert_eq!(may(action, topic), Err(Denied::NotSignedIn), "{}", action.name());
            }
        }
        assert_eq!(may(Action::ReadTopic, Some("host/local/system")), Err(Denied::NotSignedIn));
        assert_eq!(may(Action::ReadTopic, Some("chat/lobby")), Err(Denied::NotSignedIn));
        assert_eq!(may(Action::SendMessage, Some("host/local/metrics")), Err(Denied::NotSignedIn));
        assert_eq!(may(Action::Publish, Some("custom/a")), Err(Denied::NotSignedIn));
    }

    #[test]
    fn a_notice_is_read_by_those_that_it_is_for() {
        let table = AccessTable {
            anonymous_topics: ["*", "*/*", "*/*/*"].map(|text| text.parse().expect("a family")).to_vec(),
        };
        let topics = [
            "notices/all",
            "notices/role/viewer",
            "notices/role/operator",
            "notices/role/admin",
            "notices/user/1",
            "notices/user/2",
            "notices/user/0",
            "notices/role/root",
            "notices/none",
            "notices",
        ];
        let may = |principal: &Principal| -> Vec<&str> {
            let may = |topic: &&str| {
                let topic = topic.parse().expect("a topic");
                table.may(principal, Action::ReadTopic, Some(&topic)).is_ok()
            };
            topics.into_iter().filter(may).collect()
        };
        assert_eq!(may(&person(Role::Viewer)), ["notices/all", "notices/role/viewer", "notices/user/1"]);
        let operator = ["notices/all", "notices/role/viewer", "notices/role/operator"];
        assert_eq!(may(&person(Role::Operator)), [&operator[..], &["notices/user/1"]].concat());
        assert_eq!(may(&person(Role::Admin)), topics[..5]);
        assert_eq!(may(&Principal::operator_token()), [""; 0], "it opens connections alone");
        assert_eq!(may(&Principal::anonymous()), [""; 0]);
        assert_eq!(may(&Principal::wall_display()), [""; 0], "whatever it is shown");
        let house = [&topics[..4], &["notices/user/0"]].concat();
        assert_eq!(may(&Principal::open_house()), house, "it is the one operator");
        assert_eq!(may(&program(Role::Admin, &["read:*"])), topics[..5], "it reads for its owner");
        assert_eq!(
            may(&program(Role::Viewer, &["read:notices/*/*"])),
            ["notices/role/viewer", "notices/user/1"]
        );
        assert!(names(&Principal::open_house()).contains(&"acknowledge_notices"));
        assert!(!names(&Principal::operator_token()).contains(&"acknowledge_notices"), "nobody has read it");
        assert_eq!(may(&program(Role::Admin, &["notices", "publish:*", "send:*"])), [""; 0]);
    }

    #[test]
    fn rights_that_were_taken_away_are_gone_at_once() {
        let admin = person(Role::Admin);
        admin.revoke();
        assert_eq!(names(&admin), ["read_public"]);
        let denied = AccessTable::default().may(&admin, Action::ReadAudit, None);
        assert_eq!(denied, Err(Denied::NotSignedIn));
    }

    #[test]
    fn an_agent_reports_and_does_nothing_else() {
        assert_eq!(names(&Principal::agent(1, "web-1")), ["read_public", "report_host"]);
    }

    #[test]
    fn every_action_stands_in_the_table_once() {
        let mut all: Vec<_> = TABLE.iter().map(|(action, _)| *action).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), TABLE.len());
        let lasts = [Action::ReadPublic, Action::ManageDashboards];
        assert_eq!([all[0], all[all.len() - 1]], lasts);
    }
}
