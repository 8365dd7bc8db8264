//! Waiting until the subscriber was told of a place.

use std::time::Duration;

use common::{Cursor, Seq};
use tokio::time::{sleep, timeout};

use crate::{api, shared::Shared};

/// The pace at which the streams are asked whether a place that does not come exists.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The looks at streams with several copies before it is believed that a place was never given out: a leader that was just chosen takes in
/// what was acknowledged before, on a busy machine for many seconds. Who is taken for a stranger is told entries again.
const LOOKS_AT_SEVERAL: u32 = 10;

/// Resolves to true once everything up to `place` was told, to false where the log never gave it out.
pub(crate) async fn wait(shared: &Shared, place: Cursor) -> bool {
    let mut told = shared.told.subscribe();
    let looks = if shared.settings.replicas > 1 { LOOKS_AT_SEVERAL } else { 1 };
    let mut denied = 0;
    loop {
        if shared.is_closed() {
            return false;
        }
        let head = told.borrow_and_update().cursor;
        if head.covers(place) {
            return true;
        }
        if place.epoch < head.epoch {
            return false;
        }
        if place.epoch > head.epoch {
            shared.look_again.notify_one();
        }
        match exists(shared, head, place).await {
            Some(false) => {
                denied += 1;
                if denied >= looks {
                    return false;
                }
                sleep(LOOK_EVERY).await;
                continue;
            }
            Some(true) => denied = 0,
            // NATS does not answer now.
            None => sleep(LOOK_EVERY).await,
        }
        let reached = told.wait_for(|told| told.cursor.covers(place) || told.cursor.epoch != head.epoch);
        // It may never come: another node's retention, or a removal, may have taken it away before this node read it.
        let _ = timeout(LOOK_EVERY, reached).await;
        if pass_missing(shared, place).await {
            return true;
        }
    }
}

/// False where neither stream has come to the place; none where that is not known.
async fn exists(shared: &Shared, head: Cursor, place: Cursor) -> Option<bool> {
    if place.epoch > head.epoch {
        let (note, _) = shared.notes().read().await.ok()??;
        return Some(place.epoch.0 <= note.epoch);
    }
    let (log, latest) = shared.stream_ends.get(&shared.connection.context, &shared.names).await?;
    Some(place.seq <= log && place.latest <= latest)
}

/// True if only numbers are not told that the streams do not have any more.
async fn pass_missing(shared: &Shared, place: Cursor) -> bool {
    let head = shared.head();
    if head.covers(place) {
        return true;
    }
    if head.epoch != place.epoch {
        return false;
    }
    let (context, names) = (&shared.connection.context, &shared.names);
    for (stream, told, wanted) in
        [(&names.log, head.seq, place.seq), (&names.latest, head.latest, place.latest)]
    {
        if told >= wanted {
            continue;
        }
        match api::read_next(context, stream, told.0 + 1, ">").await {
            Ok(None) => {}
            Ok(Some(next)) if Seq(next.sequence) > wanted => {}
            _ => return false,
        }
    }
    true
}
