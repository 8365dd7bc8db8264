//! The team's accounts.

use std::collections::HashMap;

use app::door::{FormProblem, InvitationRow, PeopleDone, PeoplePage, PersonRow, people};
use axum::{http::StatusCode, response::Response};
use common::door::forms::{RoleForm, RowForm};
use store::{StoreError, User, UserId};

use super::{entry::of, form::DoorForm, second_factor, visitor::Visitor};

/// A change to the page of people, before it is shown.
#[derive(Default)]
pub(super) struct PeopleOutcome {
    pub(super) done: Option<PeopleDone>,
    pub(super) problem: Option<FormProblem>,
    pub(super) new_link: Option<String>,
}

pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor, PeopleOutcome::default()).await
}

/// Answers with the page. Its status is that of the problem.
pub(super) async fn show(visitor: &Visitor, shown: PeopleOutcome) -> Response {
    let page = match read(visitor).await {
        Ok(page) => page,
        Err(error) => return visitor.store_failed(&error),
    };
    let status = if shown.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let PeopleOutcome { done, problem, new_link } = shown;
    visitor.answer(status, people(&visitor.context(), PeoplePage { done, problem, new_link, ..page }))
}

async fn read(visitor: &Visitor) -> Result<PeoplePage, StoreError> {
    let store = visitor.accounts.store();
    let me = visitor.principal.user;
    let users = all(visitor).await?;
    let names: HashMap<UserId, String> = users.iter().map(|user| (user.id, user.name.clone())).collect();
    let mut rows = Vec::with_capacity(users.len());
    for user in users {
        let sessions = store.sessions().of_user(user.id).await?;
        rows.push(PersonRow {
            id: user.id.0,
            role: user.role,
            is_disabled: user.disabled_ms.is_some(),
            is_me: me == Some(user.id.0),
            last_seen: sessions.iter().map(|session| session.seen_ms).max(),
            has_second_factor: second_factor::is_on(&user),
            name: user.name,
        });
    }
    let open = store.invitations().open(visitor.accounts.now()).await?;
    let invitations = open.into_iter().map(|one| InvitationRow {
        id: one.id.0,
        role: one.role,
        created_by: names.get(&one.created_by).cloned().unwrap_or_default(),
        created: one.created_ms,
        expires: one.expires_ms,
    });
    let invitations = invitations.collect();
    Ok(PeoplePage { people: rows, invitations, new_link: None, problem: None, done: None })
}

/// Every account. A team is small; a page of them is a thousand.
async fn all(visitor: &Visitor) -> Result<Vec<User>, StoreError> {
    visitor.accounts.store().users().list(None, store::PAGE).await
}

pub(super) async fn set_role(visitor: Visitor, DoorForm(form): DoorForm<RoleForm>) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let users = visitor.accounts.store();
    let id = UserId(form.id);
    let changed = async {
        let before = users.users().by_id(id).await?.ok_or(StoreError::NotFound)?;
        users.users().set_role(id, form.role).await?;
        Ok(before)
    };
    match changed.await {
        Ok(before) => {
            let detail = format!("{} to {}", before.role, form.role);
            finish(&visitor, &before, "set_role", detail, PeopleDone::RoleChanged).await
        }
        Err(error) => refuse(&visitor, &error).await,
    }
}

pub(super) async fn disable(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    set_disabled(visitor, &form, true).await
}

pub(super) async fn enable(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    set_disabled(visitor, &form, false).await
}

async fn set_disabled(visitor: Visitor, form: &RowForm, disable: bool) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let (store, id) = (visitor.accounts.store(), UserId(form.id));
    let changed = async {
        let user = store.users().by_id(id).await?.ok_or(StoreError::NotFound)?;
        store.users().set_disabled(id, disable.then(|| visitor.accounts.now())).await?;
        Ok(user)
    };
    match changed.await {
        Ok(user) if disable => {
            finish(&visitor, &user, "disable_user", String::new(), PeopleDone::Disabled).await
        }
        Ok(user) => finish(&visitor, &user, "enable_user", String::new(), PeopleDone::Enabled).await,
        Err(error) => refuse(&visitor, &error).await,
    }
}

async fn finish(visitor: &Visitor, user: &User, action: &str, detail: String, done: PeopleDone) -> Response {
    visitor.accounts.look_again_at(user.id).await;
    visitor.accounts.record(visitor.did(action, of(user), detail)).await;
    if visitor.principal.is_revoked() {
        // It was one's own account.
        return visitor.lead_to(common::door::paths::SIGN_IN);
    }
    show(visitor, PeopleOutcome { done: Some(done), ..PeopleOutcome::default() }).await
}

pub(super) async fn refuse(visitor: &Visitor, error: &StoreError) -> Response {
    let problem = match error {
        StoreError::LastAdmin => FormProblem::LastAdmin,
        StoreError::NotFound => FormProblem::Gone,
        error => return visitor.store_failed(error),
    };
    show(visitor, PeopleOutcome { problem: Some(problem), ..PeopleOutcome::default() }).await
}
