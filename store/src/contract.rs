//! The contract between a store and the server.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::{
    audit::AuditStore, dashboard::DashboardStore, future::StoreFuture, host::HostStore,
    identity::IdentityStore, invitation::InvitationStore, notice::NoticeStore, passkey::PasskeyStore,
    push::PushStore, server_secret::ServerSecretStore, session::SessionStore, source::SourceStore,
    token::TokenStore, user::UserStore,
};

/// A store of accounts.
///
/// # Promises
///
/// - **Written before answered.** A change that was answered outlives a power cut.
/// - **All or nothing.** Each call is one transaction, also where many nodes call at once. An error means that nothing was changed,
///   but for [`StoreError::Unavailable`](crate::StoreError::Unavailable), after which nobody knows.
/// - **Bounds.** A value beyond the constants of this crate is [`StoreError::Invalid`](crate::StoreError::Invalid).
/// - **A number is given once.** The number of a row that is gone is no other row's.
pub trait Store: fmt::Debug + Send + Sync {
    /// Returns the users.
    fn users(&self) -> &dyn UserStore;

    /// Returns the identities.
    fn identities(&self) -> &dyn IdentityStore;

    /// Returns the passkeys.
    fn passkeys(&self) -> &dyn PasskeyStore;

    /// Returns the server's own secrets.
    fn server_secrets(&self) -> &dyn ServerSecretStore;

    /// Returns the sessions.
    fn sessions(&self) -> &dyn SessionStore;

    /// Returns the tokens.
    fn tokens(&self) -> &dyn TokenStore;

    /// Returns the invitations.
    fn invitations(&self) -> &dyn InvitationStore;

    /// Returns the notices.
    fn notices(&self) -> &dyn NoticeStore;

    /// Returns the push subscriptions, and the notices that wait for them.
    fn pushes(&self) -> &dyn PushStore;

    /// Returns the watched hosts, and the codes by which agents enrol.
    fn hosts(&self) -> &dyn HostStore;

    /// Returns the sources that hosts ask for the team.
    fn sources(&self) -> &dyn SourceStore;

    /// Returns the dashboards.
    fn dashboards(&self) -> &dyn DashboardStore;

    /// Returns the audit log.
    fn audit(&self) -> &dyn AuditStore;

    /// Resolves when the store has answered a small question.
    fn ping(&self) -> StoreFuture<()>;

    /// Ends it, after what was asked for so far. What is asked for from now on is [`StoreError::Closed`](crate::StoreError::Closed).
    fn close(&self) -> BoxFuture<'static, ()>;
}
