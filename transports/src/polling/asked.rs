//! The questions of one connection, whether they wait or not. Between two of them the session stays: whoever asks on from the
//! place that it was told last is not looked up and counted again.

use std::{future::ready, net::IpAddr, sync::Arc, task::Context, time::Duration};

use common::{Cursor, frame::ServerFrame};
use futures_util::{FutureExt, future::BoxFuture};
use hub::{Attach, Session, Wake};
use parking_lot::Mutex;
use tokio::time::timeout;

use super::{Polled, away, unmoved};
use crate::{
    catalog::Entry,
    gate::{self, Permit, Refusal, enter},
    line::{Answer, Asked},
    live::Live,
};

/// One connection's, on one of the two transports.
pub(crate) struct Questions {
    pub(crate) entry: &'static Entry,
    pub(crate) live: Live,
    pub(crate) address: IpAddr,
    /// How long the question with this query may wait.
    pub(crate) patience: fn(Option<&str>) -> Result<Duration, Refusal>,
    pub(crate) last: Last,
}

/// What the last question left.
pub(crate) type Last = Arc<Mutex<Option<Reader>>>;

/// Someone who has been told everything up to a place.
pub(crate) struct Reader {
    session: Session,
    permit: Permit,
    told: Cursor,
}

impl Asked for Questions {
    fn ask(&mut self, query: Option<&str>) -> BoxFuture<'static, Answer> {
        match self.enter(query) {
            Ok(Entered { session, permit, patience }) => {
                let (live, last) = (self.live.clone(), Arc::clone(&self.last));
                answer(session, permit, live, last, patience).boxed()
            }
            Err(answer) => ready(answer).boxed(),
        }
    }

    fn rest(&mut self, cx: &mut Context<'_>) {
        // A hub that closes waits for its sessions; the next question is told why.
        self.last.lock().take_if(|reader| reader.session.poll_bye(cx).is_ready());
    }
}

struct Entered {
    session: Session,
    permit: Permit,
    patience: Duration,
}

impl Questions {
    fn enter(&self, query: Option<&str>) -> Result<Entered, Answer> {
        let last = self.last.lock().take();
        let gate::Asked(attach) = gate::Asked::read(query, None)?;
        let patience = (self.patience)(query)?;
        if let Some(Reader { mut session, permit, .. }) = last.filter(|last| last.goes_on(&attach)) {
            session.resume();
            return Ok(Entered { session, permit, patience });
        }
        match enter(&self.live, self.entry, self.address, &attach)? {
            Ok((session, permit)) => Ok(Entered { session, permit, patience }),
            Err(reason) => Err(away(reason)),
        }
    }
}

impl Reader {
    fn goes_on(&self, attach: &Attach) -> bool {
        attach.since == Some(self.told)
            && attach.snapshot.is_empty()
            && attach.topics.iter().eq(self.session.topics().map(|(topic, _)| topic))
    }
}

async fn answer(mut session: Session, permit: Permit, live: Live, last: Last, patience: Duration) -> Answer {
    let (polled, bye) = wait(&mut session, patience).await;
    let place = polled.place().filter(|_| bye.is_none());
    let answer = match polled.nothing_new(&session).filter(|_| bye.is_none()) {
        Some(cursor) => unmoved(cursor),
        None => polled.answer(&session, &live, bye),
    };
    match place {
        Some(told) => *last.lock() = Some(Reader { session, permit, told }),
        None => return answer.holding(permit),
    }
    answer
}

/// What there is to say, and whether it is the last: at once, or when there is something.
async fn wait(session: &mut Session, patience: Duration) -> (Polled, Option<ServerFrame>) {
    if patience.is_zero() {
        return (Polled::take(session), None);
    }
    let waiting = async {
        loop {
            let wake = session.wake().await;
            let polled = Polled::take(session);
            match wake {
                Wake::Bye(bye) => {
                    let bye = ServerFrame::Bye { reason: bye.reason, retry_ms: bye.retry_ms };
                    return (polled, Some(bye));
                }
                Wake::Ready if polled.nothing_new(session).is_none() => return (polled, None),
                Wake::Ready => {}
            }
        }
    };
    let heard = timeout(patience, waiting).await;
    heard.unwrap_or_else(|_| (Polled::take(session), None))
}
