//! On whose behalf a request or a connection is.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use common::role::Role;

use crate::scope::Scope;

/// On whose behalf a request or a connection is. A connection keeps that of the request that opened it.
#[derive(Debug)]
pub struct Principal {
    /// The number of the account; none where there is no account behind it.
    pub user: Option<u64>,
    /// The account's name, as people say it.
    pub name: Box<str>,
    /// The account's role; none for whoever has not signed in.
    pub role: Option<Role>,
    /// The proof that came with the request.
    pub credential: Credential,
    revoked: AtomicBool,
}

/// The proof by which a principal is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// No proof.
    None,
    /// No account exists yet, and the request comes from this machine.
    OpenHouse,
    /// No proof, and the settings show some topics to whoever has none.
    WallDisplay,
    /// A session of a person, by its number.
    Session(u64),
    /// A token of a program, by its number, with its scopes.
    Token(u64, Arc<[Scope]>),
    /// The token that the data folder or the settings hold.
    OperatorToken,
    /// The key of a host's agent, by the number of the host.
    Agent(u64),
}

impl Principal {
    fn new(user: Option<u64>, name: &str, role: Option<Role>, credential: Credential) -> Self {
        Self { user, name: name.into(), role, credential, revoked: AtomicBool::new(false) }
    }

    /// Whoever has not signed in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new(None, "", None, Credential::None)
    }

    /// Whoever asks from this machine while there is no account.
    #[must_use]
    pub fn open_house() -> Self {
        Self::new(None, "", None, Credential::OpenHouse)
    }

    /// Whoever has not signed in, where the settings show some topics without that.
    #[must_use]
    pub fn wall_display() -> Self {
        Self::new(None, "", None, Credential::WallDisplay)
    }

    /// Whoever holds the operator's token.
    #[must_use]
    pub fn operator_token() -> Self {
        Self::new(None, "operator token", Some(Role::Operator), Credential::OperatorToken)
    }

    /// The agent of a host.
    #[must_use]
    pub fn agent(host: u64, name: &str) -> Self {
        Self::new(None, name, None, Credential::Agent(host))
    }

    /// A person who has signed in.
    #[must_use]
    pub fn person(user: u64, name: &str, role: Role, session: u64) -> Self {
        Self::new(Some(user), name, Some(role), Credential::Session(session))
    }

    /// A program with a token of this account.
    #[must_use]
    pub fn program(user: u64, name: &str, role: Role, token: u64, scopes: Arc<[Scope]>) -> Self {
        Self::new(Some(user), name, Some(role), Credential::Token(token, scopes))
    }

    /// Reports that it has proved who it is.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.role.is_some()
    }

    /// Reports that both have come with the same proof. A live connection belongs to the one that it was opened with.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.user == other.user && self.credential == other.credential
    }

    /// Takes its rights away, for every request and connection that holds it.
    pub fn revoke(&self) {
        self.revoked.store(true, Relaxed);
    }

    /// Reports that its rights were taken away after it was authenticated.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.revoked.load(Relaxed)
    }
}
