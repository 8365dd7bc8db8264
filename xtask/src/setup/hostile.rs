//! Installs the tools for the tests of hostile hosts: namespaces, small disks and images, interfaces, and a clock that
//! can be set.

use std::path::Path;

use super::{announce, apt::Apt};
use crate::process::on_path;

/// Each program, or part of a path, and the package of Debian that has it.
const NEEDED: [(&str, &str); 8] = [
    ("curl", "curl"),
    ("ip", "iproute2"),
    ("mkfs.ext4", "e2fsprogs"),
    ("mksquashfs", "squashfs-tools"),
    ("nsenter", "util-linux"),
    ("python3", "python3"),
    ("libfaketime.so.1", "libfaketime"),
    // It shows what an agent touches.
    ("strace", "strace"),
];

/// Installs what is missing; without it those tests fail, by name.
pub(super) fn install() {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(what, _)| !is_there(what)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return;
    }
    match Apt::here() {
        Some(apt) => {
            announce("installing what hostile hosts are made of with apt", "half a minute");
            if let Err(error) = apt.install(&missing) {
                println!("setup: the tests of hostile hosts will fail: {error:#}");
            }
        }
        None => println!("setup: install {}, or the tests of hostile hosts will fail", missing.join(", ")),
    }
}

fn is_there(what: &str) -> bool {
    if let Some(library) = what.strip_suffix(".so.1") {
        let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
        return folders
            .into_iter()
            .any(|folder| folder.path().join("faketime").join(format!("{library}.so.1")).exists());
    }
    // Debian keeps some of them off the path of people who are not root.
    on_path(what).is_some() || Path::new("/usr/sbin").join(what).exists()
}
