//! The publisher: one connection or several, one POST a publication, the next one sent whether or not the last is answered.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{payload::PayloadStamp, subject::Subject};

/// One connection that publishes, or several in turns.
pub(crate) struct Publisher {
    connections: Vec<Connection>,
    subject: &'static str,
    /// The request up to the length of its body.
    head: String,
    around: (&'static str, &'static str),
}

struct Connection {
    socket: TcpStream,
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
        Self::connect_several(subject, 1)
    }

    /// Makes so many connections.
    pub(crate) fn connect_several(subject: &Subject, count: usize) -> Result<Self> {
        let connections = (0..count).map(|_| Connection::open(subject)).collect::<Result<_>>()?;
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/json\r\nContent-Length: ",
            subject.publish.path, subject.address, subject.proof
        );
        let around = subject.publish.around;
        Ok(Self { connections, subject: subject.name, head, around })
    }

    /// Its sockets, for the wait.
    pub(crate) fn sockets(&self) -> impl Iterator<Item = &TcpStream> {
        self.connections.iter().map(|connection| &connection.socket)
    }

    /// Makes one publication with a payload of `size` bytes ready to be sent.
    pub(crate) fn prepare(&mut self, mark: PayloadStamp, size: usize) {
        let (before, after) = self.around;
        let length = before.len() + size + after.len();
        let request = format!("{}{length}\r\n\r\n{before}{}{after}", self.head, mark.payload(size));
        let count = self.connections.len() as u64;
        #[allow(clippy::cast_possible_truncation, reason = "it is less than a length")]
        let connection = &mut self.connections[(mark.number.saturating_sub(1) % count) as usize];
        connection.due.extend(request.into_bytes());
        connection.sent += 1;
    }

    /// Sends what is ready, on each connection in one write.
    pub(crate) fn send(&mut self) -> Result<()> {
        for Connection { socket, due, .. } in self.connections.iter_mut().filter(|one| !one.due.is_empty()) {
            socket.write_all(due).context("the server does not take publications")?;
            due.clear();
        }
        Ok(())
    }

    /// Reads what has been answered on the connection at this place; called when there is something.
    pub(crate) fn receive(&mut self, place: usize) -> Result<()> {
        self.connections[place].receive(self.subject)
    }

    /// Returns true if every publication was accepted.
    pub(crate) fn is_answered(&self) -> bool {
        self.connections.iter().all(|connection| connection.accepted == connection.sent)
    }
}

impl Connection {
    fn open(subject: &Subject) -> Result<Self> {
        let socket = TcpStream::connect(subject.address).context("cannot connect to publish")?;
        socket.set_nodelay(true)?;
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { socket, heard: Vec::new(), due: Vec::new(), sent: 0, accepted: 0 })
    }

    fn receive(&mut self, subject: &'static str) -> Result<()> {
        let mut some = [0; 16 * 1024];
        match self.socket.read(&mut some) {
            Ok(0) => bail!("{subject} closed the publisher's connection"),
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
                bail!("{subject} refuses a publication: {}", String::from_utf8_lossy(answer));
            }
            self.accepted += 1;
            from += at + ACCEPTED.len();
        }
        // An answer that has begun stays; of the rest, nothing is wanted.
        let rest = self.heard.len().saturating_sub(ACCEPTED.len() - 1).max(from);
        self.heard.drain(..rest);
        Ok(())
    }
}
