//! One subscriber: a socket on which a server has accepted to push.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use super::{
    subject::Subject,
    tally::Tally,
    wire::{Decode, Wire},
};

/// One subscriber.
pub(crate) struct Subscriber {
    /// Its socket; reads do not block.
    pub(crate) socket: TcpStream,
    /// Takes apart what it reads.
    pub(crate) decoder: Box<dyn Decode>,
    /// What it heard.
    pub(crate) tally: Tally,
}

/// How long a server may take to accept one.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of an answer.
const HEAD_LONGEST: usize = 8 * 1024;

impl Subscriber {
    /// Connects one that is to hear publications from number `next` on.
    pub(crate) fn connect(subject: &Subject, wire: &Wire, next: u64) -> Result<Self> {
        let (socket, head, early) = open(subject, wire, None)?;
        let mut decoder = (wire.decoder)(&head);
        let mut tally = Tally::from(next);
        decoder.feed(&early, &mut |message| {
            if let Some(mark) = super::payload::Mark::find(message) {
                tally.hear(mark.number);
            }
        })?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, decoder, tally })
    }
}

/// Connects a subscriber that is accepted and then never reads, with as little room in its kernel as there can be.
pub(crate) fn stalled(subject: &Subject, wire: &Wire) -> Result<TcpStream> {
    const ROOM: usize = 2048;
    let (socket, ..) = open(subject, wire, Some(ROOM))?;
    Ok(socket)
}

fn open(subject: &Subject, wire: &Wire, room: Option<usize>) -> Result<(TcpStream, String, Vec<u8>)> {
    let socket = Socket::new(Domain::for_address(subject.address), Type::STREAM, None)
        .context("no more sockets: raise the limit of open files (ulimit -n)")?;
    if let Some(room) = room {
        socket.set_recv_buffer_size(room)?;
    }
    socket.connect(&subject.address.into()).with_context(|| format!("cannot connect to {}", subject.name))?;
    let mut socket = TcpStream::from(socket);
    socket.set_read_timeout(Some(PATIENCE))?;
    let path = subject.path(wire)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", subject.address, wire.headers);
    socket.write_all(request.as_bytes())?;
    let (head, early) = head(&mut socket).with_context(|| format!("{} does not accept", subject.name))?;
    if head.split(' ').nth(1) != Some(wire.accepted) {
        bail!("{} refuses {}: {}", subject.name, wire.name, head.lines().next().unwrap_or_default());
    }
    Ok((socket, head, early))
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
