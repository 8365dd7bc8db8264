//! Installs the peers: servers with nginx and its Nchan, with Redis and with packages of npm, and charts with two more, in a browser; and
//! strace, which slows a disk down.

use std::path::Path;

use anyhow::Result;

use super::{SetupOptions, announce, apt::Apt, npm, setup};

/// Files, and the packages of Debian that have them.
const NEEDED: [(&str, &[&str]); 3] = [
    ("/usr/lib/nginx/modules/ngx_nchan_module.so", &["nginx", "libnginx-mod-nchan"]),
    ("/usr/bin/redis-server", &["redis-server"]),
    ("/usr/bin/strace", &["strace"]),
];
const NODE: &str = "bench/peers";
const CHARTS: &str = "bench/charts";

/// Installs what is missing. A peer that cannot be had is left out of the comparison, which the load generator then says.
pub(crate) fn install() {
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .flat_map(|(_, packages)| *packages)
        .copied()
        .collect();
    if !missing.is_empty() {
        let listed = missing.join(", ");
        match Apt::here() {
            Some(apt) => {
                announce(&format!("installing {listed} with apt"), "half a minute");
                if let Err(error) = apt.install(&missing) {
                    println!("setup: without {listed}: {error:#}");
                }
            }
            None => println!("setup: without {listed}: apt is not here, or may not be used"),
        }
    }
    if let Err(error) = npm::install(NODE) {
        println!("setup: without the peers on Node: {error:#}");
    }
}

/// Installs what the charts are measured with: the page's build, a browser with what steers it, and two libraries.
pub(crate) fn install_charts() -> Result<()> {
    setup(&SetupOptions { tests: true, ..Default::default() })?;
    npm::install(CHARTS)
}
