//! Korean: polite in sentences, terse on buttons and in states.

use super::{finder::FinderWords, refusals, text::Words};

pub(super) const KO: Words = Words {
    // Frame.
    product: "Pulseboard",
    skip: "본문으로 건너뛰기",
    pages: "페이지",
    page_tools: "페이지 도구",
    no_script: "실시간 업데이트에는 JavaScript가 필요합니다. 아래 내용은 페이지를 불러온 시점의 것입니다.",

    // Connection.
    not_yet: "연결 대기 중",
    connected: "연결됨",
    disconnected: "연결 해제됨",
    connect: "연결",
    disconnect: "연결 해제",
    connect_all: "모두 연결",
    disconnect_all: "모두 연결 해제",
    connection: "연결 상태",
    state_idle: "연결 전",
    state_connecting: "연결 중",
    state_live: "실시간",
    state_delayed: "지연됨",
    state_stale: "갱신 안 됨",
    state_reconnecting: "재연결 중",
    state_offline: "오프라인",
    state_stopped: "연결 해제됨",
    transport: "전송 방식",
    round_trip: "왕복 시간",

    // Notifications.
    notices: "알림",
    close: "닫기",

    // Settings of the reader.
    theme_system: "시스템",
    theme_light: "라이트",
    theme_dark: "다크",
    language: "언어",

    // Palette and shortcuts.
    palette: "페이지와 동작 검색",
    palette_hint: "페이지와 동작 검색",
    shortcuts: "키보드 단축키",

    // Time.
    range: "시간 범위",
    range_1: "1분",
    range_5: "5분",
    just_now: "방금",
    time: "시각",

    // Charts.
    table: "표",
    chart: "차트",
    save_png: "그림 저장 (PNG)",
    save_csv: "데이터 저장 (CSV)",
    legend: "범례: 항목을 선택하면 그것만 표시됩니다",
    legend_plain: "범례",
    value: "값",
    item: "항목",
    peak: "최고",
    no_value: "값 없음",
    warning: "주의",
    critical: "위험",
    since: "시작",

    // Cards.
    now: "현재",
    cpu: "CPU",
    memory: "메모리",
    size: "크기",
    free: "남음",
    usage: "사용률",
    read_only: "읽기 전용",
    left_out: |count| ["그 외 ", &count.to_string(), "개는 표시하지 않음"].concat(),
    processes: "프로세스",
    pid: "PID",
    user: "사용자",
    command: "명령",
    no_metrics: "첫 측정값을 기다리고 있습니다.",

    // Trouble.
    loading: "불러오는 중",
    trouble: "페이지를 불러오지 못했습니다",
    trouble_hint: "서버가 실행 중인지, 연결할 수 있는지 확인한 뒤 다시 시도해 주세요.",
    trouble_id: "문의하실 때 이 번호를 알려 주세요",
    try_again: "다시 시도",
    not_loaded: "페이지의 일부를 받지 못했습니다. 서버에 연결되면 다시 시도해 주세요.",
    no_answer: "서버가 응답하지 않습니다.",
    unreadable: "서버가 보낸 내용을 읽을 수 없습니다. 계속되면 페이지를 새로 고쳐 주세요.",
    past_trouble: "차트에 빈 구간이 있습니다. 페이지가 끊긴 동안의 측정값을 불러오지 못했습니다.",
    account: "계정",
    hosts: "호스트",
    lost: "이 주소에는 페이지가 없습니다",
    lost_hint: "주소가 바뀌었거나 잘못 입력되었을 수 있습니다.",
    to_overview: "개요로 이동",

    // Rooms of their own.
    finder: FINDER,

    // Sentences with something in them.
    age: |d| [d, " 전"].concat(),
    unread: |n| {
        if n == 0 { "알림".into() } else { ["알림: 읽지 않음 ", &n.to_string(), "개"].concat() }
    },
    refusal: refusals::ko,
    answered: |status| ["거부됨(", &status.to_string(), ")"].concat(),
    refused_with: |status, said| ["서버가 요청을 거부했습니다(", &status.to_string(), "): ", said].concat(),
    theme_is: |x| ["테마: ", x].concat(),
    more_of: |x| [x, " 더보기 메뉴"].concat(),
    milliseconds: |n| [&n.to_string(), " ms"].concat(),
    seconds: |n| [&n.to_string(), "초"].concat(),
    minutes: |n| [&n.to_string(), "분"].concat(),
    hours: |n| [&n.to_string(), "시간"].concat(),
    days: |n| [&n.to_string(), "일"].concat(),
    running: |n| [&n.to_string(), "개 실행 중"].concat(),
    level_for: |level, d| [level, " ", d, "째"].concat(),
    level_over: |level, d| [level, " ", d, " 이상"].concat(),
};

const FINDER: FinderWords = FinderWords {
    recent: "최근",
    cards: "카드",
    rooms: "채팅방",
    actions: "동작",
    choose: "선택",
    take: "열기",
};
