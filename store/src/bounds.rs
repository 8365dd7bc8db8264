//! Bounds of what a store takes. Every engine checks them before it writes, so that a long text is an error with a name and not a row.

use std::ops::RangeInclusive;

use crate::error::StoreError;

/// The longest name of a user or a token, and the longest folded name, bytes.
pub const NAME_BYTES: usize = 256;
/// The longest PHC string, bytes. Argon2id's has about 100.
pub const PASSWORD_BYTES: usize = 512;
/// The longest key of one-time passwords, bytes. RFC 4226 recommends 20.
pub const TOTP_BYTES: usize = 128;
/// The most recovery codes of a user.
pub const RECOVERY_CODES: usize = 32;
/// The most sessions of a user.
pub const SESSIONS: usize = 100;
/// The longest network address, bytes: IPv6 with a zone has at most 61.
pub const ADDRESS_BYTES: usize = 64;
/// The longest name of a browser or program, bytes. Callers shorten it.
pub const AGENT_BYTES: usize = 512;
/// The most scopes of a token.
pub const SCOPES: usize = 64;
/// The longest scope, bytes: a word and a topic.
pub const SCOPE_BYTES: usize = 512;
/// The longest actor, action or object of an audit entry, bytes.
pub const AUDIT_WORD_BYTES: usize = 512;
/// The longest detail of an audit entry, bytes.
pub const AUDIT_DETAIL_BYTES: usize = 8192;
/// The longest title of a notice, bytes.
pub const NOTICE_TITLE_BYTES: usize = 800;
/// The longest text of a notice, bytes.
pub const NOTICE_TEXT_BYTES: usize = 16_384;
/// The longest link of a notice, bytes.
pub const NOTICE_LINK_BYTES: usize = 2_000;
/// The longest name of a notice's sender, bytes: a token's and its owner's.
pub const NOTICE_SENDER_BYTES: usize = 1024;
/// The longest key of a notice, bytes.
pub const NOTICE_KEY_BYTES: usize = 256;
/// The most notices that are kept.
pub const NOTICES: u64 = 10_000;
/// The longest issuer of an identity, bytes.
pub const ISSUER_BYTES: usize = 512;
/// The longest subject of an identity, bytes. OpenID Connect Core §2 allows 255.
pub const SUBJECT_BYTES: usize = 255;
/// The longest domain of a passkey, bytes (RFC 1035 §2.3.4).
pub const DOMAIN_BYTES: usize = 253;
/// The longest id of a credential, bytes (WebAuthn Level 3 §4 allows 1023).
pub const CREDENTIAL_ID_BYTES: usize = 1023;
/// The longest credential, bytes.
pub const CREDENTIAL_BYTES: usize = 16_384;
/// The longest address of a push subscription, bytes. Those of push services have 150 to 500.
pub const PUSH_ENDPOINT_BYTES: usize = 2_000;
/// The longest origin of a push service, bytes: scheme, domain and port.
pub const PUSH_SERVICE_BYTES: usize = 270;
/// The bytes of a browser's public key: a point of P-256, not compressed (RFC 8291 §3.1).
pub const PUSH_KEY_BYTES: usize = 65;
/// The bytes of a subscription's authentication secret (RFC 8291 §3.2).
pub const PUSH_AUTH_BYTES: usize = 16;
/// The longest reason for which a push message was not taken, bytes. Callers shorten it.
pub const PUSH_FAILURE_BYTES: usize = 512;
/// The most push subscriptions of a user.
pub const PUSH_SUBSCRIPTIONS: usize = 20;
/// The most notices that wait for one subscription.
pub const PUSH_WAITING: usize = 100;
/// The longest name of a host, bytes: one segment of a topic.
pub const HOST_NAME_BYTES: usize = 64;
/// The longest facts of a host, bytes.
pub const HOST_FACTS_BYTES: usize = 16_384;
/// The most hosts.
pub const HOSTS: usize = 1000;
/// The longest name of a source, characters.
pub const SOURCE_NAME_CHARS: usize = 80;
/// The longest spec of a source, bytes.
pub const SOURCE_SPEC_BYTES: usize = 16_384;
/// The time from one question of a source to the next: a second to a day.
pub const SOURCE_INTERVAL_MS: RangeInclusive<u64> = 1_000..=86_400_000;
/// The most sources of all kinds.
pub const SOURCES: usize = 1000;
/// The longest name of a dashboard, characters.
pub const DASHBOARD_NAME_CHARS: usize = 80;
/// The longest content of a dashboard, bytes.
pub const DASHBOARD_BODY_BYTES: usize = 65_536;
/// The most dashboards.
pub const DASHBOARDS: usize = 200;
/// The longest secret of the server itself, bytes.
pub const SERVER_SECRET_BYTES: usize = 1024;
/// The most rows that one call lists.
pub const PAGE: usize = 1000;

/// The most entries that are pruned from the audit log in one call: a writer waits for no more.
pub const AUDIT_PRUNED: u64 = 10_000;

/// Returns a limit within [`PAGE`], as a number of SQL.
#[must_use]
pub fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(PAGE)).unwrap_or(i64::MAX)
}

/// Returns a time as a number of SQL.
///
/// # Errors
/// When it is beyond what a signed number holds.
pub fn checked_ms(ms: u64) -> Result<i64, StoreError> {
    i64::try_from(ms).map_err(|_| invalid("time", "is too far away"))
}

/// Checks a text that may be empty.
pub(crate) fn check_text(field: &'static str, text: &str, limit: usize) -> Result<(), StoreError> {
    if text.len() > limit {
        let size = text.len();
        return Err(invalid(field, &format!("has {size} bytes, and at most {limit} are kept")));
    }
    // PostgreSQL keeps no NUL in a text.
    if text.contains('\0') { Err(invalid(field, "has a NUL character")) } else { Ok(()) }
}

/// Checks a text that says something.
pub(crate) fn check_word(field: &'static str, text: &str, limit: usize) -> Result<(), StoreError> {
    if text.is_empty() { Err(invalid(field, "is empty")) } else { check_text(field, text, limit) }
}

/// Checks a number of things.
pub(crate) fn check_count(field: &'static str, count: usize, limit: usize) -> Result<(), StoreError> {
    if count > limit {
        return Err(invalid(field, &format!("are {count}, and at most {limit} are kept")));
    }
    Ok(())
}

/// Checks that there is room for one more beside so many.
pub(crate) fn check_room(field: &'static str, count: u64, limit: usize) -> Result<(), StoreError> {
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(invalid(field, &format!("are {count} already, and at most {limit} are kept; remove one first")))
}

/// Checks the length of bytes that have one length only.
pub(crate) fn check_length(field: &'static str, bytes: &[u8], length: usize) -> Result<(), StoreError> {
    match bytes.len() {
        size if size == length => Ok(()),
        size => Err(invalid(field, &format!("has {size} bytes, and {length} are kept"))),
    }
}

/// An error about a field.
pub(crate) fn invalid(field: &'static str, reason: &str) -> StoreError {
    StoreError::Invalid { field, reason: reason.to_owned() }
}
