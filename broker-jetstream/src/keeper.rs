//! Tasks beside the reader: sending values of `Latest` topics, and keeping the note of the log's life.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use common::Seq;
use tokio::time::{MissedTickBehavior, interval};

use crate::{retention, shared::Shared, subjects::SubjectKind};

/// The pace at which the note is read, and raised where this node handed out more than it says.
const PACE: Duration = Duration::from_secs(2);

/// The pace at which topics are held against their bounds.
const RETENTION_PACE: Duration = Duration::from_secs(5);
/// One round in so many removes what other nodes should have removed, too.
const ROUNDS_FOR_ALL: u64 = 100;

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

/// Keeps topics within their bounds until the broker is closed.
pub(crate) async fn retain(shared: Arc<Shared>) {
    // Nodes that were started together do not ask together.
    let jitter = Duration::from_millis(getrandom::u32().unwrap_or(0).into()).as_millis() % 2000;
    let pace = RETENTION_PACE + Duration::from_millis(u64::try_from(jitter).unwrap_or(0));
    let mut ticks = interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut rounds = 0_u64;
    let retain = async {
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = shared.sweep_now.notified() => {}
            }
            if !shared.connection.is_up() || !shared.told.borrow().ready {
                continue;
            }
            rounds += 1;
            if let Err(error) = retention::sweep(&shared, rounds.is_multiple_of(ROUNDS_FOR_ALL)).await {
                tracing::debug!(%error, "what is over its bounds stays for now");
            }
        }
    };
    tokio::select! {
        () = shared.closing() => {}
        () = retain => {}
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
