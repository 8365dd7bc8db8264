//! As much HTTP/1.1 as a probe needs, byte by byte: a library would hide what is on the line.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::probe::{Ask, Refused};

pub struct Answer {
    pub line: BufReader<TcpStream>,
    chunked: bool,
}

pub async fn get(to: SocketAddr, path: &str, ask: &Ask) -> Result<Answer, Refused> {
    let stream = TcpStream::connect(to).await.expect("the server accepts");
    let mut line = BufReader::new(stream);
    let host =
        ask.headers.iter().find(|(name, _)| *name == "host").map_or(to.to_string(), |(_, v)| v.clone());
    let mut head = format!("GET {path}?{} HTTP/1.1\r\nhost: {host}\r\n", ask.query());
    for (name, value) in ask.headers.iter().filter(|(name, _)| *name != "host") {
        head += &format!("{name}: {value}\r\n");
    }
    line.write_all((head + "\r\n").as_bytes()).await.expect("the request is written");
    let mut first = String::new();
    line.read_line(&mut first).await.expect("a status line");
    let status: u16 = first.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
    let (mut length, mut chunked) = (None, false);
    loop {
        let mut header = String::new();
        line.read_line(&mut header).await.expect("a header");
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name {
            "content-length" => length = value.parse::<usize>().ok(),
            "transfer-encoding" => chunked = value == "chunked",
            _ => {}
        }
    }
    if status == 200 {
        return Ok(Answer { line, chunked });
    }
    let mut body = vec![0; length.expect("a refusal has a length")];
    line.read_exact(&mut body).await.expect("the body");
    Err(Refused { status, body: String::from_utf8(body).expect("text") })
}

impl Answer {
    /// The next piece of the body; `None` at its end or when the line breaks.
    pub async fn piece(&mut self) -> Option<Vec<u8>> {
        if !self.chunked {
            let mut some = vec![0; 4096];
            let read = self.line.read(&mut some).await.ok().filter(|&read| read > 0)?;
            some.truncate(read);
            return Some(some);
        }
        let mut size = String::new();
        self.line.read_line(&mut size).await.ok()?;
        let size = usize::from_str_radix(size.trim_end(), 16).ok().filter(|&size| size > 0)?;
        let mut chunk = vec![0; size + 2];
        self.line.read_exact(&mut chunk).await.ok()?;
        assert!(chunk.ends_with(b"\r\n"), "a chunk ends with CRLF");
        chunk.truncate(size);
        Some(chunk)
    }
}
