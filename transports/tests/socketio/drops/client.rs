//! A client that does what the official one does (socket.io-client 4.8, engine.io-client 6.6), turn for turn.
//!
//! - It polls again in the turn in which it has read a body, and handles the body's events behind that.
//! - Told `3probe`, it asks no more and changes over in the turn in which the last body is read.
//! - Told to close while it upgrades, it closes in that same turn. It handles the events of that body when it is
//!   connected again, and has not moved its offset meanwhile.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::line::Question;
use crate::client::{Granted, Received, Socket, number};

pub struct Client {
    to: SocketAddr,
    id: u64,
    random: StdRng,
    pid: String,
    offset: Option<String>,
    /// The packets that are set aside until it is connected again.
    aside: Vec<String>,
    connected: bool,
    /// The number that is due.
    next: u64,
    /// The number of lost connections, by moment.
    pub moments: BTreeMap<&'static str, u64>,
    /// A line that it has left without the server's knowing.
    left: Option<Life>,
}

/// One connection.
struct Life {
    query: String,
    poll: Option<Question>,
    socket: Option<Socket>,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No WebSocket yet,
    Polling,
    /// one that was not asked anything,
    Opened,
    /// asked,
    Probed,
    /// answered: the client waits for its last body.
    Answered,
    /// On the WebSocket.
    Changed,
    /// The WebSocket was cut before it was asked, and polling goes on.
    Alone,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Polling => "before the WebSocket",
            Self::Opened => "before 2probe",
            Self::Probed => "before 3probe",
            Self::Answered => "before 5",
            Self::Changed => "on the WebSocket",
            Self::Alone => "on polling again",
        }
    }
}

pub fn topic(id: u64) -> String {
    format!("log/drops-{id}")
}

const A_LITTLE: Duration = Duration::from_millis(2);

