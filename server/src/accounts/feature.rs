//! The feature of accounts: all that it adds to the server.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use common::door::paths;

use super::{
    audit, audit_retention, devices, form, invitations, oidc::flow, own, passkeys, people, preferences,
    second_factor, sign_in, tokens, totp_set_up, visitor::DoorState, watch,
};
use crate::{
    config::setting::{Bound, Setting},
    feature::{Assembly, Feature, FeatureParts, StartContext},
    tasks::Task,
};

pub(crate) const FEATURE: Feature = Feature {
    name: "accounts",
    settings: SETTINGS,
    operations: audit::operations,
    topic_policies: Vec::new,
    start,
};

const SETTINGS: &[Setting] = &[
    Setting::free("anonymous_topics"),
    Setting::bounded("audit.keep_days", &[Bound::ZeroOrWithin(30..=36_500, "0, or 30 to 36500")]),
    Setting::free("store.url"),
    Setting::free("oidc.issuer"),
    Setting::free("oidc.client_id"),
    Setting::free("oidc.client_secret"),
    Setting::free("oidc.client_secret_file"),
    Setting::free("oidc.scopes"),
    Setting::free("oidc.name"),
    Setting::free("oidc.role_claim"),
    Setting::free("oidc.roles"),
    Setting::free("oidc.create_accounts"),
];

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let (watched, swept, pruned) =
        (context.accounts.clone(), context.accounts.clone(), context.accounts.clone());
    let keep_days = context.config.audit.keep_days;
    let tasks = vec![
        Task::new("accounts", move || watch::run(watched.clone())),
        Task::new("sessions", move || watch::sweep(swept.clone())),
        Task::new("audit", move || audit_retention::run(pruned.clone(), keep_days)),
    ];
    let (accounts, tls) = (context.accounts.clone(), context.tls);
    let routes = move |all: &Assembly| {
        accounts.attach(all.live.clone());
        routes().with_state(DoorState { accounts, pages: all.pages.clone(), tls })
    };
    Ok(FeatureParts { tasks, routes: Box::new(routes), ..FeatureParts::default() })
}

fn routes() -> Router<DoorState> {
    Router::new()
        .route(paths::SET_UP, get(sign_in::set_up_page).post(sign_in::set_up_submit))
        .route(paths::SIGN_IN, get(sign_in::page).post(sign_in::submit))
        .route(paths::SIGN_IN_CODE, get(second_factor::page).post(second_factor::submit))
        .route(paths::SIGN_IN_PASSKEY, post(passkeys::sign_in::submit))
        .route(paths::SIGN_IN_PROVIDER, get(flow::start))
        .route(paths::SIGN_IN_PROVIDER_RETURN, get(flow::come_back))
        .route(paths::SIGN_OUT, post(sign_in::leave))
        .route(paths::INVITATION, get(invitations::page).post(invitations::accept))
        .route(paths::LANGUAGE, post(preferences::choose_language))
        .route(paths::ACCOUNT, get(own::page))
        .route(paths::ACCOUNT_PASSWORD, post(own::change_password))
        .route(paths::ACCOUNT_SESSIONS_REVOKE, post(own::revoke_sessions))
        .route(paths::ACCOUNT_TOTP_START, post(totp_set_up::start))
        .route(paths::ACCOUNT_TOTP_CONFIRM, post(totp_set_up::confirm))
        .route(paths::ACCOUNT_TOTP_OFF, post(totp_set_up::end))
        .route(paths::ACCOUNT_PASSKEYS_START, post(passkeys::manage::start))
        .route(paths::ACCOUNT_PASSKEYS_FINISH, post(passkeys::manage::finish))
        .route(paths::ACCOUNT_PASSKEYS_REMOVE, post(passkeys::manage::remove))
        .route(paths::ACCOUNT_DEVICES_ADD, post(devices::add))
        .route(paths::ACCOUNT_DEVICES_REMOVE, post(devices::remove))
        .route(paths::ACCOUNT_DEVICES_TEST, post(devices::test))
        .route(paths::SERVICE_WORKER, get(devices::service_worker))
        .route(paths::ACCOUNT_TOKENS_CREATE, post(tokens::create))
        .route(paths::ACCOUNT_TOKENS_REVOKE, post(tokens::revoke))
        .route(paths::ACCOUNT_PREFERENCES, post(preferences::keep))
        .route(paths::PEOPLE, get(people::page))
        .route(paths::PEOPLE_ROLE, post(people::set_role))
        .route(paths::PEOPLE_DISABLE, post(people::disable))
        .route(paths::PEOPLE_ENABLE, post(people::enable))
        .route(paths::INVITATIONS_CREATE, post(invitations::create))
        .route(paths::INVITATIONS_REVOKE, post(invitations::revoke))
        .route(paths::AUDIT, get(audit::page))
        .route(paths::AUDIT_CSV, get(audit::csv))
        .route(paths::AUDIT_JSON, get(audit::json))
        .layer(DefaultBodyLimit::max(form::LONGEST))
}
