//! `/echo`: a WebSocket that says what it hears, on the same decoder and frames as `/live/ws`. For Autobahn's test suite.

use axum::{
    Router,
    http::{HeaderMap, Method},
    response::Response,
    routing::any,
};
use bytes::Bytes;
use tokio::io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use transports::{
    gate::Refusal,
    line::{Handover, Socket, leave},
    websocket::{
        Window,
        decode::{Broken, Decoder, Message},
        handshake::{self, Accepted},
        wire::{self, Opcode},
    },
};

/// The suite's longest message, bytes.
const LIMIT: usize = 16 << 20;
/// What is read at once. Deflate makes at most a thousand times as much of it, so this bounds what waits to be written.
const READ: usize = 16 * 1024;

pub fn router() -> Router {
    Router::new().route("/echo", any(open))
}

async fn open(handover: Handover, method: Method, headers: HeaderMap) -> Result<Response, Refusal> {
    let accepted = handshake::accept(&method, &headers, true)?;
    let run = move |mut io: Socket| async move {
        match converse(&mut io, accepted).await {
            Ok(farewell) => leave(io, farewell).await,
            Err(error) => tracing::debug!(%error, "a client left without a word"),
        }
    };
    Ok(handover.take_over(run).await)
}

/// Echoes until either side has enough; returns what is to be said last. Nothing is read while an answer is not
/// written: a client that does not take its echoes cannot make the server hold more.
async fn converse(io: &mut (impl AsyncRead + AsyncWrite + Unpin), accepted: Accepted) -> io::Result<Bytes> {
    let Accepted { head, window } = accepted;
    io.write_all(&head).await?;
    let mut decoder = Decoder::new(LIMIT).inflating(window.is_some());
    let mut space = vec![0; READ];
    loop {
        let bytes = match io.read(&mut space).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => &space[..count],
        };
        let (mut answers, mut farewell) = (Vec::new(), None);
        let outcome = decoder.read(bytes, |message| {
            match message {
                _ if farewell.is_some() => {}
                Message::Close(code) => farewell = Some(wire::close(code)),
                message => answers.extend(answer(message, window)),
            }
            Ok(())
        });
        for answer in answers {
            io.write_all(&answer).await?;
        }
        if let Some(farewell) = farewell {
            return Ok(farewell);
        }
        if let Err(Broken(code)) = outcome {
            return Ok(wire::close(Some(code)));
        }
    }
}

fn answer(message: Message, window: Option<Window>) -> Option<Bytes> {
    Some(match message {
        Message::Text(text) => wire::message(Opcode::Text, text.as_bytes(), window),
        Message::Binary(payload) => wire::message(Opcode::Binary, &payload, window),
        Message::Ping(payload) => wire::whole(Opcode::Pong, &payload),
        Message::Pong | Message::Piece | Message::Close(_) => return None,
    })
}
