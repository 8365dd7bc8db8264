//! The proxies that tests stand behind, from Debian's packages.

use std::path::Path;

use super::apt;
use crate::process::on_path;

/// Debian keeps servers off the path of people who are not root.
const ELSEWHERE: &str = "/usr/sbin";

/// A program, and the package that has it.
type Package = (&'static str, &'static str);

/// Those that the tests of CI need.
const FOR_TESTS: [Package; 4] =
    [("nginx", "nginx"), ("haproxy", "haproxy"), ("caddy", "caddy"), ("lighttpd", "lighttpd")];

/// Those that only `cargo xtask proxies` needs.
const OTHERS: [Package; 10] = [
    ("apache2", "apache2"),
    ("varnishd", "varnish"),
    ("squid", "squid"),
    ("traffic_server", "trafficserver"),
    ("h2o", "h2o"),
    ("nghttpx", "nghttp2-proxy"),
    ("hitch", "hitch"),
    ("stunnel4", "stunnel4"),
    ("sslh", "sslh"),
    ("tinyproxy", "tinyproxy"),
];

/// Installs what is missing for the tests; without it those tests fail, by name.
pub(super) fn install() {
    install_these(&FOR_TESTS);
}

/// Installs every proxy there is a test for.
pub(crate) fn install_all() {
    install_these(&FOR_TESTS);
    install_these(&OTHERS);
}

fn install_these(wanted: &[Package]) {
    let is_there = |program: &str| on_path(program).is_some() || Path::new(ELSEWHERE).join(program).exists();
    let missing: Vec<&str> =
        wanted.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect();
    apt::install_or_say(&missing, "the tests behind them will fail");
}
