//! One subscriber: a socket on which a server has accepted to push, or answers questions.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use super::{
    payload::PayloadStamp,
    subject::Subject,
    tally::Tally,
    wire::{Decode, Opening, Reply, ResumePoint, Wire},
};

/// One subscriber.
pub(crate) struct Subscriber {
    /// Its socket; reads do not block.
    pub(crate) socket: TcpStream,
    /// Takes apart what it reads.
    decoder: Box<dyn Decode>,
    /// The publications that it received.
    pub(crate) tally: Tally,
    /// The traffic on its socket.
    pub(crate) traffic: Traffic,
    /// The question that waits for its time.
    later: Option<Vec<u8>>,
}

/// The bytes on sockets, without the headers of TCP and IP.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    /// Bytes, both ways.
    pub(crate) bytes: u64,
    /// Questions and other things said by the subscriber.
    pub(crate) said: u64,
}

/// A server may take this long to accept a subscriber.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of an answer.
const HEAD_LONGEST: usize = 8 * 1024;

impl Subscriber {
    /// Connects one that is to hear publications from number `next` on.
    pub(crate) fn connect(subject: &Subject, wire: &Wire, next: u64) -> Result<Self> {
        let tally = Tally::from(next);
        Self::subscribe(subject, wire, tally, None, &ResumePoint::default())?.begin()
    }

    /// Goes on at another server that shares the log, from the place where this one ended: a new connection, which has been told what this
    /// one was.
    pub(crate) fn resume(&mut self, subject: &Subject, wire: &Wire) -> Result<()> {
        let point = self.decoder.resume_point().context("this wire keeps no place")?;
        let tally = std::mem::replace(&mut self.tally, Tally::from(1));
        let Traffic { bytes, said } = self.traffic;
        *self = Self::subscribe(subject, wire, tally, None, &point)?.begin()?;
        self.traffic.bytes += bytes;
        self.traffic.said += said;
        Ok(())
    }

    /// Connects one that is accepted and then never reads, with as little room in its kernel as there can be.
    pub(crate) fn stalled(subject: &Subject, wire: &Wire) -> Result<Self> {
        const ROOM: usize = 2048;
        Self::subscribe(subject, wire, Tally::from(1), Some(ROOM), &ResumePoint::default())
    }

    fn begin(mut self) -> Result<Self> {
        self.speak()?;
        self.socket.set_nonblocking(true)?;
        Ok(self)
    }

    fn subscribe(
        subject: &Subject,
        wire: &Wire,
        tally: Tally,
        room: Option<usize>,
        from: &ResumePoint,
    ) -> Result<Self> {
        let (path, wire) = subject.dialect(wire)?;
        let mut socket = connect(subject, room)?;
        let address = subject.entrance;
        let (query, headers, proof) = (&from.query, wire.headers, &subject.proof);
        let request = format!("GET {path}{query} HTTP/1.1\r\nHost: {address}\r\n{headers}{proof}\r\n");
        socket.write_all(request.as_bytes())?;
        let (head, early) = match wire.accepted {
            Some(accepted) => {
                let (head, early) =
                    head(&mut socket).with_context(|| format!("{} does not accept", subject.name))?;
                if head.split(' ').nth(1) != Some(accepted) {
                    let line = head.lines().next().unwrap_or_default();
                    bail!("{} refuses {}: {line}", subject.name, wire.name);
                }
                (head, early)
            }
            None => Default::default(),
        };
        let decoder =
            (wire.decoder)(&Opening { head: &head, address, path, manners: &subject.manners, from });
        let mut subscriber = Self { socket, decoder, tally, traffic: Traffic::default(), later: None };
        subscriber.take(&early, &mut |_, _| ())?;
        let mut some = [0; 1024];
        while !subscriber.decoder.is_ready() {
            subscriber.speak()?;
            let count = subscriber.socket.read(&mut some)?;
            if count == 0 {
                bail!("{} hangs up before it accepts {}", subject.name, wire.name);
            }
            subscriber.take(&some[..count], &mut |_, _| ())?;
        }
        Ok(subscriber)
    }

    /// Reads once; false when the server has hung up, which the tally then shows as loss.
    pub(crate) fn receive(
        &mut self,
        space: &mut [u8],
        on_publication: &mut impl FnMut(PayloadStamp, Instant),
    ) -> Result<bool> {
        let count = match self.socket.read(space) {
            Ok(0) => return Ok(false),
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                return Ok(true);
            }
            Err(_) => return Ok(false),
        };
        self.take(&space[..count], on_publication)?;
        Ok(self.speak().is_ok())
    }

    /// Asks the question that waits, and returns when it is answered, so that another one waits.
    pub(crate) fn ask_and_wait(&mut self, space: &mut [u8]) -> Result<()> {
        self.socket.set_nonblocking(false)?;
        self.ask()?;
        while self.later.is_none() {
            if !self.receive(space, &mut |_, _| ())? {
                bail!("the server hangs up while it is asked");
            }
        }
        Ok(())
    }

    /// Asks the question that waits, if there is one.
    pub(crate) fn ask(&mut self) -> Result<()> {
        match self.later.take() {
            Some(bytes) => self.send(&bytes),
            None => Ok(()),
        }
    }

    fn take(&mut self, bytes: &[u8], on_publication: &mut impl FnMut(PayloadStamp, Instant)) -> Result<()> {
        let now = Instant::now();
        self.traffic.bytes += bytes.len() as u64;
        let tally = &mut self.tally;
        self.decoder.feed(bytes, &mut |message| {
            PayloadStamp::each(message, |mark| {
                tally.record(mark.number);
                on_publication(mark, now);
            });
        })
    }

    fn speak(&mut self) -> Result<()> {
        match self.decoder.reply() {
            Some(Reply { bytes, at_once: true }) => self.send(&bytes),
            Some(Reply { bytes, at_once: false }) => {
                self.later = Some(bytes);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.socket.write_all(bytes).context("a server does not take a question")?;
        self.traffic.bytes += bytes.len() as u64;
        self.traffic.said += 1;
        Ok(())
    }
}

fn connect(subject: &Subject, room: Option<usize>) -> Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(subject.entrance), Type::STREAM, None)
        .context("no more sockets: raise the limit of open files (ulimit -n)")?;
    if let Some(room) = room {
        socket.set_recv_buffer_size(room)?;
    }
    socket
        .connect(&subject.entrance.into())
        .with_context(|| format!("cannot connect to {}", subject.name))?;
    socket.set_tcp_nodelay(true)?;
    let socket = TcpStream::from(socket);
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

/// An answer's head, and the bytes that came with it.
fn head(socket: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut some = [0; 1024];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let early = read.split_off(end + 4);
            return Ok((String::from_utf8(read)?, early));
        }
        let count = socket.read(&mut some)?;
        if count == 0 || read.len() > HEAD_LONGEST {
            bail!("no head");
        }
        read.extend_from_slice(&some[..count]);
    }
}
