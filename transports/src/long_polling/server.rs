//! The server's end. While it waits, a question is a socket, a session and a timer: neither a thread nor hyper's
//! memory.

use std::{future::ready, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use common::frame::{ErrorCode, ServerFrame};
use futures_util::{FutureExt, future::BoxFuture};
use hub::{Subscription, Wake};
use tokio::time::timeout;

use super::ENTRY;
use crate::{
    gate::{Asked, Permit, Refusal, allowed, enter_again},
    line::{Answer, Handover},
    live::Live,
    polling::{Polled, away, show, unmoved},
    roster::Meter,
};

/// How long to wait unless the question says: most proxies cut what is silent for 30 s or 60 s.
const WAIT: Duration = Duration::from_secs(25);
/// The longest that a question may ask for.
const LONGEST: u64 = 120;

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll).options(allowed))
}

async fn poll(State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery) -> Response {
    let meter = handover.meter(&live.admission, &ENTRY);
    let ask = move |query: Option<&str>, place| ask(&live, &meter, query, place);
    handover.questions(query.as_deref(), Box::new(ask)).await
}

fn ask(
    live: &Live,
    meter: &Arc<Meter>,
    query: Option<&str>,
    place: Option<Permit>,
) -> BoxFuture<'static, Answer> {
    meter.up(|| query.unwrap_or_default().to_owned());
    let asked = Asked::read(query, None).and_then(|asked| Ok((asked, patience(query)?)));
    let entered = asked.and_then(|(Asked(attach), patience)| {
        let entered = enter_again(live, meter, &attach, place)?;
        meter.asked(attach.topics);
        Ok((entered, patience))
    });
    match entered {
        Ok((Ok((session, permit)), patience)) => {
            let live = live.clone();
            async move {
                let answer = wait(session, live, permit.meter(), patience).await;
                show(permit.meter(), &answer);
                answer.holding(permit)
            }
            .boxed()
        }
        Ok((Err(reason), _)) => ready(away(reason)).boxed(),
        Err(refusal) => ready(refusal.into()).boxed(),
    }
}

async fn wait(mut session: Subscription, live: Live, meter: &Meter, patience: Duration) -> Answer {
    session.defer_to_next_wake();
    let waiting = async {
        loop {
            let wake = session.wake().await;
            let polled = Polled::take(&mut session, meter);
            match wake {
                Wake::Disconnect(bye) => {
                    let bye = ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms };
                    return polled.answer(&session, &live, Some(bye));
                }
                Wake::Ready if polled.nothing_new(&session).is_none() => {
                    return polled.answer(&session, &live, None);
                }
                Wake::Ready => {}
            }
        }
    };
    if let Ok(answer) = timeout(patience, waiting).await {
        return answer;
    }
    let polled = Polled::take(&mut session, meter);
    match polled.nothing_new(&session) {
        Some(cursor) => unmoved(cursor),
        None => polled.answer(&session, &live, None),
    }
}

/// `?wait=SECONDS`.
fn patience(query: Option<&str>) -> Result<Duration, Refusal> {
    let mut all = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, text)) = all.find(|(name, _)| name == "wait") else { return Ok(WAIT) };
    match text.parse() {
        Ok(seconds @ 0..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => {
            let message = format!("wait is a number of seconds, 0 to {LONGEST}");
            Err(Refusal::new(400, ErrorCode::BadRequest, message))
        }
    }
}
