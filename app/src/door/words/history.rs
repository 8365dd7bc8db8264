//! The texts of history.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct HistoryWords {
    /// Says what is drawn.
    pub(in crate::door) hint: &'static str,
    /// Names the choice of a length.
    pub(in crate::door) length: &'static str,
    /// The lengths, the shortest first.
    pub(in crate::door) spans: [&'static str; 7],
    /// Link.
    pub(in crate::door) earlier: &'static str,
    /// Link.
    pub(in crate::door) later: &'static str,
    /// Link.
    pub(in crate::door) now: &'static str,
    /// Names the column of names.
    pub(in crate::door) line: &'static str,
    /// Column.
    pub(in crate::door) lowest: &'static str,
    /// Column.
    pub(in crate::door) average: &'static str,
    /// Column.
    pub(in crate::door) highest: &'static str,
    /// Column.
    pub(in crate::door) last: &'static str,
    /// There are no numbers of this time.
    pub(in crate::door) none: &'static str,
    /// Nothing is kept.
    pub(in crate::door) off: &'static str,
    /// Title of the spikes.
    pub(in crate::door) spikes: &'static str,
    /// Says what counts as one.
    pub(in crate::door) spikes_hint: &'static str,
    /// Says for how many minutes a spike had lasted.
    pub(in crate::door) lasted: fn(u64) -> String,
    /// A resource.
    pub(in crate::door) cpu: &'static str,
    /// A resource.
    pub(in crate::door) memory: &'static str,
}

document_words!(HistoryWords, EN, KO);

const EN: HistoryWords = HistoryWords {
    hint: "The past of a machine. The line is the average of each step, and the shade goes up to the highest in it, so a short spike is seen in a year, too.",
    length: "Length",
    spans: ["15 minutes", "1 hour", "6 hours", "24 hours", "7 days", "30 days", "1 year"],
    earlier: "Earlier",
    later: "Later",
    now: "Now",
    line: "Line",
    lowest: "Lowest",
    average: "Average",
    highest: "Highest",
    last: "Last",
    none: "There are no numbers of this time.",
    off: "No history is kept on this server. The setting history.keep turns it on.",
    spikes: "Spikes",
    spikes_hint: "CPU at 80 % or memory at 90 % for over a second, and the programs that used most of it. A program's CPU is a share of one core.",
    lasted: |minutes| format!("for {minutes} min"),
    cpu: "CPU",
    memory: "Memory",
};

const KO: HistoryWords = HistoryWords {
    hint: "컴퓨터의 지난 기록입니다. 선은 구간별 평균이고 음영은 구간의 최댓값까지 닿아 있어, 짧게 치솟은 값도 1년 그래프에서 보입니다.",
    length: "기간",
    spans: ["15분", "1시간", "6시간", "24시간", "7일", "30일", "1년"],
    earlier: "이전",
    later: "다음",
    now: "지금",
    line: "항목",
    lowest: "최소",
    average: "평균",
    highest: "최대",
    last: "마지막",
    none: "이 기간의 기록이 없습니다.",
    off: "이 서버는 기록을 보관하지 않습니다. history.keep 설정으로 켤 수 있습니다.",
    spikes: "급증",
    spikes_hint: "CPU 80 % 또는 메모리 90 %가 1초 넘게 이어진 때와, 그때 가장 많이 쓴 프로그램입니다. 프로그램의 CPU는 코어 하나를 기준으로 한 비율입니다.",
    lasted: |minutes| format!("{minutes}분째"),
    cpu: "CPU",
    memory: "메모리",
};
