//! The lines that are drawn: those in view and a few beside them.

/// Rows above and below the view that are drawn, too: so a small step needs no drawing.
const BESIDE: u32 = 12;
/// More lines are never drawn, whatever the view's height.
const MOST: usize = 400;

/// The measures of the view, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measures {
    /// The height of a row.
    pub(super) row: f64,
    /// The height of the view.
    pub(super) height: f64,
    /// Columns of a row; none if lines are not wrapped.
    pub(super) columns: Option<u32>,
}

impl Measures {
    /// The rows that a line of so many columns takes.
    pub(super) fn rows(&self, columns: u32) -> u32 {
        self.columns.map_or(1, |of_row| columns.div_ceil(of_row.max(1)).max(1))
    }
}

/// Lines, by their places among those that are shown, and the height of what is above and below them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DrawnWindow {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) above: f64,
    pub(super) below: f64,
}

/// The part of the list that is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ViewPosition {
    /// Its end.
    End,
    /// So many pixels from its beginning.
    Scrolled(f64),
}

/// Chooses the lines to draw among `count`, of which `rows` says how many rows each takes.
pub(super) fn window(
    count: usize,
    rows: &dyn Fn(usize) -> u32,
    measures: &Measures,
    position: ViewPosition,
) -> DrawnWindow {
    let row = measures.row.max(1.0);
    let in_view = (measures.height / row).ceil().clamp(1.0, 10_000.0) as u32;
    let all: u64 = (0..count).map(|place| u64::from(rows(place))).sum();
    let top = match position {
        ViewPosition::End => all.saturating_sub(u64::from(in_view)),
        ViewPosition::Scrolled(pixels) => (pixels.max(0.0) / row) as u64,
    };
    let (from, until) =
        (top.saturating_sub(u64::from(BESIDE)), top.saturating_add(u64::from(in_view + BESIDE)));
    let (mut begin, mut above) = (0, 0_u64);
    while begin < count && above + u64::from(rows(begin)) <= from {
        above += u64::from(rows(begin));
        begin += 1;
    }
    let (mut end, mut covered) = (begin, above);
    while end < count && covered < until && end - begin < MOST {
        covered += u64::from(rows(end));
        end += 1;
    }
    let pixels = |rows: u64| rows as f64 * row;
    DrawnWindow { begin, end, above: pixels(above), below: pixels(all - covered) }
}

/// The pixels above a line.
pub(super) fn offset(place: usize, rows: &dyn Fn(usize) -> u32, measures: &Measures) -> f64 {
    (0..place).map(|place| f64::from(rows(place))).sum::<f64>() * measures.row
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEASURES: Measures = Measures { row: 20.0, height: 400.0, columns: None };

    #[test]
    fn only_what_is_in_view_and_beside_it_is_drawn() {
        let seen = window(200_000, &|_| 1, &MEASURES, ViewPosition::Scrolled(20_000.0));
        assert_eq!(seen, DrawnWindow { begin: 988, end: 1_032, above: 19_760.0, below: 3_979_360.0 });
        let newest = window(200_000, &|_| 1, &MEASURES, ViewPosition::End);
        assert_eq!((newest.begin, newest.end, newest.below), (199_968, 200_000, 0.0));
        let few = window(3, &|_| 1, &MEASURES, ViewPosition::End);
        assert_eq!(few, DrawnWindow { begin: 0, end: 3, above: 0.0, below: 0.0 });
        assert_eq!(window(0, &|_| 1, &MEASURES, ViewPosition::Scrolled(99.0)).end, 0);
    }

    #[test]
    fn wrapped_lines_take_the_rows_that_their_columns_fill() {
        let wrapped = Measures { columns: Some(80), ..MEASURES };
        assert_eq!([0, 1, 80, 81, 240].map(|columns| wrapped.rows(columns)), [1, 1, 1, 2, 3]);
        assert_eq!(MEASURES.rows(10_000), 1);
        assert_eq!(Measures { columns: Some(0), ..MEASURES }.rows(3), 3, "a view without width");
        let seen = window(100, &|_| 10, &wrapped, ViewPosition::Scrolled(4_000.0));
        assert_eq!((seen.begin, seen.above), (18, 3_600.0));
        assert_eq!(offset(18, &|_| 10, &wrapped), 3_600.0);
    }

    proptest! {
        #[test]
        fn what_is_above_drawn_and_below_is_everything(
            rows in prop::collection::vec(1_u32..40, 0..300),
            top in -10.0..100_000.0_f64,
            height in 0.0..3_000.0_f64,
        ) {
            let measures = Measures { height, ..MEASURES };
            let count = |range: std::ops::Range<usize>| rows[range].iter().map(|rows| f64::from(*rows)).sum::<f64>() * 20.0;
            for position in [ViewPosition::End, ViewPosition::Scrolled(top)] {
                let seen = window(rows.len(), &|place| rows[place], &measures, position);
                prop_assert!(seen.begin <= seen.end && seen.end <= rows.len() && seen.end - seen.begin <= MOST);
                prop_assert_eq!(seen.above, count(0..seen.begin));
                prop_assert_eq!(seen.below, count(seen.end..rows.len()));
            }
        }
    }
}
