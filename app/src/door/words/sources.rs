//! The texts of probes and of targets.

use common::probe::ProbeVerdict;

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct SourceWords {
    /// Says what is here.
    pub(in crate::door) probes_hint: &'static str,
    /// Says what is here.
    pub(in crate::door) targets_hint: &'static str,
    /// There is none.
    pub(in crate::door) no_probes: &'static str,
    /// There is none.
    pub(in crate::door) no_targets: &'static str,
    /// The mark of a state.
    pub(in crate::door) verdict: fn(ProbeVerdict) -> &'static str,
    /// Marks of a target.
    pub(in crate::door) answers: &'static str,
    /// Marks of a target.
    pub(in crate::door) fails: &'static str,
    /// Fact.
    pub(in crate::door) since: &'static str,
    /// Fact.
    pub(in crate::door) latency: &'static str,
    /// Fact.
    pub(in crate::door) every: &'static str,
    /// Fact.
    pub(in crate::door) certificate: &'static str,
    /// The days until a certificate ends.
    pub(in crate::door) days: fn(i64) -> String,
    /// Fact.
    pub(in crate::door) parent: &'static str,
    /// Fact: the host that asks.
    pub(in crate::door) from: &'static str,
    /// Field: the host that asks.
    pub(in crate::door) from_field: &'static str,
    /// Choice: this server asks.
    pub(in crate::door) this_server: &'static str,
    /// Why the agent of a host tells nothing, by the word for programs; none for a word that is about something else.
    pub(in crate::door) of_agent: fn(&str, &str) -> Option<String>,
    /// Fact.
    pub(in crate::door) asked: &'static str,
    /// Fact.
    pub(in crate::door) series: &'static str,
    /// Fact.
    pub(in crate::door) took: &'static str,
    /// Fact.
    pub(in crate::door) size: &'static str,
    /// Fact.
    pub(in crate::door) faults: &'static str,
    /// Describes the strip of the last answers: of so many, how many were up.
    pub(in crate::door) strip: fn(usize, usize) -> String,
    /// Link.
    pub(in crate::door) past: &'static str,
    /// Heading and button.
    pub(in crate::door) add_probe: &'static str,
    /// Heading and button.
    pub(in crate::door) add_target: &'static str,
    /// Heading.
    pub(in crate::door) change: &'static str,
    /// Button.
    pub(in crate::door) save: &'static str,
    /// Button.
    pub(in crate::door) pause: &'static str,
    /// Button.
    pub(in crate::door) go_on: &'static str,
    /// Button.
    pub(in crate::door) remove: &'static str,
    /// Says what becomes of one that is removed.
    pub(in crate::door) remove_hint: &'static str,
    /// It was done.
    pub(in crate::door) saved: &'static str,
    /// It was done.
    pub(in crate::door) removed: &'static str,
    /// Field.
    pub(in crate::door) name: &'static str,
    /// Field.
    pub(in crate::door) kind: &'static str,
    /// A kind of probe, by its word.
    pub(in crate::door) kind_of: fn(&str) -> &'static str,
    /// Field.
    pub(in crate::door) target: &'static str,
    /// Says what stands in that field, by kind.
    pub(in crate::door) target_hint: &'static str,
    /// Field.
    pub(in crate::door) interval: &'static str,
    /// Field.
    pub(in crate::door) timeout: &'static str,
    /// Field.
    pub(in crate::door) retries: &'static str,
    /// Field.
    pub(in crate::door) parent_hint: &'static str,
    /// Choice.
    pub(in crate::door) no_parent: &'static str,
    /// Heading of the fields of HTTP.
    pub(in crate::door) of_http: &'static str,
    /// Field.
    pub(in crate::door) status: &'static str,
    /// Says what stands in that field.
    pub(in crate::door) status_hint: &'static str,
    /// Field.
    pub(in crate::door) keyword: &'static str,
    /// Box.
    pub(in crate::door) absent: &'static str,
    /// Field.
    pub(in crate::door) days_left: &'static str,
    /// Box.
    pub(in crate::door) unverified: &'static str,
    /// Heading of the fields of DNS.
    pub(in crate::door) of_dns: &'static str,
    /// Field.
    pub(in crate::door) record: &'static str,
    /// Field.
    pub(in crate::door) server: &'static str,
    /// Says what stands in that field.
    pub(in crate::door) server_hint: &'static str,
    /// Field.
    pub(in crate::door) expect: &'static str,
    /// Field.
    pub(in crate::door) url: &'static str,
    /// Field.
    pub(in crate::door) metrics: &'static str,
    /// Says what stands in that field.
    pub(in crate::door) metrics_hint: &'static str,
    /// Field.
    pub(in crate::door) token: &'static str,
    /// Says what stands in that field.
    pub(in crate::door) token_hint: &'static str,
}

