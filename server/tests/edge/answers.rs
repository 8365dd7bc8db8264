//! Answers as they stand on the wire, read strictly: what is not exactly a run of whole answers is an error.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Only a broken promise waits for it: it ends a test that would otherwise hang.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    /// Its end is the connection's.
    pub ends: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn closes(&self) -> bool {
        self.ends || self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The first answer in `bytes` and how long it is; `None` while it is not whole. `head` is whether HEAD was asked; `over` whether
/// the connection has ended.
pub fn first(bytes: &[u8], head: bool, over: bool) -> Result<Option<(Answer, usize)>, String> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end]).map_err(|error| error.to_string())?;
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| text.strip_prefix("HTTP/1.0 "))
        .and_then(|rest| rest.get(..3))
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| format!("not an answer: {text:?}"))?;
    let mut answer = Answer { status, head: text.to_owned(), body: Vec::new(), ends: false };
    let from = end + 4;
    if head || matches!(status, 100..=199 | 204 | 304) {
        return Ok(Some((answer, from)));
    }
    let rest = &bytes[from..];
    if answer.header("transfer-encoding").is_some() {
        let Some((body, length)) = chunks(rest)? else { return Ok(None) };
        answer.body = body;
        return Ok(Some((answer, from + length)));
    }
    if let Some(length) = answer.header("content-length") {
        let length: usize = length.parse().map_err(|_| format!("a length: {length}"))?;
        let Some(body) = rest.get(..length) else { return Ok(None) };
        answer.body = body.to_vec();
        return Ok(Some((answer, from + length)));
    }
    if !over {
        return Ok(None);
    }
    answer.body = rest.to_vec();
    answer.ends = true;
    Ok(Some((answer, bytes.len())))
}

fn chunks(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(line) = bytes[at..].windows(2).position(|two| two == b"\r\n") else { return Ok(None) };
        let size = String::from_utf8_lossy(&bytes[at..at + line]).into_owned();
        let size = usize::from_str_radix(&size, 16).map_err(|_| format!("a chunk's size: {size:?}"))?;
        at += line + 2;
        let Some(chunk) = bytes.get(at..at + size + 2) else { return Ok(None) };
        if &chunk[size..] != b"\r\n" {
            return Err("a chunk that does not end".to_owned());
        }
        body.extend_from_slice(&chunk[..size]);
        at += size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

/// A connection of raw bytes.
pub struct Raw {
    pub stream: TcpStream,
    read: Vec<u8>,
    over: bool,
}

impl Raw {
    pub async fn to(address: SocketAddr) -> Self {
        Self::of(TcpStream::connect(address).await.expect("the server accepts"))
    }

    /// Connects as a client for which the kernel buffers little.
    pub async fn narrow(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        Self::of(socket.connect(address).await.expect("the server accepts"))
    }

    fn of(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("set");
        Self { stream, read: Vec::new(), over: false }
    }

    /// A server that has answered may refuse the rest.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    async fn more(&mut self) {
        let mut some = [0; 16 * 1024];
        let read = timeout(PATIENCE, self.stream.read(&mut some)).await.expect("bytes or an end");
        match read {
            Ok(read @ 1..) => self.read.extend_from_slice(&some[..read]),
            Ok(_) | Err(_) => self.over = true,
        }
    }

    /// Waits for `100 Continue`.
    pub async fn interim(&mut self) {
        loop {
            match first(&self.read, false, self.over).expect("an answer") {
                Some((answer, length)) => {
                    assert_eq!(answer.status, 100, "{answer:?}");
                    self.read.drain(..length);
                    return;
                }
                None => {
                    assert!(!self.over, "it ended");
                    self.more().await;
                }
            }
        }
    }

    /// The head of the next answer, whose body may have no end.
    pub async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                return String::from_utf8_lossy(&self.read[..end]).into_owned();
            }
            assert!(!self.over, "it ended");
            self.more().await;
        }
    }

    /// The next answer, without what is only interim; `None` when the connection has ended.
    pub async fn answer(&mut self, head: bool) -> Option<Answer> {
        loop {
            match first(&self.read, head, self.over).expect("an answer") {
                Some((answer, length)) => {
                    self.read.drain(..length);
                    if answer.status != 100 {
                        return Some(answer);
                    }
                }
                None if self.over => {
                    assert!(self.read.is_empty(), "not whole: {:?}", String::from_utf8_lossy(&self.read));
                    return None;
                }
                None => self.more().await,
            }
        }
    }
}
