//! Detects a busy machine: then the machine is measured, and not the transports.

use super::Figures;

/// On a machine that is not busy, 99 of 100 updates stay under this age, milliseconds, and under this many times the
/// median: a far network makes all of them late alike.
const LATE_MS: f64 = 100.0;
const TIMES: f64 = 5.0;
/// Fewer lines tell nothing of what they have in common.
const LINES: usize = 3;

/// Returns true if even the best of these connections is late now and then. What polls is late by nature, so it is the
/// best that counts.
pub(crate) fn is_busy(lines: impl Iterator<Item = Figures>) -> bool {
    let known: Vec<_> = lines.filter_map(|figures| figures.p50.zip(figures.p99)).collect();
    let is_late = |&(half, most): &(f64, f64)| most > LATE_MS && most > TIMES * half;
    let best = known.iter().min_by(|one, other| one.1.total_cmp(&other.1));
    known.len() >= LINES && best.is_some_and(is_late)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(lines: &[(f64, f64)]) -> bool {
        let figures =
            |&(half, most): &(f64, f64)| Figures { p50: Some(half), p99: Some(most), ..Figures::default() };
        is_busy(lines.iter().map(figures))
    }

    #[test]
    fn a_machine_is_busy_where_every_line_is_late_now_and_then() {
        assert!(busy(&[(3.0, 518.0), (4.0, 520.0), (520.0, 980.0)]));
        assert!(!busy(&[(3.0, 12.0), (4.0, 520.0), (520.0, 980.0)]), "one line is quick");
        assert!(!busy(&[(150.0, 180.0), (152.0, 190.0), (151.0, 200.0)]), "the network is far");
        assert!(!busy(&[(3.0, 518.0)]), "one line alone may be the one to blame");
        assert!(!is_busy([Figures::default(); 6].into_iter()));
    }
}
