//! The ends of the streams, looked up once for all who want to know them at the same time.
//!
//! Many clients may come with places that this node was not told: from another node, or from nowhere.

use async_nats::jetstream::Context;
use common::Seq;
use tokio::{sync::Mutex, time::Instant};

use crate::{streams, subjects::Names};

/// The newest numbers of both streams, as they were looked up last.
#[derive(Debug, Default)]
pub(crate) struct StreamEnds(Mutex<Option<LookUp>>);

/// A look at the streams; it has no ends where NATS did not answer.
#[derive(Debug, Clone, Copy)]
struct LookUp {
    began: Instant,
    ends: Option<(Seq, Seq)>,
}

impl StreamEnds {
    /// Returns the ends as of now or later, of the log first; none where NATS does not answer.
    pub(crate) async fn get(&self, context: &Context, names: &Names) -> Option<(Seq, Seq)> {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        if let Some(look) = last.filter(|look| look.began >= asked) {
            return look.ends;
        }
        let began = Instant::now();
        let (log, latest) = tokio::join!(end(context, &names.log), end(context, &names.latest));
        let ends = log.zip(latest);
        *last = Some(LookUp { began, ends });
        ends
    }
}

async fn end(context: &Context, stream: &str) -> Option<Seq> {
    let info = streams::info(context, stream).await.ok()?;
    Some(Seq(info.map_or(0, |info| info.state.last_sequence)))
}
