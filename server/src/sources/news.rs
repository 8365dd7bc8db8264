//! News of a list of sources, for those who look at it.

use std::time::{Duration, Instant};

use common::Topic;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::context::SourceContext;
use crate::watchers::Watchers;

/// The readers of a list are told so often that there is something new.
const EVERY: Duration = Duration::from_secs(1);

/// There is something new: whoever wants it asks for the list.
#[derive(Serialize)]
struct SourceNews {
    /// Milliseconds since 1970.
    at: u64,
}

/// Tells the readers of a list, for ever.
pub(super) async fn tell(context: SourceContext, topic: &'static str) {
    let Ok(topic) = topic.parse::<Topic>() else { return std::future::pending().await };
    let mut watchers = Watchers::new(context.hub.clone(), topic.clone());
    let mut rounds = interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if watchers.are_there(Instant::now()) {
            context.publish(&topic, &SourceNews { at: context.now() });
        }
    }
}
