//! The texts of finite streams.

use common::stream::StreamEndReason;

use crate::{i18n::document_words, pages::grouped};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct StreamWords {
    /// Says what is here.
    pub(in crate::door) hint: &'static str,
    /// No stream is there.
    pub(in crate::door) none: &'static str,
    /// Says how many older streams the list leaves out.
    pub(in crate::door) more: fn(usize) -> String,
    /// Heading of one stream.
    pub(in crate::door) stream: &'static str,
    /// Link to the list.
    pub(in crate::door) all: &'static str,
    /// There is no such stream.
    pub(in crate::door) unknown: &'static str,
    /// State of a stream that lives.
    pub(in crate::door) open: &'static str,
    /// State of a stream that has ended.
    pub(in crate::door) ended: fn(StreamEndReason) -> &'static str,
    /// Fact.
    pub(in crate::door) begun: &'static str,
    /// Fact.
    pub(in crate::door) items: &'static str,
    /// Fact.
    pub(in crate::door) readers: &'static str,
    /// Names the bar.
    pub(in crate::door) progress: &'static str,
    /// Choice.
    pub(in crate::door) joined: &'static str,
    /// Before the number of items that are not shown.
    pub(in crate::door) missed: &'static str,
    /// Button.
    pub(in crate::door) newest: &'static str,
    /// The browser runs no scripts.
    pub(in crate::door) no_script: &'static str,
    /// The states of the line, by the names that the script has for them.
    pub(in crate::door) states: [(&'static str, &'static str); 8],
}

document_words!(StreamWords, EN, KO);

const EN: StreamWords = StreamWords {
    hint: "What programs tell from its beginning to its end: a model's words, the progress of a backup. A stream stays here for a minute after its end.",
    none: "No program is telling anything now. A stream that begins appears here at once.",
    more: |count| match count {
        1 => "One older stream is not shown.".into(),
        count => [&grouped(count as u64), " older streams are not shown."].concat(),
    },
    stream: "Stream",
    all: "All streams",
    unknown: "This stream is over and forgotten, or there never was one.",
    open: "open",
    ended: |reason| match reason {
        StreamEndReason::Complete => "complete",
        StreamEndReason::Failed => "failed",
        StreamEndReason::Cancelled => "cancelled",
    },
    begun: "Begun",
    items: "Items",
    readers: "Readers",
    progress: "Progress",
    joined: "Join the items to one text",
    missed: "Items that are not shown:",
    newest: "Go to the newest",
    no_script: "Without scripts this page does not follow what comes.",
    states: [
        ("connecting", "Connecting …"),
        ("live", "Live"),
        ("lost", "The line is lost; asking again …"),
        ("refused", "You may not read this any more. Sign in again."),
        ("gone", "This stream is over and forgotten."),
        ("complete", "Complete"),
        ("failed", "Failed"),
        ("cancelled", "Cancelled"),
    ],
};

const KO: StreamWords = StreamWords {
    hint: "프로그램이 보내는 내용을 시작부터 끝까지 보여 줍니다(모델의 답변, 백업 진행 상황 등). 끝난 스트림은 1분 동안 남아 있습니다.",
    none: "지금은 진행 중인 스트림이 없습니다. 시작되면 바로 여기에 나타납니다.",
    more: |count| ["이전 스트림 ", &grouped(count as u64), "개는 표시하지 않습니다."].concat(),
    stream: "스트림",
    all: "모든 스트림",
    unknown: "이미 끝나 삭제되었거나 존재하지 않는 스트림입니다.",
    open: "진행 중",
    ended: |reason| match reason {
        StreamEndReason::Complete => "완료",
        StreamEndReason::Failed => "실패",
        StreamEndReason::Cancelled => "취소됨",
    },
    begun: "시작",
    items: "항목",
    readers: "읽는 사람",
    progress: "진행률",
    joined: "항목을 한 글로 이어 보기",
    missed: "표시되지 않은 항목:",
    newest: "최신 항목으로",
    no_script: "스크립트를 쓸 수 없어 새 내용을 이어서 보여 줄 수 없습니다.",
    states: [
        ("connecting", "연결 중…"),
        ("live", "실시간"),
        ("lost", "연결이 끊겨 다시 시도하는 중…"),
        ("refused", "더 이상 볼 권한이 없습니다. 다시 로그인하세요."),
        ("gone", "이미 끝나 삭제된 스트림입니다."),
        ("complete", "완료"),
        ("failed", "실패"),
        ("cancelled", "취소됨"),
    ],
};
