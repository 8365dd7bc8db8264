//! The settings of history: how much of the past of numbers is kept.

use ::history::HistorySettings;
use serde::{Deserialize, Serialize};

use crate::config::setting::{Bound, Setting};

/// The settings of this feature.
pub(super) const SETTINGS: &[Setting] = &[
    Setting::free("history.keep"),
    Setting::bounded("history.bytes", &[Bound::Within(16 << 20..=1 << 44, "16 MiB to 16 TiB")]),
    Setting::bounded("history.full_hours", &[Bound::Within(2..=8_784, "2 to 8784")]),
    Setting::bounded("history.days", &[Bound::Within(1..=36_500, "1 to 36500")]),
];

/// The section `history`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PastSettings {
    /// If the past of numbers is kept.
    pub keep: bool,
    /// It takes at most so many bytes.
    pub bytes: u64,
    /// Every sample is kept for so many hours.
    pub full_hours: u32,
    /// The coarsest steps are kept for so many days.
    pub days: u32,
}

impl Default for PastSettings {
    fn default() -> Self {
        Self { keep: true, bytes: 1 << 30, full_hours: 48, days: 3_653 }
    }
}

impl PastSettings {
    /// The bounds as the folder keeps them. No step is kept for longer than a coarser one.
    pub(super) fn bounds(&self) -> HistorySettings {
        let default = HistorySettings::default();
        let hour = 3_600_000;
        let longest = i64::from(self.days) * 24 * hour;
        let [_, ten_seconds, minute, ten_minutes, _] = default.ages;
        let full = (i64::from(self.full_hours) * hour).min(longest);
        let ages = [full, ten_seconds, minute, ten_minutes, longest].map(|age| age.clamp(full, longest));
        HistorySettings { bytes: self.bytes, ages, ..default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_is_kept_for_longer_than_a_coarser_one() {
        let day = 24 * 3_600_000;
        let bounds = PastSettings::default().bounds();
        assert_eq!(bounds.ages, [2 * day, 14 * day, 92 * day, 731 * day, 3_653 * day]);
        let short = PastSettings { full_hours: 100, days: 3, ..PastSettings::default() }.bounds();
        assert_eq!(short.ages, [3 * day; 5]);
        let long = PastSettings { full_hours: 2_400, days: 200, ..PastSettings::default() }.bounds();
        assert_eq!(long.ages, [100 * day, 100 * day, 100 * day, 200 * day, 200 * day]);
    }
}
