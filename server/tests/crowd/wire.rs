//! The transports as docs/protocol.md describes them, byte by byte, with lines that can be cut anywhere.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

pub const TRANSPORTS: [&str; 6] = ["ws", "sse", "stream", "long-poll", "poll", "socket.io"];

/// Only a broken promise waits for it: it ends a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why there is no answer.
pub enum ConnectionLost {
    /// The line broke, or was cut here.
    Line,
    /// Nobody listens at the address.
    Server,
}

async fn dial(to: SocketAddr) -> Result<TcpStream, ConnectionLost> {
    TcpStream::connect(to).await.map_err(|_| ConnectionLost::Server)
}

/// Sends a message by POST. `cut` is after which part of the request the line is cut; from 1.0 on, all of it goes up and
/// the answer is not read.
pub async fn post(to: SocketAddr, message: &Value, cut: Option<f64>) -> Result<Value, ConnectionLost> {
    let mut line = dial(to).await?;
    let body = message.to_string();
    let request = format!(
        "POST /live/send HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    write(&mut line, request.as_bytes(), cut).await?;
    let mut answer = String::new();
    let reading = timeout(PATIENCE, line.read_to_string(&mut answer)).await.expect("the server answers");
    let body = answer.split_once("\r\n\r\n").filter(|_| reading.is_ok()).map(|(_, body)| body);
    body.and_then(|body| serde_json::from_str(body).ok()).ok_or(ConnectionLost::Line)
}

/// Sends a message as a frame of a WebSocket.
pub async fn send(to: SocketAddr, message: &Value, cut: Option<f64>) -> Result<Value, ConnectionLost> {
    let mut socket = web_socket(to, "/live/ws").await?;
    let mut frame = message.clone();
    frame["type"] = "send".into();
    let text = frame.to_string();
    if let Some(part) = cut.filter(|&part| part < 1.0) {
        // A frame of which only the beginning goes up; masked with zeros, it is the text itself (RFC 6455 §5.2).
        let length = u16::try_from(text.len()).expect("a short message").to_be_bytes();
        let bytes = [&[0x81, 0xfe, length[0], length[1], 0, 0, 0, 0], text.as_bytes()].concat();
        return write(socket.get_mut(), &bytes, Some(part)).await.map(|()| Value::Null);
    }
    socket.send(Message::text(text)).await.map_err(|_| ConnectionLost::Line)?;
    if cut.is_some() {
        return Err(ConnectionLost::Line);
    }
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("the server answers") {
            Some(Ok(Message::Text(text))) => {
                let frame: Value = serde_json::from_str(&text).expect("a frame");
                if frame["type"] == "sent" {
                    return Ok(frame);
                }
                assert_ne!(frame["type"], "rejected", "{frame}");
            }
            // The library answers it.
            Some(Ok(Message::Ping(_))) => {}
            _ => return Err(ConnectionLost::Line),
        }
    }
}

/// Sends a message as an event of Socket.IO that asks for an acknowledgement.
pub async fn emit(to: SocketAddr, message: &Value, cut: Option<f64>) -> Result<Value, ConnectionLost> {
    let mut socket = web_socket(to, "/socket.io/?EIO=4&transport=websocket").await?;
    for packet in ["40{}".to_owned(), format!("427{}", serde_json::json!(["send", message]))] {
        socket.send(Message::text(packet)).await.map_err(|_| ConnectionLost::Line)?;
    }
    if cut.is_some() {
        return Err(ConnectionLost::Line);
    }
    loop {
        let Some(Ok(Message::Text(text))) =
            timeout(PATIENCE, socket.next()).await.expect("the server answers")
        else {
            return Err(ConnectionLost::Line);
        };
        if let Some(answer) = text.strip_prefix("437") {
            let [receipt]: [Value; 1] = serde_json::from_str(answer).expect("one argument");
            return Ok(receipt);
        }
    }
}

async fn web_socket(to: SocketAddr, path: &str) -> Result<WebSocketStream<TcpStream>, ConnectionLost> {
    let line = dial(to).await?;
    let shaken = client_async(format!("ws://{to}{path}"), line).await;
    shaken.map(|(socket, _)| socket).map_err(|_| ConnectionLost::Line)
}

/// A client in the main namespace, which asks for the same as a query does.
async fn socket_io(to: SocketAddr, query: &str) -> Result<WebSocketStream<TcpStream>, ConnectionLost> {
    let mut socket = web_socket(to, "/socket.io/?EIO=4&transport=websocket").await?;
    let asked = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.expect("it asks for topics from a place").to_owned()
    };
    let auth = serde_json::json!({ "topics": [asked("topics")], "since": asked("since") });
    socket.send(Message::text(format!("40{auth}"))).await.map_err(|_| ConnectionLost::Line)?;
    Ok(socket)
}

/// A Socket.IO event as the frame that the other transports have; none for other packets.
fn packet(text: &str) -> Option<Value> {
    assert!(!text.starts_with("44"), "{text}");
    let args: Vec<Value> = serde_json::from_str(text.strip_prefix("42")?).expect("a list");
    let (name, mut frame) = (args[0].clone(), args[1].clone());
    if name == "event" {
        frame["cursor"] = args[2].clone();
    }
    if frame.is_object() {
        frame["type"] = name;
    }
    Some(frame)
}

