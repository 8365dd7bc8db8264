//! Installs the peers: servers with nginx and its Nchan and with two packages of npm, and charts with two more, in a
//! browser.

use std::path::Path;

use anyhow::Result;

use super::{SetupOptions, announce, apt::Apt, npm, setup};

const PACKAGES: [&str; 2] = ["nginx", "libnginx-mod-nchan"];
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const NODE: &str = "bench/peers";
const CHARTS: &str = "bench/charts";

/// Installs what is missing. A peer that cannot be had is left out of the comparison, which the load generator then says.
pub(crate) fn install() {
    if !Path::new(MODULE).exists() {
        match Apt::here() {
            Some(apt) => {
                announce("installing nginx and Nchan with apt", "half a minute");
                if let Err(error) = apt.install(&PACKAGES) {
                    println!("setup: without nginx and Nchan: {error:#}");
                }
            }
            None => println!("setup: without nginx and Nchan: apt is not here, or may not be used"),
        }
    }
    if let Err(error) = npm::install(NODE) {
        println!("setup: without the peers on Node: {error:#}");
    }
}

/// Installs what the charts are measured with: the page's build, a browser with what steers it, and two libraries.
pub(crate) fn install_charts() -> Result<()> {
    setup(&SetupOptions { tests: true })?;
    npm::install(CHARTS)
}
