//! The rows of the comparison: in which order, and as a table for people and for files.

use std::cmp::Ordering;

use super::super::words::LabWords;
use super::{columns::COLUMNS, measure::Figures};
use crate::{i18n::Words, order::ascending, ports::BytesKnown, widgets::DataTable};

/// The figures of one transport.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TransportRow {
    pub(super) name: &'static str,
    /// Its place in the catalog.
    pub(super) place: usize,
    pub(super) state: &'static str,
    pub(super) figures: Figures,
    pub(super) bytes: BytesKnown,
}

/// The key that rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortKey {
    /// As the catalog has them.
    CatalogOrder,
    State,
    /// The measure at this place of [`COLUMNS`].
    Measure(usize),
}

/// In which order the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowOrder {
    pub(super) by: SortKey,
    pub(super) descending: bool,
}

impl RowOrder {
    /// Ordered by this; by what they are ordered by already, the other way round.
    pub(super) fn turned(self, by: SortKey) -> Self {
        Self { by, descending: self.by == by && !self.descending }
    }

    /// Returns a column's `aria-sort`.
    pub(super) fn aria(self, by: SortKey) -> &'static str {
        match (self.by == by, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// Puts rows in order. What is not known comes last, whichever way round.
    pub(super) fn sort(self, rows: &mut [TransportRow]) {
        let order = ascending(rows.len(), &|one, other| {
            let (one, other) = (&rows[one], &rows[other]);
            let ordering = match self.by {
                SortKey::CatalogOrder => self.turn(one.place.cmp(&other.place)),
                SortKey::State => self.turn(one.state.cmp(other.state)),
                SortKey::Measure(place) => {
                    let value = |row: &TransportRow| (COLUMNS[place].value)(&row.figures);
                    match (value(one), value(other)) {
                        (Some(one), Some(other)) => self.turn(one.total_cmp(&other)),
                        (one, other) => other.is_some().cmp(&one.is_some()),
                    }
                }
            };
            ordering.then(one.place.cmp(&other.place))
        });
        let sorted: Vec<_> = order.into_iter().map(|place| rows[place]).collect();
        rows.copy_from_slice(&sorted);
    }

    fn turn(self, ordering: Ordering) -> Ordering {
        if self.descending { ordering.reverse() } else { ordering }
    }
}

/// The columns, from left to right, with what each orders by.
pub(super) fn heads(words: &'static Words, lab: &'static LabWords) -> Vec<(String, SortKey)> {
    let first = [(words.transport.to_owned(), SortKey::CatalogOrder), (lab.state.to_owned(), SortKey::State)];
    let measures =
        COLUMNS.iter().enumerate().map(|(place, column)| (column.head(lab), SortKey::Measure(place)));
    first.into_iter().chain(measures).collect()
}

/// Returns the cells of a row, from left to right.
pub(super) fn cells(row: &TransportRow) -> Vec<String> {
    let first = [row.name.to_owned(), row.state.to_owned()];
    first.into_iter().chain(COLUMNS.iter().map(|column| (column.text)(&row.figures, row.bytes))).collect()
}

/// All of it, as it is shown.
pub(super) fn twin(rows: &[TransportRow], words: &'static Words, lab: &'static LabWords) -> DataTable {
    DataTable {
        head: heads(words, lab).into_iter().map(|(name, _)| name).collect(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn rows() -> Vec<TransportRow> {
        let row = |place, name, state, p50, requests| TransportRow {
            name,
            place,
            state,
            figures: Figures { p50, requests, ..Figures::default() },
            bytes: BytesKnown::Counted,
        };
        vec![
            row(0, "WebSocket", "Live", Some(3.0), 1),
            row(1, "SSE", "Disconnected", None, 1),
            row(2, "Stream", "Live", Some(2.0), 7),
            row(3, "Poll", "Live", Some(500.0), 40),
        ]
    }

    fn order(by: SortKey, descending: bool) -> Vec<usize> {
        let mut rows = rows();
        RowOrder { by, descending }.sort(&mut rows);
        rows.iter().map(|row| row.place).collect()
    }

    #[test]
    fn rows_are_ordered_by_any_column_either_way_and_the_unknown_comes_last() {
        assert_eq!(order(SortKey::CatalogOrder, true), [3, 2, 1, 0]);
        assert_eq!(order(SortKey::Measure(0), false), [2, 0, 3, 1]);
        assert_eq!(order(SortKey::Measure(0), true), [3, 0, 2, 1]);
        assert_eq!(order(SortKey::Measure(4), false), [0, 1, 2, 3], "equals stay in the catalog's order");
        assert_eq!(order(SortKey::State, false), [1, 0, 2, 3]);
    }

    #[test]
    fn the_same_column_once_more_turns_the_order_round() {
        let first = RowOrder { by: SortKey::CatalogOrder, descending: false };
        let by_age = first.turned(SortKey::Measure(0));
        assert_eq!(by_age, RowOrder { by: SortKey::Measure(0), descending: false });
        assert_eq!(
            by_age.turned(SortKey::Measure(0)),
            RowOrder { by: SortKey::Measure(0), descending: true }
        );
        let said = [SortKey::CatalogOrder, SortKey::Measure(0)]
            .map(|by| by_age.turned(SortKey::Measure(0)).aria(by));
        assert_eq!(said, ["none", "descending"]);
    }

    #[test]
    fn the_file_has_what_the_table_has() {
        let language = Language::En;
        let text = twin(&rows()[..2], Words::of(language), LabWords::of(language)).to_csv();
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some(
                "Transport,State,Latency p50 (ms),Latency p99 (ms),Bytes per update (B),Updates,Requests,Reconnect (ms),Missing,Duplicates"
            )
        );
        assert_eq!(lines.next(), Some("WebSocket,Live,3.0,–,–,0,1,–,0,0"));
        assert_eq!(lines.next(), Some("SSE,Disconnected,–,–,–,0,1,–,0,0"));
        assert_eq!(lines.next(), None);
    }
}