async fn write(line: &mut TcpStream, bytes: &[u8], cut: Option<f64>) -> Result<(), ConnectionLost> {
    let part = cut.map_or(bytes.len(), |part| ((bytes.len() as f64 * part) as usize).min(bytes.len()));
    line.write_all(&bytes[..part]).await.map_err(|_| ConnectionLost::Line)?;
    if cut.is_some() { Err(ConnectionLost::Line) } else { Ok(()) }
}

/// A line down, of any transport.
pub struct LiveStream {
    kind: StreamTransport,
    heard: VecDeque<Value>,
}

enum StreamTransport {
    Socket(WebSocketStream<TcpStream>),
    /// Socket.IO on a WebSocket.
    Io(WebSocketStream<TcpStream>),
    /// A body that goes on: the bytes read so far that do not end a block yet.
    Body {
        line: BufReader<TcpStream>,
        text: String,
        block: fn(&str) -> Option<Value>,
        end: &'static str,
    },
    /// Asked again and again, from the last place.
    Poll {
        to: SocketAddr,
        path: String,
        since: String,
    },
}

impl LiveStream {
    pub async fn open(transport: &str, to: SocketAddr, query: &str) -> Result<Self, ConnectionLost> {
        let path = format!("/live/{transport}?{query}");
        let kind = match transport {
            "ws" => StreamTransport::Socket(web_socket(to, &format!("/live/ws?{query}")).await?),
            "socket.io" => StreamTransport::Io(socket_io(to, query).await?),
            "sse" => {
                let line = ask(to, &path).await?;
                StreamTransport::Body { line, text: String::new(), block: event, end: "\n\n" }
            }
            "stream" => {
                let line = ask(to, &path).await?;
                StreamTransport::Body {
                    line,
                    text: String::new(),
                    block: |text| serde_json::from_str(text).ok(),
                    end: "\n",
                }
            }
            _ => {
                let (path, since) = path.split_once("&since=").expect("it asks from a place");
                StreamTransport::Poll { to, path: path.to_owned(), since: since.to_owned() }
            }
        };
        Ok(Self { kind, heard: VecDeque::new() })
    }

    /// The next frame; none when the line broke.
    pub async fn next(&mut self) -> Option<Value> {
        while self.heard.is_empty() {
            timeout(PATIENCE, self.hear()).await.expect("the server says something")?;
        }
        self.heard.pop_front()
    }

    async fn hear(&mut self) -> Option<()> {
        match &mut self.kind {
            StreamTransport::Socket(socket) => match socket.next().await?.ok()? {
                Message::Text(text) => self.heard.push_back(serde_json::from_str(&text).expect("a frame")),
                Message::Ping(_) => {}
                _ => return None,
            },
            StreamTransport::Io(socket) => match socket.next().await?.ok()? {
                Message::Text(text) if text == "2" => socket.send(Message::text("3")).await.ok()?,
                Message::Text(text) => self.heard.extend(packet(&text)),
                _ => return None,
            },
            StreamTransport::Body { line, text, block, end } => {
                text.push_str(&piece(line).await?);
                while let Some((one, rest)) = text.split_once(*end) {
                    self.heard.extend(block(one));
                    *text = rest.to_owned();
                }
            }
            StreamTransport::Poll { to, path, since } => {
                let mut line = dial(*to).await.ok()?;
                let request = format!(
                    "GET {path}&wait=1&since={since} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n"
                );
                line.write_all(request.as_bytes()).await.ok()?;
                let mut answer = String::new();
                line.read_to_string(&mut answer).await.ok()?;
                let (head, body) = answer.split_once("\r\n\r\n")?;
                if head.starts_with("HTTP/1.1 204") {
                    let place = head.lines().find_map(|line| line.strip_prefix("live-cursor: "));
                    place.expect("an answer without a body says its place").clone_into(since);
                    return Some(());
                }
                let frames: Vec<Value> = serde_json::from_str(body).ok()?;
                if let Some(place) = frames.iter().rev().find_map(|frame| frame["cursor"].as_str()) {
                    place.clone_into(since);
                }
                self.heard.extend(frames);
            }
        }
        Some(())
    }
}

/// A request for a body that goes on; its head is read.
async fn ask(to: SocketAddr, path: &str) -> Result<BufReader<TcpStream>, ConnectionLost> {
    let mut line = BufReader::new(dial(to).await?);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n\r\n");
    line.write_all(request.as_bytes()).await.map_err(|_| ConnectionLost::Line)?;
    loop {
        let mut header = String::new();
        let read = line.read_line(&mut header).await.unwrap_or(0);
        match header.trim_end() {
            "" if read > 0 => return Ok(line),
            "" => return Err(ConnectionLost::Line),
            _ => {}
        }
    }
}

/// The next chunk (RFC 9112 §7.1); none at the end, or when the line broke.
async fn piece(line: &mut BufReader<TcpStream>) -> Option<String> {
    let mut size = String::new();
    line.read_line(&mut size).await.ok()?;
    let size = usize::from_str_radix(size.trim_end(), 16).ok().filter(|&size| size > 0)?;
    let mut chunk = vec![0; size + 2];
    line.read_exact(&mut chunk).await.ok()?;
    chunk.truncate(size);
    String::from_utf8(chunk).ok()
}

/// A block of an event stream as the frame that the other transports have.
fn event(block: &str) -> Option<Value> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let mut frame: Value = serde_json::from_str(field("data")?).expect("JSON");
    if field("event").is_none() {
        frame["type"] = "event".into();
        frame["cursor"] = field("id").expect("an event has its place").into();
    }
    Some(frame)
}
