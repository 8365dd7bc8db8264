//! Computes the layout of a chart. Drawing and pointing ask the same functions, so a tooltip never names the neighbour
//! of what is under the pointer. All lengths are CSS pixels, the origin is at the top left.

/// Size of the axis labels and value labels.
pub(crate) const TEXT: f64 = 11.0;
/// Height of a row that holds one line of text.
pub(crate) const ROW: f64 = 16.0;
/// Below this width the labels of the value axis would leave too little for the data.
const NARROW: f64 = 140.0;
/// Below this height the labels of the other axis would, and those above the data.
pub(crate) const LOW: f64 = 72.0;

/// A label of the value axis: where, and what it says.
pub(crate) type Tick<'a> = (f64, &'a str);

/// The rectangle the data is drawn in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Plot {
    /// `head` is kept free above the data. The gutter for `ticks` depends on the width alone, so that two charts
    /// of one width and one axis line up whatever their heights.
    pub(crate) fn new(width: f64, height: f64, head: f64, ticks: &[Tick<'_>], has_labels: bool) -> Self {
        let (width, height) = (length(width), length(height));
        let gutter = if width < NARROW { 0.0 } else { gutter(ticks) };
        // Half of the topmost and of the lowest axis label stand outside the plot.
        let edge = if gutter > 0.0 { TEXT * 0.6 } else { 1.0 };
        let foot = if has_labels && height >= LOW { ROW + 2.0 } else { edge };
        let head = head.max(edge);
        let bottom = (height - foot).max(0.0);
        Self { left: gutter.min(width), top: head.min(bottom), right: width, bottom }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The height that is as far below the foot as `y` is above it.
    pub(crate) fn mirrored(&self, y: f64) -> f64 {
        2.0 * self.bottom - y
    }

    /// Returns true if there is no room to draw in.
    pub(crate) fn is_empty(&self) -> bool {
        self.width() < 1.0 || self.height() < 1.0
    }

    /// The height of `value` on an axis from 0 to `max`. What is outside stands at the edge.
    pub(crate) fn y(&self, value: f64, max: f64) -> f64 {
        let share = value / max;
        // A NaN (0/0, or a value that is none) stands at the foot.
        let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
        self.bottom - share * self.height()
    }

    /// The distance from one of `count` equal slots to the next. Few slots stay near each other on a wide paper and leave its end
    /// empty: two bars half a screen apart cannot be compared.
    pub(crate) fn pitch(&self, count: usize) -> f64 {
        const WIDEST: f64 = 120.0;
        (self.width() / count.max(1) as f64).min(WIDEST)
    }

    /// The edges of slot `index` of `count` equal ones.
    pub(crate) fn slot(&self, index: usize, count: usize) -> (f64, f64) {
        let pitch = self.pitch(count);
        (self.left + pitch * index as f64, self.left + pitch * (index + 1) as f64)
    }

    /// The edges of the bar in that slot.
    pub(crate) fn bar(&self, index: usize, count: usize) -> (f64, f64) {
        const WIDEST: f64 = 40.0;
        let (left, right) = self.slot(index, count);
        let pitch = right - left;
        // Few bars keep air between them; many keep one pixel while they have one to spare.
        let width = if pitch >= 8.0 { (pitch * 0.68).min(WIDEST) } else { (pitch - 1.0).max(pitch * 0.5) };
        let middle = (left + right) / 2.0;
        (middle - width / 2.0, middle + width / 2.0)
    }

    /// The slot under a pointer.
    pub(crate) fn slot_at(&self, x: f64, count: usize) -> Option<usize> {
        if count == 0 || self.width() <= 0.0 || !(x >= self.left && x <= self.right) {
            return None;
        }
        let index = ((x - self.left) / self.pitch(count)) as usize;
        // The very edge belongs to the last slot; what is empty beyond it to none.
        let beyond = x > self.slot(count - 1, count).1 + 0.5;
        (!beyond).then(|| index.min(count - 1))
    }
}

/// Estimates the width of a text at size [`TEXT`]: no canvas is asked to measure it.
pub(crate) fn text_width(text: &str) -> f64 {
    // Hangul, Kana and Han are as wide as high; Latin letters and figures of system fonts stay below 0.6.
    let em = |letter: char| if letter >= '\u{1100}' { 1.0 } else { 0.58 };
    text.chars().map(em).sum::<f64>() * TEXT
}

/// A usable length of whatever the caller measured.
pub(crate) fn length(pixels: f64) -> f64 {
    // Browsers refuse canvases beyond this.
    const LONGEST: f64 = 16_384.0;
    if pixels > 0.0 { pixels.min(LONGEST) } else { 0.0 }
}

pub(crate) fn gutter(ticks: &[Tick<'_>]) -> f64 {
    let widest = ticks.iter().map(|(_, text)| text_width(text)).fold(0.0, f64::max);
    // Steps of 8 pixels: axes with nearly the same labels line up.
    if widest > 0.0 { ((widest + 8.0) / 8.0).ceil() * 8.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent() -> [Tick<'static>; 3] {
        [(0.0, "0"), (50.0, "50"), (100.0, "100")]
    }

    #[test]
    fn the_pointer_finds_the_bar_that_is_drawn_there() {
        let plot = Plot::new(400.0, 200.0, 16.0, &percent(), true);
        for count in [1, 2, 7, 60, 300] {
            for index in 0..count {
                let (left, right) = plot.bar(index, count);
                for x in [left + 0.01, left.midpoint(right), right - 0.01] {
                    assert_eq!(plot.slot_at(x, count), Some(index));
                }
            }
        }
        assert_eq!(plot.slot_at(plot.left - 1.0, 7), None);
        assert_eq!(plot.slot_at(f64::NAN, 7), None);
        assert_eq!(plot.slot_at(100.0, 0), None);
    }

    #[test]
    fn few_bars_stay_near_each_other_on_a_wide_paper() {
        let plot = Plot::new(1_200.0, 200.0, 16.0, &percent(), true);
        let middle = |index| plot.bar(index, 2).0.midpoint(plot.bar(index, 2).1);
        assert_eq!(middle(1) - middle(0), 120.0);
        assert_eq!(plot.slot_at(middle(1), 2), Some(1));
        assert_eq!(plot.slot_at(900.0, 2), None, "nothing stands there");
    }

    #[test]
    fn small_charts_give_their_room_to_the_data() {
        let small = Plot::new(100.0, 40.0, 4.0, &percent(), true);
        assert_eq!((small.left, small.bottom), (0.0, 39.0));
        let large = Plot::new(300.0, 200.0, 4.0, &percent(), true);
        assert!(large.left >= 24.0 && large.bottom <= 184.0);
    }

    #[test]
    fn sizes_that_are_none_leave_nothing_to_draw_in() {
        for (width, height) in [(0.0, 0.0), (-5.0, 100.0), (f64::NAN, f64::NAN), (300.0, 3.0)] {
            assert!(Plot::new(width, height, 4.0, &percent(), true).is_empty());
        }
    }
}
