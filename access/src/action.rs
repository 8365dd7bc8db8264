//! The actions, and the table of roles and actions.

use common::role::Role;

/// Something that a principal may do, or may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Read what is the same for everyone and tells nothing of the team: styles, scripts, icons, whether the server lives, the sign-in page.
    ReadPublic,
    /// Open the overview: the page at `/`.
    ViewOverview,
    /// Open the other pages.
    ViewPages,
    /// Follow a topic, and read its history.
    ReadTopic,
    /// Read the hosts, their series and the server's own figures.
    ReadFigures,
    /// Send a message to a topic that takes messages, such as a chat room.
    SendMessage,
    /// Publish to a topic of a program's own.
    Publish,
    /// Start and end runs of the lab, and ask the doctor.
    UseLab,
    /// List, follow and end other people's connections.
    ManageConnections,
    /// Start, stop and restart containers.
    ControlContainers,
    /// Read the notices for oneself.
    ReadNotices,
    /// Note that oneself has read a notice. No program does that for a person.
    AcknowledgeNotices,
    /// Send notices, and see who has read them.
    SendNotices,
    /// Read and change one's own account: password, second factor, sessions, tokens.
    ManageOwnAccount,
    /// Read and change accounts and invitations.
    ManagePeople,
    /// Read the audit log.
    ReadAudit,
    /// Add hosts that agents report for, and remove them.
    ManageHosts,
    /// Report a host's numbers: its agent's key alone is for that.
    ReportHost,
    /// Have the server ask services and endpoints, and have it stop.
    ManageSources,
    /// Make, change and remove dashboards.
    ManageDashboards,
}

impl Action {
    /// The name in docs and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadPublic => "read_public",
            Self::ViewOverview => "view_overview",
            Self::ViewPages => "view_pages",
            Self::ReadTopic => "read_topic",
            Self::ReadFigures => "read_figures",
            Self::SendMessage => "send_message",
            Self::Publish => "publish",
            Self::UseLab => "use_lab",
            Self::ManageConnections => "manage_connections",
            Self::ControlContainers => "control_containers",
            Self::ReadNotices => "read_notices",
            Self::AcknowledgeNotices => "acknowledge_notices",
            Self::SendNotices => "send_notices",
            Self::ManageOwnAccount => "manage_own_account",
            Self::ManagePeople => "manage_people",
            Self::ReadAudit => "read_audit",
            Self::ManageHosts => "manage_hosts",
            Self::ReportHost => "report_host",
            Self::ManageSources => "manage_sources",
            Self::ManageDashboards => "manage_dashboards",
        }
    }

    /// Returns the least role that may do it; none where everyone may.
    #[must_use]
    pub fn least_role(self) -> Option<Role> {
        TABLE.iter().find(|(action, _)| *action == self).and_then(|(_, role)| *role)
    }
}

/// Every action with the least role that may do it; none where nobody has to sign in.
pub const TABLE: [(Action, Option<Role>); 20] = [
    (Action::ReadPublic, None),
    (Action::ViewOverview, Some(Role::Viewer)),
    (Action::ViewPages, Some(Role::Viewer)),
    (Action::ReadTopic, Some(Role::Viewer)),
    (Action::ReadFigures, Some(Role::Viewer)),
    (Action::SendMessage, Some(Role::Viewer)),
    (Action::ReadNotices, Some(Role::Viewer)),
    (Action::AcknowledgeNotices, Some(Role::Viewer)),
    (Action::ManageOwnAccount, Some(Role::Viewer)),
    (Action::UseLab, Some(Role::Viewer)),
    (Action::Publish, Some(Role::Operator)),
    (Action::ManageConnections, Some(Role::Operator)),
    (Action::SendNotices, Some(Role::Operator)),
    (Action::ControlContainers, Some(Role::Operator)),
    (Action::ManageDashboards, Some(Role::Operator)),
    (Action::ManagePeople, Some(Role::Admin)),
    (Action::ReadAudit, Some(Role::Admin)),
    (Action::ManageHosts, Some(Role::Admin)),
    (Action::ReportHost, Some(Role::Admin)),
    (Action::ManageSources, Some(Role::Admin)),
];

#[cfg(test)]
mod tests {
    use super::*;

    const DOCS: &str = include_str!("../../docs/accounts.md");

    #[test]
    fn the_docs_have_the_table() {
        let table = DOCS.split("| action | least role | addresses |").nth(1).expect("the table of roles");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let documented: Vec<(String, String)> = rows
            .map(|row| {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
            })
            .collect();
        let least = |role: Option<Role>| role.map_or("none", Role::as_str).to_owned();
        let mut said: Vec<_> =
            TABLE.iter().map(|(action, role)| (action.name().to_owned(), least(*role))).collect();
        said.sort();
        let mut sorted = documented.clone();
        sorted.sort();
        assert_eq!(sorted, said);
    }
}
