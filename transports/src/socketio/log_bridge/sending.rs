//! Messages of a client's on their way up, one after the other, so that they stay in order.

use std::{
    collections::VecDeque,
    task::{Context, Poll, ready},
};

use common::{
    frame::ServerFrame,
    message::{ClientMessage, Receipt, Rejection},
};
use futures_util::future::BoxFuture;

use crate::inbound::{InboundHandler, MessageSource};

/// Messages on their way to the handler. Nothing more is read while there are any, so they are no more than the
/// client sent at once.
#[derive(Default)]
pub(super) struct Sending {
    waiting: VecDeque<(Option<u64>, ClientMessage)>,
    under_way: Option<UnderWay>,
}

struct UnderWay {
    /// The number under which the client waits for an answer.
    id: Option<u64>,
    taken: BoxFuture<'static, Result<Receipt, Rejection>>,
}

impl Sending {
    pub(super) fn push(&mut self, id: Option<u64>, message: ClientMessage) {
        self.waiting.push_back((id, message));
    }

    pub(super) fn is_busy(&self) -> bool {
        self.under_way.is_some() || !self.waiting.is_empty()
    }

    /// Ready with what became of the next one.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        inbound: &dyn InboundHandler,
        from: MessageSource,
    ) -> Poll<(Option<u64>, ServerFrame)> {
        if self.under_way.is_none() {
            let Some((id, message)) = self.waiting.pop_front() else { return Poll::Pending };
            self.under_way = Some(UnderWay { id, taken: inbound.handle(message, from) });
        }
        let Some(UnderWay { id, taken }) = &mut self.under_way else { return Poll::Pending };
        let (id, taken) = (*id, ready!(taken.as_mut().poll(cx)));
        self.under_way = None;
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        Poll::Ready((id, taken.map_or_else(ServerFrame::Rejected, ServerFrame::Sent)))
    }
}
