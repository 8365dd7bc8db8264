//! The lines that are drawn: those in view and a few beside them.

/// Rows above and below the view that are drawn, too: so a small step needs no drawing.
const BESIDE: f64 = 12.0;
/// More lines are never drawn above the line that the view holds on to, nor below it, whatever the view's height.
const MOST: usize = 200;
/// The rows of so many lines are counted one by one.
const COUNTED: usize = 4_000;
/// Of more lines, about as many are.
const SAMPLED: usize = 250;

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
    /// The upper edge of the view, from the beginning of all.
    pub(super) top: f64,
}

/// The part of the list that is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ViewPosition {
    /// Its end.
    End,
    /// So many pixels from its beginning.
    Scrolled(f64),
    /// A line, so many pixels below the upper edge of the view.
    Around(usize, f64),
}

/// Chooses the lines to draw among `count`, of which `rows` says how many rows each takes.
pub(super) fn window(
    count: usize,
    rows: &dyn Fn(usize) -> u32,
    measures: &Measures,
    position: ViewPosition,
) -> DrawnWindow {
    let list = LineList { count, rows, average: average(count, rows) };
    let row = measures.row.max(1.0);
    let in_view = measures.height / row;
    let (place, distance) = match position {
        ViewPosition::End => (count, in_view),
        ViewPosition::Scrolled(pixels) => {
            let place = list.place_at(pixels / row);
            (place, list.before(place) - pixels / row)
        }
        ViewPosition::Around(place, pixels) => (place.min(count), pixels / row),
    };
    // A view is scrolled neither before the beginning nor behind the end.
    let distance = distance.max(in_view - list.after(place)).min(list.before(place));
    let (mut begin, mut over) = (place, 0.0);
    while begin > 0 && over < distance + BESIDE && place - begin < MOST {
        begin -= 1;
        over += f64::from(rows(begin));
    }
    let (mut end, mut under) = (place, 0.0);
    while end < count && under < in_view - distance + BESIDE && end - place < MOST {
        under += f64::from(rows(end));
        end += 1;
    }
    let above = list.before(begin);
    DrawnWindow {
        begin,
        end,
        above: above * row,
        below: list.after(end) * row,
        top: (above + over - distance) * row,
    }
}

/// Lines whose rows are counted where they are few. Of many, some are counted: the view holds on to a line, and no one sees of the rest
/// more than a scroll bar.
struct LineList<'a> {
    count: usize,
    rows: &'a dyn Fn(usize) -> u32,
    average: f64,
}

impl LineList<'_> {
    fn sum(&self, places: std::ops::Range<usize>) -> f64 {
        if self.count > COUNTED {
            return places.len() as f64 * self.average;
        }
        places.map(|place| f64::from((self.rows)(place))).sum()
    }

    fn before(&self, place: usize) -> f64 {
        self.sum(0..place)
    }

    fn after(&self, place: usize) -> f64 {
        self.sum(place..self.count)
    }

    /// The line that is so many rows from the beginning.
    fn place_at(&self, top: f64) -> usize {
        if self.count > COUNTED {
            return ((top / self.average).max(0.0) as usize).min(self.count);
        }
        let (mut place, mut before) = (0, 0.0);
        while place < self.count && before + f64::from((self.rows)(place)) <= top {
            before += f64::from((self.rows)(place));
            place += 1;
        }
        place
    }
}

/// The average of the rows of some lines.
fn average(count: usize, rows: &dyn Fn(usize) -> u32) -> f64 {
    let step = count / SAMPLED + 1;
    let (mut sum, mut sampled) = (0.0, 0.0);
    for place in (0..count).step_by(step) {
        sum += f64::from(rows(place));
        sampled += 1.0;
    }
    if sampled > 0.0 { sum / sampled } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEASURES: Measures = Measures { row: 20.0, height: 400.0, columns: None };

    fn lines(window: DrawnWindow) -> (usize, usize) {
        (window.begin, window.end)
    }

    #[test]
    fn only_what_is_in_view_and_beside_it_is_drawn() {
        let all = |position| window(200_000, &|_| 1, &MEASURES, position);
        let seen = all(ViewPosition::Scrolled(20_000.0));
        assert_eq!((lines(seen), seen.above, seen.below), ((988, 1_032), 19_760.0, 3_979_360.0));
        assert_eq!(lines(all(ViewPosition::End)), (199_968, 200_000));
        assert_eq!(lines(all(ViewPosition::Scrolled(1e12))), (199_968, 200_000));
        assert_eq!(lines(all(ViewPosition::Around(3, 300.0))), (0, 32));
        let around = all(ViewPosition::Around(500, 100.0));
        assert_eq!((lines(around), around.top), ((483, 527), 9_900.0));
        let few = window(3, &|_| 1, &MEASURES, ViewPosition::End);
        assert_eq!((lines(few), few.above, few.below), ((0, 3), 0.0, 0.0));
        assert_eq!(window(0, &|_| 1, &MEASURES, ViewPosition::Scrolled(99.0)).end, 0);
    }

    #[test]
    fn wrapped_lines_take_the_rows_that_their_columns_fill() {
        let wrapped = Measures { columns: Some(80), ..MEASURES };
        assert_eq!([0, 1, 80, 81, 240].map(|columns| wrapped.rows(columns)), [1, 1, 1, 2, 3]);
        assert_eq!(MEASURES.rows(10_000), 1);
        assert_eq!(Measures { columns: Some(0), ..MEASURES }.rows(3), 3, "a view without width");
        let seen = window(100, &|_| 10, &wrapped, ViewPosition::Scrolled(4_000.0));
        assert_eq!((seen.begin, seen.above, seen.top), (18, 3_600.0, 4_000.0));
    }

    #[test]
    fn of_many_lines_some_are_counted() {
        let asked = std::cell::Cell::new(0);
        let rows = |place: usize| {
            asked.set(asked.get() + 1);
            1 + (place % 7) as u32
        };
        for position in [ViewPosition::End, ViewPosition::Scrolled(1e6), ViewPosition::Around(90_000, 0.0)] {
            asked.set(0);
            let seen = window(200_000, &rows, &MEASURES, position);
            assert!(asked.get() < 1_000, "{}", asked.get());
            assert!(seen.end - seen.begin > 3 && seen.end - seen.begin < 60, "{seen:?}");
            assert!((seen.above + seen.below - 16e6).abs() < 4e5, "{seen:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_above_drawn_and_below_is_everything_and_the_view_is_covered(
            rows in prop::collection::vec(1_u32..40, 0..300),
            top in 0.0..100_000.0_f64,
            height in 0.0..3_000.0_f64,
        ) {
            let measures = Measures { height, ..MEASURES };
            let count = |range: std::ops::Range<usize>| rows[range].iter().map(|rows| f64::from(*rows)).sum::<f64>() * 20.0;
            let all = count(0..rows.len());
            for position in [ViewPosition::End, ViewPosition::Scrolled(top), ViewPosition::Around(rows.len() / 2, top / 100.0)] {
                let seen = window(rows.len(), &|place| rows[place], &measures, position);
                prop_assert!(seen.begin <= seen.end && seen.end <= rows.len());
                prop_assert_eq!(seen.above, count(0..seen.begin));
                prop_assert_eq!(seen.below, count(seen.end..rows.len()));
                let top = seen.top.clamp(0.0, (all - height).max(0.0));
                prop_assert!(seen.above <= top + 0.01, "{seen:?}");
                prop_assert!(all - seen.below >= (top + height).min(all) - 0.01, "{seen:?}");
            }
        }
    }
}
