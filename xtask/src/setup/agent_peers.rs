//! Installs the programs beside which the agent is measured.

use std::path::Path;

use anyhow::{Context, Result};

use super::{announce, apt::Apt, python};

/// A file of each package of Debian, and the package. Neither starts a service.
const NEEDED: [(&str, &str); 2] =
    [("/usr/bin/prometheus-node-exporter", "prometheus-node-exporter"), ("/usr/sbin/netdata", "netdata")];
/// PyPI's packages, and the environment that they are in.
const REQUIREMENTS: &str = "bench/peers/glances.txt";
const FOLDER: &str = "bench/peers/.venv";

/// Installs what is missing.
///
/// # Errors
/// When something cannot be had: without it there is nothing to compare with.
pub(crate) fn install() -> Result<()> {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(file, _)| !Path::new(file).exists()).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        let names = missing.join(", ");
        announce(&["installing ", &names, " with apt, without starting services"].concat(), "half a minute");
        let apt =
            Apt::here().with_context(|| format!("install {names}: apt is not here, or may not be used"))?;
        apt.install_without_services(&missing)?;
    }
    python::environment(REQUIREMENTS, FOLDER)
}
