//! The one who goes round: tells who came and left, and closes rooms that are empty.

use std::{future::pending, time::Duration};

use common::Topic;
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::{Chat, ChatInner};

/// From one round to the next at least: a room's presence is told up to four times a second, however much it changes.
const PACE: Duration = Duration::from_millis(250);

impl Chat {
    /// Goes round when something has changed or lapses, for ever.
    pub(super) async fn keep(self) {
        loop {
            let now = Instant::now();
            let due = self.0.round(now);
            let lapse = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = self.0.changed.notified() => {}
                () = lapse => {}
            }
            sleep_until(now + PACE).await;
        }
    }
}

impl ChatInner {
    /// Tells what has changed; returns when something lapses next.
    fn round(&self, now: Instant) -> Option<Instant> {
        let mut rooms = self.rooms.lock();
        for (id, room) in rooms.iter_mut() {
            room.people.expire(now);
            if let Some(presence) = room.people.news() {
                self.publish(&id.presence_topic(), &presence);
            }
        }
        rooms.close_the_empty(&self.hub);
        if let Some(list) = rooms.news() {
            self.publish(&self.list, &list);
        }
        rooms.iter_mut().filter_map(|(_, room)| room.people.due()).min()
    }

    /// A log that does not take it (it is full of topics, or closed) will hear of the next change.
    fn publish(&self, topic: &Topic, news: &impl Serialize) {
        match serde_json::to_vec(news) {
            Ok(data) => {
                if let Err(error) = self.hub.publish(topic, data.into()) {
                    tracing::debug!(%topic, %error, "presence could not be told");
                }
            }
            Err(error) => tracing::error!(%topic, %error, "presence could not be written"),
        }
    }
}
