//! The connections of all nodes that share the log: each node answers for its own.

use std::{cmp::Reverse, net::SocketAddr, sync::Arc, time::Duration};

use broker::NodeId;
use common::connection::{Connection, Connections};
use futures_util::FutureExt;
use transports::{connections::SortOrder, live::Live};

use super::query::ConnectionsQuery;

/// Nodes that do not answer within this time are left out.
const PATIENCE: Duration = Duration::from_secs(2);
const LIST: &str = "connections";
const DISCONNECT: &str = "disconnect";

/// Answers other nodes, and this one, from now on. `here` is the address that this node listens on.
pub(super) fn answer(live: &Live, here: SocketAddr) {
    live.admission.number_from(first_number(live.hub.broker().control().node()));
    let control = live.hub.broker().control();
    let listing = live.clone();
    control.handle(
        LIST,
        Arc::new(move |query| {
            let live = listing.clone();
            async move {
                let wanted = serde_json::from_slice::<ConnectionsQuery>(&query).ok();
                let wanted = wanted.and_then(|query| query.wanted().ok());
                let own = wanted.map(|wanted| live.connections(&wanted, here));
                serde_json::to_vec(&own).unwrap_or_default().into()
            }
            .boxed()
        }),
    );
    let ending = live.clone();
    control.handle(
        DISCONNECT,
        Arc::new(move |id| {
            let id = str::from_utf8(&id).ok().and_then(|id| id.parse().ok());
            let ended = id.is_some_and(|id| ending.disconnect(id));
            async move { if ended { "1" } else { "0" }.into() }.boxed()
        }),
    );
}

/// The connections of all nodes that match a query.
pub(super) async fn list(live: &Live, query: &ConnectionsQuery) -> Connections {
    let payload = serde_json::to_vec(query).unwrap_or_default().into();
    let answers = live.hub.broker().control().ask_all(LIST, payload, PATIENCE).await;
    let told = answers
        .iter()
        .filter_map(|(_, answer)| serde_json::from_slice::<Option<Connections>>(answer).ok()?);
    merge(told, query.order, query.limit)
}

/// Ends a connection, whichever node it is at. False where there is none such.
pub(super) async fn disconnect(live: &Live, id: u64) -> bool {
    let answers = live.hub.broker().control().ask_all(DISCONNECT, id.to_string().into(), PATIENCE).await;
    answers.iter().any(|(_, answer)| &answer[..] == b"1")
}

fn merge(told: impl Iterator<Item = Connections>, order: SortOrder, limit: usize) -> Connections {
    let mut all = Connections { at: 0, total: 0, matching: 0, connections: Vec::new() };
    let mut nodes = 0;
    for Connections { at, total, matching, connections } in told {
        nodes += 1;
        all.at = all.at.max(at);
        // A node of another release, or who else answers, may tell any number.
        all.total = all.total.saturating_add(total);
        all.matching = all.matching.saturating_add(matching);
        all.connections.extend(connections);
    }
    if nodes > 1 {
        let most = |connection: &Connection| match order {
            SortOrder::Since => connection.since,
            SortOrder::Lag => connection.lag,
            SortOrder::Mailbox => connection.mailbox_bytes,
            SortOrder::Sent => connection.sent,
            SortOrder::Dropped => connection.dropped,
        };
        all.connections.sort_by_key(|connection| Reverse((most(connection), connection.id)));
        all.connections.truncate(limit);
    }
    all
}

/// The number behind which a node numbers its connections: two nodes give no number twice, and a page can hold them (below 2^53). A node
/// alone begins with 1.
fn first_number(node: &NodeId) -> u64 {
    let digits = node.as_str().get(..5).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    digits.unwrap_or(0) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(id: u64, since: u64, lag: u64) -> Connection {
        Connection {
            id,
            transport: "sse".to_owned(),
            address: "127.0.0.1:1".to_owned(),
            topics: Vec::new(),
            since,
            lag,
            mailbox_bytes: 0,
            round_trip_ms: None,
            sent: 0,
            sent_bytes: 0,
            dropped: 0,
            followed: false,
        }
    }

    #[test]
    fn the_lists_of_two_nodes_become_one_in_the_order_that_was_asked_for() {
        let node = |at, connections: Vec<Connection>| Connections {
            at,
            total: connections.len(),
            matching: connections.len(),
            connections,
        };
        let nodes = || {
            [node(5, vec![connection(1, 10, 0), connection(2, 30, 7)]), node(6, vec![connection(3, 20, 9)])]
        };
        let ids = |order, limit| {
            let merged = merge(nodes().into_iter(), order, limit);
            assert_eq!((merged.at, merged.total, merged.matching), (6, 3, 3));
            merged.connections.iter().map(|connection| connection.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(SortOrder::Since, 10), [2, 3, 1]);
        assert_eq!(ids(SortOrder::Lag, 2), [3, 2]);
    }

    #[test]
    fn counts_that_cannot_be_added_are_told_as_the_greatest() {
        let node = |total| Connections { at: 0, total, matching: total, connections: Vec::new() };
        let merged = merge([node(usize::MAX), node(1)].into_iter(), SortOrder::Since, 10);
        assert_eq!((merged.total, merged.matching), (usize::MAX, usize::MAX));
    }

    #[test]
    fn two_nodes_number_their_connections_apart_and_one_alone_begins_with_one() {
        assert_eq!(first_number(&NodeId::new("local")), 0);
        let (one, other) = (NodeId::new("7cc6e7b56a4a0a79"), NodeId::new("ffffffffffffffff"));
        assert_ne!(first_number(&one), first_number(&other));
        assert!(first_number(&other) + u64::from(u32::MAX) < 1 << 53);
    }
}
