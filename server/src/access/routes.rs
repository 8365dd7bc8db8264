//! The action that each address is for.

use access::Action;
use axum::http::Method;
use common::door::paths;

/// The action of every route, by its pattern as the router has it. A route that does not stand here is closed to everyone but admins.
/// Pages are not here: they are whatever the app calls its paths.
const ROUTES: &[(&str, Action)] = &[
    ("/healthz", Action::ReadPublic),
    ("/readyz", Action::ReadPublic),
    (paths::SET_UP, Action::ReadPublic),
    (paths::SIGN_IN, Action::ReadPublic),
    (paths::SIGN_IN_CODE, Action::ReadPublic),
    (paths::SIGN_IN_PASSKEY, Action::ReadPublic),
    (paths::SIGN_IN_PROVIDER, Action::ReadPublic),
    (paths::SIGN_IN_PROVIDER_RETURN, Action::ReadPublic),
    (paths::SIGN_OUT, Action::ReadPublic),
    (paths::INVITATION, Action::ReadPublic),
    (paths::LANGUAGE, Action::ReadPublic),
    (paths::ACCOUNT, Action::ManageOwnAccount),
    (paths::ACCOUNT_PASSWORD, Action::ManageOwnAccount),
    (paths::ACCOUNT_SESSIONS_REVOKE, Action::ManageOwnAccount),
    (paths::ACCOUNT_TOTP_START, Action::ManageOwnAccount),
    (paths::ACCOUNT_TOTP_CONFIRM, Action::ManageOwnAccount),
    (paths::ACCOUNT_TOTP_OFF, Action::ManageOwnAccount),
    (paths::ACCOUNT_PASSKEYS_START, Action::ManageOwnAccount),
    (paths::ACCOUNT_PASSKEYS_FINISH, Action::ManageOwnAccount),
    (paths::ACCOUNT_PASSKEYS_REMOVE, Action::ManageOwnAccount),
    (paths::ACCOUNT_DEVICES_ADD, Action::ManageOwnAccount),
    (paths::ACCOUNT_DEVICES_REMOVE, Action::ManageOwnAccount),
    (paths::ACCOUNT_DEVICES_TEST, Action::ManageOwnAccount),
    (paths::ACCOUNT_TOKENS_CREATE, Action::ManageOwnAccount),
    (paths::ACCOUNT_TOKENS_REVOKE, Action::ManageOwnAccount),
    (paths::ACCOUNT_PREFERENCES, Action::ManageOwnAccount),
    (paths::SERVICE_WORKER, Action::ReadPublic),
    (paths::KEPT_LOGS, Action::ReadTopic),
    (paths::HOSTS, Action::ReadTopic),
    (paths::HOSTS_CODE, Action::ManageHosts),
    (paths::HOSTS_REMOVE, Action::ManageHosts),
    (paths::HISTORY, Action::ReadTopic),
    (paths::PROBES, Action::ReadTopic),
    (paths::PROBES_SAVE, Action::ManageSources),
    (paths::PROBES_PAUSE, Action::ManageSources),
    (paths::PROBES_REMOVE, Action::ManageSources),
    (paths::TARGETS, Action::ReadFigures),
    (paths::TARGETS_SAVE, Action::ManageSources),
    (paths::TARGETS_PAUSE, Action::ManageSources),
    (paths::TARGETS_REMOVE, Action::ManageSources),
    // They tell of the hosts that the reader may read, and of no other.
    (paths::EXPLORE, Action::ReadTopic),
    (paths::EXPLORE_SVG, Action::ReadTopic),
    (paths::RANGE_CSV, Action::ReadTopic),
    (paths::DASHBOARDS, Action::ReadTopic),
    (paths::DASHBOARDS_WALL, Action::ReadTopic),
    (paths::DASHBOARD, Action::ReadTopic),
    (paths::DASHBOARDS_NEW, Action::ManageDashboards),
    (paths::DASHBOARDS_IMPORT, Action::ManageDashboards),
    (paths::DASHBOARDS_SAVE, Action::ManageDashboards),
    (paths::DASHBOARDS_RENAME, Action::ManageDashboards),
    (paths::DASHBOARDS_CARD, Action::ManageDashboards),
    (paths::DASHBOARDS_REMOVE, Action::ManageDashboards),
    (paths::STREAMS, Action::ReadTopic),
    (paths::STREAM, Action::ReadTopic),
    (paths::NOTICES, Action::ReadNotices),
    (paths::NOTICES_READ, Action::AcknowledgeNotices),
    (paths::NOTICES_READ_ALL, Action::AcknowledgeNotices),
    (paths::NOTICES_SEND, Action::SendNotices),
    (paths::PEOPLE, Action::ManagePeople),
    (paths::PEOPLE_ROLE, Action::ManagePeople),
    (paths::PEOPLE_DISABLE, Action::ManagePeople),
    (paths::PEOPLE_ENABLE, Action::ManagePeople),
    (paths::INVITATIONS_CREATE, Action::ManagePeople),
    (paths::INVITATIONS_REVOKE, Action::ManagePeople),
    (paths::API, Action::ReadPublic),
    (paths::API_DOCUMENT, Action::ReadPublic),
    (paths::AUDIT, Action::ReadAudit),
    (paths::AUDIT_CSV, Action::ReadAudit),
    (paths::AUDIT_JSON, Action::ReadAudit),
    ("/metrics", Action::ReadFigures),
    // Their answers have what the topics of the host tell.
    ("/api/v1/hosts", Action::ReadTopic),
    ("/api/v1/host-status", Action::ReadTopic),
    ("/api/v1/hosts/{id}", Action::ReadTopic),
    ("/api/v1/hosts/{id}/history", Action::ReadTopic),
    ("/api/v1/hosts/{id}/range", Action::ReadTopic),
    ("/api/v1/hosts/{id}/range/series", Action::ReadTopic),
    ("/api/v1/hosts/{id}/containers", Action::ReadTopic),
    ("/api/v1/hosts/{id}/logs", Action::ReadTopic),
    ("/api/v1/hosts/{id}/logs/{stream}", Action::ReadTopic),
    ("/api/v1/hosts/{id}/logs/download", Action::ReadTopic),
    ("/api/v1/kept-logs", Action::ReadTopic),
    ("/api/v1/kept-logs/sources", Action::ReadTopic),
    ("/api/v1/hosts/{id}/containers/{container}", Action::ReadTopic),
    ("/api/v1/hosts/{id}/containers/{container}/history", Action::ReadTopic),
    ("/api/v1/hosts/{id}/containers/{container}/actions", Action::ControlContainers),
    ("/api/v1/agents", Action::ReadTopic),
    // Its code is the proof.
    ("/api/v1/agents/enrol", Action::ReadPublic),
    ("/api/v1/agents/report", Action::ReportHost),
    ("/api/v1/agents/live", Action::ReportHost),
    ("/api/v1/series", Action::ReadTopic),
    ("/api/v1/probes", Action::ReadTopic),
    ("/api/v1/probes/{id}", Action::ReadTopic),
    ("/api/v1/probes/{id}/uptime", Action::ReadTopic),
    ("/api/v1/targets", Action::ReadFigures),
    ("/api/v1/targets/{id}", Action::ReadFigures),
    ("/api/v1/dashboards", Action::ReadTopic),
    ("/api/v1/dashboards/{id}", Action::ReadTopic),
    ("/api/v1/chat/{room}/messages", Action::ReadTopic),
    ("/api/v1/streams", Action::ReadTopic),
    ("/api/v1/streams/{id}", Action::ReadTopic),
    ("/api/v1/streams/{id}/items", Action::Publish),
    ("/api/v1/streams/{id}/end", Action::Publish),
    ("/api/v1/publish", Action::Publish),
    ("/api/v1/notices", Action::ReadNotices),
    ("/api/v1/notices/read", Action::AcknowledgeNotices),
    ("/api/v1/notices/{id}/read", Action::AcknowledgeNotices),
    ("/api/v1/notices/{id}/readers", Action::SendNotices),
    ("/api/v1/lab", Action::UseLab),
    ("/api/v1/lab/cut", Action::UseLab),
    ("/api/v1/lab/clock", Action::UseLab),
    ("/api/v1/doctor", Action::UseLab),
    ("/api/v1/connections", Action::ManageConnections),
    ("/api/v1/connections/{id}", Action::ManageConnections),
    ("/api/v1/connections/{id}/frames", Action::ManageConnections),
    ("/live/silence", Action::UseLab),
    ("/live/send", Action::SendMessage),
    ("/live/ws", Action::ReadTopic),
    ("/live/sse", Action::ReadTopic),
    ("/live/stream", Action::ReadTopic),
    ("/live/long-poll", Action::ReadTopic),
    ("/live/poll", Action::ReadTopic),
    ("/socket.io", Action::ReadTopic),
    ("/socket.io/", Action::ReadTopic),
    ("/sse/cpumemdisk", Action::ReadTopic),
    // The Socket.IO client's own files.
    ("/socket.io/socket.io.js", Action::ReadPublic),
    ("/socket.io/socket.io.js.map", Action::ReadPublic),
    ("/socket.io/socket.io.min.js", Action::ReadPublic),
    ("/socket.io/socket.io.min.js.map", Action::ReadPublic),
    ("/socket.io/socket.io.esm.min.js", Action::ReadPublic),
    ("/socket.io/socket.io.esm.min.js.map", Action::ReadPublic),
    // Nothing is there, and that is said to whoever may see the rest.
    ("/api/{*rest}", Action::ViewPages),
    ("/live", Action::ViewPages),
    ("/live/{*rest}", Action::ViewPages),
];

