//! The words of the command line about accounts.

use access::Scope;
use clap::Subcommand;
use common::role::Role;

/// A command about accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Make an account; its password is printed.
    Add {
        /// Its name.
        name: String,
        /// viewer, operator or admin.
        #[arg(long, default_value = "viewer")]
        role: Role,
    },
    /// Give an account a new password, which is printed; its sessions end.
    Reset {
        /// Its name.
        name: String,
        /// Switch its second factor off, too.
        #[arg(long)]
        second_factor: bool,
        /// Remove its passkeys, too.
        #[arg(long)]
        passkeys: bool,
    },
    /// Keep an account from signing in; its sessions and tokens end to work.
    Disable {
        /// Its name.
        name: String,
    },
    /// Let a disabled account sign in again.
    Enable {
        /// Its name.
        name: String,
    },
    /// Let whoever is known to the provider of oidc.issuer sign in to an account.
    Bind {
        /// The account's name.
        name: String,
        /// The provider's word for the person, which the refused sign-in shows.
        #[arg(long)]
        subject: String,
    },
    /// Take the provider's people away from an account; its sessions end.
    Unbind {
        /// The account's name.
        name: String,
    },
    /// List accounts.
    List,
}

/// A command about API tokens.
#[derive(Debug, Clone, Subcommand)]
pub enum TokenCommand {
    /// Make a token, which is printed this once.
    Create {
        /// Its name, for people.
        name: String,
        /// The account that answers for it.
        #[arg(long)]
        user: String,
        /// A right that it gives: read:TOPICS, publish:TOPICS, send:TOPICS, connections, notices or agent. May be given several times.
        #[arg(long, required = true)]
        scope: Vec<Scope>,
        /// Days until it ends; 0 for never.
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// Revoke a token.
    Revoke {
        /// Its number.
        id: u64,
    },
    /// List tokens.
    List,
}

/// A command about hosts that agents report for.
#[derive(Debug, Clone, Subcommand)]
pub enum HostCommand {
    /// Make a code by which one agent enrols, good for ten minutes; it is printed with the line to run.
    Code {
        /// The admin who answers for it; not needed while there are no accounts
        #[arg(long)]
        user: Option<String>,
    },
    /// List hosts.
    List,
    /// Remove a host; its agent's key is worth nothing from then on.
    Remove {
        /// Its name.
        name: String,
    },
}

/// A command about the audit log.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Check that no entry was changed, and that none is missing in between.
    Verify,
}

/// A command about any of them.
#[derive(Debug, Clone)]
pub enum AccountsCommand {
    /// About accounts.
    User(UserCommand),
    /// About API tokens.
    Token(TokenCommand),
    /// About the audit log.
    Audit(AuditCommand),
    /// About hosts.
    Host(HostCommand),
}
