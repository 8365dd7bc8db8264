//! The connections of a moment.

use std::{cmp::Reverse, collections::HashMap, net::SocketAddr, sync::Arc};

use common::{
    Topic,
    connection::{Connection, Connections},
};
use serde::{Deserialize, Serialize};

use super::{round_trip::RoundTrips, stats::ConnectionStats};
use crate::{catalog::Entry, live::Live};

/// Which connections are asked for: those of which all of this holds.
#[derive(Debug, Clone)]
pub struct ConnectionFilter {
    /// The transport.
    pub transport: Option<&'static Entry>,
    /// A part of their client's address.
    pub address: String,
    /// A part of the name of a topic that they follow.
    pub topic: String,
    /// A part of the transport's name, of the address or of a topic's name.
    pub find: String,
    /// Which come first.
    pub order: SortOrder,
    /// The most connections in the answer.
    pub limit: usize,
}

/// Which connections come first: those with the most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// The youngest.
    #[default]
    Since,
    /// Furthest behind.
    Lag,
    /// The fullest mailbox.
    Mailbox,
    /// The most entries delivered.
    Sent,
    /// Missed the most.
    Dropped,
}

struct Row {
    stats: Arc<ConnectionStats>,
    topics: Vec<Topic>,
    lag: u64,
}

impl Live {
    /// The connections that are asked for. `here` is the address that they were opened to.
    #[must_use]
    pub fn connections(&self, wanted: &ConnectionFilter, here: SocketAddr) -> Connections {
        let open = self.admission.open();
        let total = open.len();
        let mut rows: HashMap<u64, Row> = open
            .into_iter()
            .filter(|stats| wanted.transport.is_none_or(|entry| entry == stats.transport()))
            .map(|stats| (stats.id(), Row { stats, topics: Vec::new(), lag: 0 }))
            .collect();
        // A connection of Socket.IO has a subscription for each namespace.
        for standing in self.hub.subscription_stats() {
            if let Some(row) = rows.get_mut(&standing.owner()) {
                row.topics.extend(standing.topics().cloned());
                row.lag += standing.lag();
            }
        }
        for row in rows.values_mut().filter(|row| row.topics.is_empty()) {
            // A client has no subscription between two polls.
            if let Some(asked) = row.stats.last_poll() {
                row.lag = self.hub.lag(&asked.topics, asked.delivered_to);
                row.topics = asked.topics;
            }
        }
        let mut rows: Vec<Row> = rows.into_values().filter(|row| wanted.takes(row)).collect();
        let matching = rows.len();
        rows.sort_unstable_by_key(|row| Reverse((wanted.order.of(row), row.stats.id())));
        rows.truncate(wanted.limit);
        let round_trips = RoundTrips::of(here);
        let connections = rows.into_iter().map(|row| row.into_connection(&round_trips)).collect();
        Connections { at: self.hub.clock().unix_millis(), total, matching, connections }
    }
}

impl ConnectionFilter {
    fn takes(&self, Row { stats, topics, .. }: &Row) -> bool {
        if self.address.is_empty() && self.topic.is_empty() && self.find.is_empty() {
            return true;
        }
        let address = shown(stats.peer());
        let follows = |part: &str| topics.iter().any(|topic| topic.as_str().contains(part));
        let find = self.find.to_lowercase();
        let found = || {
            stats.transport().name.to_lowercase().contains(&find) || address.contains(&find) || follows(&find)
        };
        address.contains(&self.address) && (self.topic.is_empty() || follows(&self.topic)) && found()
    }
}

impl SortOrder {
    fn of(self, Row { stats, lag, .. }: &Row) -> u64 {
        match self {
            Self::Since => stats.id(),
            Self::Lag => *lag,
            Self::Mailbox => stats.mailbox(),
            Self::Sent => stats.delivered(),
            Self::Dropped => stats.dropped(),
        }
    }
}

impl Row {
    fn into_connection(self, round_trips: &RoundTrips) -> Connection {
        let Self { stats, mut topics, lag } = self;
        topics.sort_unstable();
        topics.dedup();
        let round_trip = round_trips.to(stats.peer()).or_else(|| stats.ping_us());
        Connection {
            id: stats.id(),
            transport: stats.transport().id.into(),
            address: shown(stats.peer()),
            topics,
            since: stats.since_ms(),
            lag,
            mailbox_bytes: stats.mailbox(),
            round_trip_ms: round_trip.map(|micros| f64::from(micros) / 1000.0),
            sent: stats.delivered(),
            sent_bytes: stats.written(),
            dropped: stats.dropped(),
            followed: stats.is_followed(),
        }
    }
}

/// A client whose proxy tells no port has none.
pub(crate) fn shown(address: SocketAddr) -> String {
    if address.port() == 0 { address.ip().to_string() } else { address.to_string() }
}
