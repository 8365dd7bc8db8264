//! Agents that stay connected: a report after another over a WebSocket (RFC 6455), or in the body of one request, whose answer has a line
//! for each of them.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method},
    response::Response,
};
use bytes::{Bytes, BytesMut};
use common::{close, frame::ErrorCode, limit::LimitName};
use futures_util::{StreamExt, stream::poll_fn};
use store::SecretHash;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use transports::{
    conn::{ConnectionTakeover, Socket, answer_beside_body, fill_stream, linger_close_websocket},
    gate::ApiRejection,
    websocket::{
        decode::{FrameDecoder, WebSocketMessage},
        handshake,
        wire::{self, Opcode},
    },
};

use super::{
    registry::RemoteHosts,
    report::{agent, find, take_report},
};
use crate::{
    access::Caller,
    accounts::agent_key,
    agent::{
        AgentTransport,
        wire::{LIVE_SILENCE, LiveAnswer, REPORT_BYTES},
    },
};

/// The most bytes that are read of a connection at once.
const AT_ONCE: usize = 4 << 10;
/// The end of a report in a body that goes on.
const END: &[u8] = b"\n\n";

/// A whole report has to come within this: one that takes longer gets no further on a line that is so slow.
const WHOLE: Duration = Duration::from_secs(60);

/// One connection of an agent.
struct Session {
    hosts: RemoteHosts,
    number: u64,
    /// Cancelled when the connection is to end, and once it has.
    end: CancellationToken,
    /// The key that it came with: it is looked up for each report, as it would be for each request.
    secret: SecretHash,
    transport: AgentTransport,
}

impl Session {
    async fn new(
        hosts: RemoteHosts,
        caller: &Caller,
        headers: &HeaderMap,
        transport: AgentTransport,
    ) -> Result<Self, ApiRejection> {
        let number = agent(caller)?;
        let key = agent_key(headers).unwrap_or_default();
        let end = find(&hosts, number).await?.links.enter();
        Ok(Self { hosts, number, end, secret: SecretHash::of(key.as_bytes()), transport })
    }

    /// Resolves when the connection is to end, with the code of a WebSocket for it.
    async fn ended(&self) -> u16 {
        tokio::select! {
            () = self.hosts.stop.cancelled() => close::RESTART,
            () = self.end.cancelled() => close::POLICY,
        }
    }

    /// Takes a report. The bytes are the server's word on it; the flag says that nothing more is taken here.
    async fn take(&self, report: Bytes) -> (Bytes, bool) {
        let taken = match self.check().await {
            Ok(()) => take_report(&self.hosts, self.number, self.transport, &report).await,
            Err(rejection) => Err(rejection),
        };
        let (answer, is_over) = match taken {
            Ok(answer) => (LiveAnswer::Answer(answer), false),
            Err(rejection) => {
                let error = rejection.error().clone();
                let is_over = error.code == ErrorCode::NotSignedIn;
                (LiveAnswer::Error(error), is_over)
            }
        };
        (serde_json::to_vec(&answer).unwrap_or_default().into(), is_over)
    }

