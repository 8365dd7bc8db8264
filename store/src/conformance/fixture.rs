//! The engine under test, as the suite steers it.

use std::sync::Arc;

use common::{
    notice::{NoticeAudience, NoticeLevel},
    role::Role,
};
use futures_util::future::BoxFuture;

use crate::{
    NewAudit, NewDashboard, NewEnrolment, NewHost, NewInvitation, NewNotice, NewPasskey, NewPushSubscription,
    NewSession, NewSource, NewToken, NewUser, PUSH_AUTH_BYTES, PUSH_KEY_BYTES, PasswordHash, SecretHash,
    SourceKind, Store, StoreError, User, UserId,
};

/// An engine with one empty store.
pub trait Fixture: Send {
    /// Opens the store: as another node where it is open already.
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Store>>;

    /// Writes another detail into an entry of the audit log, behind the store's back.
    fn tamper(&mut self, seq: u64) -> BoxFuture<'_, ()>;

    /// Lets so many numbers of notices pass, behind the store's back.
    fn skip_notices(&mut self, count: u64) -> BoxFuture<'_, ()>;

    /// Removes a user of whom nothing else is kept that must go first, behind the store's back.
    fn remove_user(&mut self, user: UserId) -> BoxFuture<'_, ()>;
}

/// The time at which the suite begins, Unix milliseconds.
pub(super) const NOW: u64 = 1_800_000_000_000;

pub(super) fn user(name: &str, role: Role) -> NewUser {
    NewUser {
        name: name.into(),
        name_key: name.to_lowercase(),
        role,
        password: Some(PasswordHash(format!("$argon2id$v=19$m=19456,t=2,p=1$salt${name}"))),
        created_ms: NOW,
    }
}

pub(super) async fn created(store: &dyn Store, name: &str, role: Role) -> User {
    store.users().create(user(name, role)).await.expect("the user is made")
}

pub(super) fn secret(text: &str) -> SecretHash {
    SecretHash::of(text.as_bytes())
}

/// Asserts that a call was refused for one of its fields, in a short sentence.
pub(super) fn assert_refused<T: std::fmt::Debug>(answer: Result<T, StoreError>, field: &str) {
    let error = answer.expect_err("it is refused");
    assert_eq!(error.kind(), "invalid");
    let sentence = error.to_string();
    assert!(sentence.contains(field) && sentence.len() < 200, "{sentence}");
}

pub(super) fn session(user: UserId, text: &str) -> NewSession {
    NewSession {
        user,
        password: None,
        secret: secret(text),
        created_ms: NOW,
        expires_ms: NOW + 1000,
        address: "2001:db8::1".into(),
        agent: "브라우저/1".into(),
    }
}

pub(super) fn token(user: UserId, text: &str) -> NewToken {
    NewToken {
        user,
        name: format!("token {text}"),
        secret: secret(text),
        scopes: vec!["read:*".into(), "publish:custom/*".into()],
        created_ms: NOW,
        expires_ms: None,
    }
}

pub(super) fn passkey(user: UserId, text: &str) -> NewPasskey {
    NewPasskey {
        user,
        name: format!("열쇠 {text}"),
        domain: "board.example".into(),
        credential_id: text.into(),
        credential: format!(r#"{{"key": "{text}", "counter": 0}}"#),
        created_ms: NOW,
    }
}

pub(super) fn invitation(created_by: UserId, text: &str) -> NewInvitation {
    NewInvitation {
        secret: secret(text),
        role: Role::Operator,
        created_by,
        created_ms: NOW,
        expires_ms: NOW + 1000,
    }
}

pub(super) fn notice(audience: NoticeAudience, title: &str) -> NewNotice {
    NewNotice {
        audience,
        level: NoticeLevel::Info,
        title: title.into(),
        text: String::new(),
        link: None,
        sender: UserId::NOBODY,
        sender_name: "command line".into(),
        created_ms: NOW,
        expires_ms: None,
        key: None,
    }
}

pub(super) fn push_subscription(user: UserId, text: &str) -> NewPushSubscription {
    NewPushSubscription {
        user,
        endpoint: format!("https://push.example/{text}"),
        service: "https://push.example".into(),
        p256dh: vec![4; PUSH_KEY_BYTES],
        auth: vec![0; PUSH_AUTH_BYTES],
        agent: "브라우저/1".into(),
        created_ms: NOW,
    }
}

pub(super) fn enrolment(created_by: Option<UserId>, text: &str) -> NewEnrolment {
    NewEnrolment { secret: secret(text), created_by, created_ms: NOW, expires_ms: NOW + 1000 }
}

pub(super) fn host(name: &str) -> NewHost {
    NewHost {
        name: name.into(),
        secret: secret(&format!("key of {name}")),
        facts: format!(r#"{{"hostname": "{name}", "os": "리눅스"}}"#),
        enrolled_ms: NOW,
    }
}

pub(super) fn source(kind: SourceKind, name: &str) -> NewSource {
    NewSource {
        kind,
        name: name.into(),
        host: "web-1".into(),
        spec: r#"{"address": "서비스:80"}"#.into(),
        interval_ms: 30_000,
        parent: None,
        created_by: None,
        created_ms: NOW,
    }
}

pub(super) fn dashboard(name: &str) -> NewDashboard {
    NewDashboard {
        name: name.into(),
        body: r#"[{"cards": [{"title": "처리"}]}]"#.into(),
        changed_by: None,
        changed_ms: NOW,
    }
}

pub(super) fn audit(actor: &str, action: &str) -> NewAudit {
    NewAudit {
        at_ms: NOW,
        actor: actor.into(),
        action: action.into(),
        object: "user 1".into(),
        address: "192.0.2.1".into(),
        detail: "viewer → operator".into(),
    }
}
