//! A host, as its row shows it.

use common::{host::HostInfo, host_labels::HostLabels, host_status::HostStatus};

/// A host and how it is now.
#[derive(Debug, Clone)]
pub struct HostRow {
    /// The facts that do not change.
    pub info: HostInfo,
    /// Its labels.
    pub labels: HostLabels,
    /// Its agent; none for the machine that the server runs on.
    pub agent: Option<HostAgent>,
    /// Its newest numbers.
    pub status: HostStatus,
}

/// The agent of a host.
#[derive(Debug, Clone)]
pub struct HostAgent {
    /// The number of the host in the store.
    pub number: u64,
    /// Its version.
    pub version: Option<String>,
    /// The name of the transport by which it reports.
    pub transport: Option<&'static str>,
    /// True if it has told of a container engine, and the reader may see its containers.
    pub has_containers: bool,
}
