//! Checks the direct dependencies of every kind: between the crates of the workspace, and on the crates that have an
//! owner.

use cargo_metadata::Package;

use super::violation::Violation;

/// Each crate, and the crates of the workspace that it may depend on. Dev-dependencies count, too.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("common", &[]),
    ("access", &["common"]),
    ("broker", &["common"]),
    ("broker-jetstream", &["common", "broker"]),
    ("broker-journal", &["common", "broker"]),
    ("store", &["common"]),
    ("store-sqlite", &["common", "store"]),
    ("store-postgres", &["common", "store"]),
    ("fanout", &["common", "broker", "broker-journal"]),
    ("transports", &["common", "access", "fanout", "broker-jetstream", "transport-probes"]),
    ("transport-probes", &["common", "transports"]),
    ("charts", &["common"]),
    ("container-engine", &[]),
    ("kept-logs", &[]),
    ("history", &[]),
    ("collect", &["common", "broker"]),
    ("exposition", &[]),
    ("outbound", &[]),
    ("probe", &["outbound"]),
    ("scrape", &["exposition", "outbound"]),
    ("app", &["common", "charts"]),
    ("frontend", &["common", "transports", "charts", "app"]),
    (
        "server",
        &[
            "common",
            "access",
            "broker",
            "broker-jetstream",
            "broker-journal",
            "fanout",
            "store",
            "store-sqlite",
            "store-postgres",
            "transports",
            "transport-probes",
            "charts",
            "collect",
            "container-engine",
            "history",
            "kept-logs",
            "outbound",
            "probe",
            "scrape",
            "app",
        ],
    ),
    (
        "bench",
        &[
            "common",
            "broker-jetstream",
            "container-engine",
            "fanout",
            "transports",
            "charts",
            "kept-logs",
            "server",
        ],
    ),
    ("bench-history", &["history"]),
    ("xtask", &[]),
    ("site-builder", &[]),
    ("wasm-test-runner", &[]),
];

/// Crates from outside that only these crates may depend on. A name ending in `*` is the start of a name.
const OWNERS: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store-sqlite"], "only store-sqlite knows SQLite"),
    ("tokio-postgres*", &["store-postgres"], "only store-postgres knows PostgreSQL"),
    ("deadpool-postgres", &["store-postgres"], "only store-postgres knows PostgreSQL"),
    ("zstd", &["kept-logs"], "only kept-logs compresses lines"),
    ("pco", &["history"], "only history compresses numbers"),
    ("bollard*", &[], "container-engine is the client of container engines: closed types fail on real ones"),
    ("plotters*", &["charts"], "only charts draws"),
    ("axum*", &["transports", "server"], "HTTP stays at the server's ends"),
    (
        "hyper*",
        &["transports", "container-engine", "outbound", "probe", "server", "bench"],
        "HTTP stays at the server's ends",
    ),
    (
        "http",
        &["transports", "outbound", "probe", "scrape", "server", "bench"],
        "HTTP stays at the server's ends",
    ),
    (
        "http-body*",
        &["transports", "container-engine", "outbound", "probe", "server", "bench"],
        "HTTP stays at the server's ends",
    ),
    ("tower*", &["transports", "server", "bench"], "HTTP stays at the server's ends"),
    ("async-nats", &["broker-jetstream"], "only broker-jetstream knows NATS"),
    (
        "tokio",
        &[
            "broker",
            "broker-jetstream",
            "broker-journal",
            "fanout",
            "store",
            "store-sqlite",
            "store-postgres",
            "transports",
            "transport-probes",
            "container-engine",
            "outbound",
            "probe",
            "scrape",
            "server",
            "bench",
        ],
        "the words and the pages know no runtime",
    ),
    (
        "webauthn-rs*",
        &["server"],
        "the store keeps credentials as texts, and the documents show options as texts",
    ),
    ("qrcode", &["server"], "the server draws what its documents show"),
    ("gloo*", &["transports", "frontend"], "pages reach the browser through the ports of app/src/ports.rs"),
    ("utoipa*", &["common", "server"], "only what is said over REST is described"),
    ("openssl*", &[], "TLS is rustls, so that the binary needs no system library"),
    ("native-tls", &[], "TLS is rustls, so that the binary needs no system library"),
];

pub(super) fn check(package: &Package) -> Vec<Violation> {
    let dependencies: Vec<_> =
        package.dependencies.iter().map(|dependency| dependency.name.as_str()).collect();
    check_crate(package.name.as_str(), &dependencies)
}

fn check_crate(name: &str, dependencies: &[&str]) -> Vec<Violation> {
    let manifest = format!("{name}/Cargo.toml");
    let Some((_, open)) = MAY_DEPEND.iter().find(|(member, _)| *member == name) else {
        return vec![Violation::new(
            manifest,
            0,
            format!("`{name}` has no row"),
            "give it a row in xtask/src/tidy/dependencies.rs",
        )];
    };
    let mut violations = Vec::new();
    for dependency in dependencies {
        let is_member = MAY_DEPEND.iter().any(|(member, _)| member == dependency);
        // A crate may name itself among its dev-dependencies, to turn on features for its tests.
        if is_member && *dependency != name && !open.contains(dependency) {
            let why = format!("{name} may depend on {}", listed(open));
            violations.push(Violation::new(
                &manifest,
                0,
                format!("`{name}` may not depend on `{dependency}`"),
                why,
            ));
        }
        for (pattern, owners, why) in OWNERS {
            if matches(pattern, dependency) && !owners.contains(&name) {
                violations.push(Violation::new(
                    &manifest,
                    0,
                    format!("`{name}` may not depend on `{dependency}`"),
                    *why,
                ));
            }
        }
    }
    violations
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no crate of the workspace".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::check_crate;

    fn complaints(name: &str, dependencies: &[&str]) -> usize {
        check_crate(name, dependencies).len()
    }

    #[test]
    fn a_crate_may_depend_on_the_crates_of_its_row() {
        assert_eq!(
            complaints(
                "server",
                &["common", "broker", "broker-journal", "fanout", "transports", "axum", "store-sqlite"]
            ),
            0
        );
        assert_eq!(complaints("transports", &["transports", "common"]), 0);
    }

    #[test]
    fn there_is_no_way_back() {
        assert_eq!(complaints("common", &["fanout"]), 1);
        assert_eq!(complaints("transports", &["server"]), 1);
        assert_eq!(complaints("app", &["frontend", "fanout"]), 2);
        assert_eq!(complaints("xtask", &["common"]), 1);
    }

    #[test]
    fn crates_with_an_owner_stay_with_it() {
        assert_eq!(complaints("fanout", &["axum", "http", "hyper-util"]), 3);
        assert_eq!(complaints("app", &["plotters-canvas", "gloo-net", "tokio", "rusqlite"]), 4);
        assert_eq!(complaints("server", &["plotters", "openssl"]), 2);
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        assert_eq!(complaints("attic", &[]), 1);
    }
}
