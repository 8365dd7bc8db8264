//! Invitations by link.

use app::door::{AcceptInvitationPage, FormProblem, MessagePage, PeopleDone, accept_invitation};
use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use common::door::{
    INVITATION_DAYS,
    forms::{InvitationForm, NewAccountForm, RowForm},
    paths,
};
use store::{Invitation, InvitationId, NewInvitation, SecretHash, StoreError, UserId};

use super::{
    directory::DAY_MS,
    entry::{LinkQuery, begin, new_user, of},
    form::DoorForm,
    people::{PeopleOutcome, refuse, show},
    secrets,
    visitor::Visitor,
};

pub(super) async fn create(visitor: Visitor, DoorForm(form): DoorForm<InvitationForm>) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let Some((me, _)) = visitor.signed_in() else { return visitor.lead_to(paths::SIGN_IN) };
    let days = if INVITATION_DAYS.contains(&form.days) { form.days } else { INVITATION_DAYS[0] };
    let Ok(secret) = secrets::make("") else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    let now = visitor.accounts.now();
    let invitation = NewInvitation {
        secret: SecretHash::of(secret.as_bytes()),
        role: form.role,
        created_by: me,
        created_ms: now,
        expires_ms: now + u64::from(days) * DAY_MS,
    };
    match visitor.accounts.store().invitations().create(invitation).await {
        Ok(made) => {
            let object = format!("invitation:{}", made.id);
            visitor.accounts.record(visitor.did("create_invitation", object, made.role.as_str())).await;
            let link = format!("{}?link={secret}", visitor.whole_address(paths::INVITATION));
            let done = Some(PeopleDone::InvitationCreated);
            show(&visitor, PeopleOutcome { done, new_link: Some(link), ..PeopleOutcome::default() }).await
        }
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn revoke(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match visitor.accounts.store().invitations().revoke(InvitationId(form.id)).await {
        Ok(true) => {
            visitor
                .accounts
                .record(visitor.did("revoke_invitation", format!("invitation:{}", form.id), ""))
                .await;
            show(
                &visitor,
                PeopleOutcome { done: Some(PeopleDone::InvitationRevoked), ..PeopleOutcome::default() },
            )
            .await
        }
        Ok(false) => refuse(&visitor, &StoreError::NotFound).await,
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn page(visitor: Visitor, query: Result<Query<LinkQuery>, QueryRejection>) -> Response {
    let link = query.ok().map(|Query(query)| query.link).unwrap_or_default();
    match open(&visitor, &link).await {
        Ok((invitation, invited_by)) => {
            let page = shown(&invitation, link, invited_by);
            visitor.answer(StatusCode::OK, accept_invitation(&visitor.context(), page))
        }
        Err(refused) => refused,
    }
}

fn shown(invitation: &Invitation, link_token: String, invited_by: String) -> AcceptInvitationPage {
    AcceptInvitationPage {
        link_token,
        role: invitation.role,
        invited_by,
        expires: invitation.expires_ms,
        name: String::new(),
        problem: None,
    }
}

/// Finds an invitation that can be used, and the name of who has made it. Nobody guesses 256 bits, so tries are not counted: a page
/// elsewhere could have its readers make them, and they would wait at the sign-in.
async fn open(visitor: &Visitor, link: &str) -> Result<(Invitation, String), Response> {
    let store = visitor.accounts.store();
    let found = async {
        let found = store.invitations().by_secret(&SecretHash::of(link.as_bytes())).await?;
        let usable = found.filter(|one| one.accepted_by.is_none() && visitor.accounts.now() < one.expires_ms);
        let Some(invitation) = usable else { return Ok(None) };
        let by = store.users().by_id(UserId(invitation.created_by.0)).await?;
        Ok(Some((invitation, by.map(|user| user.name).unwrap_or_default())))
    };
    match found.await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(visitor.tell(StatusCode::GONE, MessagePage::InvitationInvalid)),
        Err(error) => Err(visitor.store_failed(&error)),
    }
}

pub(super) async fn accept(visitor: Visitor, DoorForm(form): DoorForm<NewAccountForm>) -> Response {
    let (invitation, invited_by) = match open(&visitor, &form.link).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    let again = |status, problem| {
        let page = AcceptInvitationPage {
            name: form.name.clone(),
            problem: Some(problem),
            ..shown(&invitation, form.link.clone(), invited_by.clone())
        };
        visitor.answer(status, accept_invitation(&visitor.context(), page))
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired);
    }
    let user = match new_user(&visitor, &form, invitation.role).await {
        Ok(user) => user,
        Err((status, problem)) => return again(status, problem),
    };
    let store = visitor.accounts.store();
    let secret = SecretHash::of(form.link.as_bytes());
    match store.invitations().accept(secret, user, visitor.accounts.now()).await {
        Ok(Some(user)) => {
            let detail = format!("by invitation:{}", invitation.id);
            visitor.accounts.record(visitor.did("create_user", of(&user), detail)).await;
            begin(&visitor, &user, None, "invitation").await
        }
        Ok(None) => visitor.tell(StatusCode::GONE, MessagePage::InvitationInvalid),
        Err(StoreError::NameTaken) => again(StatusCode::UNPROCESSABLE_ENTITY, FormProblem::NameTaken),
        Err(error) => {
            let id = Some(visitor.failure_id(&error));
            again(StatusCode::SERVICE_UNAVAILABLE, FormProblem::StoreUnavailable { id })
        }
    }
}
