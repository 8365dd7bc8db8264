//! Tasks beside the reader: sending values of `Latest` topics, and keeping the note of the log's life.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use common::Seq;
use tokio::time::{MissedTickBehavior, interval};

use crate::{shared::Shared, subjects::SubjectKind};

/// The pace at which the note is read, and raised where this node handed out more than it says.
const PACE: Duration = Duration::from_secs(2);

/// Sends the values of `Latest` topics until the broker is closed.
pub(crate) async fn send_latest(shared: Arc<Shared>) {
    let send = async {
        loop {
            let ready = shared.outbox.ready.notified();
            while shared.connection.is_up()
                && let Some((topic, data, number)) = shared.outbox.take()
            {
                let origin = shared.origin(number);
                let headers = shared.stamp(&topic, &origin).headers();
                let subject = shared.names.subject(SubjectKind::Value, &topic);
                let sent = shared.connection.client.publish_with_headers(subject, headers, data).await;
                if let Err(error) = sent {
                    tracing::debug!(%error, %topic, "a value was not sent");
                }
            }
            ready.await;
        }
    };
    tokio::select! {
        () = shared.closing() => {}
        () = send => {}
    }
}

/// Keeps the note, and has values sent again that did not come back, until the broker is closed.
pub(crate) async fn keep(shared: Arc<Shared>) {
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let keep = async {
        loop {
            ticks.tick().await;
            if !shared.connection.is_up() {
                continue;
            }
            shared.outbox.resend_late();
            if let Err(error) = look(&shared).await {
                tracing::debug!(%error, "the note of the log's life was not read");
            }
        }
    };
    tokio::select! {
        () = shared.closing() => {}
        () = keep => {}
    }
}

async fn look(shared: &Shared) -> Result<(), broker::BrokerError> {
    let head = shared.head();
    let mut place = head;
    place.seq = place.seq.max(Seq(shared.handed_out.load(Relaxed)));
    let Some(note) = shared.notes().raise(place).await? else {
        shared.look_again.notify_one();
        return Ok(());
    };
    if note.epoch > head.epoch.0 {
        shared.look_again.notify_one();
    }
    if shared.latest_generation.swap(note.latest_generation, Relaxed) != note.latest_generation {
        shared.outbox.resend_all();
        shared.look_again.notify_one();
    }
    Ok(())
}
