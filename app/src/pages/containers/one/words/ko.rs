//! Korean.

use super::OneContainerWords;

pub(super) const KO: OneContainerWords = OneContainerWords {
    removed_name: "컨테이너",
    removed: "이 컨테이너는 더 이상 없습니다. 알려진 일은 아래에 있습니다.",
    elsewhere: "로그와 구성은 그 컴퓨터에서 볼 수 있고, 시작과 중지도 그곳에서 합니다. 에이전트는 알리기만 합니다.",
    lines: "로그 보기",
    span: "표시 기간",
    ten_minutes: "10분",
    one_hour: "1시간",
    received: "받음",
    sent: "보냄",
    read: "읽기",
    written: "쓰기",
    configuration: "설정",
    not_loaded: "설정을 불러오지 못했습니다.",
    masked: "비밀로 보이는 값은 가려져 있습니다.",
    id: "ID",
    created: "생성",
    command: "명령",
    restart_policy: "재시작 정책",
    memory_limit: "메모리 한도",
    cpu_limit: "쓸 수 있는 코어",
    pids_limit: "프로세스 한도",
    network_mode: "네트워크 모드",
    health_check: "상태 검사",
    terminal: "터미널",
    mounts: "마운트",
    networks: "네트워크",
    environment: "환경 변수",
    labels: "레이블",
    no_limit: "자체 한도 없음",
    none: "없음",
    yes: "예",
    no: "아니요",
    question: "컨테이너 조작",
    cancel: "취소",
    action: |action| match action {
        "start" => "시작",
        "stop" => "중지",
        _ => "재시작",
    },
    ask: |action, name| {
        let verb = match action {
            "start" => " 컨테이너를 시작할까요?",
            "stop" => " 컨테이너를 중지할까요?",
            _ => " 컨테이너를 재시작할까요?",
        };
        [name, verb].concat()
    },
    effect: |action| match action {
        "start" => "만들어진 그대로 시작합니다. 요청한 사람은 감사 로그에 남습니다.",
        "stop" => {
            "프로그램에 종료를 요청하고, 끝나지 않으면 강제로 끝냅니다. 요청한 사람은 감사 로그에 남습니다."
        }
        _ => "프로그램을 끝내고 다시 시작합니다. 요청한 사람은 감사 로그에 남습니다.",
    },
    asked: |action| match action {
        "start" => "시작하는 중…",
        "stop" => "중지하는 중…",
        _ => "재시작하는 중…",
    },
    failed: |action| match action {
        "start" => "시작하지 못했습니다.",
        "stop" => "중지하지 못했습니다.",
        _ => "재시작하지 못했습니다.",
    },
    of_cores: |cores| ["코어 ", cores, "개"].concat(),
};
