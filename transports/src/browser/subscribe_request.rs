//! The request of a client connection, as a query string.

use common::{Cursor, Topic};

/// The topics of a connection, and the position from which it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscribeRequest {
    /// The topics to follow.
    pub topics: Vec<Topic>,
    /// The last place seen.
    pub since: Option<Cursor>,
    /// The topics of `topics` that the page has not seen up to there.
    pub snapshot: Vec<Topic>,
    /// The page's own name. It makes the address one of its own, and the page's newer one-way connection replaces its
    /// older one.
    pub client: Option<String>,
}

impl SubscribeRequest {
    /// The query string. Topics, cursors and names need no escaping: their alphabets are safe in a URL.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = format!("topics={}", list(&self.topics));
        if let Some(since) = self.since {
            query += &format!("&since={since}");
        }
        if !self.snapshot.is_empty() {
            query += &format!("&snapshot={}", list(&self.snapshot));
        }
        if let Some(client) = &self.client {
            query += &format!("&client={client}");
        }
        query
    }

    /// Reads a query string that [`SubscribeRequest::query`] wrote.
    #[must_use]
    pub fn read(query: &str) -> Option<Self> {
        let mut ask = Self::default();
        for part in query.split('&') {
            let (name, value) = part.split_once('=')?;
            match name {
                "topics" => ask.topics = read_list(value)?,
                "client" => ask.client = Some(value.to_owned()),
                "snapshot" => ask.snapshot = read_list(value)?,
                _ => ask.since = Some(value.parse().ok()?),
            }
        }
        Some(ask)
    }
}

fn list(topics: &[Topic]) -> String {
    topics.iter().map(Topic::as_str).collect::<Vec<_>>().join(",")
}

fn read_list(list: &str) -> Option<Vec<Topic>> {
    list.split(',').map(|topic| topic.parse().ok()).collect()
}
