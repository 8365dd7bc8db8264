//! Cases of invitations.

use common::role::Role;
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, created, invitation, secret, user};
use crate::{InvitationId, NewInvitation, StoreError, UserId};

pub(super) async fn of_many_who_accept_at_once_one_succeeds(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let admin = created(&*one, "admin", Role::Admin).await.id;
    let made = one.invitations().create(invitation(admin, "a")).await.expect("made");
    assert_eq!((made.role, made.created_by, made.accepted_by), (Role::Operator, admin, None));
    assert_eq!((made.created_ms, made.expires_ms), (NOW, NOW + 1000));
    let tries = (0..10).map(|n| {
        let new = user(&format!("guest {n}"), Role::Admin);
        if n % 2 == 0 { &one } else { &two }.invitations().accept(secret("a"), new, NOW + 1)
    });
    let accepted = join_all(tries).await.into_iter().map(|accepted| accepted.expect("asked"));
    let accepted: Vec<_> = accepted.flatten().collect();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].role, Role::Operator, "the role is the invitation's");
    assert_eq!(two.users().list(None, 100).await.expect("listed").len(), 2);
    let found = two.invitations().by_secret(&secret("a")).await.expect("asked").expect("it is there");
    assert_eq!(found.accepted_by, Some(accepted[0].id));
    assert_eq!(two.invitations().revoke(found.id).await, Ok(false), "it was used up");
    assert_eq!(two.users().by_id(accepted[0].id).await, Ok(Some(accepted[0].clone())));
}

pub(super) async fn what_is_not_open_is_not_accepted(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let invitations = store.invitations();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    assert_eq!(invitations.create(invitation(UserId(4242), "x")).await, Err(StoreError::NotFound));
    let revoked = invitations.create(invitation(admin, "revoked")).await.expect("made");
    invitations.create(invitation(admin, "expired")).await.expect("made");
    assert_eq!(invitations.revoke(revoked.id).await, Ok(true));
    assert_eq!(invitations.revoke(revoked.id).await, Ok(false));
    assert_eq!(invitations.revoke(InvitationId(4242)).await, Ok(false));
    assert_eq!(invitations.by_secret(&secret("revoked")).await, Ok(None));
    for (word, now) in [("revoked", NOW), ("expired", NOW + 1000), ("unknown", NOW)] {
        assert_eq!(invitations.accept(secret(word), user("guest", Role::Viewer), now).await, Ok(None));
    }
    assert_eq!(store.users().list(None, 100).await.expect("listed").len(), 1);
    let late = invitations.accept(secret("expired"), user("guest", Role::Viewer), NOW + 999).await;
    assert!(late.expect("asked").is_some(), "until its end it is open");
}

pub(super) async fn those_of_an_admin_who_is_none_any_more_do_not_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let (users, invitations) = (store.users(), store.invitations());
    created(&*store, "other", Role::Admin).await;
    for (word, leave) in [("disabled", true), ("demoted", false)] {
        let admin = created(&*store, word, Role::Admin).await.id;
        let made = invitations.create(invitation(admin, word)).await.expect("made");
        assert_eq!(invitations.open(NOW).await, Ok(vec![made]));
        if leave {
            users.set_disabled(admin, Some(NOW)).await.expect("another is active");
        } else {
            users.set_role(admin, Role::Operator).await.expect("another is active");
        }
        assert_eq!(invitations.by_secret(&secret(word)).await, Ok(None));
        assert_eq!(invitations.open(NOW).await, Ok(Vec::new()));
        let accepted = invitations.accept(secret(word), user("guest", Role::Viewer), NOW).await;
        assert_eq!(accepted, Ok(None), "{word}");
    }
    assert_eq!(users.by_name_key("guest").await, Ok(None));
}

pub(super) async fn a_taken_name_leaves_the_invitation_open(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let admin = created(&*store, "admin", Role::Admin).await.id;
    store.invitations().create(invitation(admin, "a")).await.expect("made");
    let taken = store.invitations().accept(secret("a"), user("Admin", Role::Viewer), NOW).await;
    assert_eq!(taken, Err(StoreError::NameTaken));
    let accepted = store.invitations().accept(secret("a"), user("guest", Role::Viewer), NOW).await;
    assert_eq!(accepted.expect("asked").map(|user| user.name), Some("guest".to_owned()));
}

pub(super) async fn open_invitations_are_listed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let invitations = store.invitations();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    let mut made = Vec::new();
    for word in ["a", "b", "c", "d"] {
        made.push(invitations.create(invitation(admin, word)).await.expect("made").id);
    }
    let short = NewInvitation { expires_ms: NOW + 5, ..invitation(admin, "short") };
    let short = invitations.create(short).await.expect("made").id;
    invitations.accept(secret("b"), user("guest", Role::Viewer), NOW).await.expect("accepted");
    invitations.revoke(made[2]).await.expect("revoked");
    let open = async |now| -> Vec<InvitationId> {
        invitations.open(now).await.expect("listed").iter().map(|invitation| invitation.id).collect()
    };
    assert_eq!(open(NOW).await, [short, made[3], made[0]], "the newest first");
    assert_eq!(open(NOW + 5).await, [made[3], made[0]]);
}
