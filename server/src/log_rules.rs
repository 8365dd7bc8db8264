//! What topics there are, and how much of each is kept.

use std::time::Duration;

use hub::{Kind, Retention, Rule};

pub(crate) fn all() -> Vec<Rule> {
    let latest = |pattern| rule(pattern, Kind::Latest, Retention::entries(16));
    vec![
        latest("host/*/metrics"),
        latest("host/*/system"),
        latest("host/*/processes"),
        latest("host/*/cpumemdisk"),
        // What was said in a room; a line that opens begins with the newest 200.
        rule(
            "chat/*",
            Kind::Log,
            Retention { age: Duration::from_secs(30 * 86_400), snapshot: 200, ..Retention::entries(10_000) },
        ),
        latest("presence/*"),
        latest("rooms"),
        // Nothing is ever published there: a page that follows its own finds its connection by it among all.
        latest("page/*"),
        // A newer one replaces an older, but all of the last seconds are there for a line that was cut: eight seconds at the
        // greatest pace. Nothing of it is worth a disk, and each lab has a name of its own.
        rule(
            "lab/*",
            Kind::Latest,
            Retention {
                age: Duration::from_secs(60),
                bytes: 8 << 20,
                lapses: true,
                ..Retention::entries(3000)
            },
        ),
        rule("custom/*", Kind::Log, Retention { age: Duration::from_secs(600), ..Retention::entries(1024) }),
    ]
}

fn rule(pattern: &str, kind: Kind, retention: Retention) -> Rule {
    Rule { pattern: pattern.parse().expect("a pattern written here is one"), kind, retention }
}
