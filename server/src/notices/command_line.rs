//! The words of the command line about notices.

use clap::Args;
use common::notice::NoticeLevel;

/// A notice to send.
#[derive(Debug, Clone, Args)]
pub struct NoticeArgs {
    /// The line that it is shown by.
    pub(super) title: String,
    /// More about it.
    #[arg(long, default_value = "")]
    pub(super) text: String,
    /// info, warning or critical.
    #[arg(long, default_value = "info")]
    pub(super) level: NoticeLevel,
    /// The readers: all, role:ROLE (and greater ones) or user:NAME.
    #[arg(long, default_value = "all")]
    pub(super) to: String,
    /// The page of the board that it leads to, such as /chat.
    #[arg(long)]
    pub(super) link: Option<String>,
    /// Hours until it is no longer shown; without it, it stays.
    #[arg(long)]
    pub(super) expires_hours: Option<u32>,
}