/// The action of routes that are read with GET for one thing, and changed with POST, PUT or DELETE for another.
const CHANGED: &[(&str, Action)] = &[
    ("/api/v1/notices", Action::SendNotices),
    ("/api/v1/streams", Action::Publish),
    ("/api/v1/probes", Action::ManageSources),
    ("/api/v1/probes/{id}", Action::ManageSources),
    ("/api/v1/targets", Action::ManageSources),
    ("/api/v1/targets/{id}", Action::ManageSources),
    ("/api/v1/dashboards", Action::ManageDashboards),
    ("/api/v1/dashboards/{id}", Action::ManageDashboards),
];

/// Every route and page, with its action when it is changed, and when it is read: for a test that asks all of them on everyone's behalf.
pub fn guarded_routes() -> impl Iterator<Item = (&'static str, Action, Action)> {
    let routes = ROUTES.iter().map(|(route, _)| *route).chain(app::paths());
    routes.map(|route| {
        (route, action(&Method::POST, Some(route), route), action(&Method::GET, Some(route), route))
    })
}

/// Files that a browser loads for every page, the sign-in page too.
const PUBLIC_FILES: &[&str] = &[
    "/favicon.ico",
    "/favicon.svg",
    "/favicon-critical.svg",
    "/favicon-notice.svg",
    "/icon-192.png",
    "/icon-512.png",
    "/icon-maskable-512.png",
    "/manifest.webmanifest",
    "/robots.txt",
];

