//! An answer that goes on while the body of its request comes.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::conn::takeover::TakeoverSlot;

/// The body of such an answer. Its request is answered when hyper lets go of it.
pub(super) struct BesideBody {
    body: Body,
    slot: TakeoverSlot,
}

impl BesideBody {
    pub(super) fn new(body: Body, slot: TakeoverSlot) -> Self {
        slot.activity().set_live();
        Self { body, slot }
    }
}

impl Drop for BesideBody {
    fn drop(&mut self) {
        self.slot.set_body(None);
        self.slot.activity().done();
    }
}

impl HttpBody for BesideBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
