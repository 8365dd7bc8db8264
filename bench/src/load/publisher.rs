//! The publisher: one connection, one POST a publication, the next one sent whether or not the last is answered.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{payload::PayloadStamp, subject::Subject};

/// A connection that publishes.
pub(crate) struct Publisher {
    socket: TcpStream,
    subject: &'static str,
    /// The request up to the length of its body.
    head: String,
    around: (&'static str, &'static str),
    /// Answers that have not been told apart yet.
    heard: Vec<u8>,
    /// Requests that have not been written yet.
    due: Vec<u8>,
    sent: u64,
    accepted: u64,
}

/// A server may refuse to read a publication for this long.
const PATIENCE: Duration = Duration::from_secs(10);
/// Every accepting answer begins like this: 200, 201 and 202 are in use.
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
        let (heard, due) = (Vec::new(), Vec::new());
        Ok(Self { socket, subject: subject.name, head, around, heard, due, sent: 0, accepted: 0 })
    }

    /// Its socket, for the wait.
    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Makes one publication with a payload of `size` bytes ready to be sent.
    pub(crate) fn prepare(&mut self, mark: PayloadStamp, size: usize) {
        let (before, after) = self.around;
        let length = before.len() + size + after.len();
        let request = format!("{}{length}\r\n\r\n{before}{}{after}", self.head, mark.payload(size));
        self.due.extend(request.into_bytes());
        self.sent += 1;
    }

    /// Sends what is ready, all in one write.
    pub(crate) fn send(&mut self) -> Result<()> {
        self.socket.write_all(&self.due).context("the server does not take publications")?;
        self.due.clear();
        Ok(())
    }

    /// Reads what has been answered; called when there is something.
    pub(crate) fn receive(&mut self) -> Result<()> {
        let mut some = [0; 16 * 1024];
        match self.socket.read(&mut some) {
            Ok(0) => bail!("{} closed the publisher's connection", self.subject),
            Ok(count) => self.heard.extend_from_slice(&some[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error).context("cannot read answers"),
        }
        let mut from = 0;
        while let Some(at) =
            self.heard[from..].windows(ACCEPTED.len()).position(|some| some.starts_with(ANSWER))
        {
            let answer = &self.heard[from + at..];
            if !answer.starts_with(ACCEPTED) {
                bail!("{} refuses a publication: {}", self.subject, String::from_utf8_lossy(answer));
            }
            self.accepted += 1;
            from += at + ACCEPTED.len();
        }
        // An answer that has begun stays; of the rest, nothing is wanted.
        let rest = self.heard.len().saturating_sub(ACCEPTED.len() - 1).max(from);
        self.heard.drain(..rest);
        Ok(())
    }

    /// Returns true if every publication was accepted.
    pub(crate) fn is_answered(&self) -> bool {
        self.accepted == self.sent
    }
}
