//! The content of a dashboard: checked before it is kept, and cut down to what a reader may see.

use app::door::DashboardFault;
use common::{
    dashboard::{CARD_SERIES, CARD_TITLE_CHARS, DASHBOARD_CARDS, DashboardCard, DashboardRow, ROW_CARDS},
    past::PastAggregate,
    series_address::SeriesAddress,
};
use store::{Dashboard, DashboardEntry, StoreError};

use super::error::DashboardError;

/// A dashboard with its cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SavedDashboard {
    pub(super) entry: DashboardEntry,
    pub(super) rows: Vec<DashboardRow>,
}

/// Reads what the store has.
pub(super) fn read(dashboard: Dashboard) -> Result<SavedDashboard, DashboardError> {
    let rows = serde_json::from_str(&dashboard.body).map_err(|error| {
        let id = dashboard.entry.id;
        DashboardError::Store(StoreError::Damaged(format!(
            "the cards of dashboard {id} cannot be read: {error}"
        )))
    })?;
    Ok(SavedDashboard { entry: dashboard.entry, rows })
}

/// Checks the bounds of cards, and writes them as the store keeps them. Rows without cards are left out.
pub(super) fn write(mut rows: Vec<DashboardRow>) -> Result<String, DashboardError> {
    rows.retain(|row| !row.cards.is_empty());
    let count: usize = rows.iter().map(|row| row.cards.len()).sum();
    if count > DASHBOARD_CARDS {
        return Err(DashboardFault::Cards { count, most: DASHBOARD_CARDS }.into());
    }
    for row in &mut rows {
        let count = row.cards.len();
        if count > ROW_CARDS {
            return Err(DashboardFault::RowCards { count, most: ROW_CARDS }.into());
        }
        for card in &mut row.cards {
            check(card)?;
            card.hidden_series = 0;
        }
    }
    serde_json::to_string(&rows).map_err(|error| DashboardError::Invalid(error.to_string()))
}

fn check(card: &DashboardCard) -> Result<(), DashboardFault> {
    let (chars, series) = (card.title.chars().count(), card.series.len());
    if chars > CARD_TITLE_CHARS {
        return Err(DashboardFault::LongTitle { count: chars, most: CARD_TITLE_CHARS });
    }
    if card.title.chars().any(char::is_control) {
        return Err(DashboardFault::BadTitle);
    }
    if series > CARD_SERIES {
        return Err(DashboardFault::Series { count: series, most: CARD_SERIES });
    }
    if (1..series).any(|place| card.series[..place].contains(&card.series[place])) {
        return Err(DashboardFault::SeriesTwice);
    }
    if card.aggregate == PastAggregate::Count {
        return Err(DashboardFault::Aggregate);
    }
    Ok(())
}

/// A dashboard as whoever has not signed in may know of it: nobody's name, and no title of a card of which nothing may be read. None where
/// nothing of it may be read.
pub(super) fn for_stranger(
    saved: SavedDashboard,
    may_read: impl Fn(&SeriesAddress) -> bool,
) -> Option<SavedDashboard> {
    let SavedDashboard { mut entry, mut rows } = saved;
    entry.changed_by = None;
    let mut is_open = false;
    for card in rows.iter_mut().flat_map(|row| &mut row.cards) {
        if card.series.iter().any(&may_read) {
            is_open = true;
        } else {
            card.title.clear();
        }
    }
    is_open.then_some(SavedDashboard { entry, rows })
}

/// Leaves out the series that a reader may not read, and says how many they are.
pub(super) fn visible(
    mut rows: Vec<DashboardRow>,
    may_read: impl Fn(&SeriesAddress) -> bool,
) -> Vec<DashboardRow> {
    for card in rows.iter_mut().flat_map(|row| &mut row.cards) {
        let all = card.series.len();
        card.series.retain(&may_read);
        card.hidden_series = all - card.series.len();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(series: usize) -> DashboardCard {
        let series = (0..series).map(|n| format!("local:x:{n}").parse().expect("a series")).collect();
        DashboardCard { title: "가".repeat(120), series, ..DashboardCard::default() }
    }

    fn rows(cards: &[usize]) -> Vec<DashboardRow> {
        cards.iter().map(|count| DashboardRow { cards: vec![card(20); *count] }).collect()
    }

    #[test]
    fn what_is_within_the_bounds_is_kept_without_empty_rows() {
        let text = write(rows(&[4, 0, 4, 4, 4, 4, 4])).expect("it is within them");
        let read: Vec<DashboardRow> = serde_json::from_str(&text).expect("read");
        assert_eq!(read, rows(&[4; 6]));
        assert_eq!(write(Vec::new()).expect("none"), "[]");
    }

    #[test]
    fn what_is_beyond_a_bound_is_refused_with_the_figure() {
        let with = |change: fn(&mut DashboardCard)| {
            let mut rows = rows(&[1]);
            change(&mut rows[0].cards[0]);
            rows
        };
        for (rows, why) in [
            (rows(&[4, 4, 4, 4, 4, 4, 1]), "25 cards"),
            (rows(&[5]), "5 cards"),
            (with(|card| card.title.push('x')), "121 characters"),
            (with(|card| card.title = "a\nb".into()), "control character"),
            (with(|one| *one = card(21)), "21 series"),
            (with(|card| card.series[1] = card.series[0].clone()), "twice"),
            (with(|card| card.aggregate = PastAggregate::Count), "aggregate"),
        ] {
            let told = write(rows).expect_err(why).to_string();
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn a_stranger_is_told_of_what_it_may_read_and_of_nobody() {
        let rows = rows(&[2]);
        let entry = DashboardEntry {
            id: store::DashboardId(1),
            name: "Shop".into(),
            version: 1,
            changed_by: Some(store::UserId(7)),
            changed_ms: 5,
        };
        let mut saved = SavedDashboard { entry, rows };
        saved.rows[0].cards[1].series.truncate(5);
        let seen = for_stranger(saved.clone(), |one| one.key.labels() == ["9"]).expect("some of it");
        let titles: Vec<usize> = seen.rows[0].cards.iter().map(|card| card.title.chars().count()).collect();
        assert_eq!((titles, seen.entry.changed_by), (vec![120, 0], None));
        assert_eq!(for_stranger(saved, |_| false), None);
    }

    #[test]
    fn series_that_may_not_be_read_are_counted_and_nothing_else() {
        let seen = visible(rows(&[1]), |series| series.key.labels() != ["7"]);
        let card = &seen[0].cards[0];
        assert_eq!((card.series.len(), card.hidden_series), (19, 1));
        let text = write(seen).expect("it can be sent again");
        assert!(!text.contains("hidden"), "{text}");
    }
}
