//! What the load generator compares with: nginx with Nchan, and two packages of npm.

use std::path::Path;

use super::{announce, apt::Apt, npm};

const PACKAGES: [&str; 2] = ["nginx", "libnginx-mod-nchan"];
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const NODE: &str = "bench/peers";

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
