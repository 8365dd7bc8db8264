//! Nothing of the server reaches the browser, not even through a dependency's dependency.

use std::collections::BTreeSet;

use super::violation::Violation;

const BANNED: &[&str] = &[
    "axum",
    "bollard",
    "broker",
    "fanout",
    "hyper",
    "leptos_axum",
    "mio",
    "rusqlite",
    "rustls",
    "server",
    "socket2",
    "store",
    "tokio-postgres",
];

/// Features of tokio that bring its runtime along. Its channels alone would do no harm.
const RUNTIME: &[&str] = &["rt", "rt-multi-thread", "net", "fs", "process", "signal"];

/// Reads `cargo tree`'s lines, each `name vVERSION (where)|feature,feature`.
pub(super) fn check(tree: &str) -> Vec<Violation> {
    let mut found = BTreeSet::new();
    for line in tree.lines() {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        if BANNED.contains(&name) {
            found.insert(format!("`{name}` is compiled into the WebAssembly"));
        }
        let runtime: Vec<_> =
            features.split(',').filter(|feature| RUNTIME.contains(&feature.trim())).collect();
        if name == "tokio" && !runtime.is_empty() {
            found.insert(format!("`tokio` with {} is compiled into the WebAssembly", runtime.join(", ")));
        }
    }
    let why = "nothing of the server reaches the browser; `cargo tree -p frontend --target wasm32-unknown-unknown -i NAME` shows the way it came";
    found.into_iter().map(|what| Violation::new("frontend/Cargo.toml", 0, what, why)).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn the_server_is_found_wherever_it_hides() {
        assert_eq!(
            check("frontend v0.1.0 (/p/frontend)|\nleptos v0.8.23|hydrate\nhttp v1.5.0|default,std").len(),
            0
        );
        assert_eq!(
            check("leptos v0.8.23|ssr\naxum v0.8.9|json\naxum v0.8.9|json\nfanout v0.1.0 (/p/fanout)|").len(),
            2
        );
    }

    #[test]
    fn tokio_is_welcome_without_its_runtime() {
        assert_eq!(check("tokio v1.54.1|sync,macros").len(), 0);
        assert_eq!(check("tokio v1.54.1|default,rt,sync").len(), 1);
    }
}
