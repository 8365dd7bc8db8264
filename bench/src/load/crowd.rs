//! Many subscribers on one thread: level-triggered epoll and one read for each socket that has something.

use std::{
    io::{ErrorKind, Read},
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::{
    event::{Timespec, epoll},
    io::Errno,
};

use super::{
    payload::Mark, publisher::Publisher, subject::Subject, subscriber::Subscriber, tally::Faults, wire::Wire,
};

/// Subscribers of one server.
pub(crate) struct Crowd {
    epoll: OwnedFd,
    subscribers: Vec<Subscriber>,
    events: Vec<epoll::Event>,
    space: Box<[u8]>,
}

/// Sockets looked at between two looks at the clock.
const AT_ONCE: usize = 64;
/// The most read at once.
const SPACE: usize = 64 * 1024;
/// The publisher's mark among those of the subscribers, which are their places.
const PUBLISHER: u64 = u64::MAX;

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new() -> Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).context("cannot make an epoll")?;
        let space = vec![0; SPACE].into_boxed_slice();
        Ok(Self { epoll, subscribers: Vec::new(), events: Vec::with_capacity(AT_ONCE), space })
    }

    /// Connects `count` more, one after another, that are to hear publications from number `next` on.
    pub(crate) fn join(&mut self, subject: &Subject, wire: &Wire, count: usize, next: u64) -> Result<()> {
        for _ in 0..count {
            let place = self.subscribers.len() as u64;
            let subscriber = Subscriber::connect(subject, wire, next)?;
            self.listen(&subscriber.socket, place)?;
            self.subscribers.push(subscriber);
        }
        Ok(())
    }

    /// Looks for the publisher's answers too.
    pub(crate) fn accompany(&self, publisher: &Publisher) -> Result<()> {
        self.listen(publisher.socket(), PUBLISHER)
    }

    fn listen(&self, socket: &std::net::TcpStream, data: u64) -> Result<()> {
        let data = epoll::EventData::new_u64(data);
        epoll::add(&self.epoll, socket, data, epoll::EventFlags::IN).context("cannot wait for a socket")
    }

    /// Waits up to `patience` for something to read, reads it, and hands over each mark with the moment it came.
    pub(crate) fn turn(
        &mut self,
        patience: Duration,
        publisher: &mut Publisher,
        hear: &mut impl FnMut(Mark, Instant),
    ) -> Result<()> {
        self.events.clear();
        let timeout = Timespec::try_from(patience).context("a short time")?;
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.events), Some(&timeout)) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error).context("cannot wait"),
        }
        for event in &self.events {
            match event.data.u64() {
                PUBLISHER => publisher.hear()?,
                #[allow(clippy::cast_possible_truncation, reason = "it was made from a place")]
                place => {
                    let subscriber = &mut self.subscribers[place as usize];
                    if !read(subscriber, &mut self.space, hear)? {
                        epoll::delete(&self.epoll, &subscriber.socket)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.subscribers.len()
    }

    /// How many publications all have heard together.
    pub(crate) fn heard(&self) -> u64 {
        self.subscribers.iter().map(|subscriber| subscriber.tally.heard()).sum()
    }

    /// Whether all have heard all up to and with `last`.
    pub(crate) fn is_complete(&self, last: u64) -> bool {
        self.subscribers.iter().all(|subscriber| subscriber.tally.is_complete(last))
    }

    /// What went wrong if `last` was the last publication.
    pub(crate) fn faults(&self, last: u64) -> Faults {
        let mut faults = Faults::default();
        for subscriber in &self.subscribers {
            faults += subscriber.tally.faults(last);
        }
        faults
    }
}

/// Reads once; false when the server has hung up, which the tally then shows as loss.
fn read(subscriber: &mut Subscriber, space: &mut [u8], hear: &mut impl FnMut(Mark, Instant)) -> Result<bool> {
    let count = match subscriber.socket.read(space) {
        Ok(0) => return Ok(false),
        Ok(count) => count,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            return Ok(true);
        }
        Err(_) => return Ok(false),
    };
    let now = Instant::now();
    let tally = &mut subscriber.tally;
    subscriber.decoder.feed(&space[..count], &mut |message| {
        if let Some(mark) = Mark::find(message) {
            tally.hear(mark.number);
            hear(mark, now);
        }
    })?;
    Ok(true)
}
