//! The topics that exist, and the retention of each.

use std::time::Duration;

use hub::{Retention, TopicKind, TopicPolicy, TopicQuota};

pub(crate) fn all() -> Vec<TopicPolicy> {
    let few = Retention::entries(16);
    let own = |pattern| rule(pattern, TopicKind::Latest, Retention { quota: TopicQuota::Reserved, ..few });
    let latest =
        |pattern| rule(pattern, TopicKind::Latest, Retention { quota: TopicQuota::AtMost(500), ..few });
    // A room keeps its messages; a connection that opens begins with the newest 200.
    let chat = |pattern, share| {
        let age = Duration::from_secs(30 * 86_400);
        rule(
            pattern,
            TopicKind::Log,
            Retention { age, snapshot: 200, quota: share, ..Retention::entries(10_000) },
        )
    };
    vec![
        // The product's own topics have a share that nobody else can take; a client that publishes or follows topics
        // without end fills the share of one family, and no other.
        own("host/local/metrics"),
        own("host/local/system"),
        own("host/local/processes"),
        own("host/local/cpumemdisk"),
        own("rooms"),
        own("presence/lobby"),
        chat("chat/lobby", TopicQuota::Reserved),
        latest("host/*/metrics"),
        latest("host/*/system"),
        latest("host/*/processes"),
        latest("host/*/cpumemdisk"),
        chat("chat/*", TopicQuota::AtMost(500)),
        latest("presence/*"),
        // Nothing is ever published there: a page that follows its own finds its connection by it among all.
        rule("page/*", TopicKind::Latest, Retention { quota: TopicQuota::AtMost(2_000), ..few }),
        // A newer one replaces an older, but all of the last seconds are there for a line that was cut: eight seconds at the
        // greatest pace. Nothing of it is worth a disk, and each lab has a name of its own.
        rule(
            "lab/*",
            TopicKind::Latest,
            Retention {
                age: Duration::from_secs(60),
                bytes: 8 << 20,
                lapses: true,
                quota: TopicQuota::AtMost(500),
                ..Retention::entries(3000)
            },
        ),
        rule(
            "custom/*",
            TopicKind::Log,
            Retention {
                age: Duration::from_secs(600),
                quota: TopicQuota::AtMost(5_000),
                ..Retention::entries(1024)
            },
        ),
    ]
}

fn rule(pattern: &str, kind: TopicKind, retention: Retention) -> TopicPolicy {
    TopicPolicy { pattern: pattern.parse().expect("a pattern written here is one"), kind, retention }
}
