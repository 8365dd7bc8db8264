//! What topics there are, and how much of each is kept.

use std::time::Duration;

use hub::{Kind, Retention, Rule};

pub(crate) fn all() -> Vec<Rule> {
    let numbers = |pattern| rule(pattern, Kind::Latest, Retention::entries(16));
    vec![
        numbers("host/*/metrics"),
        numbers("host/*/system"),
        numbers("host/*/processes"),
        numbers("host/*/cpumemdisk"),
        rule("custom/*", Kind::Log, Retention { age: Duration::from_secs(600), ..Retention::entries(1024) }),
    ]
}

fn rule(pattern: &str, kind: Kind, retention: Retention) -> Rule {
    Rule { pattern: pattern.parse().expect("a pattern written here is one"), kind, retention }
}
