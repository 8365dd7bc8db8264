//! The addresses of the front door. A document is read with GET; a form goes to the address of its own with POST.

/// Makes the first account.
pub const SET_UP: &str = "/set-up";
/// Signs in, by name and password.
pub const SIGN_IN: &str = "/sign-in";
/// Signs in, by the second factor.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// Signs in, by a passkey.
pub const SIGN_IN_PASSKEY: &str = "/sign-in/passkey";
/// Leads to the provider at which people sign in. Its query is `next`.
pub const SIGN_IN_PROVIDER: &str = "/sign-in/provider";
/// Takes whoever comes back from the provider. It is registered there, so it stays as it is.
pub const SIGN_IN_PROVIDER_RETURN: &str = "/sign-in/provider/return";
/// Ends the session of the request.
pub const SIGN_OUT: &str = "/sign-out";
/// Shows an invitation, and takes its form.
pub const INVITATION: &str = "/invitation";
/// Chooses the language of whoever has not signed in.
pub const LANGUAGE: &str = "/language";

/// Shows one's own account.
pub const ACCOUNT: &str = "/account";
/// Changes the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// Ends a session, or every other one.
pub const ACCOUNT_SESSIONS_REVOKE: &str = "/account/sessions/revoke";
/// Begins to set up the second factor.
pub const ACCOUNT_TOTP_START: &str = "/account/totp/start";
/// Turns the second factor on, by its first code.
pub const ACCOUNT_TOTP_CONFIRM: &str = "/account/totp/confirm";
/// Turns the second factor off, or gives its set-up up.
pub const ACCOUNT_TOTP_OFF: &str = "/account/totp/off";
/// Begins to add a passkey.
pub const ACCOUNT_PASSKEYS_START: &str = "/account/passkeys/start";
/// Adds the passkey that the browser has made.
pub const ACCOUNT_PASSKEYS_FINISH: &str = "/account/passkeys/finish";
/// Removes a passkey.
pub const ACCOUNT_PASSKEYS_REMOVE: &str = "/account/passkeys/remove";
/// Has a browser be told of notices.
pub const ACCOUNT_DEVICES_ADD: &str = "/account/devices/add";
/// Has a browser be told of no more notices.
pub const ACCOUNT_DEVICES_REMOVE: &str = "/account/devices/remove";
/// Sends a browser a message to try it out.
pub const ACCOUNT_DEVICES_TEST: &str = "/account/devices/test";
/// Makes an API token.
pub const ACCOUNT_TOKENS_CREATE: &str = "/account/tokens/create";
/// Revokes an API token.
pub const ACCOUNT_TOKENS_REVOKE: &str = "/account/tokens/revoke";
/// Keeps language and theme, in the cookies `lang` and `theme`.
pub const ACCOUNT_PREFERENCES: &str = "/account/preferences";

/// Serves the service worker. Its scope is all that is below the folder of this address, so it stands at the root.
pub const SERVICE_WORKER: &str = "/service-worker.js";

/// Finds kept lines of containers. Its query is `words`, `pattern`, `source`, `hours` and `before`, each of which may be left out.
pub const KEPT_LOGS: &str = "/kept-logs";

/// Shows the hosts.
pub const HOSTS: &str = "/hosts";
/// Makes a code by which an agent enrols.
pub const HOSTS_CODE: &str = "/hosts/code";
/// Removes a host that an agent reports for.
pub const HOSTS_REMOVE: &str = "/hosts/remove";

/// Shows the probes. Its query is `edit`, the number of one to be changed, and `days`, that of one whose days are shown; both may be left out.
pub const PROBES: &str = "/probes";
/// Makes a probe, or changes one.
pub const PROBES_SAVE: &str = "/probes/save";
/// Has a probe not be asked, or be asked again.
pub const PROBES_PAUSE: &str = "/probes/pause";
/// Removes a probe.
pub const PROBES_REMOVE: &str = "/probes/remove";

