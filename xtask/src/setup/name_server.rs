//! The name server that tests of checks ask. Their web server is one of the proxies.

use std::path::Path;

use super::apt::install_or_say;
use crate::process::on_path;

const PROGRAM: &str = "dnsmasq";
/// The program alone: the package `dnsmasq` would start it as the system's.
const PACKAGE: &str = "dnsmasq-base";

/// Installs it where it is missing; without it the tests of checks fail, by name.
pub(super) fn install() {
    if on_path(PROGRAM).is_none() && !Path::new("/usr/sbin").join(PROGRAM).exists() {
        install_or_say(&[PACKAGE], "the tests of checks will fail");
    }
}