/// True of the first segment of an address that is the board's own.
pub(crate) fn is_own(segment: &str) -> bool {
    let routes = ROUTES.iter().map(|(route, _)| *route).chain(app::paths());
    let mut all = routes.chain(PUBLIC_FILES.iter().copied()).chain([crate::web::pages::FILES]);
    all.any(|address| address.split('/').nth(1) == Some(segment))
}

/// Returns the action that a request is for: by its route and method, or by its path where it matches none.
pub(crate) fn action(method: &Method, route: Option<&str>, path: &str) -> Action {
    let Some(route) = route else {
        let is_public = path.starts_with(crate::web::pages::FILES) || PUBLIC_FILES.contains(&path);
        return if is_public { Action::ReadPublic } else { Action::ViewPages };
    };
    let changed = CHANGED.iter().filter(|_| ![Method::GET, Method::HEAD].contains(method));
    if let Some((_, action)) = changed.chain(ROUTES).find(|(known, _)| *known == route) {
        return *action;
    }
    if route == "/" {
        return Action::ViewOverview;
    }
    if app::paths().any(|page| page == route) {
        return Action::ViewPages;
    }
    tracing::error!(route, "this address has no action in the table of routes: it is closed");
    Action::ManagePeople
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Method = Method::GET;

    #[test]
    fn every_transport_is_for_whoever_may_read_topics() {
        for entry in transports::catalog::CATALOG {
            assert_eq!(action(&GET, Some(entry.path), entry.path), Action::ReadTopic, "{}", entry.path);
        }
    }

    #[test]
    fn a_route_that_nobody_has_thought_of_is_closed_and_a_path_without_one_is_a_page() {
        assert_eq!(action(&GET, Some("/api/v1/unheard-of"), "/api/v1/unheard-of"), Action::ManagePeople);
        assert_eq!(action(&GET, Some("/"), "/"), Action::ViewOverview);
        assert_eq!(action(&GET, Some("/lab"), "/lab"), Action::ViewPages);
        assert_eq!(action(&GET, None, "/unheard-of"), Action::ViewPages);
        assert_eq!(action(&GET, None, "/pkg/pulseboard.css"), Action::ReadPublic);
        assert_eq!(action(&GET, None, "/pkgs"), Action::ViewPages);
        assert_eq!(action(&GET, None, "/favicon.svg"), Action::ReadPublic);
    }

    #[test]
    fn sending_notices_is_more_than_reading_them() {
        let path = "/api/v1/notices";
        assert_eq!(action(&GET, Some(path), path), Action::ReadNotices);
        assert_eq!(action(&Method::POST, Some(path), path), Action::SendNotices);
        assert_eq!(action(&Method::POST, Some("/api/v1/publish"), "/api/v1/publish"), Action::Publish);
    }
}