/// Shows the targets: Prometheus endpoints that are scraped. Its query is `edit`, the number of one to be changed; it may be left out.
pub const TARGETS: &str = "/targets";
/// Adds a target, or changes one.
pub const TARGETS_SAVE: &str = "/targets/save";
/// Has a target not be scraped, or be scraped again.
pub const TARGETS_PAUSE: &str = "/targets/pause";
/// Removes a target.
pub const TARGETS_REMOVE: &str = "/targets/remove";

/// Shows the past of a host. Its query is `host`, `span` and `to`, each of which may be left out.
pub const HISTORY: &str = "/history";

/// Shows series of any hosts, overlaid or stacked. Its query is `series`, which may stand several times, `span` or `from` and `to`,
/// `aggregate`, `stack`, `compare`, `find` and `zone`, each of which may be left out.
pub const EXPLORE: &str = "/explore";
/// Serves the charts of [`EXPLORE`] as one picture, by the same query.
pub const EXPLORE_SVG: &str = "/explore.svg";
/// Serves the numbers of series as CSV, by the query of [`EXPLORE`] and `step` and `aggregate`.
pub const RANGE_CSV: &str = "/api/v1/range.csv";

/// Lists the dashboards.
pub const DASHBOARDS: &str = "/dashboards";
/// Shows a dashboard. Its query is `span`, `zone`, `edit`, `full`, `rotate` and `of`, each of which may be left out.
pub const DASHBOARD: &str = "/dashboards/{id}";
/// Leads to the first dashboard of a wall. Its query is `of`, which may stand several times, and `rotate`.
pub const DASHBOARDS_WALL: &str = "/dashboards/wall";
/// Makes an empty dashboard.
pub const DASHBOARDS_NEW: &str = "/dashboards/new";
/// Makes a dashboard of its export.
pub const DASHBOARDS_IMPORT: &str = "/dashboards/import";
/// Keeps a view of Explore as a card.
pub const DASHBOARDS_SAVE: &str = "/dashboards/save";
/// Gives a dashboard another name.
pub const DASHBOARDS_RENAME: &str = "/dashboards/rename";
/// Moves, renames or removes a card.
pub const DASHBOARDS_CARD: &str = "/dashboards/card";
/// Removes a dashboard.
pub const DASHBOARDS_REMOVE: &str = "/dashboards/remove";

/// Shows the finite streams of programs.
pub const STREAMS: &str = "/streams";
/// Shows a finite stream as it comes.
pub const STREAM: &str = "/streams/{id}";

/// Shows one's own notices. Its query is `show`, `level` and `before`, each of which may be left out.
pub const NOTICES: &str = "/notices";
/// Acknowledges a notice.
pub const NOTICES_READ: &str = "/notices/read";
/// Acknowledges all notices up to one.
pub const NOTICES_READ_ALL: &str = "/notices/read-all";
/// Sends a notice.
pub const NOTICES_SEND: &str = "/notices/send";

/// Shows accounts and invitations.
pub const PEOPLE: &str = "/settings/people";
/// Changes the role of an account.
pub const PEOPLE_ROLE: &str = "/settings/people/role";
/// Disables an account.
pub const PEOPLE_DISABLE: &str = "/settings/people/disable";
/// Enables an account.
pub const PEOPLE_ENABLE: &str = "/settings/people/enable";
/// Makes an invitation.
pub const INVITATIONS_CREATE: &str = "/settings/invitations/create";
/// Revokes an invitation.
pub const INVITATIONS_REVOKE: &str = "/settings/invitations/revoke";

/// Shows the audit log. Its query is `actor`, `action` and `before`, each of which may be left out.
pub const AUDIT: &str = "/settings/audit";
/// Serves the audit log as CSV, by the query of [`AUDIT`].
pub const AUDIT_CSV: &str = "/settings/audit.csv";
/// Serves the audit log as JSON, by the query of [`AUDIT`].
pub const AUDIT_JSON: &str = "/settings/audit.json";

/// Shows the REST API.
pub const API: &str = "/api";
/// Serves the description of the REST API, as OpenAPI.
pub const API_DOCUMENT: &str = "/api/openapi.json";
