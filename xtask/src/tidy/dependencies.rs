//! Checks the direct dependencies of every kind: between the crates of the workspace, and on the crates that have an
//! owner.

use cargo_metadata::Package;

use super::violation::Violation;

/// Each room and the rooms it may name. Dev-dependencies count: a room's tests come in through the same doors.
const DOORS: &[(&str, &[&str])] = &[
    ("common", &[]),
    ("hub", &["common"]),
    ("transports", &["common", "hub"]),
    ("charts", &["common"]),
    ("app", &["common", "charts"]),
    ("frontend", &["common", "transports", "charts", "app"]),
    ("server", &["common", "hub", "transports", "charts", "app"]),
    ("bench", &["common", "hub", "transports", "charts", "server"]),
    ("xtask", &[]),
];

/// Crates from outside that only these rooms may name. A name ending in `*` is the start of a name.
const OWNERS: &[(&str, &[&str], &str)] = &[
    ("sqlx*", &["server"], "only server/src/store knows SQL"),
    ("bollard*", &["server"], "only server/src/docker talks to an engine"),
    ("plotters*", &["charts"], "only charts draws"),
    ("axum*", &["transports", "server"], "HTTP stays at the server's ends"),
    ("hyper*", &["transports", "server", "bench"], "HTTP stays at the server's ends"),
    ("http", &["transports", "server", "bench"], "HTTP stays at the server's ends"),
    ("http-body*", &["transports", "server", "bench"], "HTTP stays at the server's ends"),
    ("tower*", &["transports", "server", "bench"], "HTTP stays at the server's ends"),
    ("tokio", &["hub", "transports", "server", "bench"], "the words and the pages know no runtime"),
    ("gloo*", &["transports", "frontend"], "pages reach the browser through the ports of app/src/ports.rs"),
    ("openssl*", &[], "TLS is rustls, so that the binary needs no system library"),
    ("native-tls", &[], "TLS is rustls, so that the binary needs no system library"),
];

pub(super) fn check(package: &Package) -> Vec<Violation> {
    let dependencies: Vec<_> =
        package.dependencies.iter().map(|dependency| dependency.name.as_str()).collect();
    check_room(package.name.as_str(), &dependencies)
}

fn check_room(room: &str, dependencies: &[&str]) -> Vec<Violation> {
    let manifest = format!("{room}/Cargo.toml");
    let Some((_, open)) = DOORS.iter().find(|(name, _)| *name == room) else {
        return vec![Violation::new(
            manifest,
            0,
            format!("`{room}` has no doors"),
            "give it a row in xtask/src/tidy/dependencies.rs",
        )];
    };
    let mut violations = Vec::new();
    for dependency in dependencies {
        let is_room = DOORS.iter().any(|(name, _)| name == dependency);
        // A crate may name itself among its dev-dependencies, to turn on features for its tests.
        if is_room && *dependency != room && !open.contains(dependency) {
            let why = format!("{room}'s doors lead to {}", listed(open));
            violations.push(Violation::new(
                &manifest,
                0,
                format!("`{room}` may not depend on `{dependency}`"),
                why,
            ));
        }
        for (pattern, owners, why) in OWNERS {
            if matches(pattern, dependency) && !owners.contains(&room) {
                violations.push(Violation::new(
                    &manifest,
                    0,
                    format!("`{room}` may not depend on `{dependency}`"),
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
    if names.is_empty() { "nowhere".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::check_room;

    fn complaints(room: &str, dependencies: &[&str]) -> usize {
        check_room(room, dependencies).len()
    }

    #[test]
    fn a_room_reaches_the_rooms_its_doors_lead_to() {
        assert_eq!(complaints("server", &["common", "hub", "transports", "axum", "sqlx"]), 0);
        assert_eq!(complaints("transports", &["transports", "common"]), 0);
    }

    #[test]
    fn there_is_no_way_back() {
        assert_eq!(complaints("common", &["hub"]), 1);
        assert_eq!(complaints("transports", &["server"]), 1);
        assert_eq!(complaints("app", &["frontend", "hub"]), 2);
        assert_eq!(complaints("xtask", &["common"]), 1);
    }

    #[test]
    fn crates_with_an_owner_stay_with_it() {
        assert_eq!(complaints("hub", &["axum", "http", "hyper-util"]), 3);
        assert_eq!(complaints("app", &["plotters-canvas", "gloo-net", "tokio", "sqlx"]), 4);
        assert_eq!(complaints("server", &["plotters", "openssl"]), 2);
    }

    #[test]
    fn a_new_room_must_say_where_its_doors_lead() {
        assert_eq!(complaints("attic", &[]), 1);
    }
}
