//! News of the list of hosts, for those who look at it.

use std::time::{Duration, Instant};

use common::{Topic, host::HOST_NEWS};
use fanout::Hub;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use crate::{tasks::Task, watchers::Watchers};

/// The readers of the list are told so often that there is something new.
const EVERY: Duration = Duration::from_secs(1);

/// There are new numbers: whoever wants them asks for the list.
#[derive(Serialize)]
struct HostNews {
    /// Milliseconds since 1970.
    at: u64,
}

pub(super) fn task(hub: Hub) -> Task {
    Task::new("host news", move || run(hub.clone()))
}

async fn run(hub: Hub) {
    let Ok(topic) = HOST_NEWS.parse::<Topic>() else { return std::future::pending().await };
    let mut watchers = Watchers::new(hub.clone(), topic.clone());
    let mut rounds = interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        // A process that runs alone knows who looks; of several each tells its own readers, and a newer one replaces an older.
        if !watchers.are_there(Instant::now()) {
            continue;
        }
        let news = HostNews { at: hub.clock().unix_millis() };
        match serde_json::to_vec(&news).map(|data| hub.publish(&topic, data.into())) {
            Ok(Ok(_) | Err(fanout::PublishError::Closed)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "news of hosts are not published"),
            Err(error) => tracing::debug!(%error, "news of hosts are not published"),
        }
    }
}
