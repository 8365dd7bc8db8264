//! The newest numbers of every host in short: what the list of hosts shows, and what keeps it fresh.

use serde::Serialize;

use crate::host::HostId;

/// The newest numbers of the hosts that a reader may read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostStatuses {
    /// The server's clock, milliseconds since 1970.
    pub at: u64,
    /// Changes when a host comes or goes, or when its facts change: whoever shows those asks for them again.
    pub revision: String,
    /// The machine that the server runs on, then the others by name.
    pub hosts: Vec<HostStatus>,
}

/// The newest numbers of one host. Of one that is offline they are the last that were heard.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostStatus {
    /// Its name here.
    pub id: HostId,
    /// Says if it is heard.
    pub state: HostLiveness,
    /// The share of the processors that is busy, percent.
    pub cpu: Option<f64>,
    /// The share of memory that is used, percent.
    pub memory: Option<f64>,
    /// The share of the fullest file system that is used, percent.
    pub disk: Option<f64>,
    /// Received over all networks, bytes a second.
    pub received: Option<f64>,
    /// Sent over all networks, bytes a second.
    pub sent: Option<f64>,
    /// Seconds since it was started.
    pub uptime: Option<f64>,
    /// The time at which its agent was heard last, by the server's clock, milliseconds since 1970; null for the server's own machine.
    pub heard_ms: Option<u64>,
    /// The agent's clock is ahead of the server's by this much, milliseconds.
    pub ahead_ms: i64,
}

/// Says if a host is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HostLiveness {
    /// It is the machine that the server runs on.
    Local,
    /// Its agent was heard in the last ten seconds.
    Online,
    /// Its agent was heard before that.
    Offline,
    /// Its agent was never heard.
    Never,
}

impl HostLiveness {
    /// Returns the state as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Never => "never",
        }
    }
}