document_words!(SourceWords, EN, KO);

const EN: SourceWords = SourceWords {
    probes_hint: "Services that this server, or the agent of a host, asks again and again whether they are up.",
    targets_hint: "Prometheus endpoints whose numbers this server reads and keeps: exporters, and programs with a /metrics of their own.",
    no_probes: "Nothing is probed yet.",
    no_targets: "Nothing is scraped yet.",
    verdict: |verdict| match verdict {
        ProbeVerdict::Pending => "not asked yet",
        ProbeVerdict::Up => "up",
        ProbeVerdict::Down => "down",
        ProbeVerdict::Unknown => "unknown",
        ProbeVerdict::Paused => "paused",
    },
    answers: "answers",
    fails: "fails",
    since: "Since",
    latency: "Latency",
    every: "Every",
    certificate: "Certificate",
    days: |days| match days {
        i64::MIN..=-1 => "has ended".to_owned(),
        1 => "1 day left".to_owned(),
        _ => format!("{days} days left"),
    },
    parent: "Hangs on",
    from: "Asked from",
    from_field: "Asked from",
    this_server: "this server",
    of_agent: |code, host| {
        Some(match code {
            "agent_away" => format!("The agent of {host}, which asks this, is not heard."),
            "agent_too_old" => format!("The agent of {host} is too old to ask probes. Update it."),
            "agent_refuses" => {
                format!("The agent of {host} asks no probes: it was started with --no-probes.")
            }
            "too_many_probes" => format!("The agent of {host} has more probes than one agent asks."),
            "agent_silent" => format!("The agent of {host} has told nothing of this for long."),
            _ => return None,
        })
    },
    asked: "Last asked",
    series: "Series",
    took: "Took",
    size: "Size",
    faults: "Faults in the answer",
    strip: |up, all| format!("Up in {up} of the last {all} answers"),
    past: "Explore",
    add_probe: "Add a probe",
    add_target: "Add a target",
    change: "Change",
    save: "Save",
    pause: "Pause",
    go_on: "Go on",
    remove: "Remove",
    remove_hint: "It is asked no more. What was kept of it stays until it is too old.",
    saved: "Saved.",
    removed: "Removed.",
    name: "Name",
    kind: "Kind",
    kind_of: |kind| match kind {
        "tcp" => "TCP: a port takes a connection",
        "icmp" => "ICMP: the host answers an echo (ping)",
        "dns" => "DNS: a name server answers",
        _ => "HTTP: an address answers",
    },
    target: "Address",
    target_hint: "HTTP: https://shop.example.org/health. TCP: db.example.org:5432. ICMP: a host. DNS: a name.",
    interval: "Seconds from one question to the next",
    timeout: "Seconds to wait for an answer",
    retries: "Further attempts before it counts as down",
    parent_hint: "Hangs on: while that one is not up, nothing is said of this one",
    no_parent: "nothing",
    of_http: "More of HTTP",
    status: "Status codes that are well",
    status_hint: "Numbers and ranges: 200, 204, 300-399. 200 to 399 if it is empty.",
    keyword: "Text that the answer must have",
    absent: "The answer must not have that text",
    days_left: "Days that the certificate must still be valid for",
    unverified: "Take any certificate",
    of_dns: "More of DNS",
    record: "Record",
    server: "Name server",
    server_hint: "Its IP address. The system's where it is empty.",
    expect: "Value that one of the records must have",
    url: "Address of the endpoint",
    metrics: "Metrics to keep",
    metrics_hint: "Patterns, one a line: node_* keeps what begins so; with an exclamation mark before it, it is left out. All if it is empty.",
    token: "Bearer token",
    token_hint: "Sent with each question. If it is empty, the one that there is stays.",
};

