//! The words of the command line for an agent.

use clap::{Args, Subcommand};

use super::transport::AgentTransport;

/// The flags of `pulseboard agent`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AgentArgs {
    /// An errand besides reporting.
    #[command(subcommand)]
    pub command: Option<AgentCommand>,
    /// The server's address, such as https://board.example.org; needed once, with --enrol
    #[arg(long, value_name = "URL")]
    pub hub: Option<String>,
    /// The code that the server's page of hosts or `pulseboard host code` shows
    #[arg(long, value_name = "CODE", requires = "hub")]
    pub enrol: Option<String>,
    /// The host's name at the server [default: this machine's own]
    #[arg(long)]
    pub name: Option<String>,
    /// A label of the host, such as role=db; again for each, at most 8. They are kept until others are given; --label "" takes them away
    #[arg(long = "label", value_name = "KEY=VALUE")]
    pub labels: Vec<String>,
    /// Measure CPU, memory and disk so often, milliseconds
    #[arg(long, default_value_t = 1_000)]
    pub fast_ms: u64,
    /// Measure all the rest so often, milliseconds
    #[arg(long, default_value_t = 2_000)]
    pub slow_ms: u64,
    /// Keep at most so many megabytes of what the server has not taken yet
    #[arg(long, default_value_t = 64, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=65_536))]
    pub buffer_mb: u64,
    /// Watch the containers of this engine: `auto` takes the first socket that is there, `off` none, and an address is like unix:///run/docker.sock
    #[arg(long, default_value = "auto", value_name = "ADDRESS")]
    pub engine: String,
    /// Report by this transport alone [default: the first that gets through]
    #[arg(long, value_name = "NAME")]
    pub transport: Option<AgentTransport>,
    /// Ask no services whether they are up, whatever the server wants
    #[arg(long)]
    pub no_probes: bool,
    /// Print one measurement as JSON, and end; nothing is sent
    #[arg(long)]
    pub once: bool,
}

/// An errand of an agent besides reporting.
#[derive(Debug, Clone, Subcommand)]
pub enum AgentCommand {
    /// Try every way to the server, and say what each one meets; nothing is reported
    Doctor(DoctorArgs),
}

/// The flags of `pulseboard agent doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// The server's address [default: the one where this agent has enrolled]
    #[arg(long, value_name = "URL")]
    pub hub: Option<String>,
}
