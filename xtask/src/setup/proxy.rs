//! nginx, for the tests that stand behind one.

use std::path::Path;

use super::{announce, apt::Apt};
use crate::process::on_path;

/// Debian keeps it off the path of people who are not root.
const ELSEWHERE: &str = "/usr/sbin/nginx";

/// Installs it where it is missing; without it those tests fail, by name.
pub(super) fn install() {
    if on_path("nginx").is_some() || Path::new(ELSEWHERE).exists() {
        return;
    }
    match Apt::here() {
        Some(apt) => {
            announce("installing nginx with apt", "half a minute");
            if let Err(error) = apt.install(&["nginx"]) {
                println!("setup: nginx cannot be installed, so the tests behind it will fail: {error:#}");
            }
        }
        None => println!(
            "setup: install nginx, or the tests behind it will fail: apt is not here, or may not be used"
        ),
    }
}
