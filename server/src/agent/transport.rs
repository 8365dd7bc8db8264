//! The transports by which agents report.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A transport by which an agent reports, the one that is tried first before the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[clap(rename_all = "lower")]
pub enum AgentTransport {
    /// A WebSocket: a message for each report.
    WebSocket,
    /// The body of one request that goes on, and its answer beside it.
    Stream,
    /// A request for each report.
    Post,
}

impl AgentTransport {
    /// Returns its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Stream => "HTTP streaming",
            Self::Post => "HTTP POST",
        }
    }
}

impl fmt::Display for AgentTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
