//! `/echo`: a WebSocket server that sends every message back, on the same decoder and frames as `/live/ws`.
//! Autobahn's test suite runs against it.

use axum::{
    Router,
    http::{HeaderMap, Method},
    response::Response,
    routing::any,
};
use bytes::Bytes;
use tokio::io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use transports::{
    conn::{ConnectionTakeover, Socket, linger_close},
    gate::ApiRejection,
    websocket::{
        Window,
        decode::{FrameDecoder, ProtocolError, WebSocketMessage},
        handshake::{self, Accepted},
        wire::{self, Opcode},
    },
};

/// The suite's longest message, bytes.
const LIMIT: usize = 16 << 20;
/// The bytes of one read. Deflate makes at most a thousand times as much of them, so this bounds what waits to be
/// written.
const READ: usize = 16 * 1024;

pub fn router() -> Router {
    Router::new().route("/echo", any(open))
}

async fn open(
    takeover: ConnectionTakeover,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiRejection> {
    let accepted = handshake::accept(&method, &headers, true)?;
    let run = move |mut io: Socket| async move {
        match converse(&mut io, accepted).await {
            Ok(close_frame) => linger_close(io, close_frame).await,
            Err(error) => tracing::debug!(%error, "a client left without a word"),
        }
    };
    Ok(takeover.upgrade(run).await)
}

/// Echoes until either side has enough; returns what is to be said last. Nothing is read while an answer is not
/// written: a client that does not take its echoes cannot make the server hold more.
async fn converse(io: &mut (impl AsyncRead + AsyncWrite + Unpin), accepted: Accepted) -> io::Result<Bytes> {
    let Accepted { head, window } = accepted;
    io.write_all(&head).await?;
    let mut decoder = FrameDecoder::new(LIMIT).inflating(window.is_some());
    let mut space = vec![0; READ];
    loop {
        let bytes = match io.read(&mut space).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => &space[..count],
        };
        let (mut answers, mut close_frame) = (Vec::new(), None);
        let outcome = decoder.read(bytes, |message| {
            match message {
                _ if close_frame.is_some() => {}
                WebSocketMessage::Close(code) => close_frame = Some(wire::close(code)),
                message => answers.extend(answer(message, window)),
            }
            Ok(())
        });
        for answer in answers {
            io.write_all(&answer).await?;
        }
        if let Some(close_frame) = close_frame {
            return Ok(close_frame);
        }
        if let Err(ProtocolError(code)) = outcome {
            return Ok(wire::close(Some(code)));
        }
    }
}

fn answer(message: WebSocketMessage, window: Option<Window>) -> Option<Bytes> {
    Some(match message {
        WebSocketMessage::Text(text) => wire::message(Opcode::Text, text.as_bytes(), window),
        WebSocketMessage::Binary(payload) => wire::message(Opcode::Binary, &payload, window),
        WebSocketMessage::Ping(payload) => wire::whole(Opcode::Pong, &payload),
        WebSocketMessage::Pong | WebSocketMessage::Piece | WebSocketMessage::Close(_) => return None,
    })
}