    /// Looks whether the host is still there.
    async fn check(&self) -> Result<(), ApiRejection> {
        let store = self.hosts.accounts.store();
        match store.hosts().by_secret(&self.secret).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(ApiRejection::new(
                ErrorCode::NotSignedIn,
                "this agent's key is not valid any more: its host was removed",
            )),
            Err(error) => Err(ApiRejection::new(ErrorCode::StoreUnavailable, error.to_string())),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// Takes reports over a WebSocket: a message each, and a message answers it.
pub(super) async fn web_socket(
    State(hosts): State<RemoteHosts>,
    takeover: ConnectionTakeover,
    method: Method,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, ApiRejection> {
    let accepted = handshake::accept(&method, &headers, false)?;
    let session = Session::new(hosts, &caller, &headers, AgentTransport::WebSocket).await?;
    let run = async move |mut socket: Socket| match converse(&mut socket, accepted.head, &session).await {
        Ok(Some(code)) => linger_close_websocket(socket, wire::close(Some(code))).await,
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "an agent's WebSocket broke"),
    };
    Ok(takeover.upgrade(run).await)
}

/// Answers reports until one side has had enough. Returns the code to close with, where the other side is still there.
async fn converse(socket: &mut Socket, head: Bytes, session: &Session) -> io::Result<Option<u16>> {
    write(socket, &head).await?;
    let mut decoder = FrameDecoder::new(REPORT_BYTES);
    let mut bytes = BytesMut::with_capacity(AT_ONCE);
    let mut whole_by = Instant::now() + WHOLE;
    loop {
        bytes.clear();
        let silent = whole_by.min(Instant::now() + LIVE_SILENCE);
        let read = tokio::select! {
            code = session.ended() => return Ok(Some(code)),
            read = timeout_at(silent, socket.read_buf(&mut bytes)) => read,
        };
        match read {
            Ok(Ok(0)) => return Ok(None),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
            Err(_) => return Ok(Some(close::NORMAL)),
        }
        let mut messages = Vec::new();
        let outcome = decoder.read(&bytes, |message| {
            messages.push(message);
            Ok(())
        });
        for message in messages {
            let report = match message {
                WebSocketMessage::Text(text) => Bytes::from(text.into_bytes()),
                WebSocketMessage::Binary(bytes) => Bytes::from(bytes),
                WebSocketMessage::Ping(payload) => {
                    write(socket, &wire::whole(Opcode::Pong, &payload)).await?;
                    continue;
                }
                WebSocketMessage::Pong | WebSocketMessage::Piece => continue,
                WebSocketMessage::Close(code) => return Ok(Some(code.unwrap_or(close::NORMAL))),
            };
            let (answer, is_over) = session.take(report).await;
            write(socket, &wire::whole(Opcode::Text, &answer)).await?;
            whole_by = Instant::now() + WHOLE;
            if is_over {
                return Ok(Some(close::POLICY));
            }
        }
        if let Err(error) = outcome {
            return Ok(Some(error.0));
        }
    }
}

async fn write(socket: &mut Socket, bytes: &[u8]) -> io::Result<()> {
    let writing = async {
        socket.write_all(bytes).await?;
        socket.flush().await
    };
    timeout(LIVE_SILENCE, writing).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Takes reports in the body of a request that goes on, each with an empty line behind it. The answer goes on beside it, with a line for
/// each.
pub(super) async fn stream(
    State(hosts): State<RemoteHosts>,
    caller: Caller,
    request: Request,
) -> Result<Response, ApiRejection> {
    let (parts, body) = request.into_parts();
    let session = Session::new(hosts, &caller, &parts.headers, AgentTransport::Stream).await?;
    let beside = answer_beside_body(&parts.extensions, LIVE_SILENCE);
    let (answers, mut answered) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            _ = session.ended() => {}
            () = answer_all(body, &session, &answers) => {}
        }
        drop(beside);
    });
    let mut response = Response::new(Body::from_stream(poll_fn(move |cx| answered.poll_recv(cx))));
    fill_stream(response.headers_mut(), "application/x-ndjson");
    Ok(response)
}

async fn answer_all(body: Body, session: &Session, answers: &mpsc::Sender<Result<Bytes, Infallible>>) {
    let mut data = body.into_data_stream();
    let mut begun = BytesMut::new();
    let mut whole_by = Instant::now() + WHOLE;
    while let Ok(Some(Ok(bytes))) = timeout_at(whole_by, data.next()).await {
        // An end may lie half in what had come before.
        let mut looked_at = begun.len().saturating_sub(END.len() - 1);
        begun.extend_from_slice(&bytes);
        while let Some(place) = begun[looked_at..].windows(END.len()).position(|bytes| bytes == END) {
            let report = begun.split_to(looked_at + place + END.len()).freeze();
            looked_at = 0;
            if report.trim_ascii().is_empty() {
                continue;
            }
            let (answer, is_over) = session.take(report).await;
            if !tell(answers, &answer).await || is_over {
                return;
            }
            whole_by = Instant::now() + WHOLE;
        }
        if begun.len() > REPORT_BYTES {
            let message = format!("a report has at most {REPORT_BYTES} bytes");
            let rejection = ApiRejection::limit_reached(LimitName::BodyBytes, REPORT_BYTES, message);
            let error = serde_json::to_vec(&LiveAnswer::Error(rejection.error().clone())).unwrap_or_default();
            tell(answers, &error).await;
            return;
        }
    }
}

/// Writes a line of the answer. False if nobody takes it.
async fn tell(answers: &mpsc::Sender<Result<Bytes, Infallible>>, line: &[u8]) -> bool {
    let sent = timeout(LIVE_SILENCE, answers.send(Ok([line, b"\n"].concat().into())));
    matches!(sent.await, Ok(Ok(())))
}
