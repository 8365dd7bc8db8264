//! Many subscribers on one thread: level-triggered epoll and one read for each socket that has something.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::{
    event::{Timespec, epoll},
    io::Errno,
};

use super::{
    payload::PayloadStamp,
    publisher::Publisher,
    subject::Subject,
    subscriber::{Subscriber, Traffic},
    tally::{Faults, Tally},
    wire::Wire,
};

/// Subscribers of one server.
pub(crate) struct SubscriberPool {
    epoll: OwnedFd,
    subscribers: Vec<Subscriber>,
    events: Vec<epoll::Event>,
    space: Box<[u8]>,
    /// The places of those whose server has hung up, until someone asks.
    ended: Vec<usize>,
    /// When which subscriber asks by the clock next, and how long after that again.
    clock: BinaryHeap<Reverse<(Instant, usize, Duration)>>,
}

/// Sockets looked at between two looks at the clock.
const AT_ONCE: usize = 64;
/// The most read at once.
const SPACE: usize = 64 * 1024;
/// The publisher's connections are marked from here on, those of the subscribers by their places.
const PUBLISHER: u64 = 1 << 32;

impl SubscriberPool {
    /// Nobody yet.
    pub(crate) fn new() -> Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).context("cannot make an epoll")?;
        let space = vec![0; SPACE].into_boxed_slice();
        let events = Vec::with_capacity(AT_ONCE);
        let (subscribers, ended) = (Vec::new(), Vec::new());
        Ok(Self { epoll, subscribers, events, space, ended, clock: BinaryHeap::new() })
    }

    /// Has each expect publications of several publishers, who publish in turns; called before any was published.
    pub(crate) fn expect_publishers(&mut self, count: usize) {
        self.subscribers.iter_mut().for_each(|subscriber| subscriber.tally = Tally::of_publishers(count));
    }

    /// Connects `count` more, one after another, that are to hear publications from number `next` on.
    pub(crate) fn join(&mut self, subject: &Subject, wire: &Wire, count: usize, next: u64) -> Result<()> {
        let from = self.subscribers.len();
        for place in from..from + count {
            let subscriber = Subscriber::connect(subject, wire, next)?;
            self.listen(&subscriber.socket, place as u64)?;
            self.subscribers.push(subscriber);
        }
        if let Some(period) = wire.period {
            // Spread evenly over the period, as clients that know nothing of each other are.
            let now = Instant::now();
            for nth in 0..count {
                let first = now + period.mul_f64(nth as f64 / count as f64);
                self.clock.push(Reverse((first, from + nth, period)));
            }
        }
        Ok(())
    }

    /// Looks for the publisher's answers too.
    pub(crate) fn accompany(&self, publisher: &Publisher) -> Result<()> {
        publisher.sockets().zip(PUBLISHER..).try_for_each(|(socket, mark)| self.listen(socket, mark))
    }

    fn listen(&self, socket: &std::net::TcpStream, data: u64) -> Result<()> {
        let data = epoll::EventData::new_u64(data);
        epoll::add(&self.epoll, socket, data, epoll::EventFlags::IN).context("cannot wait for a socket")
    }

    /// Returns the places of those whose server has hung up since the last call.
    pub(crate) fn take_ended(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.ended)
    }

    /// Has one whose server has hung up go on at another.
    pub(crate) fn resume(&mut self, place: usize, subject: &Subject, wire: &Wire) -> Result<()> {
        self.subscribers[place].resume(subject, wire)?;
        self.listen(&self.subscribers[place].socket, place as u64)
    }

    /// Waits up to `patience` for something to read, reads it, and hands over each mark with the moment it came. A publisher that the
    /// pool accompanies reads its answers here.
    pub(crate) fn turn(
        &mut self,
        patience: Duration,
        mut publisher: Option<&mut Publisher>,
        on_publication: &mut impl FnMut(PayloadStamp, Instant),
    ) -> Result<()> {
        self.events.clear();
        let timeout = Timespec::try_from(patience.min(self.ask()?)).context("a short time")?;
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.events), Some(&timeout)) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error).context("cannot wait"),
        }
        for event in &self.events {
            let mark = event.data.u64();
            #[allow(clippy::cast_possible_truncation, reason = "it was made from a place")]
            let place = (mark % PUBLISHER) as usize;
            if mark >= PUBLISHER {
                publisher.as_mut().map_or(Ok(()), |publisher| publisher.receive(place))?;
                continue;
            }
            let subscriber = &mut self.subscribers[place];
            if !subscriber.receive(&mut self.space, on_publication)? {
                epoll::delete(&self.epoll, &subscriber.socket)?;
                self.ended.push(place);
            }
        }
        Ok(())
    }

    /// Has those ask whose time it is, and says how long it is until the next.
    fn ask(&mut self) -> Result<Duration> {
        let now = Instant::now();
        while let Some(&Reverse((due, place, period))) = self.clock.peek() {
            if due > now {
                return Ok(due - now);
            }
            self.clock.pop();
            // One that still waits for its last answer asks when it is due again.
            self.subscribers[place].ask()?;
            self.clock.push(Reverse((due + period, place, period)));
        }
        Ok(Duration::MAX)
    }

    /// Returns the number of subscribers.
    pub(crate) fn len(&self) -> usize {
        self.subscribers.len()
    }

    /// Sums the publications that the subscribers received.
    pub(crate) fn received(&self) -> u64 {
        self.subscribers.iter().map(|subscriber| subscriber.tally.received()).sum()
    }

    /// The last publication up to which all have heard all.
    pub(crate) fn all_received(&self) -> u64 {
        self.subscribers.iter().map(|subscriber| subscriber.tally.whole_to()).min().unwrap_or(u64::MAX)
    }

    /// Sums the traffic of all sockets.
    pub(crate) fn traffic(&self) -> Traffic {
        let mut all = Traffic::default();
        for Subscriber { traffic, .. } in &self.subscribers {
            all.bytes += traffic.bytes;
            all.said += traffic.said;
        }
        all
    }

    /// Returns true if every subscriber has received all publications up to and with `last`.
    pub(crate) fn is_complete(&self, last: u64) -> bool {
        self.subscribers.iter().all(|subscriber| subscriber.tally.is_complete(last))
    }

    /// Sums the faults, given that `last` was the last publication.
    pub(crate) fn faults(&self, last: u64) -> Faults {
        let mut faults = Faults::default();
        for subscriber in &self.subscribers {
            faults += subscriber.tally.faults(last);
        }
        faults
    }
}
