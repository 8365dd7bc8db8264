//! The texts of the overview. Those of a panel stand with the panel's descriptor.

use crate::i18n::words;

/// Every text of them in one language.
#[derive(Debug)]
pub(super) struct OverviewWords {
    /// The page of one host.
    pub(super) overview: &'static str,
    /// Before the average of what a chart shows.
    pub(super) average: &'static str,
    /// Nothing has reached a threshold.
    pub(super) all_well: &'static str,
    /// Instead of a verdict, where the values are old.
    pub(super) old_values: &'static str,
    /// Names a fact of the host.
    pub(super) host_os: &'static str,
    /// Names a fact of the host.
    pub(super) host_kernel: &'static str,
    /// Names a fact of the host.
    pub(super) host_cpu: &'static str,
    /// Names a fact of the host.
    pub(super) host_cores: &'static str,
    /// A mount or sensor that does not answer, with the time of day since when.
    pub(super) no_answer_since: fn(&str) -> String,
    /// A table's column.
    pub(super) process_name: &'static str,
    /// Says that a program's share of CPU is of one core.
    pub(super) of_one_core: &'static str,
    /// Stands in the place of the list of programs until there is one.
    pub(super) no_processes: &'static str,
    /// A part and its whole.
    pub(super) of_total: fn(&str, &str) -> String,
    /// Names a trend chart for screen readers: what, over which time.
    pub(super) trend_label: fn(&str, &str) -> String,
    /// The highest value, and when it was.
    pub(super) worst: fn(&str, &str) -> String,
}

words!(OverviewWords, EN, KO);

const EN: OverviewWords = OverviewWords {
    overview: "Overview",
    average: "avg",
    all_well: "No warnings",
    old_values: "Showing the last known values",
    host_os: "System",
    host_kernel: "Kernel",
    host_cpu: "Processor",
    host_cores: "Cores",
    no_answer_since: |time| ["No answer since ", time].concat(),
    process_name: "Name",
    of_one_core: "% of one core",
    no_processes: "No list of programs has arrived yet.",
    of_total: |part, whole| [part, " of ", whole].concat(),
    trend_label: |what, range| [what, ", last ", range].concat(),
    worst: |value, at| ["worst ", value, " at ", at].concat(),
};

const KO: OverviewWords = OverviewWords {
    overview: "개요",
    average: "평균",
    all_well: "경고 없음",
    old_values: "마지막으로 받은 값입니다",
    host_os: "운영 체제",
    host_kernel: "커널",
    host_cpu: "프로세서",
    host_cores: "코어",
    no_answer_since: |time| [time, "부터 응답 없음"].concat(),
    process_name: "이름",
    of_one_core: "코어 1개 기준 %",
    no_processes: "프로세스 목록이 아직 없습니다.",
    of_total: |part, whole| [part, " / ", whole].concat(),
    trend_label: |what, range| [what, ", 최근 ", range].concat(),
    worst: |value, at| ["최고 ", value, " · ", at].concat(),
};
