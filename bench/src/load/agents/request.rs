//! Requests of HTTP/1.1, one after another on a connection that is kept.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// An answer is read in pieces of so many bytes.
const PIECE: usize = 32 << 10;

/// A connection to a server.
#[derive(Debug)]
pub(super) struct KeptConnection {
    stream: TcpStream,
    host: SocketAddr,
    /// Bytes that were read and belong to nothing yet.
    read: Vec<u8>,
}

impl KeptConnection {
    /// # Errors
    /// When nobody listens there.
    pub(super) fn open(host: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(host).with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, host, read: Vec::new() })
    }

    /// Asks with these lines of a head, and returns the body of the answer.
    ///
    /// # Errors
    /// When there is no answer, or its status is no success.
    pub(super) fn get(&mut self, path: &str, lines: &str) -> Result<Vec<u8>> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", self.host);
        self.exchange(head.as_bytes()).with_context(|| format!("GET {path}"))
    }

    /// Posts a body with these lines of a head, and returns that of the answer.
    ///
    /// # Errors
    /// When there is no answer, or its status is no success.
    pub(super) fn post(&mut self, path: &str, lines: &str, body: &[u8]) -> Result<Vec<u8>> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{lines}\r\n",
            self.host,
            body.len()
        );
        self.exchange(&[head.as_bytes(), body].concat()).with_context(|| format!("POST {path}"))
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes)?)
    }

    /// Reads the head of an answer, without the empty line behind it.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn read_head(&mut self) -> Result<String> {
        let head = self.read_through(b"\r\n\r\n")?;
        String::from_utf8(head).context("a head is text")
    }

    /// Reads so many bytes.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn read_exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        while self.read.len() < length {
            self.read_more()?;
        }
        let rest = self.read.split_off(length);
        Ok(std::mem::replace(&mut self.read, rest))
    }

    /// Reads what comes next, or has come.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn read_some(&mut self) -> Result<Vec<u8>> {
        if self.read.is_empty() {
            self.read_more()?;
        }
        Ok(std::mem::take(&mut self.read))
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.send(request)?;
        let head = self.read_head()?.to_ascii_lowercase();
        let body = if head.contains("transfer-encoding: chunked") {
            self.read_chunks()?
        } else {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            self.read_exactly(length.context("an answer says its length")?.trim().parse()?)?
        };
        let status = head.split(' ').nth(1).unwrap_or_default();
        ensure!(status.starts_with('2'), "status {status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// Reads a body in chunks (RFC 9112 §7.1).
    fn read_chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = String::from_utf8(self.read_through(b"\r\n")?).context("a chunk's size is text")?;
            let size = usize::from_str_radix(line.trim(), 16).context("a chunk has a size")?;
            body.extend(self.read_exactly(size)?);
            self.read_exactly(2)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    /// Reads up to an end, which is left out.
    fn read_through(&mut self, end: &[u8]) -> Result<Vec<u8>> {
        loop {
            if let Some(place) = self.read.windows(end.len()).position(|bytes| bytes == end) {
                let mut found = self.read_exactly(place + end.len())?;
                found.truncate(place);
                return Ok(found);
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let mut piece = [0; PIECE];
        match self.stream.read(&mut piece)? {
            0 => bail!("the connection was closed"),
            read => self.read.extend_from_slice(&piece[..read]),
        }
        Ok(())
    }
}
