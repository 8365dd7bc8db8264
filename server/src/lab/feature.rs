//! The feature of the lab: all that it adds to the server.

use std::time::Duration;

use fanout::{Retention, TopicKind, TopicPolicy, TopicQuota};

use super::{
    api::{self, LabApi},
    runs::Labs,
};
use crate::{
    feature::{Assembly, Feature, FeatureParts, StartContext},
    topic_policies::policy,
};

pub(crate) const FEATURE: Feature =
    Feature { name: "lab", settings: &[], operations: api::operations, topic_policies, start };

/// A newer one replaces an older, but all of the last seconds are there for a line that was cut: eight seconds at the
/// greatest pace. Nothing of it is worth a disk, and each lab has a name of its own.
fn topic_policies() -> Vec<TopicPolicy> {
    let retention = Retention {
        age: Duration::from_secs(60),
        bytes: 8 << 20,
        lapses: true,
        quota: TopicQuota::AtMost(500),
        ..Retention::entries(3000)
    };
    vec![policy("lab/*", TopicKind::Latest, retention)]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let labs = Labs::new(context.hub.clone());
    labs.answer_nodes();
    let routes = |all: &Assembly| {
        let (admission, compression) = (all.live.admission.clone(), all.live.compression);
        api::routes().with_state(LabApi { labs, admission, compression })
    };
    Ok(FeatureParts { routes: Box::new(routes), ..FeatureParts::default() })
}
