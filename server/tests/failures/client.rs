//! A client that follows the board over all its connections, on whichever transport and node it is told to.

use std::{sync::Arc, time::Duration};

use common::{
    Cursor, Seq,
    frame::{GapReason, ServerFrame, Verdict},
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep, sleep_until, timeout},
};
use transport_probes::{Ask, Connection, Seen};

use crate::{
    board::Addresses,
    history::Stretch,
    plan::{Log, NODES, Since},
};

/// Of a Latest topic, beside the logs.
const LATEST: &str = "host/local/cpumemdisk";
/// No log of a run comes so far.
const BEYOND: u64 = 1_000_000;

/// The beginning of a client.
#[derive(Debug, Clone)]
pub(crate) struct Beginning {
    pub(crate) transport: usize,
    pub(crate) node: usize,
    pub(crate) since: Cursor,
    /// It follows a Latest topic, too.
    pub(crate) follows_values: bool,
    /// After so long without a welcome it asks the next node: one that is stopped takes connections and says nothing.
    pub(crate) patience: Duration,
}

/// The number of clients that are connected.
pub(crate) type Connected = Arc<watch::Sender<usize>>;

/// Tells a client what to do.
pub(crate) enum Order {
    Switch {
        transport: usize,
        node: usize,
        since: Since,
        done: oneshot::Sender<()>,
    },
    /// It ends once it has heard these.
    Finish(Vec<String>),
}

pub(crate) struct Client {
    addresses: Addresses,
    orders: mpsc::Receiver<Order>,
    connection: Option<Box<dyn Connection>>,
    connected: Connected,
    /// It was asked not to come back before.
    not_before: Option<Instant>,
    transport: usize,
    node: usize,
    follows_values: bool,
    patience: Duration,
    place: Option<Cursor>,
    /// It goes on from a place that it made up.
    is_forged: bool,
    /// The places of this stretch.
    places: Vec<Cursor>,
    stretches: Vec<Stretch>,
}

impl Client {
    pub(crate) fn new(
        addresses: Addresses,
        orders: mpsc::Receiver<Order>,
        connected: Connected,
        beginning: Beginning,
    ) -> Self {
        let Beginning { transport, node, since, follows_values, patience } = beginning;
        Self {
            addresses,
            orders,
            connection: None,
            connected,
            not_before: None,
            transport,
            node,
            follows_values,
            patience,
            place: Some(since),
            is_forged: false,
            places: vec![since],
            stretches: vec![Stretch::new(since)],
        }
    }

    /// Follows until it has heard what it was told to finish with; returns what it heard.
    pub(crate) async fn follow(mut self) -> Result<Vec<Stretch>, String> {
        let mut last: Option<Vec<String>> = None;
        while last.as_ref().is_none_or(|ids| !ids.iter().all(|id| self.stretch().has_heard(id))) {
            let Some(connection) = &mut self.connection else {
                self.connect().await?;
                continue;
            };
            tokio::select! {
                biased;
                order = self.orders.recv() => match order.ok_or("the run has ended")? {
                    Order::Finish(ids) => last = Some(ids),
                    Order::Switch { transport, node, since, done } => {
                        self.leave();
                        self.not_before = None;
                        (self.transport, self.node) = (transport, node);
                        self.go_back(since);
                        self.connect().await?;
                        let _ = done.send(());
                    }
                },
                seen = connection.see() => match seen {
                    Seen::Frame(frame) => self.hear(frame)?,
                    Seen::End(_) => {
                        self.leave();
                        self.node += 1;
                    }
                },
            }
        }
        Ok(self.stretches)
    }

    fn leave(&mut self) {
        if self.connection.take().is_some() {
            self.connected.send_modify(|count| *count -= 1);
        }
    }

    fn stretch(&mut self) -> &mut Stretch {
        self.stretches.last_mut().expect("there is a first one")
    }

    fn go_back(&mut self, since: Since) {
        match since {
            Since::Last => {}
            Since::Earlier(hundredths) => {
                let back = self.places.len() * hundredths / 100;
                let earlier = self.places[self.places.len().saturating_sub(back + 1)];
                if !self.is_forged {
                    self.stretches.push(Stretch::new(earlier));
                    self.places = vec![earlier];
                    self.place = Some(earlier);
                }
            }
            Since::Forged => {
                let last = self.places[self.places.len() - 1];
                self.place = Some(Cursor { seq: Seq(last.seq.0 + BEYOND), ..last });
                self.is_forged = true;
            }
        }
    }

