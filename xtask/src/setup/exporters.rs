//! Exporters of Prometheus' format, which the tests of scraping start by themselves.

use std::path::Path;

use super::{announce, apt::Apt};

/// A file of each package of Debian, and the package.
const NEEDED: [(&str, &str); 3] = [
    ("/usr/bin/prometheus-node-exporter", "prometheus-node-exporter"),
    ("/usr/bin/prometheus-pushgateway", "prometheus-pushgateway"),
    ("/usr/lib/python3/dist-packages/prometheus_client/__init__.py", "python3-prometheus-client"),
];

/// Installs what is missing, without starting services; without it the tests of scraping fail, by name.
pub(super) fn install() {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(file, _)| !Path::new(file).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return;
    }
    let names = missing.join(", ");
    match Apt::here() {
        Some(apt) => {
            announce(
                &["installing ", &names, " with apt, without starting services"].concat(),
                "half a minute",
            );
            if let Err(error) = apt.install_without_services(&missing) {
                println!("setup: {names} cannot be installed, so the tests of scraping will fail: {error:#}");
            }
        }
        None => println!(
            "setup: install {names}, or the tests of scraping will fail: apt is not here, or may not be used"
        ),
    }
}
