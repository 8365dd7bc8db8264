//! The texts of kept lines.

use crate::{i18n::document_words, pages::grouped};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct KeptLogWords {
    /// Says what is here.
    pub(in crate::door) hint: &'static str,
    /// Link to lines as they come.
    pub(in crate::door) live: &'static str,
    /// Names the search.
    pub(in crate::door) search: &'static str,
    /// Field.
    pub(in crate::door) words: &'static str,
    /// Explains it.
    pub(in crate::door) words_hint: &'static str,
    /// Field.
    pub(in crate::door) pattern: &'static str,
    /// Explains it.
    pub(in crate::door) pattern_hint: &'static str,
    /// Choice.
    pub(in crate::door) source: &'static str,
    /// No choice.
    pub(in crate::door) any_source: &'static str,
    /// Choice.
    pub(in crate::door) time: &'static str,
    /// No choice.
    pub(in crate::door) any_time: &'static str,
    /// Choice, of hours.
    pub(in crate::door) hours: fn(u32) -> String,
    /// Button.
    pub(in crate::door) search_button: &'static str,
    /// Says how often a line came, before the time of the first.
    pub(in crate::door) repeated: fn(u64) -> String,
    /// Marks the output for errors.
    pub(in crate::door) stderr: &'static str,
    /// Says the length of a line that was cut.
    pub(in crate::door) cut: fn(u64) -> String,
    /// Says that a search was not accepted, before the reason.
    pub(in crate::door) refused: &'static str,
    /// Nothing was found.
    pub(in crate::door) none: &'static str,
    /// Nothing was found so far.
    pub(in crate::door) none_yet: &'static str,
    /// Nothing is kept.
    pub(in crate::door) off: &'static str,
    /// Link.
    pub(in crate::door) older: &'static str,
    /// Link.
    pub(in crate::door) newest: &'static str,
}

document_words!(KeptLogWords, EN, KO);

const EN: KeptLogWords = KeptLogWords {
    hint: "Lines of containers, the newest first, also of those that are gone.",
    live: "Lines as they come",
    search: "Search kept lines",
    words: "Words",
    words_hint: "A line has all of them, whole and in any case.",
    pattern: "Regular expression",
    pattern_hint: "In the syntax of Rust's regex.",
    source: "Container",
    any_source: "All",
    time: "Time",
    any_time: "All that is kept",
    hours: |hours| match hours {
        1 => "The last hour".into(),
        hours if hours < 48 => ["The last ", &hours.to_string(), " hours"].concat(),
        hours => ["The last ", &(hours / 24).to_string(), " days"].concat(),
    },
    search_button: "Search",
    repeated: |count| ["repeated ", &grouped(count), " times since"].concat(),
    stderr: "stderr",
    cut: |bytes| ["cut: ", &grouped(bytes), " bytes"].concat(),
    refused: "This cannot be searched for:",
    none: "No line matches.",
    none_yet: "No line matches so far. The search goes on with older lines.",
    off: "No lines are kept on this server. The setting logs.keep turns it on.",
    older: "Older",
    newest: "Newest",
};

const KO: KeptLogWords = KeptLogWords {
    hint: "컨테이너의 로그를 최신 줄부터 표시합니다. 삭제된 컨테이너의 로그도 찾을 수 있습니다.",
    live: "실시간 로그 보기",
    search: "보관된 로그 검색",
    words: "단어",
    words_hint: "모든 단어가 들어 있는 줄을 찾습니다. 대소문자는 구분하지 않습니다.",
    pattern: "정규식",
    pattern_hint: "Rust의 regex 문법입니다.",
    source: "컨테이너",
    any_source: "전체",
    time: "기간",
    any_time: "보관된 전체",
    hours: |hours| match hours {
        hours if hours < 48 => ["최근 ", &hours.to_string(), "시간"].concat(),
        hours => ["최근 ", &(hours / 24).to_string(), "일"].concat(),
    },
    search_button: "검색",
    repeated: |count| [&grouped(count), "번 반복, 시작"].concat(),
    stderr: "stderr",
    cut: |bytes| ["잘림: ", &grouped(bytes), "바이트"].concat(),
    refused: "이 조건으로는 검색할 수 없습니다:",
    none: "일치하는 줄이 없습니다.",
    none_yet: "아직 일치하는 줄이 없습니다. 더 오래된 줄에서 이어서 찾을 수 있습니다.",
    off: "이 서버는 로그를 보관하지 않습니다. logs.keep 설정으로 켤 수 있습니다.",
    older: "이전 줄",
    newest: "최신 줄",
};
