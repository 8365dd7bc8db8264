//! Whose request this is: without accounts, only someone at the server's own machine may look into other people's connections.

use axum::{extract::FromRequestParts, http::request::Parts};
use common::frame::ErrorCode;
use transports::{
    gate::{Refusal, names_loopback},
    line::Peer,
};

use crate::state::App;

/// A request from the server's own machine, to a server that listens there alone, and with nothing in between.
pub(super) struct Local;

/// What proxies add for those whose requests they pass on.
const PASSED_ON: [&str; 4] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

impl FromRequestParts<App> for Local {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let near = parts.extensions.get::<Peer>().is_some_and(|Peer(peer)| peer.ip().is_loopback());
        let direct = names_loopback(&parts.uri, &parts.headers)
            && !PASSED_ON.iter().any(|name| parts.headers.contains_key(*name));
        if app.address.ip().is_loopback() && near && direct {
            return Ok(Self);
        }
        let message = "connections are shown to the server's own machine only, asked for by a loopback name";
        Err(Refusal::new(403, ErrorCode::LoopbackOnly, message))
    }
}
