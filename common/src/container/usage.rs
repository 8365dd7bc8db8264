//! The usage of containers.

use serde::{Deserialize, Serialize};

/// The usage of a host's containers at one moment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainersUsage {
    /// The moment, Unix milliseconds.
    pub at: u64,
    /// Those that run.
    pub containers: Vec<ContainerUsage>,
}

/// The usage of one container. What could not be read is absent, never zero.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerUsage {
    /// Its id.
    pub id: String,
    /// The share of one core, percent: 200 for two whole cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<f64>,
    /// Memory as the engine's own client counts it, bytes: without the file cache that can go at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Bytes a second from the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<f64>,
    /// Bytes a second to the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<f64>,
    /// Bytes a second from disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<f64>,
    /// Bytes a second to disks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<f64>,
}

/// The usage of a container in the past, in equal steps. What could not be read is `null`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerHistory {
    /// The milliseconds of a step.
    pub step_ms: u64,
    /// The moment of each point, Unix milliseconds; rising, with holes where it did not run.
    pub at: Vec<u64>,
    /// The share of one core, percent.
    pub cpu: Vec<Option<f32>>,
    /// Memory, bytes.
    pub memory: Vec<Option<u64>>,
    /// Bytes a second from the network.
    pub received: Vec<Option<f32>>,
    /// Bytes a second to the network.
    pub sent: Vec<Option<f32>>,
    /// Bytes a second from disks.
    pub read: Vec<Option<f32>>,
    /// Bytes a second to disks.
    pub written: Vec<Option<f32>>,
}
