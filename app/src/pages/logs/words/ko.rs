//! Korean.

use super::{LogsWords, grouped};

pub(super) const KO: LogsWords = LogsWords {
    choose: "로그 선택",
    choose_hint: "최대 16개까지 함께 볼 수 있으며, 줄은 시간 순서로 섞여 나옵니다.",
    kept_lines: "보관된 로그",
    streams: "스트림",
    no_sources: "로그를 선택하면 여기에 나타납니다.",
    list_failed: "일부 목록을 불러오지 못했습니다.",
    filter: "필터 또는 저널 유닛 이름",
    journal: "저널",
    stopped: "실행 중 아님",
    search: "검색",
    search_hint: "/ 키를 눌러 검색",
    expression: "정규식",
    previous: "이전 일치",
    next: "다음 일치",
    only_matching: "일치하는 줄만",
    all_history: "전체 기록 검색",
    level: "수준",
    all_levels: "모든 수준",
    errors: "오류",
    warnings: "경고 이상",
    infos: "정보 이상",
    error_mark: "오류",
    warning_mark: "경고",
    info_mark: "정보",
    debug_mark: "디버그",
    times: "시각",
    local: "현지 시각",
    utc: "UTC",
    relative: "첫 줄부터",
    no_times: "시각 없음",
    wrap: "줄 바꿈",
    jump: "시각으로 이동",
    go: "이동",
    bad_moment: "날짜와 시각을 입력하세요.",
    download: "다운로드",
    lines: "로그 줄",
    follow: "따라가기",
    pause: "멈춤",
    newest: "최신 줄로",
    earlier: "이전 줄 불러오기",
    loads_earlier: "이전 줄을 불러오는 중…",
    at_begin: "더 이전 줄이 없습니다.",
    later: "다음 줄 불러오기",
    stderr: "표준 오류로 출력됨",
    fields: "필드",
    opening: "로그를 불러오는 중…",
    following: "따라가는 중입니다.",
    paused: "멈춰 있습니다.",
    complete: "더 이상 줄이 없습니다.",
    cut_here: "뒤에 줄이 더 있습니다.",
    failed: "로그를 읽지 못했습니다.",
    cancelled: "서버가 스트림을 끝냈습니다.",
    refused: "로그를 불러오지 못했습니다.",
    away: "연결이 끊겼습니다. 연결이 돌아오면 빠진 줄 없이 이어집니다.",
    nothing: "아직 줄이 없습니다.",
    nothing_shown: "여기에는 일치하는 줄이 없습니다.",
    searching: "검색하는 중…",

    bad_expression: |why| ["올바른 정규식이 아닙니다. ", why].concat(),
    fresh: |count| match count {
        0 => "최신 줄로 이동".to_owned(),
        _ => ["새 줄 ", &grouped(count), "개"].concat(),
    },
    lost: |count| ["건너뛴 줄 ", &grouped(count), "개"].concat(),
    not_drawn: |count| ["글자 ", &grouped(count as u64), "개는 표시하지 않았습니다"].concat(),
    cut: |bytes| ["앞부분만 표시합니다. 전체 길이는 ", &grouped(bytes), "바이트입니다"].concat(),
    kept: |shown, kept| {
        if shown == kept {
            [&grouped(kept as u64), "줄"].concat()
        } else {
            [&grouped(kept as u64), "줄 중 ", &grouped(shown as u64), "줄"].concat()
        }
    },
    dropped: |count| ["새 줄을 위해 오래된 줄 ", &grouped(count), "개를 비웠습니다."].concat(),
    undrawn: |count| {
        ["줄 ", &grouped(count), "개가 너무 빨라 표시하지 못했습니다. 멈추면 읽을 수 있습니다."].concat()
    },
    matches: |at, found| match at {
        0 => [&grouped(found as u64), "줄 일치"].concat(),
        _ => [&grouped(at as u64), " / ", &grouped(found as u64)].concat(),
    },
    found: |pattern| ["전체 기록에서 일치하는 최신 줄: ", pattern].concat(),
    from: |time| [time, "부터"].concat(),
};
