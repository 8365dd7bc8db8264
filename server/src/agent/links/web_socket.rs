//! Reports over a WebSocket (RFC 6455): a message each, and a message answers it.

use axum::http::{HeaderValue, Method, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{SinkExt, StreamExt, future::BoxFuture};
use http_body_util::Empty;
use hyper::{body::Bytes, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::{ANSWER, Link, LinkError, Opened, not_opened, read_answer};
use crate::agent::{
    hub::{Hub, HubError, away},
    wire::{LIVE, ReportAnswer},
};

struct WebSocketLink {
    socket: WebSocketStream<TokioIo<Upgraded>>,
}

pub(super) fn open<'a>(hub: &'a Hub, key: &'a str, stream: TcpStream) -> Opened<'a> {
    Box::pin(async move {
        let mut connection = hub.begin::<Empty<Bytes>>(stream).await?;
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(away)?;
        let nonce = STANDARD.encode(nonce);
        let request = hub
            .request(Method::GET, LIVE, key)
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, &nonce)
            .body(Empty::new())
            .map_err(away)?;
        let broken = |error: hyper::Error| LinkError::Broken(error.to_string());
        let answer = connection.send_request(request).await.map_err(broken)?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(not_opened(answer).await);
        }
        let accepted = answer.headers().get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
        if accepted != Some(derive_accept_key(nonce.as_bytes()).as_bytes()) {
            return Err(LinkError::Blocked("the handshake's answer is another one's".to_owned()));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(broken)?;
        let config = WebSocketConfig::default().max_message_size(Some(ANSWER)).max_frame_size(Some(ANSWER));
        let socket =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await;
        Ok(Box::new(WebSocketLink { socket }) as Box<dyn Link>)
    })
}

impl Link for WebSocketLink {
    fn report<'a>(&'a mut self, report: &'a Bytes) -> BoxFuture<'a, Result<ReportAnswer, LinkError>> {
        Box::pin(async move {
            let broken = |why: String| LinkError::Broken(why);
            let sent = self.socket.send(Message::Binary(report.clone())).await;
            sent.map_err(|error| broken(error.to_string()))?;
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return read_answer(text.as_bytes(), report.len()),
                    Some(Ok(Message::Close(Some(close)))) if close.code == CloseCode::Size => {
                        return Err(HubError::TooLong(report.len()).into());
                    }
                    Some(Ok(Message::Close(close))) => {
                        let code =
                            close.map_or_else(String::new, |close| format!(" with code {}", close.code));
                        return Err(broken(["it was closed", &code].concat()));
                    }
                    // The library answers a ping by itself.
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(broken(error.to_string())),
                    None => return Err(broken("it was closed".to_owned())),
                }
            }
        })
    }
}
