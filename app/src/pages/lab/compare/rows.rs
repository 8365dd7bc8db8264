//! The rows of the comparison: in which order, and as a table for people and for files.

use std::cmp::Ordering;

use super::{columns::COLUMNS, measure::Figures};
use crate::{
    ports::BytesKnown,
    widgets::Twin,
    words::{LabWords, Words},
};

/// What is known of one transport.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Its place in the catalog.
    pub(super) place: usize,
    pub(super) state: &'static str,
    pub(super) figures: Figures,
    pub(super) bytes: BytesKnown,
}

/// What rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// As the catalog has them.
    Place,
    State,
    /// The measure at this place of [`COLUMNS`].
    Measure(usize),
}

/// In which order the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) by: By,
    pub(super) descending: bool,
}

impl Order {
    /// Ordered by this; by what they are ordered by already, the other way round.
    pub(super) fn turned(self, by: By) -> Self {
        Self { by, descending: self.by == by && !self.descending }
    }

    /// What `aria-sort` says of a column.
    pub(super) fn aria(self, by: By) -> &'static str {
        match (self.by == by, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// Puts rows in order. What is not known comes last, whichever way round.
    pub(super) fn sort(self, rows: &mut [Row]) {
        rows.sort_by(|one, other| {
            let ordering = match self.by {
                By::Place => self.turn(one.place.cmp(&other.place)),
                By::State => self.turn(one.state.cmp(other.state)),
                By::Measure(place) => {
                    let value = |row: &Row| (COLUMNS[place].value)(&row.figures);
                    match (value(one), value(other)) {
                        (Some(one), Some(other)) => self.turn(one.total_cmp(&other)),
                        (one, other) => other.is_some().cmp(&one.is_some()),
                    }
                }
            };
            ordering.then(one.place.cmp(&other.place))
        });
    }

    fn turn(self, ordering: Ordering) -> Ordering {
        if self.descending { ordering.reverse() } else { ordering }
    }
}

/// The columns, from left to right, with what each orders by.
pub(super) fn heads(words: &'static Words, lab: &'static LabWords) -> Vec<(String, By)> {
    let first = [(words.transport.to_owned(), By::Place), (lab.state.to_owned(), By::State)];
    let measures = COLUMNS.iter().enumerate().map(|(place, column)| (column.head(lab), By::Measure(place)));
    first.into_iter().chain(measures).collect()
}

/// What stands in a row, from left to right.
pub(super) fn cells(row: &Row) -> Vec<String> {
    let first = [row.name.to_owned(), row.state.to_owned()];
    first.into_iter().chain(COLUMNS.iter().map(|column| (column.text)(&row.figures, row.bytes))).collect()
}

/// All of it, as it is shown.
pub(super) fn twin(rows: &[Row], words: &'static Words, lab: &'static LabWords) -> Twin {
    Twin {
        head: heads(words, lab).into_iter().map(|(name, _)| name).collect(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn rows() -> Vec<Row> {
        let row = |place, name, state, p50, requests| Row {
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

    fn order(by: By, descending: bool) -> Vec<usize> {
        let mut rows = rows();
        Order { by, descending }.sort(&mut rows);
        rows.iter().map(|row| row.place).collect()
    }

    #[test]
    fn rows_are_ordered_by_any_column_either_way_and_the_unknown_comes_last() {
        assert_eq!(order(By::Place, true), [3, 2, 1, 0]);
        assert_eq!(order(By::Measure(0), false), [2, 0, 3, 1]);
        assert_eq!(order(By::Measure(0), true), [3, 0, 2, 1]);
        assert_eq!(order(By::Measure(4), false), [0, 1, 2, 3], "equals stay in the catalog's order");
        assert_eq!(order(By::State, false), [1, 0, 2, 3]);
    }

    #[test]
    fn the_same_column_once_more_turns_the_order_round() {
        let first = Order { by: By::Place, descending: false };
        let by_age = first.turned(By::Measure(0));
        assert_eq!(by_age, Order { by: By::Measure(0), descending: false });
        assert_eq!(by_age.turned(By::Measure(0)), Order { by: By::Measure(0), descending: true });
        let said = [By::Place, By::Measure(0)].map(|by| by_age.turned(By::Measure(0)).aria(by));
        assert_eq!(said, ["none", "descending"]);
    }

    #[test]
    fn the_file_has_what_the_table_has() {
        let language = Language::En;
        let text = twin(&rows()[..2], language.words(), LabWords::of(language)).to_csv();
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
