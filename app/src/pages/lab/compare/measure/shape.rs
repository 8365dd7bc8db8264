//! The distribution of ages, small enough to be drawn in a row: ten bins for each power of ten, from a tenth of a
//! millisecond to ten seconds.

/// The powers of ten, and where they begin, milliseconds.
const DECADES: f64 = 5.0;
const LEAST: f64 = 0.1;
const BINS: usize = 50;
/// The picture's width and height. A bin that has anything in it is to be seen.
pub(crate) const SIZE: (u32, u32) = (1000, 100);
const LOWEST: u32 = 6;

/// The height of each bin, in parts of [`SIZE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape([u8; BINS]);

impl Default for Shape {
    fn default() -> Self {
        Self([0; BINS])
    }
}

impl Shape {
    /// The shape of so many values of each size.
    pub(super) fn of(counts: impl Iterator<Item = (f64, u64)>) -> Self {
        let mut bins = [0; BINS];
        for (ms, count) in counts {
            bins[(at(ms) * BINS as f64) as usize] += count;
        }
        let greatest = bins.iter().copied().max().unwrap_or_default().max(1);
        let height = |count: u64| match count {
            0 => 0,
            _ => (count * u64::from(SIZE.1) / greatest).max(u64::from(LOWEST)) as u8,
        };
        Self(bins.map(height))
    }

    /// As the path of a picture of [`SIZE`]: a bar for each bin.
    pub(crate) fn path(&self) -> String {
        let wide = SIZE.0 / BINS as u32;
        let bar = |(bin, height): (usize, &u8)| {
            let (left, top) = (bin as u32 * wide, SIZE.1 - u32::from(*height));
            let numbers = [left + 1, SIZE.1, top, left + wide - 1, SIZE.1].map(|n| n.to_string());
            let [left, bottom, top, right, end] = &numbers;
            ["M", left, " ", bottom, "V", top, "H", right, "V", end, "Z"].concat()
        };
        self.0.iter().enumerate().filter(|(_, height)| **height > 0).map(bar).collect()
    }
}

/// Returns the x of an age in the picture, in parts of its width.
pub(crate) fn place(ms: f64) -> u32 {
    (at(ms) * f64::from(SIZE.0)).round() as u32
}

/// From 0 to just below 1.
fn at(ms: f64) -> f64 {
    ((ms.max(LEAST) / LEAST).log10() / DECADES).clamp(0.0, 0.999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_is_a_tenth_of_a_power_of_ten_and_what_is_outside_stands_at_the_ends() {
        assert_eq!([0.1, 1.0, 10.0, 100.0].map(place), [0, 200, 400, 600]);
        assert_eq!([-5.0, 0.0, 1e9, f64::INFINITY].map(place), [0, 0, 999, 999]);
        let shape = Shape::of([(1.0, 50), (1.01, 50), (100.0, 1)].into_iter());
        assert_eq!(shape.path(), "M201 100V0H219V100ZM601 100V94H619V100Z", "what is rare is still seen");
        assert_eq!(Shape::default().path(), "");
    }
}
