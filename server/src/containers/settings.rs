//! The settings of containers: where their engine listens, and whether it may be asked to act.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::setting::Setting;

/// The settings of this feature.
pub(super) const SETTINGS: &[Setting] = &[
    Setting::free("containers.engine"),
    Setting::free("containers.actions"),
    Setting::free("containers.ca"),
    Setting::free("containers.cert"),
    Setting::free("containers.key"),
];

/// The section `containers`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContainerSettings {
    /// `auto` takes the first socket that is there, `off` watches none, and an address (`unix:///run/docker.sock`, `tcp://host:2376`) is
    /// asked as it stands.
    pub engine: String,
    /// Operators may start, stop and restart containers of this host.
    pub actions: bool,
    /// The authority that signed the engine's certificate, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The certificate that this server shows to the engine, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<PathBuf>,
    /// Its key, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
}

impl Default for ContainerSettings {
    fn default() -> Self {
        Self { engine: AUTO.to_owned(), actions: false, ca: None, cert: None, key: None }
    }
}

pub(super) const AUTO: &str = "auto";
pub(super) const OFF: &str = "off";
