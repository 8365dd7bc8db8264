//! Handshakes and requests, in the namespace of every kind.

use common::frame::ClientFrame;

use super::{auth::Auth, requests};
use crate::{fuzzing::client_frame::reads_back, socketio::sockets::Event};

/// A handshake names topics of its namespace only, or is refused.
pub(crate) fn auth(namespace: &str, json: Option<&str>) {
    let kind = kind(namespace);
    match Auth::read(json, kind) {
        Ok(auth) => {
            let named = auth.topics.iter().chain(&auth.snapshot);
            assert!(named.map(common::Topic::kind).all(|of| kind.is_none_or(|kind| kind == of)));
        }
        Err(refusal) => assert!(matches!(refusal.status().as_u16(), 400 | 404), "{refusal:?}"),
    }
}

/// A request is a frame about topics of its namespace only, or refused.
pub(crate) fn request(namespace: &str, event: Event) {
    let kind = kind(namespace);
    let frame = match requests::read(kind, event) {
        Ok(frame) => frame,
        Err(refusal) => return assert!(matches!(refusal.status().as_u16(), 400 | 404), "{refusal:?}"),
    };
    reads_back(&frame);
    let topics = match &frame {
        ClientFrame::Subscribe { topics, .. } | ClientFrame::Unsubscribe { topics } => topics.as_slice(),
        ClientFrame::Send(message) => std::slice::from_ref(&message.topic),
        ClientFrame::Ping { .. } | ClientFrame::Pace { .. } => &[],
    };
    assert!(topics.iter().all(|topic| kind.is_none_or(|kind| kind == topic.kind())));
}

/// The kind whose namespace it is; none in the main one.
fn kind(namespace: &str) -> Option<&str> {
    namespace.strip_prefix('/').filter(|kind| !kind.is_empty())
}