impl Client {
    pub async fn join(to: SocketAddr, id: u64, seed: u64) -> Self {
        let mut socket = Socket::open(to, "").await;
        let granted = socket.join(&format!(r#"{{"topics":["{}"]}}"#, topic(id))).await;
        Self {
            to,
            id,
            random: StdRng::seed_from_u64(seed << 16 | id),
            pid: granted.pid,
            offset: None,
            aside: Vec::new(),
            connected: false,
            next: 0,
            moments: BTreeMap::new(),
            left: None,
        }
    }

    fn auth(&self) -> String {
        let offset =
            self.offset.as_ref().map(|offset| format!(r#","offset":"{offset}""#)).unwrap_or_default();
        format!(r#"{{"topics":["{}"],"pid":"{}"{offset}}}"#, topic(self.id), self.pid)
    }

    /// Handles a packet of a connected client.
    fn emit(&mut self, packet: &str) {
        if packet.starts_with("42[\"event\"") {
            let n = number(packet);
            assert_eq!(n, self.next, "client {}: after {:?}", self.id, self.offset);
            self.next += 1;
        }
        let args: Vec<serde_json::Value> = serde_json::from_str(&packet[2..]).expect("JSON");
        if let Some(place) = args.last().and_then(|arg| arg.as_str()) {
            self.offset = Some(place.to_owned());
        }
    }

    fn receive(&mut self, packet: &str) {
        if let Some(granted) = packet.strip_prefix("40") {
            let granted: Granted = serde_json::from_str(granted).expect("sid and pid");
            assert_eq!(granted.pid, self.pid, "client {} is recovered", self.id);
            self.connected = true;
            for packet in std::mem::take(&mut self.aside) {
                self.emit(&packet);
            }
        } else if packet.starts_with("42") {
            if self.connected {
                self.emit(packet);
            } else {
                self.aside.push(packet.to_owned());
            }
        } else {
            assert!(packet == "6" || packet.starts_with("0{"), "{packet}");
        }
    }

    fn hear_body(&mut self, body: &str) {
        body.split('\x1e').for_each(|packet| self.receive(packet));
    }

    /// Comes back and goes some of the way to a WebSocket, and loses its line there.
    pub async fn lose_a_line(&mut self) {
        let body = Question::ask(self.to, "GET", "", "").await.body().await;
        let open: serde_json::Value = serde_json::from_str(&body[1..]).expect("JSON");
        let query = format!("&sid={}", open["sid"].as_str().expect("a name"));
        let mut life = Life { query, poll: None, socket: None, stage: Stage::Polling };
        life.poll = Some(Question::ask(self.to, "GET", &life.query, "").await);
        if self.random.random_ratio(19, 20) {
            let join = format!("40{}", self.auth());
            Question::ask(self.to, "POST", &life.query, &join).await.body().await;
        }
        let steps = self.random.random_range(0..14);
        let mut closing = false;
        for _ in 0..steps {
            closing = self.step(&mut life).await;
            if closing {
                break;
            }
        }
        *self
            .moments
            .entry(if closing { "told to close before 5" } else { life.stage.name() })
            .or_default() += 1;
        self.lose(life, closing).await;
    }

    /// Does one step, and reports that the client closes with it.
    async fn step(&mut self, life: &mut Life) -> bool {
        match life.stage {
            Stage::Polling if self.random.random_ratio(1, 2) => {
                life.socket = Some(Socket::open(self.to, &life.query[1..]).await);
                life.stage = Stage::Opened;
            }
            Stage::Opened if self.random.random_ratio(2, 3) => {
                if let Some(socket) = &mut life.socket {
                    socket.say("2probe").await;
                }
                life.stage = Stage::Probed;
            }
            Stage::Opened if self.random.random_ratio(1, 8) => {
                life.socket = None;
                life.stage = Stage::Alone;
            }
            Stage::Polling | Stage::Opened | Stage::Alone => self.read(life).await,
            Stage::Probed => self.await_the_word(life).await,
            Stage::Answered => return self.change(life).await,
            Stage::Changed => {
                let Some(socket) = &mut life.socket else { return false };
                if let Some(heard) = socket.soon(A_LITTLE).await {
                    let Received::Text(packet) = heard else { panic!("a packet was due, not {heard:?}") };
                    self.receive(&packet);
                }
            }
        }
        false
    }

    /// Reads a body if one comes, and asks for the next.
    async fn read(&mut self, life: &mut Life) {
        let Some(poll) = &mut life.poll else { return };
        let Ok(body) = tokio::time::timeout(A_LITTLE, poll.body()).await else { return };
        life.poll = Some(Question::ask(self.to, "GET", &life.query, "").await);
        self.hear_body(&body);
    }

    /// Whichever comes first: `3probe`, or a body that is on its way for a while.
    async fn await_the_word(&mut self, life: &mut Life) {
        let on_its_way = Duration::from_micros(self.random.random_range(0..3_000));
        let (Some(socket), Some(poll)) = (&mut life.socket, &mut life.poll) else { return };
        let body = async {
            tokio::time::sleep(on_its_way).await;
            poll.body().await
        };
        tokio::select! {
            word = socket.text() => {
                assert_eq!(word, "3probe");
                life.stage = Stage::Answered;
            }
            body = body => {
                life.poll = Some(Question::ask(self.to, "GET", &life.query, "").await);
                self.hear_body(&body);
            }
        }
    }

    /// The last body, and the change.
    async fn change(&mut self, life: &mut Life) -> bool {
        let closing = self.random.random_ratio(1, 2);
        let body = match &mut life.poll {
            Some(poll) => poll.body().await,
            None => return false,
        };
        life.poll = None;
        if let Some(socket) = &mut life.socket {
            socket.say("5").await;
        }
        life.stage = Stage::Changed;
        self.connected &= !closing;
        self.hear_body(&body);
        closing
    }

    /// In order, by a cut, or so that the server does not notice until later.
    async fn lose(&mut self, life: Life, closing: bool) {
        self.connected = false;
        match self.random.random_range(0..3) {
            0 if life.stage != Stage::Changed && !closing => {
                Question::ask(self.to, "POST", &life.query, "1").await.body().await;
                self.left = None;
            }
            1 => self.left = Some(life),
            _ => self.left = None,
        }
    }

    /// Comes back for good, and reads what is left.
    pub async fn hear_up_to(&mut self, published: u64) {
        let mut socket = Socket::open(self.to, "").await;
        socket.say(&format!("40{}", self.auth())).await;
        while !self.connected || self.next < published {
            let packet = socket.text().await;
            self.receive(&packet);
        }
    }
}
