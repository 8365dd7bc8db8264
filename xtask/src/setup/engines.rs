//! Container engines, which the tests start by themselves, in folders of their own.

use std::path::Path;

use super::{announce, apt::Apt};
use crate::process::on_path;

/// Each program, and the package of Debian that has it. The static busybox alone runs in an image without libraries.
const NEEDED: [(&str, &str); 6] = [
    ("dockerd", "docker.io"),
    ("podman", "podman"),
    ("runc", "runc"),
    ("busybox", "busybox-static"),
    ("docker-registry", "docker-registry"),
    ("ip", "iproute2"),
];

/// Installs what is missing; without it the tests of real engines fail, by name.
pub(super) fn install() {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return;
    }
    let names = missing.join(", ");
    match Apt::here() {
        Some(apt) => {
            announce(&["installing ", &names, " with apt, without starting services"].concat(), "a minute");
            if let Err(error) = apt.install_without_services(&missing) {
                println!(
                    "setup: {names} cannot be installed, so the tests of container engines will fail: {error:#}"
                );
            }
        }
        None => println!(
            "setup: install {names}, or the tests of container engines will fail: apt is not here, or may not be used"
        ),
    }
}

fn is_there(program: &str) -> bool {
    // Debian keeps servers off the path of people who are not root.
    on_path(program).is_some() || Path::new("/usr/sbin").join(program).exists()
}