const KO: SourceWords = SourceWords {
    probes_hint: "서비스가 살아 있는지 이 서버나 호스트의 에이전트가 주기적으로 점검합니다.",
    targets_hint: "이 서버가 값을 읽어 보관하는 Prometheus 엔드포인트입니다. 익스포터와, /metrics를 직접 제공하는 프로그램이 여기에 속합니다.",
    no_probes: "아직 점검하는 서비스가 없습니다.",
    no_targets: "아직 읽어 오는 엔드포인트가 없습니다.",
    verdict: |verdict| match verdict {
        ProbeVerdict::Pending => "점검 전",
        ProbeVerdict::Up => "정상",
        ProbeVerdict::Down => "장애",
        ProbeVerdict::Unknown => "알 수 없음",
        ProbeVerdict::Paused => "일시 중지",
    },
    answers: "응답함",
    fails: "실패",
    since: "상태 시작",
    latency: "응답 시간",
    every: "주기",
    certificate: "인증서",
    days: |days| if days < 0 { "만료됨".to_owned() } else { format!("{days}일 남음") },
    parent: "상위 점검",
    from: "점검하는 곳",
    from_field: "점검하는 곳",
    this_server: "이 서버",
    of_agent: |code, host| {
        Some(match code {
            "agent_away" => format!("점검하는 {host}의 에이전트가 응답하지 않습니다."),
            "agent_too_old" => format!("{host}의 에이전트가 오래되어 점검하지 못합니다. 업데이트하세요."),
            "agent_refuses" => format!("{host}의 에이전트는 --no-probes로 시작되어 점검하지 않습니다."),
            "too_many_probes" => format!("{host}의 에이전트가 맡을 수 있는 점검 수를 넘었습니다."),
            "agent_silent" => format!("{host}의 에이전트가 이 점검의 결과를 오래 보내지 않았습니다."),
            _ => return None,
        })
    },
    asked: "마지막 점검",
    series: "시계열",
    took: "걸린 시간",
    size: "크기",
    faults: "응답의 문제",
    strip: |up, all| format!("최근 응답 {all}번 중 {up}번 정상"),
    past: "살펴보기",
    add_probe: "점검 추가",
    add_target: "엔드포인트 추가",
    change: "변경",
    save: "저장",
    pause: "일시 중지",
    go_on: "다시 시작",
    remove: "제거",
    remove_hint: "더 이상 점검하지 않습니다. 보관된 값은 기한이 지날 때까지 남습니다.",
    saved: "저장했습니다.",
    removed: "제거했습니다.",
    name: "이름",
    kind: "종류",
    kind_of: |kind| match kind {
        "tcp" => "TCP: 포트가 연결을 받는지",
        "icmp" => "ICMP: 호스트가 에코(ping)에 답하는지",
        "dns" => "DNS: 네임 서버가 답하는지",
        _ => "HTTP: 주소가 응답하는지",
    },
    target: "주소",
    target_hint: "HTTP: https://shop.example.org/health, TCP: db.example.org:5432, ICMP: 호스트, DNS: 도메인 이름",
    interval: "점검 주기(초)",
    timeout: "응답을 기다리는 시간(초)",
    retries: "장애로 보기 전에 다시 시도할 횟수",
    parent_hint: "상위 점검: 상위가 정상이 아니면 이 점검은 판단하지 않습니다",
    no_parent: "없음",
    of_http: "HTTP 세부 설정",
    status: "정상으로 볼 상태 코드",
    status_hint: "번호와 범위: 200, 204, 300-399. 비우면 200~399입니다.",
    keyword: "응답에 있어야 할 글",
    absent: "그 글이 응답에 없어야 함",
    days_left: "인증서에 남아 있어야 할 일수",
    unverified: "어떤 인증서든 받아들임",
    of_dns: "DNS 세부 설정",
    record: "레코드",
    server: "네임 서버",
    server_hint: "IP 주소입니다. 비우면 시스템의 네임 서버를 씁니다.",
    expect: "레코드 중 하나가 가져야 할 값",
    url: "엔드포인트 주소",
    metrics: "보관할 메트릭",
    metrics_hint: "한 줄에 하나씩 적는 패턴: node_*는 그렇게 시작하는 것을 보관하고, 앞에 느낌표를 붙이면 뺍니다. 비우면 모두 보관합니다.",
    token: "Bearer 토큰",
    token_hint: "물어볼 때마다 함께 보냅니다. 비우면 지금 있는 토큰을 그대로 씁니다.",
};
