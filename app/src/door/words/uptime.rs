//! The texts of uptime.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct UptimeWords {
    /// The name of a span of so many hours.
    pub(in crate::door) span: fn(u64) -> String,
    /// Nothing is known of a span.
    pub(in crate::door) no_data: &'static str,
    /// A length of time is not known.
    pub(in crate::door) unknown_for: fn(&str) -> String,
    /// Describes the bar of days: so many, of which so many had an outage, and of so many nothing is known.
    pub(in crate::door) bar: fn(usize, usize, usize) -> String,
    /// Link to the days of a probe.
    pub(in crate::door) by_day: &'static str,
    /// Heading of the days of a probe of this name.
    pub(in crate::door) days_of: fn(&str) -> String,
    /// Says how uptime is reckoned.
    pub(in crate::door) hint: &'static str,
    /// Column.
    pub(in crate::door) day: &'static str,
    /// Column.
    pub(in crate::door) uptime: &'static str,
    /// Column.
    pub(in crate::door) down: &'static str,
    /// Column.
    pub(in crate::door) unknown: &'static str,
}

document_words!(UptimeWords, EN, KO);

const EN: UptimeWords = UptimeWords {
    span: |hours| match hours {
        ..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    },
    no_data: "nothing known",
    unknown_for: |length| format!("{length} unknown"),
    bar: |days, outages, unknown| {
        format!("Uptime of {days} days: {outages} with an outage, {unknown} of which nothing is known")
    },
    by_day: "By day",
    days_of: |name| format!("Uptime by day: {name}"),
    hint: "The share of the time that is known; time of which nothing is known counts neither way. Days are those of UTC.",
    day: "Day",
    uptime: "Uptime",
    down: "Down",
    unknown: "Unknown",
};

const KO: UptimeWords = UptimeWords {
    span: |hours| match hours {
        ..48 => format!("{hours}시간"),
        _ => format!("{}일", hours / 24),
    },
    no_data: "기록 없음",
    unknown_for: |length| format!("알 수 없음 {length}"),
    bar: |days, outages, unknown| {
        format!("{days}일간의 가동률: 장애가 있던 날 {outages}일, 기록이 없는 날 {unknown}일")
    },
    by_day: "날짜별",
    days_of: |name| format!("날짜별 가동률: {name}"),
    hint: "알려진 시간 가운데 정상이던 비율입니다. 알 수 없는 시간은 어느 쪽으로도 세지 않습니다. 날짜는 UTC 기준입니다.",
    day: "날짜",
    uptime: "가동률",
    down: "장애",
    unknown: "알 수 없음",
};
