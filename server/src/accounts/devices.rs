//! The browsers of one's own account that are told of notices while no page is open.

use app::door::{AccountDone, AccountSection, FormProblem, SERVICE_WORKER, test_title};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use common::door::forms::{DeviceForm, RowForm};
use store::{NewPushSubscription, PushSubscription, PushSubscriptionId};

use super::{
    form::DoorForm,
    own::{AccountOutcome, Owner, owner, show},
    visitor::Visitor,
};
use crate::web_push::{BadEndpoint, PushEndpoint, PushMessage, PushOutcome};

fn refused(problem: FormProblem) -> AccountOutcome {
    AccountOutcome::problem(AccountSection::Devices, problem)
}

pub(super) async fn add(visitor: Visitor, DoorForm(form): DoorForm<DeviceForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let read = visitor.accounts.web_push().endpoint(&form.endpoint, &form.p256dh, &form.auth);
    let PushEndpoint { url: endpoint, service, p256dh, auth } = match read {
        Ok(endpoint) => endpoint,
        Err(BadEndpoint::Keys) => return show(&visitor, &owner, refused(FormProblem::PushKeysInvalid)).await,
        Err(error) => {
            tracing::info!(%error, "a browser's push service is refused");
            return show(&visitor, &owner, refused(FormProblem::PushServiceInvalid)).await;
        }
    };
    let (user, agent, created_ms) = (owner.user.id, visitor.agent(), visitor.accounts.now());
    let new = NewPushSubscription { user, endpoint, service, p256dh, auth, agent, created_ms };
    match visitor.accounts.store().pushes().subscribe(new).await {
        Ok(PushSubscription { id, given, .. }) => {
            let added = visitor.did("add_device", format!("device:{id}"), given.service);
            visitor.accounts.record(added).await;
            show(&visitor, &owner, AccountOutcome::done(AccountDone::DeviceAdded)).await
        }
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn remove(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let id = PushSubscriptionId(form.id);
    // Only one's own: the number of another's is as one that is not there.
    match visitor.accounts.store().pushes().remove(owner.user.id, id).await {
        Ok(true) => {
            visitor.accounts.record(visitor.did("remove_device", format!("device:{id}"), "")).await;
            show(&visitor, &owner, AccountOutcome::done(AccountDone::DeviceRemoved)).await
        }
        Ok(false) => show(&visitor, &owner, refused(FormProblem::Gone)).await,
        Err(error) => visitor.store_failed(&error),
    }
}

/// Sends a message to a device at once, and says what became of it.
pub(super) async fn test(visitor: Visitor, DoorForm(form): DoorForm<RowForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    let own = match visitor.accounts.store().pushes().of_user(owner.user.id).await {
        Ok(own) => own,
        Err(error) => return visitor.store_failed(&error),
    };
    match own.into_iter().find(|one| one.id.0 == form.id) {
        Some(device) => try_out(&visitor, &owner, &device).await,
        None => show(&visitor, &owner, refused(FormProblem::Gone)).await,
    }
}

async fn try_out(visitor: &Visitor, owner: &Owner, device: &PushSubscription) -> Response {
    let (store, now) = (visitor.accounts.store(), visitor.accounts.now());
    let message = PushMessage::test(test_title(&visitor.context()), now);
    let outcome = match visitor.accounts.web_push().send(store, &device.given, &message, now).await {
        Ok(PushOutcome::Delivered) => AccountOutcome::done(AccountDone::DeviceTested),
        Ok(PushOutcome::Gone) => match store.pushes().remove(owner.user.id, device.id).await {
            Ok(_) => refused(FormProblem::PushGone),
            Err(error) => return visitor.store_failed(&error),
        },
        Ok(PushOutcome::Again { why: reason, .. } | PushOutcome::Rejected(reason)) => {
            refused(FormProblem::PushTestFailed { reason })
        }
        Err(error) => return visitor.store_failed(&error),
    };
    show(visitor, owner, outcome).await
}

/// Serves the service worker. Browsers ask for it again by themselves, so that a new version is there within a day.
pub(super) async fn service_worker() -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; img-src 'self'"),
    ];
    (head, SERVICE_WORKER).into_response()
}
