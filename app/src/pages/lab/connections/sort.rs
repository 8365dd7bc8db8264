//! In which order connections stand.

use std::cmp::Ordering;

use common::connection::{Connection, Connections};

use crate::order::ascending;

/// The column that connections are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortColumn {
    Address,
    Transport,
    Topics,
    Lag,
    Mailbox,
    RoundTrip,
    Sent,
    Dropped,
    Age,
}

/// An order of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) column: SortColumn,
    pub(super) descending: bool,
}

impl Sort {
    /// The youngest first.
    pub(super) const FIRST: Self = Self { column: SortColumn::Age, descending: false };

    /// Returns the order after a click on a column: the same column the other way round, another one with the outliers
    /// first.
    pub(super) fn turned(self, column: SortColumn) -> Self {
        let descending = match column {
            _ if column == self.column => !self.descending,
            SortColumn::Address | SortColumn::Transport | SortColumn::Topics | SortColumn::Age => false,
            _ => true,
        };
        Self { column, descending }
    }

    /// Returns the order in which the server selects connections, if there are more than are shown.
    pub(super) fn order(self) -> &'static str {
        match self.column {
            SortColumn::Lag => "lag",
            SortColumn::Mailbox => "mailbox",
            SortColumn::Sent => "sent",
            SortColumn::Dropped => "dropped",
            _ => "since",
        }
    }

    /// Returns the connections' indexes in the list, in this order.
    pub(super) fn places(self, list: &Connections) -> Vec<usize> {
        let rows = &list.connections;
        ascending(rows.len(), &|one, other| self.compare(&rows[one], &rows[other]))
    }

    fn compare(self, a: &Connection, b: &Connection) -> Ordering {
        let round_trip = |one: &Connection| one.round_trip_ms.unwrap_or(-1.0);
        let younger = b.id.cmp(&a.id);
        let order = match self.column {
            SortColumn::Address => a.address.cmp(&b.address),
            SortColumn::Transport => a.transport.cmp(&b.transport),
            SortColumn::Topics => a.topics.cmp(&b.topics),
            SortColumn::Lag => a.lag.cmp(&b.lag),
            SortColumn::Mailbox => a.mailbox_bytes.cmp(&b.mailbox_bytes),
            SortColumn::RoundTrip => round_trip(a).total_cmp(&round_trip(b)),
            SortColumn::Sent => a.sent.cmp(&b.sent),
            SortColumn::Dropped => a.dropped.cmp(&b.dropped),
            SortColumn::Age => younger,
        };
        let order = if self.descending { order.reverse() } else { order };
        // Those that are alike stay where they are from one second to the next.
        order.then(younger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Connections {
        let one = |id, transport: &str, lag, round_trip_ms| Connection {
            id,
            transport: transport.into(),
            address: format!("127.0.0.1:{id}"),
            topics: Vec::new(),
            since: id,
            lag,
            mailbox_bytes: 0,
            round_trip_ms,
            sent: 0,
            sent_bytes: 0,
            dropped: 0,
            followed: false,
        };
        let connections =
            vec![one(1, "sse", 5, Some(2.5)), one(2, "websocket", 0, None), one(3, "sse", 5, Some(10.0))];
        Connections { at: 10, total: 3, matching: 3, connections }
    }

    #[test]
    fn a_click_turns_the_same_column_round_and_begins_another_with_what_stands_out() {
        let ids = |sort: Sort| sort.places(&list()).into_iter().map(|place| place + 1).collect::<Vec<_>>();
        assert_eq!(ids(Sort::FIRST), [3, 2, 1]);
        let by_lag = Sort::FIRST.turned(SortColumn::Lag);
        assert_eq!((ids(by_lag), by_lag.order()), (vec![3, 1, 2], "lag"));
        let turned = by_lag.turned(SortColumn::Lag);
        assert_eq!((ids(turned), turned.descending), (vec![2, 3, 1], false));
        assert_eq!(ids(Sort::FIRST.turned(SortColumn::Transport)), [3, 1, 2]);
        assert_eq!(ids(Sort::FIRST.turned(SortColumn::RoundTrip)), [3, 1, 2], "what is not known comes last");
        assert_eq!(ids(Sort::FIRST.turned(SortColumn::Age)), [1, 2, 3]);
    }
}
