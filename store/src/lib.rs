//! The contract of the store of accounts: users, identities, passkeys, sessions, tokens, invitations, notices, push
//! subscriptions, watched hosts, sources, dashboards and the audit log.
//!
//! A [`Store`] hands out one trait for each feature. Its rows are plain types: ids are numbers, times are Unix milliseconds, and a secret
//! is kept as its SHA-256 only. An engine behind it is its own matter: a file beside the log, or a server that many nodes share. The
//! promises of every store stand at [`Store`]; the module `conformance` holds each of them to it.
//!
//! Absent on purpose: SQL, HTTP, and the rules of passwords. Whoever calls has hashed them.

mod audit;
mod audit_chain;
mod audit_checkpoint;
mod bounds;
#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod dashboard;
mod error;
mod future;
mod host;
mod id;
mod identity;
mod invitation;
mod notice;
mod passkey;
mod push;
mod secret;
mod server_secret;
mod session;
mod source;
mod token;
mod user;

pub use audit::{AuditEntry, AuditFilter, AuditHash, AuditStore, AuditVerdict, NewAudit};
pub use audit_chain::AuditChain;
pub use audit_checkpoint::AuditCheckpoint;
pub use bounds::{
    ADDRESS_BYTES, AGENT_BYTES, AUDIT_DETAIL_BYTES, AUDIT_PRUNED, AUDIT_WORD_BYTES, CREDENTIAL_BYTES,
    CREDENTIAL_ID_BYTES, DASHBOARD_BODY_BYTES, DASHBOARD_NAME_CHARS, DASHBOARDS, DOMAIN_BYTES,
    HOST_FACTS_BYTES, HOST_NAME_BYTES, HOSTS, ISSUER_BYTES, NAME_BYTES, NOTICE_KEY_BYTES, NOTICE_LINK_BYTES,
    NOTICE_SENDER_BYTES, NOTICE_TEXT_BYTES, NOTICE_TITLE_BYTES, NOTICES, PAGE, PASSWORD_BYTES,
    PUSH_AUTH_BYTES, PUSH_ENDPOINT_BYTES, PUSH_FAILURE_BYTES, PUSH_KEY_BYTES, PUSH_SERVICE_BYTES,
    PUSH_SUBSCRIPTIONS, PUSH_WAITING, RECOVERY_CODES, SCOPE_BYTES, SCOPES, SERVER_SECRET_BYTES, SESSIONS,
    SOURCE_INTERVAL_MS, SOURCE_NAME_CHARS, SOURCE_SPEC_BYTES, SOURCES, SUBJECT_BYTES, TOTP_BYTES, checked_ms,
    page,
};
pub use contract::Store;
pub use dashboard::{
    Dashboard, DashboardChange, DashboardEntry, DashboardStore, NewDashboard, checked_dashboard_room,
};
pub use error::StoreError;
pub use future::StoreFuture;
pub use host::{Enrolment, Host, HostSeen, HostStore, NewEnrolment, NewHost, checked_room, checked_seen};
pub use id::{
    DashboardId, EnrolmentId, HostNumber, InvitationId, NoticeId, PasskeyId, PushSubscriptionId, SessionId,
    SourceNumber, TokenId, UserId,
};
pub use identity::{Identity, IdentityStore};
pub use invitation::{Invitation, InvitationStore, NewInvitation};
pub use notice::{
    CreatedNotice, NewNotice, Notice, NoticeFilter, NoticeReader, NoticeReceipt, NoticeStore, ReceivedNotice,
};
pub use passkey::{AnsweredChallenge, NewPasskey, Passkey, PasskeyStore, checked_credential};
pub use push::{
    NewPushSubscription, PushClaim, PushDelivery, PushSettlement, PushStore, PushSubscription,
    checked_push_failure,
};
pub use secret::{PasswordHash, SecretHash, TotpSecret};
pub use server_secret::{ServerSecretStore, checked_server_secret};
pub use session::{NewSession, Session, SessionStore};
pub use source::{
    BadSourceKind, NewSource, Source, SourceChange, SourceKind, SourceStore, checked_parent,
    checked_source_room,
};
pub use token::{NewToken, Token, TokenStore, join_scopes, split_scopes};
pub use user::{NewUser, User, UserStore, checked_codes, checked_password, checked_totp};
