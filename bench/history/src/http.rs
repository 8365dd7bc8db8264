//! Asks a server over HTTP/1.1 on the loopback.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(240);

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Http(BufReader<TcpStream>);

impl Http {
    pub(crate) fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::with_capacity(256 << 10, stream)))
    }

    /// Posts a body with these headers, and returns the answer's body.
    pub(crate) fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> Result<Vec<u8>> {
        let length = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n");
        self.0.get_mut().write_all(head.as_bytes())?;
        self.0.get_mut().write_all(body)?;
        self.answer(path)
    }

    /// Gets a path.
    pub(crate) fn get(&mut self, path: &str) -> Result<Vec<u8>> {
        self.0.get_mut().write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
        self.answer(path)
    }

    fn answer(&mut self, path: &str) -> Result<Vec<u8>> {
        let status = self.line()?;
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            let Some((name, value)) = line.split_once(':') else { break };
            match name {
                "content-length" => length = value.trim().parse()?,
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if is_chunked {
            loop {
                let size = u64::from_str_radix(self.line()?.trim(), 16).context("the size of a chunk")?;
                let read = (&mut self.0).take(size).read_to_end(&mut body)? as u64;
                ensure!(read == size, "an answer ended early");
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else if !status.contains(" 204") {
            body.resize(length, 0);
            self.0.read_exact(&mut body)?;
        }
        if !status.contains(" 20") {
            let told: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            bail!("{path}: {status}: {told}");
        }
        Ok(body)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the server hung up");
        Ok(line.trim_end().to_owned())
    }
}
