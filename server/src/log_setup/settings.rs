//! The settings of a log that several nodes share.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    config::setting::{Bound, Setting},
    secret::Secret,
};

/// The log's place at NATS JetStream. Without `url` the log stands in the data folder, and none of this counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerConfig {
    /// Addresses of NATS servers, `nats://host:port` or `tls://host:port`, with commas between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The first part of all subjects, and in capitals of the streams' names: two boards share a NATS by two of them.
    pub prefix: String,
    /// The copies of each stream: 1, 3 or 5.
    pub replicas: u64,
    /// The most bytes that the stream of the log holds; 0 for as much as NATS allows.
    pub max_bytes: u64,
    /// The user, where the address names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The user's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// A token instead of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// A file of credentials (JWT and seed) instead of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<PathBuf>,
    /// The file of the authority (PEM) that signed the servers' certificates, where the system does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The file of the certificate (PEM) that this node shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert: Option<PathBuf>,
    /// The file of its private key (PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
}

/// Its settings.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting::free("broker.url"),
    Setting::free("broker.prefix"),
    Setting::bounded("broker.replicas", &[Bound::Within(1..=5, "1, 3 or 5")]),
    Setting::bounded(
        "broker.max_bytes",
        &[Bound::ZeroOrWithin(16 << 20..=1 << 44, "0, or 16777216 (16 MiB) to 17592186044416 (16 TiB)")],
    ),
    Setting::free("broker.user"),
    Setting::free("broker.password"),
    Setting::free("broker.token"),
    Setting::free("broker.credentials"),
    Setting::free("broker.ca"),
    Setting::free("broker.cert"),
    Setting::free("broker.key"),
];

impl Default for BrokerConfig {
    fn default() -> Self {
        Self {
            url: None,
            prefix: "pulseboard".to_owned(),
            replicas: 1,
            max_bytes: 0,
            user: None,
            password: None,
            token: None,
            credentials: None,
            ca: None,
            cert: None,
            key: None,
        }
    }
}
