//! The server. While it waits, a poll is a socket, a subscription and a timer: neither a thread nor hyper's memory.

use std::{future::ready, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use common::{
    Cursor,
    frame::{ErrorCode, ServerFrame},
};
use fanout::{Subscription, Wake, WireFormat};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::timeout;

use super::{
    ENTRY, LongPolling,
    session::{LongPollSession, SharedAnswers},
};
use crate::{
    conn::{BufferedResponse, ConnectionTakeover},
    connections::ConnectionStats,
    gate::{ApiRejection, Permit, SubscribeQuery, admit_again, allowed},
    live::Live,
    polling::{PollBatch, not_modified, retry_later, trace},
    server_transport::ServerTransport,
};

/// The default time for which a poll waits: most proxies cut what is silent for 30 s or 60 s.
const WAIT: Duration = Duration::from_secs(25);
/// The longest time that a poll may ask for, seconds.
const LONGEST: u64 = 120;

impl ServerTransport for LongPolling {
    // Its answers are made of polling's.
    const WIRE_FORMATS: &'static [&'static WireFormat] = &[];

    fn routes(live: &Live) -> Router {
        let state = (live.clone(), Arc::new(SharedAnswers::default()));
        Router::new().route(ENTRY.path, get(poll).options(allowed)).with_state(state)
    }
}

async fn poll(
    State((live, answers)): State<(Live, Arc<SharedAnswers>)>,
    takeover: ConnectionTakeover,
    RawQuery(query): RawQuery,
) -> Response {
    let stats = takeover.stats(&live.admission, &ENTRY);
    let ask = move |query: Option<&str>, place| ask(&live, &stats, &answers, query, place);
    takeover.serve_polls(query.as_deref(), Box::new(ask)).await
}

fn ask(
    live: &Live,
    stats: &Arc<ConnectionStats>,
    answers: &Arc<SharedAnswers>,
    query: Option<&str>,
    place: Option<Permit>,
) -> BoxFuture<'static, BufferedResponse> {
    stats.up(|| query.unwrap_or_default().to_owned());
    let asked = SubscribeQuery::read(query, None).and_then(|asked| Ok((asked, patience(query)?)));
    let entered = asked.and_then(|(SubscribeQuery(options), patience)| {
        let entered = admit_again(live, stats, &options, place)?;
        stats.record_poll(options.topics);
        Ok((entered, patience))
    });
    match entered {
        Ok((Ok((mut subscription, permit)), patience)) => {
            let (live, answers) = (live.clone(), Arc::clone(answers));
            let query = query.unwrap_or_default().to_owned();
            async move {
                let (answer, told) = wait(&mut subscription, &live, permit.stats(), patience).await;
                trace(permit.stats(), &answer);
                match LongPollSession::after(&query, told, patience, (live, subscription, permit), answers) {
                    Ok(session) => answer.with_session(Box::new(session)),
                    Err(permit) => answer.with_permit(permit),
                }
            }
            .boxed()
        }
        Ok((Err(reason), _)) => ready(retry_later(reason)).boxed(),
        Err(refusal) => ready(refusal.into()).boxed(),
    }
}

/// Returns the answer, and where its client is then; `None` where it has to be admitted anew.
async fn wait(
    subscription: &mut Subscription,
    live: &Live,
    stats: &ConnectionStats,
    patience: Duration,
) -> (BufferedResponse, Option<Cursor>) {
    subscription.defer_to_next_wake();
    let waiting = async {
        loop {
            let wake = subscription.wake().await;
            let batch = PollBatch::take(subscription, stats);
            match wake {
                Wake::Disconnect(bye) => {
                    let bye = ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms };
                    return (batch.answer(subscription, live, Some(bye)), None);
                }
                Wake::Ready if batch.nothing_new(subscription).is_none() => {
                    let place = batch.place();
                    return (batch.answer(subscription, live, None), place);
                }
                Wake::Ready => {}
            }
        }
    };
    if let Ok(answered) = timeout(patience, waiting).await {
        return answered;
    }
    let batch = PollBatch::take(subscription, stats);
    let place = batch.place();
    match batch.nothing_new(subscription) {
        Some(cursor) => (not_modified(cursor), place),
        None => (batch.answer(subscription, live, None), place),
    }
}

/// `?wait=SECONDS`.
fn patience(query: Option<&str>) -> Result<Duration, ApiRejection> {
    let mut all = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, text)) = all.find(|(name, _)| name == "wait") else { return Ok(WAIT) };
    match text.parse() {
        Ok(seconds @ 0..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => {
            let message = format!("wait is a number of seconds, 0 to {LONGEST}");
            Err(ApiRejection::new(ErrorCode::BadRequest, message))
        }
    }
}
