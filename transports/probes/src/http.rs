//! As much HTTP/1.1 as a probe needs, byte by byte: a library would hide what is on the line.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::probe::{Ask, Refused};

pub struct Answer {
    pub line: BufReader<TcpStream>,
    pub status: u16,
    /// Of a body whose length is told, or that is not there.
    length: Option<usize>,
    chunked: bool,
    headers: Vec<(String, String)>,
}

/// Asks on a connection of its own; anything but 200 is a refusal.
pub async fn get(to: SocketAddr, path: &str, ask: &Ask) -> Result<Answer, Refused> {
    get_for(200, to, path, ask).await
}

/// Asks for an answer with this status.
pub async fn get_for(status: u16, to: SocketAddr, path: &str, ask: &Ask) -> Result<Answer, Refused> {
    let answer = question(dial(to).await?, to, path, ask).await.answer().await?;
    if answer.status == status {
        return Ok(answer);
    }
    let status = answer.status;
    let (_, body) = answer.whole().await?;
    Err(Refused { status, body })
}

pub async fn dial(to: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    TcpStream::connect(to).await.map(BufReader::new)
}

/// A request that was written.
pub struct Question(BufReader<TcpStream>);

pub async fn question(mut line: BufReader<TcpStream>, to: SocketAddr, path: &str, ask: &Ask) -> Question {
    let host =
        ask.headers.iter().find(|(name, _)| *name == "host").map_or(to.to_string(), |(_, v)| v.clone());
    let mut head = format!("GET {path}?{} HTTP/1.1\r\nhost: {host}\r\n", ask.query());
    for (name, value) in ask.headers.iter().filter(|(name, _)| *name != "host") {
        head += &format!("{name}: {value}\r\n");
    }
    // A connection that broke shows when it is read.
    let _ = line.write_all((head + "\r\n").as_bytes()).await;
    Question(line)
}

impl Question {
    pub async fn answer(self) -> io::Result<Answer> {
        let Self(mut line) = self;
        let mut first = String::new();
        if line.read_line(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let status: u16 = first.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
        let mut answer = Answer { line, status, length: None, chunked: false, headers: Vec::new() };
        loop {
            let mut header = String::new();
            answer.line.read_line(&mut header).await?;
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => answer.length = value.parse::<usize>().ok(),
                "transfer-encoding" => answer.chunked = value == "chunked",
                _ => {}
            }
            answer.headers.push((name.to_owned(), value.to_owned()));
        }
        if answer.status == 204 {
            answer.length = Some(0);
        }
        Ok(answer)
    }
}

impl Answer {
    /// Returns the position to which a response without a body moves its client.
    pub fn cursor(&self) -> Option<&str> {
        self.header("live-cursor")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The body, and the connection for the next question.
    pub async fn whole(mut self) -> io::Result<(BufReader<TcpStream>, String)> {
        let mut body = vec![0; self.length.expect("the body has a length")];
        self.line.read_exact(&mut body).await?;
        Ok((self.line, String::from_utf8(body).expect("text")))
    }

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
