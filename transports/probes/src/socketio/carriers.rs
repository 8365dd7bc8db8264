//! Engine.IO's two carriers.

use std::{collections::VecDeque, io, net::SocketAddr};

use futures_util::{SinkExt, StreamExt, future::BoxFuture};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

use crate::probe::{Ask, Refused};

const PATH: &str = "/socket.io/?EIO=4&transport=";

pub trait Carrier: Send + 'static {
    fn send(&mut self, packet: &str) -> BoxFuture<'_, ()>;
    /// The next packets, at least one; or the end.
    fn receive(&mut self) -> BoxFuture<'_, Result<VecDeque<String>, Option<u16>>>;
}

pub struct WebSocketCarrier(WebSocketStream<TcpStream>);

impl WebSocketCarrier {
    pub async fn open(to: SocketAddr, ask: &Ask) -> Result<Self, Refused> {
        let mut request = format!("ws://{to}{PATH}websocket").into_client_request().expect("a request");
        for (name, value) in &ask.headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        let stream = TcpStream::connect(to).await?;
        let mut socket = match client_async(request, stream).await {
            Ok((socket, _)) => Self(socket),
            Err(tungstenite::Error::Http(response)) => {
                let body = String::from_utf8(response.body().clone().unwrap_or_default()).expect("text");
                return Err(Refused { status: response.status().as_u16(), body });
            }
            Err(tungstenite::Error::Io(error)) => return Err(error.into()),
            Err(error) => panic!("the handshake broke: {error}"),
        };
        let open = socket.receive().await.map_err(|_| ended())?;
        assert!(open[0].starts_with("0{"), "{open:?}");
        Ok(socket)
    }
}

impl Carrier for WebSocketCarrier {
    fn send(&mut self, packet: &str) -> BoxFuture<'_, ()> {
        let message = Message::Text(packet.into());
        // A lost connection shows in the next `receive`.
        Box::pin(async move { self.0.send(message).await.unwrap_or(()) })
    }

    fn receive(&mut self) -> BoxFuture<'_, Result<VecDeque<String>, Option<u16>>> {
        Box::pin(async move {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => Ok(VecDeque::from([text.to_string()])),
                Some(Ok(Message::Close(close))) => Err(close.map(|close| close.code.into())),
                Some(Ok(other)) => panic!("a server of ours does not send {other:?}"),
                Some(Err(_)) | None => Err(None),
            }
        })
    }
}

/// A request is always on its way, as the official clients do it; what they send goes over a second line.
pub struct PollingCarrier {
    line: BufReader<TcpStream>,
    to: SocketAddr,
    path: String,
    /// The lines of every request's head besides its first.
    head: String,
    over: bool,
}

impl PollingCarrier {
    pub async fn open(to: SocketAddr, ask: &Ask) -> Result<Self, Refused> {
        let mut line = connect(to).await?;
        let host = ask.headers.iter().find(|(name, _)| *name == "host");
        let host = host.map_or(to.to_string(), |(_, value)| value.clone());
        let mut head = format!("host: {host}\r\n");
        for (name, value) in ask.headers.iter().filter(|(name, _)| *name != "host") {
            head += &format!("{name}: {value}\r\n");
        }
        write(&mut line, &format!("GET {PATH}polling HTTP/1.1\r\n{head}\r\n")).await;
        let (status, body) = answer(&mut line).await.ok_or_else(ended)?;
        if status != 200 {
            return Err(Refused { status, body });
        }
        let open: serde_json::Value =
            serde_json::from_str(body.strip_prefix('0').expect("the first packet")).expect("JSON");
        let path = format!("{PATH}polling&sid={}", open["sid"].as_str().expect("a name"));
        let mut client = Self { line, to, path, head, over: false };
        client.ask().await;
        Ok(client)
    }

    async fn ask(&mut self) {
        let request = format!("GET {} HTTP/1.1\r\n{}\r\n", self.path, self.head);
        write(&mut self.line, &request).await;
    }
}

impl Carrier for PollingCarrier {
    fn send(&mut self, packet: &str) -> BoxFuture<'_, ()> {
        let length = packet.len();
        let head = format!("POST {} HTTP/1.1\r\n{}", self.path, self.head);
        let request = format!("{head}content-length: {length}\r\n\r\n{packet}");
        Box::pin(async move {
            // A lost session shows in the next `receive`.
            if let Ok(mut line) = connect(self.to).await {
                write(&mut line, &request).await;
                let _ = answer(&mut line).await;
            }
        })
    }

    fn receive(&mut self) -> BoxFuture<'_, Result<VecDeque<String>, Option<u16>>> {
        Box::pin(async move {
            if self.over {
                return Err(None);
            }
            let Some((200, body)) = answer(&mut self.line).await else { return Err(None) };
            let mut packets: VecDeque<_> = body.split('\x1e').map(str::to_owned).collect();
            if packets.back().is_some_and(|packet| packet == "1") {
                packets.pop_back();
                self.over = true;
            } else {
                self.ask().await;
            }
            if packets.is_empty() { Err(None) } else { Ok(packets) }
        })
    }
}

async fn connect(to: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    TcpStream::connect(to).await.map(BufReader::new)
}

/// A connection that ended where an answer was due.
pub fn ended() -> Refused {
    io::Error::from(io::ErrorKind::UnexpectedEof).into()
}

async fn write(line: &mut BufReader<TcpStream>, text: &str) {
    // A line that the server has closed shows when it is read.
    let _ = line.write_all(text.as_bytes()).await;
}

async fn answer(line: &mut BufReader<TcpStream>) -> Option<(u16, String)> {
    let mut first = String::new();
    line.read_line(&mut first).await.ok().filter(|&read| read > 0)?;
    let status = first.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
    let mut length = 0;
    loop {
        let mut header = String::new();
        line.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        if name == "content-length" {
            length = value.parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).await.ok()?;
    Some((status, String::from_utf8(body).expect("text")))
}
