//! The texts of the page of logs.

mod en;
mod ko;

use super::level_name::LevelGroup;
use crate::i18n::words;

/// Them in one language.
#[derive(Debug)]
pub(super) struct LogsWords {
    pub(super) choose: &'static str,
    pub(super) choose_hint: &'static str,
    pub(super) kept_lines: &'static str,
    pub(super) streams: &'static str,
    pub(super) no_sources: &'static str,
    pub(super) list_failed: &'static str,
    pub(super) filter: &'static str,
    pub(super) journal: &'static str,
    pub(super) stopped: &'static str,
    pub(super) search: &'static str,
    pub(super) search_hint: &'static str,
    pub(super) expression: &'static str,
    pub(super) previous: &'static str,
    pub(super) next: &'static str,
    pub(super) only_matching: &'static str,
    pub(super) all_history: &'static str,
    pub(super) level: &'static str,
    pub(super) all_levels: &'static str,
    pub(super) errors: &'static str,
    pub(super) warnings: &'static str,
    pub(super) infos: &'static str,
    pub(super) error_mark: &'static str,
    pub(super) warning_mark: &'static str,
    pub(super) info_mark: &'static str,
    pub(super) debug_mark: &'static str,
    pub(super) times: &'static str,
    pub(super) local: &'static str,
    pub(super) utc: &'static str,
    pub(super) relative: &'static str,
    pub(super) no_times: &'static str,
    pub(super) wrap: &'static str,
    pub(super) jump: &'static str,
    pub(super) go: &'static str,
    pub(super) bad_moment: &'static str,
    pub(super) download: &'static str,
    pub(super) lines: &'static str,
    pub(super) follow: &'static str,
    pub(super) pause: &'static str,
    pub(super) newest: &'static str,
    pub(super) earlier: &'static str,
    pub(super) loads_earlier: &'static str,
    pub(super) at_begin: &'static str,
    pub(super) later: &'static str,
    pub(super) stderr: &'static str,
    pub(super) fields: &'static str,
    pub(super) opening: &'static str,
    pub(super) following: &'static str,
    pub(super) paused: &'static str,
    pub(super) complete: &'static str,
    pub(super) cut_here: &'static str,
    pub(super) failed: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) refused: &'static str,
    pub(super) away: &'static str,
    pub(super) nothing: &'static str,
    pub(super) nothing_shown: &'static str,
    pub(super) searching: &'static str,

    pub(super) bad_expression: fn(&str) -> String,
    pub(super) fresh: fn(u64) -> String,
    pub(super) lost: fn(u64) -> String,
    pub(super) not_drawn: fn(usize) -> String,
    pub(super) cut: fn(u64) -> String,
    pub(super) kept: fn(usize, usize) -> String,
    pub(super) dropped: fn(u64) -> String,
    pub(super) undrawn: fn(u64) -> String,
    pub(super) matches: fn(usize, usize) -> String,
    pub(super) found: fn(&str) -> String,
    pub(super) from: fn(&str) -> String,
}

words!(LogsWords, en::EN, ko::KO);

impl LogsWords {
    /// The word that stands before a line of a level.
    pub(super) const fn level(&self, group: LevelGroup) -> &'static str {
        match group {
            LevelGroup::Error => self.error_mark,
            LevelGroup::Warning => self.warning_mark,
            LevelGroup::Info => self.info_mark,
            LevelGroup::Debug => self.debug_mark,
        }
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
