//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use serde::Serialize;

use crate::{
    accounts::command_line::{AccountsCommand, AuditCommand, HostCommand, TokenCommand, UserCommand},
    agent::AgentArgs,
    backup::BackupCommand,
    listen::ListenAddresses,
    notices::command_line::NoticeArgs,
    sizing::SizingArgs,
};

/// A live dashboard for the servers of a small team, in one binary.
#[derive(Debug, Parser)]
#[command(name = "pulseboard", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: ServeFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard (what happens without a subcommand, too).
    Serve,
    /// Make, reset, disable and list accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Make, revoke and list API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Check the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Write the accounts, the log and the settings to one file, while the server runs or not.
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Restore such a file into a data folder that is not there yet.
    Restore {
        /// The file to read
        file: PathBuf,
    },
    /// Ask the server of these settings whether it lives; fails where it does not answer.
    Health,
    /// Tell everyone, a role or a person something; it is on every open page within a second.
    Notice(NoticeArgs),
    /// Measure this machine for a server elsewhere, and report to it.
    Agent(AgentArgs),
    /// Show codes for agents, list hosts and remove them.
    #[command(subcommand)]
    Host(HostCommand),
    /// Compute the nodes, memory and bandwidth that a load needs, from measured costs.
    Sizing(SizingArgs),
    /// Print the description of the REST API, an OpenAPI document.
    Openapi,
    /// Ask the system what may never be answered, for a server that has started this process. Not for people.
    #[command(hide = true)]
    Probe,
}

/// Work that a process does with the settings of a server, instead of serving.
#[derive(Debug, Clone)]
pub enum Errand {
    /// Accounts, tokens and the audit log.
    Accounts(AccountsCommand),
    /// A notice to send.
    Notice(NoticeArgs),
    /// A backup to make or to restore.
    Backup(BackupCommand),
    /// The question whether the server lives.
    Health,
    /// An agent to be run.
    Agent(AgentArgs),
}

/// Flags win over the environment, which wins over the file. They stand before a command or behind it.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct ServeFlags {
    /// Addresses to listen on, with commas between several; port 0 takes a free one, unix:/PATH is a unix socket [default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<ListenAddresses>,
    /// Folder for everything that must outlive a restart [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// Speak TLS (and with it HTTP/2), with this certificate
    #[arg(long, global = true, value_name = "FILE", requires = "tls_key")]
    #[serde(skip)]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key
    #[arg(long, global = true, value_name = "FILE", requires = "tls_cert")]
    #[serde(skip)]
    pub tls_key: Option<PathBuf>,
    /// Speak TLS with a certificate made here, for trying it: browsers will warn
    #[arg(long, global = true, conflicts_with_all = ["tls_cert", "tls_key"])]
    #[serde(skip)]
    pub tls_self_signed: bool,
    /// A TOML file with settings
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

impl Cli {
    /// Returns true if this process only answers a server's questions about the system.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(self.command, Some(Command::Probe))
    }

    /// Returns true if this process only prints the description of the REST API.
    #[must_use]
    pub fn is_openapi(&self) -> bool {
        matches!(self.command, Some(Command::Openapi))
    }

    /// The load that this process is only asked about.
    #[must_use]
    pub fn sizing(&self) -> Option<SizingArgs> {
        match &self.command {
            Some(Command::Sizing(args)) => Some(*args),
            _ => None,
        }
    }

    /// The errand that this process is only for.
    #[must_use]
    pub fn errand(&self) -> Option<Errand> {
        Some(match self.command.as_ref()? {
            Command::User(command) => Errand::Accounts(AccountsCommand::User(command.clone())),
            Command::Token(command) => Errand::Accounts(AccountsCommand::Token(command.clone())),
            Command::Audit(command) => Errand::Accounts(AccountsCommand::Audit(command.clone())),
            Command::Notice(notice) => Errand::Notice(notice.clone()),
            Command::Health => Errand::Health,
            Command::Agent(args) => Errand::Agent(args.clone()),
            Command::Host(command) => Errand::Accounts(AccountsCommand::Host(command.clone())),
            Command::Backup { file } => Errand::Backup(BackupCommand::Create {
                file: file.clone(),
                settings: self.flags.config.clone(),
            }),
            Command::Restore { file } => Errand::Backup(BackupCommand::Restore { file: file.clone() }),
            Command::Serve | Command::Openapi | Command::Sizing(_) | Command::Probe => return None,
        })
    }

    /// The flags, before a command or behind it.
    #[must_use]
    pub fn serve_flags(self) -> ServeFlags {
        self.flags
    }
}
