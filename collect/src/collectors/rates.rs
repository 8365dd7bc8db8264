//! Speeds, from counters that only rise.

use std::{collections::HashMap, ffi::OsString, time::Instant};

/// The last reading of the counters of each disk or interface.
#[derive(Debug, Default)]
pub(super) struct Rates<const N: usize> {
    taken: Option<Instant>,
    last: HashMap<OsString, [u64; N]>,
}

impl<const N: usize> Rates<N> {
    /// The mean speed of each counter since the reading before, by name in order.
    ///
    /// `None` where there was no reading before, or where a counter went back: a device was replaced or its
    /// driver loaded anew, and how much passed is not known. What is no longer given is forgotten.
    pub(super) fn advance(
        &mut self,
        now: Instant,
        counters: impl IntoIterator<Item = (OsString, [u64; N])>,
    ) -> Vec<(OsString, [Option<f64>; N])> {
        let seconds = self.taken.map_or(0.0, |taken| now.duration_since(taken).as_secs_f64());
        let counters: HashMap<_, _> = counters.into_iter().collect();
        let mut rates: Vec<_> = counters
            .iter()
            .map(|(name, counts)| {
                let before = self.last.get(name).filter(|_| seconds > 0.0);
                (name.clone(), std::array::from_fn(|n| per_second(before?[n], counts[n], seconds)))
            })
            .collect();
        rates.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        self.taken = Some(now);
        self.last = counters;
        rates
    }
}

fn per_second(before: u64, now: u64, seconds: f64) -> Option<f64> {
    now.checked_sub(before).map(|passed| passed as f64 / seconds)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn advance(rates: &mut Rates<1>, now: Instant, counters: &[(&str, u64)]) -> Vec<Option<f64>> {
        let counters = counters.iter().map(|&(name, count)| (OsString::from(name), [count]));
        rates.advance(now, counters).into_iter().map(|(_, [rate])| rate).collect()
    }

    #[test]
    fn a_rate_is_taken_over_the_time_that_really_passed() {
        let mut rates = Rates::default();
        let start = Instant::now();
        assert_eq!(advance(&mut rates, start, &[("a", 1_000)]), [None]);
        assert_eq!(advance(&mut rates, start + Duration::from_secs(2), &[("a", 5_000)]), [Some(2_000.0)]);
        assert_eq!(advance(&mut rates, start + Duration::from_secs(12), &[("a", 6_000)]), [Some(100.0)]);
    }

    #[test]
    fn a_counter_that_went_back_has_no_rate_and_then_goes_on() {
        let mut rates = Rates::default();
        let start = Instant::now();
        let second = Duration::from_secs(1);
        advance(&mut rates, start, &[("a", 1_000)]);
        assert_eq!(advance(&mut rates, start + second, &[("a", 10)]), [None]);
        assert_eq!(advance(&mut rates, start + 2 * second, &[("a", 30)]), [Some(20.0)]);
    }

    #[test]
    fn what_is_gone_is_forgotten_and_begins_anew() {
        let mut rates = Rates::default();
        let start = Instant::now();
        let second = Duration::from_secs(1);
        advance(&mut rates, start, &[("a", 1), ("b", 1)]);
        assert_eq!(advance(&mut rates, start + second, &[("b", 2)]), [Some(1.0)]);
        assert_eq!(rates.last.len(), 1);
        assert_eq!(advance(&mut rates, start + 2 * second, &[("a", 9), ("b", 2)]), [None, Some(0.0)]);
    }

    #[test]
    fn two_readings_of_one_moment_have_no_rate() {
        let mut rates = Rates::default();
        let now = Instant::now();
        advance(&mut rates, now, &[("a", 1)]);
        assert_eq!(advance(&mut rates, now, &[("a", 2)]), [None]);
    }
}
