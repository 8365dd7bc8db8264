//! The order of cards, as buttons change it.

use common::dashboard::{DashboardCard, DashboardRow, ROW_CARDS};

/// The row of a card, and its place in it.
fn find(rows: &[DashboardRow], card: usize) -> Option<(usize, usize)> {
    let mut before = 0;
    for (row, cards) in rows.iter().map(|row| row.cards.len()).enumerate() {
        if card < before + cards {
            return Some((row, card - before));
        }
        before += cards;
    }
    None
}

/// Finds a card by its place among all.
pub(super) fn card_mut(rows: &mut [DashboardRow], card: usize) -> Option<&mut DashboardCard> {
    let (row, place) = find(rows, card)?;
    rows.get_mut(row)?.cards.get_mut(place)
}

/// Takes a card away. False where there is none.
pub(super) fn remove(rows: &mut [DashboardRow], card: usize) -> bool {
    let Some((row, place)) = find(rows, card) else { return false };
    rows[row].cards.remove(place);
    true
}

/// Moves a card towards the first: before its neighbour, or to the end of the row before, or into a row of its own where that is full.
/// False where there is no such card.
pub(super) fn earlier(rows: &mut Vec<DashboardRow>, card: usize) -> bool {
    let Some((row, place)) = find(rows, card) else { return false };
    if place > 0 {
        rows[row].cards.swap(place, place - 1);
        return true;
    }
    let moved = rows[row].cards.remove(0);
    match row.checked_sub(1).map(|above| &mut rows[above].cards).filter(|cards| cards.len() < ROW_CARDS) {
        Some(above) => above.push(moved),
        None => rows.insert(row, DashboardRow { cards: vec![moved] }),
    }
    rows.retain(|row| !row.cards.is_empty());
    true
}

/// Moves a card towards the last, as [`earlier`] does towards the first.
pub(super) fn later(rows: &mut Vec<DashboardRow>, card: usize) -> bool {
    let Some((row, place)) = find(rows, card) else { return false };
    if place + 1 < rows[row].cards.len() {
        rows[row].cards.swap(place, place + 1);
        return true;
    }
    let moved = rows[row].cards.remove(place);
    match rows.get_mut(row + 1).map(|below| &mut below.cards).filter(|cards| cards.len() < ROW_CARDS) {
        Some(below) => below.insert(0, moved),
        None => rows.insert(row + 1, DashboardRow { cards: vec![moved] }),
    }
    rows.retain(|row| !row.cards.is_empty());
    true
}

/// Adds a card behind all others: beside the last one where that is alone in its row.
pub(super) fn add(rows: &mut Vec<DashboardRow>, card: DashboardCard) {
    match rows.last_mut().filter(|row| row.cards.len() == 1) {
        Some(row) => row.cards.push(card),
        None => rows.push(DashboardRow { cards: vec![card] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cards by their titles, rows by bars.
    fn rows(text: &str) -> Vec<DashboardRow> {
        let card = |title: char| DashboardCard { title: title.into(), ..DashboardCard::default() };
        text.split('|').map(|row| DashboardRow { cards: row.chars().map(card).collect() }).collect()
    }

    fn text(rows: &[DashboardRow]) -> String {
        let row = |row: &DashboardRow| row.cards.iter().map(|card| &*card.title).collect::<String>();
        rows.iter().map(row).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn a_card_moves_by_one_place_or_to_the_row_beside() {
        for (before, card, sooner, after) in [
            ("ab|c", 0, "a|b|c", "ba|c"),
            ("ab|c", 1, "ba|c", "a|bc"),
            ("ab|c", 2, "abc", "ab|c"),
            ("abcd|e", 4, "abcd|e", "abcd|e"),
            ("a|bcde", 0, "a|bcde", "a|bcde"),
            ("abcd|efgh", 3, "abdc|efgh", "abc|d|efgh"),
            ("abcd|efgh", 4, "abcd|e|fgh", "abcd|fegh"),
        ] {
            let mut moved = rows(before);
            assert!(earlier(&mut moved, card));
            assert_eq!(text(&moved), sooner, "{before} {card}");
            let mut moved = rows(before);
            assert!(later(&mut moved, card));
            assert_eq!(text(&moved), after, "{before} {card}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_moved() {
        let mut rows = rows("ab|c");
        assert!(!earlier(&mut rows, 3) && !later(&mut rows, 3) && !remove(&mut rows, usize::MAX));
        assert!(card_mut(&mut rows, 3).is_none());
        assert_eq!(card_mut(&mut rows, 2).map(|card| card.title.clone()), Some("c".to_owned()));
        assert!(remove(&mut rows, 1));
        assert_eq!(text(&rows), "a|c");
    }

    #[test]
    fn new_cards_fill_rows_of_two() {
        let mut all = Vec::new();
        for title in ["a", "b", "c"] {
            add(&mut all, DashboardCard { title: title.into(), ..DashboardCard::default() });
        }
        assert_eq!(text(&all), "ab|c");
    }
}
