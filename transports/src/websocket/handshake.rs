//! The opening handshake (RFC 6455 §4.2).

use axum::http::{HeaderMap, Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use common::{frame::ErrorCode, status::ExactStatus};
use sha1::{Digest, Sha1};

use super::{deflate::Window, offers};
use crate::gate::ApiRejection;

/// A request that is accepted.
#[derive(Debug)]
pub struct Accepted {
    /// The answer's head.
    pub head: Bytes,
    /// The window that the client can undo, if compression was agreed.
    pub window: Option<Window>,
}

/// The answer to a request, with compression where the client offers it and `compression` is wanted.
///
/// # Errors
/// 426 where the request is not a WebSocket handshake of version 13, 400 where its key or its list of extensions is not
/// one.
pub fn accept(method: &Method, headers: &HeaderMap, compression: bool) -> Result<Accepted, ApiRejection> {
    let has = |name, token: &str| {
        headers.get_all(name).iter().any(|value| {
            value
                .to_str()
                .is_ok_and(|list| list.split(',').any(|item| item.trim().eq_ignore_ascii_case(token)))
        })
    };
    let version = headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|value| value == "13");
    let asks =
        method == Method::GET && has(header::UPGRADE, "websocket") && has(header::CONNECTION, "upgrade");
    if !asks || !version {
        let message = "this address speaks WebSocket, version 13: ask with Connection: Upgrade";
        return Err(ApiRejection::exact(ExactStatus::UpgradeRequired, message));
    }
    let key =
        headers.get(header::SEC_WEBSOCKET_KEY).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if STANDARD.decode(key).map_or(0, |nonce| nonce.len()) != 16 {
        let message = "Sec-WebSocket-Key is 16 bytes in base64";
        return Err(ApiRejection::new(ErrorCode::BadRequest, message));
    }
    let digest =
        Sha1::new().chain_update(key).chain_update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize();
    let accept = STANDARD.encode(digest);
    let window = offers::agree(headers)?.filter(|_| compression);
    let extensions = window.map_or_else(String::new, |window| {
        format!("sec-websocket-extensions: {}\r\n", offers::answer(window))
    });
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-accept: {accept}\r\n{extensions}\r\n"
    );
    Ok(Accepted { head: head.into(), window })
}
