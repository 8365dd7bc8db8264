//! The texts of the audit log.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct AuditWords {
    /// Says what the log holds.
    pub(in crate::door) hint: &'static str,
    /// Field, and column.
    pub(in crate::door) actor: &'static str,
    /// Field, and column.
    pub(in crate::door) action: &'static str,
    /// No choice.
    pub(in crate::door) any_action: &'static str,
    /// Column.
    pub(in crate::door) time: &'static str,
    /// Column.
    pub(in crate::door) object: &'static str,
    /// Column.
    pub(in crate::door) address: &'static str,
    /// Names the filter.
    pub(in crate::door) filter: &'static str,
    /// Button.
    pub(in crate::door) show: &'static str,
    /// Link.
    pub(in crate::door) show_all: &'static str,
    /// There are none.
    pub(in crate::door) none: &'static str,
    /// Link.
    pub(in crate::door) older: &'static str,
    /// Link.
    pub(in crate::door) newest: &'static str,
    /// Link.
    pub(in crate::door) csv: &'static str,
    /// Link.
    pub(in crate::door) json: &'static str,
    /// Says that no entry was changed, from how many there are.
    pub(in crate::door) intact: fn(u64) -> String,
    /// Says which entries were pruned, from the number of the last.
    pub(in crate::door) pruned: fn(u64) -> String,
    /// Link that checks the chain.
    pub(in crate::door) check: &'static str,
    /// Says at which entry the chain is broken.
    pub(in crate::door) broken: fn(u64) -> String,
}

document_words!(AuditWords, EN, KO);

const EN: AuditWords = AuditWords {
    hint: "Sign-ins and changes to accounts, tokens and settings, the newest first.",
    actor: "Who",
    action: "Action",
    any_action: "Any",
    time: "Time",
    object: "Object",
    address: "Address",
    filter: "Filter",
    show: "Show",
    show_all: "Show all",
    none: "No entries.",
    older: "Older",
    newest: "Newest",
    csv: "Export CSV",
    json: "Export JSON",
    intact: |entries| match entries {
        1 => "The log is intact: 1 entry, unchanged.".into(),
        entries => ["The log is intact: ", &entries.to_string(), " entries, unchanged."].concat(),
    },
    pruned: |last| {
        ["Entries up to ", &last.to_string(), " were removed after the time that they are kept."].concat()
    },
    check: "Check that nothing was changed",
    broken: |entry| {
        ["The log was changed afterwards: entry ", &entry.to_string(), " does not fit the ones before it."]
            .concat()
    },
};

const KO: AuditWords = AuditWords {
    hint: "로그인, 그리고 계정, 토큰, 설정의 변경 기록입니다. 최신 항목부터 표시합니다.",
    actor: "사용자",
    action: "동작",
    any_action: "전체",
    time: "시각",
    object: "대상",
    address: "주소",
    filter: "필터",
    show: "보기",
    show_all: "모두 보기",
    none: "항목이 없습니다.",
    older: "이전 항목",
    newest: "최신 항목",
    csv: "CSV 내보내기",
    json: "JSON 내보내기",
    intact: |entries| {
        ["로그가 온전합니다. 항목 ", &entries.to_string(), "개가 변경되지 않았습니다."].concat()
    },
    pruned: |last| [&last.to_string(), "번까지의 항목은 보관 기간이 지나 삭제되었습니다."].concat(),
    check: "변경 여부 확인",
    broken: |entry| {
        ["로그가 나중에 변경되었습니다. ", &entry.to_string(), "번 항목이 앞의 항목과 맞지 않습니다."]
            .concat()
    },
};