    /// Connects at the node that it is to come to, or at the next that answers.
    async fn connect(&mut self) -> Result<(), String> {
        let probe = transport_probes::all()[self.transport];
        let mut topics = Log::ALL.map(Log::topic).to_vec();
        if self.follows_values {
            topics.push(LATEST);
        }
        let mut ask = Ask::topics(&topics);
        ask.since = self.place.map(|place| place.to_string());
        if let Some(moment) = self.not_before.take() {
            sleep_until(moment).await;
        }
        loop {
            let to = self.addresses.of(self.node, 0);
            let welcomed = timeout(self.patience, async {
                let mut connection = probe.connect(to, ask.clone()).await?;
                let first = connection.see().await;
                Ok::<_, transport_probes::Refused>((connection, first))
            });
            match welcomed.await {
                Ok(Ok((connection, Seen::Frame(ServerFrame::Welcome { verdict, .. })))) => {
                    self.connection = Some(connection);
                    self.connected.send_modify(|count| *count += 1);
                    return self.judge(verdict);
                }
                Ok(Ok((_, Seen::Frame(ServerFrame::Bye { .. }) | Seen::End(_))))
                | Ok(Err(transport_probes::Refused { status: 0 | 429 | 503, .. }))
                | Err(_) => {}
                Ok(Ok((_, first))) => return Err(format!("{first:?} comes first")),
                Ok(Err(refused)) => return Err(format!("{ask:?} is refused: {refused:?}")),
            }
            self.node += 1;
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// A verdict is believed here; what came of it is held against the publications at the end.
    fn judge(&self, verdict: Verdict) -> Result<(), String> {
        match verdict {
            // Of a forged place a node cannot know at once that no other has told it.
            Verdict::Resumed | Verdict::Gap => Ok(()),
            Verdict::New => Err(format!("a client with the place {:?} is taken for a new one", self.place)),
        }
    }

    fn hear(&mut self, frame: ServerFrame) -> Result<(), String> {
        match frame {
            // A value is the present one, whatever the place; of the logs nothing can come after a place that they have not reached.
            ServerFrame::Event(event) if self.is_forged && event.topic.as_str() == LATEST => Ok(()),
            ServerFrame::Event(event) if self.is_forged => {
                Err(format!("a forged place is passed by with {event:?}"))
            }
            ServerFrame::Event(event) => {
                self.move_to(event.cursor);
                let transport = transport_probes::all()[self.transport].entry().id;
                let over = format!("{transport} at node {}", self.node % NODES);
                self.stretch().hear(&event, over)
            }
            ServerFrame::Heartbeat { cursor } => {
                if !self.is_forged {
                    self.move_to(cursor);
                }
                Ok(())
            }
            ServerFrame::Gap { reason: GapReason::Foreign, .. } if self.is_forged => {
                // From here on it is told all that is kept.
                let begin = self.places[self.places.len() - 1];
                let begin = Cursor { seq: Seq(0), latest: Seq(0), ..begin };
                self.is_forged = false;
                self.place = Some(begin);
                self.stretches.push(Stretch::anew(begin));
                self.places = vec![begin];
                Ok(())
            }
            ServerFrame::Gap { reason, topics } => {
                if topics.iter().any(|topic| topic.as_str() == Log::Room.topic()) {
                    return Err(format!("a gap ({reason:?}) is told of {topics:?}, at {:?}", self.place));
                }
                self.stretch().note_gap(reason);
                Ok(())
            }
            ServerFrame::Bye { retry_ms, .. } => {
                self.leave();
                self.not_before = Some(Instant::now() + Duration::from_millis(retry_ms));
                self.node += 1;
                Ok(())
            }
            other => Err(format!("{other:?} is not due")),
        }
    }

    fn move_to(&mut self, cursor: Cursor) {
        let place = self.place.map_or(cursor, |place| place.advance(cursor));
        self.place = Some(place);
        self.places.push(place);
    }
}
