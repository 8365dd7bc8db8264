//! The publisher: one connection, one POST a publication, the next one sent whether or not the last is answered.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{payload::Mark, subject::Subject};

/// A connection that publishes.
pub(crate) struct Publisher {
    socket: TcpStream,
    subject: &'static str,
    /// The request up to the length of its body.
    head: String,
    around: (&'static str, &'static str),
    /// Answers that have not been told apart yet.
    heard: Vec<u8>,
    sent: u64,
    accepted: u64,
}

/// How long a server may not take a publication.
const PATIENCE: Duration = Duration::from_secs(10);
/// What every accepting answer begins with: 200, 201 and 202 are in use.
const ACCEPTED: &[u8] = b"HTTP/1.1 20";
const ANSWER: &[u8] = b"HTTP/1.1 ";

impl Publisher {
    /// Connects.
    pub(crate) fn connect(subject: &Subject) -> Result<Self> {
        let socket = TcpStream::connect(subject.address).context("cannot connect to publish")?;
        socket.set_nodelay(true)?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: ",
            subject.publish.path, subject.address
        );
        let around = subject.publish.around;
        Ok(Self { socket, subject: subject.name, head, around, heard: Vec::new(), sent: 0, accepted: 0 })
    }

    /// Its socket, for the wait.
    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Sends one publication with a payload of `size` bytes.
    pub(crate) fn publish(&mut self, mark: Mark, size: usize) -> Result<()> {
        let (before, after) = self.around;
        let length = before.len() + size + after.len();
        let request = format!("{}{length}\r\n\r\n{before}{}{after}", self.head, mark.payload(size));
        self.socket.write_all(request.as_bytes()).context("the server does not take publications")?;
        self.sent += 1;
        Ok(())
    }

    /// Reads what has been answered; called when there is something.
    pub(crate) fn hear(&mut self) -> Result<()> {
        let mut some = [0; 16 * 1024];
        match self.socket.read(&mut some) {
            Ok(0) => bail!("{} closed the publisher's connection", self.subject),
            Ok(count) => self.heard.extend_from_slice(&some[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error).context("cannot read answers"),
        }
        while let Some(at) = self.heard.windows(ACCEPTED.len()).position(|some| some.starts_with(ANSWER)) {
            if !self.heard[at..].starts_with(ACCEPTED) {
                let answer = String::from_utf8_lossy(&self.heard[at..]);
                bail!("{} refuses a publication: {answer}", self.subject);
            }
            self.accepted += 1;
            self.heard.drain(..at + ACCEPTED.len());
        }
        Ok(())
    }

    /// Whether every publication was accepted.
    pub(crate) fn is_answered(&self) -> bool {
        self.accepted == self.sent
    }
}
