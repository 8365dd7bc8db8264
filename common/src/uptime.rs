//! The share of time that a service was up.

use serde::{Deserialize, Serialize};

const HOUR_MS: u64 = 3_600_000;

/// A stretch of time, and how long a service was up and down in it. What is left of it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UptimeStretch {
    /// Its beginning, milliseconds since 1970: a whole hour.
    pub from_ms: u64,
    /// Its end, milliseconds since 1970.
    pub to_ms: u64,
    /// Milliseconds for which it is known that the service was up.
    pub up_ms: u64,
    /// Milliseconds for which it is known that the service was down.
    pub down_ms: u64,
}

/// The share of time that a service was up, by its probe.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProbeUptime {
    /// The last 24 hours, 7, 30 and 90 days, up to now.
    pub spans: Vec<UptimeStretch>,
    /// Days of UTC, the newest last. The last one is not over.
    pub days: Vec<UptimeStretch>,
}

impl UptimeStretch {
    /// A stretch with seconds that were summed up. They were measured at moments: of a short stretch they may be a little more than it has.
    #[must_use]
    pub fn of(from_ms: u64, to_ms: u64, [up, down]: [f64; 2]) -> Self {
        let length = to_ms.saturating_sub(from_ms) as f64;
        let [up, down] = [up, down].map(|seconds| if seconds > 0.0 { seconds * 1_000.0 } else { 0.0 });
        let factor = if up + down > length { length / (up + down) } else { 1.0 };
        let [up_ms, down_ms] = [up, down].map(|ms| (ms * factor).round() as u64);
        Self { from_ms, to_ms, up_ms, down_ms }
    }

    /// Milliseconds for which nothing is known.
    #[must_use]
    pub fn unknown_ms(&self) -> u64 {
        self.to_ms.saturating_sub(self.from_ms).saturating_sub(self.up_ms).saturating_sub(self.down_ms)
    }

    /// The share of the time that is known in which the service was up, percent, rounded down to two decimals: 100 stands for no outage. None
    /// where nothing is known.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        let known = self.up_ms + self.down_ms;
        (known > 0).then(|| {
            let hundredths = u128::from(self.up_ms) * 10_000 / u128::from(known);
            hundredths as f64 / 100.0
        })
    }
}

impl ProbeUptime {
    /// The hours of each span, in their order.
    pub const SPAN_HOURS: [u64; 4] = [24, 7 * 24, 30 * 24, 90 * 24];

    /// Adds sums of seconds up and down of whole hours, the first of which begins at `start_ms`, to what is told at `now_ms`: the spans, and so
    /// many days.
    #[must_use]
    pub fn of_hours(start_ms: u64, hours: &[[f64; 2]], now_ms: u64, days: u64) -> Self {
        let stretch = |from_ms: u64, to_ms: u64| {
            let place =
                |at_ms: u64| usize::try_from(at_ms.saturating_sub(start_ms) / HOUR_MS).unwrap_or(usize::MAX);
            let end = place(to_ms.saturating_add(HOUR_MS - 1)).min(hours.len());
            let of_stretch = hours.get(place(from_ms)..end).unwrap_or_default();
            let sum = of_stretch.iter().fold([0.0, 0.0], |[up, down], hour| [up + hour[0], down + hour[1]]);
            UptimeStretch::of(from_ms, to_ms, sum)
        };
        let spans = Self::SPAN_HOURS.map(|hours| {
            let from = now_ms.saturating_sub(hours * HOUR_MS);
            stretch(from - from % HOUR_MS, now_ms)
        });
        let day = 24 * HOUR_MS;
        let today = now_ms - now_ms % day;
        let days = (0..days).rev().map(|ago| {
            let from = today.saturating_sub(ago * day);
            stretch(from, now_ms.min(from + day))
        });
        Self { spans: spans.into(), days: days.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * HOUR_MS;
    /// A day and a half after a midnight of UTC.
    const NOW: u64 = 20_000 * DAY + 36 * HOUR_MS;

    #[test]
    fn unknown_time_counts_neither_way_and_an_outage_is_never_rounded_away() {
        let start = NOW - 90 * DAY - 12 * HOUR_MS;
        let mut hours = vec![[0.0, 0.0]; 90 * 24 + 12];
        let length = hours.len();
        // Ten days are known; in the last hour there was a second of an outage, and two days ago one of six hours.
        for hour in &mut hours[length - 240..] {
            *hour = [3_600.0, 0.0];
        }
        hours[length - 1] = [3_599.0, 1.0];
        for hour in &mut hours[length - 60..length - 54] {
            *hour = [0.0, 3_600.0];
        }
        let uptime = ProbeUptime::of_hours(start, &hours, NOW, 90);
        let percents: Vec<_> = uptime.spans.iter().map(UptimeStretch::percent).collect();
        assert_eq!(percents[0], Some(99.99), "one second of a day");
        assert_eq!(percents[1], Some(96.42), "six hours of seven days");
        assert_eq!(percents[2], Some(97.49), "six hours of the ten days that are known");
        assert_eq!(percents[3], percents[2]);
        let unknown: Vec<_> = uptime.spans.iter().map(|span| span.unknown_ms() / HOUR_MS).collect();
        assert_eq!(unknown, [0, 0, 20 * 24, 80 * 24]);
        assert_eq!(uptime.days.len(), 90);
        let [.., before, two_ago, _, today] = &*uptime.days else { panic!("days") };
        assert_eq!((today.from_ms, today.to_ms), (NOW - 12 * HOUR_MS, NOW));
        assert_eq!((before.percent(), today.percent()), (Some(100.0), Some(99.99)));
        assert_eq!((two_ago.down_ms, two_ago.percent()), (6 * HOUR_MS, Some(75.0)));
        assert_eq!((uptime.days[0].percent(), uptime.days[0].unknown_ms()), (None, DAY));
    }

    #[test]
    fn sums_that_make_no_sense_stay_within_their_stretch() {
        let length = |sum| {
            let stretch = UptimeStretch::of(0, HOUR_MS, sum);
            (stretch.up_ms, stretch.down_ms, stretch.unknown_ms())
        };
        assert_eq!(length([7_200.0, 7_200.0]), (HOUR_MS / 2, HOUR_MS / 2, 0));
        assert_eq!(length([-5.0, f64::NAN]), (0, 0, HOUR_MS));
        assert_eq!(length([f64::INFINITY, 0.0]).0, 0, "nothing is known of it");
        assert_eq!(ProbeUptime::of_hours(NOW, &[], NOW, 3).days.len(), 3);
    }
}
