//! How a handler takes the socket out of hyper's hands.

use std::{future::pending, net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{Method, Version, request::Parts},
};
use bytes::Bytes;
use common::frame::ErrorCode;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::drive::Peer;
use crate::gate::Refusal;

/// What goes on with the socket, given it and the bytes that were read past the request.
pub type Taken = Box<dyn FnOnce(TcpStream, Bytes) -> BoxFuture<'static, ()> + Send>;

/// The slot between a handler and the driver of its connection.
#[derive(Clone, Default)]
pub(crate) struct Slot(Arc<Mutex<Option<Taken>>>);

impl Slot {
    pub(crate) fn take(&self) -> Option<Taken> {
        self.0.lock().take()
    }
}

/// The right of one handler to take its connection over.
pub struct Handover {
    slot: Slot,
    /// Who is at the other end.
    pub address: IpAddr,
    /// HTTP/1.0 knows no chunked coding: its answers end with the connection.
    pub chunked: bool,
}

impl Handover {
    /// Gives the socket to `taken` and ends this request's part in hyper. The answer's head is `taken`'s to write.
    /// Never returns: the driver drops the handler.
    pub async fn take_over(self, taken: Taken) -> axum::response::Response {
        *self.slot.0.lock() = Some(taken);
        pending().await
    }
}

impl<S: Sync> FromRequestParts<S> for Handover {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        if parts.method == Method::HEAD {
            // A live line is nothing but its body.
            return Err(Refusal::new(
                405,
                ErrorCode::MethodNotAllowed,
                "a live connection is asked for with GET",
            ));
        }
        let slot = parts.extensions.get::<Slot>().cloned();
        let peer = parts.extensions.get::<Peer>().copied();
        match (slot, peer, parts.version) {
            (Some(slot), Some(Peer(address)), Version::HTTP_10 | Version::HTTP_11) => {
                Ok(Self { slot, address: address.ip(), chunked: parts.version == Version::HTTP_11 })
            }
            _ => Err(Refusal::new(505, ErrorCode::BadRequest, "live connections need HTTP/1.1")),
        }
    }
}
