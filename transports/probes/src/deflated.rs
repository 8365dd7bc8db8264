//! WebSocket with permessage-deflate, by hand: what is on the line is part of what is promised.

use std::net::SocketAddr;

use common::frame::ServerFrame;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use transports::catalog::Entry;

use crate::http;
use crate::{
    masked_frame::masked_frame,
    probe::{Ask, Connection, Probe, Refused, Seen},
};

/// The offer of browsers.
pub const OFFER: &str = "permessage-deflate; client_max_window_bits";
/// More than any case publishes.
const LONGEST: usize = 2 << 20;

pub struct Deflated;

pub struct Socket {
    line: BufReader<TcpStream>,
    /// The part of the offer that the server took.
    pub extensions: Option<String>,
    /// The window that the server may use, as a power of two.
    window: u8,
    /// The last frame's length on the line, and whether it said that it is compressed.
    pub last: (usize, bool),
}

impl Deflated {
    /// With an offer of its own.
    pub async fn open(&self, to: SocketAddr, mut ask: Ask, offer: Option<&str>) -> Result<Socket, Refused> {
        ask.headers.extend([
            ("connection", "Upgrade".into()),
            ("upgrade", "websocket".into()),
            ("sec-websocket-version", "13".into()),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==".into()),
        ]);
        ask.headers.extend(offer.map(|offer| ("sec-websocket-extensions", offer.into())));
        let answer = http::get_for(101, to, self.entry().path, &ask).await?;
        let extensions = answer.header("sec-websocket-extensions").map(ToOwned::to_owned);
        let line = answer.line;
        let bits = |answer: &String| answer.split_once("server_max_window_bits=")?.1.parse().ok();
        let window = extensions.as_ref().and_then(bits).unwrap_or(15);
        Ok(Socket { line, extensions, window, last: (0, false) })
    }
}

impl Probe for Deflated {
    fn entry(&self) -> &'static Entry {
        &transports::websocket::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move {
            let socket = self.open(to, ask, Some(OFFER)).await?;
            assert!(socket.extensions.is_some(), "what is offered is taken");
            Ok(Box::new(socket) as _)
        })
    }
}

impl Socket {
    /// The next frame's first byte, and its payload as it came; `None` when the line ends.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut start = [0; 2];
        self.line.read_exact(&mut start).await.ok()?;
        let [first, short] = start;
        let length = match short {
            127 => usize::try_from(self.line.read_u64().await.ok()?).expect("a length"),
            126 => self.line.read_u16().await.ok()?.into(),
            short => short.into(),
        };
        let mut payload = vec![0; length];
        self.line.read_exact(&mut payload).await.ok()?;
        Some((first, payload))
    }

    /// The next frame's opcode and payload; `None` when the line ends.
    pub async fn raw(&mut self) -> Option<(u8, Vec<u8>)> {
        let (first, mut payload) = self.frame().await?;
        let length = payload.len();
        assert_eq!(first & 0xB0, 0x80, "whole messages, and no bit that was not agreed");
        let compressed = first & 0x40 != 0;
        self.last = (length, compressed);
        if compressed {
            assert!(self.extensions.is_some(), "compressed only where it was agreed");
            assert!(first & 0x08 == 0, "never a control frame");
            payload = self.inflated(payload);
        }
        Some((first & 0x0F, payload))
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.line.write_all(bytes).await.expect("bytes are written");
    }

    /// Every message by itself, within the window that was agreed.
    fn inflated(&self, mut payload: Vec<u8>) -> Vec<u8> {
        payload.extend([0, 0, 0xFF, 0xFF]);
        let mut inflater = Decompress::new_with_window_bits(false, self.window);
        let mut out = Vec::with_capacity(LONGEST);
        inflater.decompress_vec(&payload, &mut out, FlushDecompress::Sync).expect("deflate data");
        assert!(out.len() < LONGEST, "no case publishes so much");
        out
    }
}

impl Connection for Socket {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                return match self.raw().await {
                    Some((0x1, text)) => {
                        let text = String::from_utf8(text).expect("text");
                        Seen::Frame(ServerFrame::from_json(&text).expect("a frame"))
                    }
                    Some((0x8, code)) => Seen::End(code.try_into().ok().map(u16::from_be_bytes)),
                    // The answer to the one ping that a case sends in the middle of a message.
                    Some((0xA, payload)) if payload == b"are you there" => continue,
                    Some((0x9, payload)) => {
                        self.send(&masked_frame(0x8A, &payload)).await;
                        continue;
                    }
                    Some(other) => panic!("a server of ours does not send {other:?}"),
                    None => Seen::End(None),
                };
            }
        })
    }

    fn send_raw(&mut self, bytes: Vec<u8>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.send(&bytes).await;
        })
    }
}

/// A message's payload as a client compresses it.
pub fn compressed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(message, &mut out, FlushCompress::Sync).expect("compressed");
    out.strip_suffix(&[0, 0, 0xFF, 0xFF]).expect("flushed to the byte").to_vec()
}
