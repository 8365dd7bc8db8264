//! Korean.

use common::frame::ByeReason;

use super::DoctorWords;

pub(super) const KO: DoctorWords = DoctorWords {
    name: "진단",
    intro: "이 브라우저와 서버 사이의 프록시, 필터, 브라우저 자체의 한계를 살펴봅니다. 방법마다 요청을 보내고, 서버는 각 요청이 어떻게 도착했는지 알려 줍니다.",
    again: "다시 진단",
    copy: "보고서 복사",
    copied: "보고서를 복사했습니다.",
    not_copied: "브라우저가 이 페이지의 복사를 허용하지 않습니다. 보고서를 선택해 두었으니 Ctrl+C(Mac은 Cmd+C)를 눌러 주세요.",
    proxy: "사용하는 프록시",
    lines_for: "설정: ",
    lines_whole: "전송 방식 여섯 가지 모두",
    lines_http2: "HTTP/2를 쓰는 HTTPS",
    lines_are_all: "여섯 가지 전송 방식으로 실제로 확인한 설정입니다. 다른 프록시의 설정과 주의할 점은 docs/proxies.md에 있습니다.",
    rest: "그 밖의 항목",
    silence_goes_on: " 유휴 연결 검사는 100초까지 계속됩니다.",
    report: "보고서",
    missing: "진단 기능을 불러오지 못했습니다. 다시 시도해도 안 되면 페이지를 새로 고쳐 주세요.",
    made: "작성",
    address: "페이지",
    browser: "브라우저",

    running: "확인 중",
    well: "정상",
    note: "참고",
    fault: "문제",
    unknown: "알 수 없음",

    routes: "전송 방식별 엔드포인트",
    upgrade: "WebSocket 업그레이드",
    streaming: "스트리밍",
    tls: "TLS",
    host: "Host 헤더",
    http: "HTTP 버전",
    crowd: "동시 요청",
    clock: "시계",
    idle: "유휴 연결",

    blocked: "막힌 엔드포인트가 있습니다",
    stripped: "WebSocket 업그레이드가 제거됩니다",
    refused: "WebSocket 업그레이드가 중간에서 거부됩니다",
    held: "응답이 중간에서 지체됩니다",
    late: "이벤트마다 늦게 도착합니다",
    no_tls: "연결이 암호화되어 있지 않습니다",
    opened: "중간에서 TLS를 열어 봅니다",
    other_host: "프록시가 Host 헤더를 바꿉니다",
    old_http: "프록시가 서버에 HTTP/1.0으로 요청합니다",
    six: "동시 요청은 최대 여섯 개입니다",
    few_streams: "동시 요청 수가 적습니다",
    apart: "시계가 서로 다릅니다",
    cut: "유휴 연결이 끊깁니다",
    short_life: "긴 응답이 중간에서 끝납니다",

    mend_routes: "/live/와 /socket.io/로 가는 요청을 서버까지 통과시켜 주세요.",
    mend_upgrade: "Upgrade와 Connection 헤더를 그대로 전달해 주세요. 그때까지 페이지는 업그레이드가 필요 없는 방식을 씁니다.",
    mend_streaming: "응답을 오는 대로 전달해 주세요. 그때까지 페이지는 버퍼에 걸리지 않는 폴링을 씁니다.",
    mend_late: "프록시가 데이터를 받는 즉시 보내게 해 주세요. 그때까지 모든 수치가 그만큼 늦습니다.",
    mend_plain: "HTTPS로 접속하게 해 주세요. 프록시나 Pulseboard(--tls-cert, --tls-key)에 인증서를 설정합니다.",
    mend_tls: "직접 운영하는 프록시라면 응답을 오는 대로 전달하기만 하면 됩니다. 필터나 백신이라면 이 주소를 검사에서 제외해 주세요.",
    mend_host: "Host 헤더를 온 그대로 전달하고, 그 이름을 서버 설정의 hosts에 넣어 주세요. 그때까지 무언가를 바꾸는 요청은 거부됩니다.",
    mend_http: "프록시가 서버에 HTTP/1.1로 요청하게 해 주세요.",
    mend_six: "대시보드에는 연결 하나면 충분합니다. 더 필요하면 HTTP/2를 쓰는 HTTPS로 접속해 주세요.",
    mend_streams: "대시보드는 스트림 하나만 쓰므로 빠지는 것은 없습니다. 더 필요하면 프록시에서 연결당 동시 스트림 수를 늘려 주세요.",
    mend_clock: "양쪽 시계를 NTP로 맞춰 주세요. Linux에서는 timedatectl set-ntp true 명령을 씁니다.",
    mend_idle: "유휴 연결의 제한 시간을 늘리거나, 서버 설정의 [live] 아래 heartbeat_ms를 줄여 데이터를 더 자주 보내게 해 주세요.",
    mend_life: "끊긴 자리부터 다시 이어지므로 잃는 것은 없습니다. 이 설정을 쓰면 끝나지 않습니다.",

    asking: "확인 중…",
    no_word: "요청이 어떻게 도착했는지 서버가 알려 주지 않았습니다.",
    behind_block: "엔드포인트가 막혀 있어 확인할 수 없습니다.",
    behind_host: "요청은 Upgrade 헤더와 함께 도착했지만, Host 헤더 때문에 서버가 거부합니다. Host가 바로잡히면 자동으로 다시 확인합니다.",
    plain: "이 페이지는 TLS 없이 왔습니다. 중간의 누구나 내용을 읽을 수 있습니다.",
    plain_local: "이 페이지는 TLS 없이 왔지만, 이 컴퓨터 안에서 왔으므로 중간에 아무도 없습니다.",
    too_few: "도착한 이벤트가 너무 적어 하나씩 오는지 확인할 수 없습니다.",
    turned_away: |reason| {
        let why = match reason {
            ByeReason::TooManyConnections => {
                "연결이 너무 많아(서버 설정의 limits.connections_per_address 또는 limits.connections)"
            }
            ByeReason::LogFull => "보관할 수 있는 토픽이 가득 차서",
            ByeReason::Shutdown => "서버가 종료하는 중이어서",
            ByeReason::Ended | ByeReason::SignedOut => "누군가 연결을 종료해서",
            ByeReason::Renew => "연결을 새로 여는 중이어서",
        };
        [why, " 서버가 스트림을 돌려보냈습니다. 확인할 수 없습니다."].concat()
    },
    late_seen: |ms, error| {
        [
            "이벤트가 하나씩 도착하지만, 서버가 보낸 뒤 매번 ",
            ms,
            " ms가 걸립니다(± ",
            error,
            " ms). 중간의 무언가가 더 모이기를 기다립니다.",
        ]
        .concat()
    },
    held_long: |seconds| {
        [
            "짧게 시작하는 스트림은 통과하지만, 1KB쯤으로 시작하는 스트림에서는 ",
            seconds,
            "초 동안 아무것도 오지 않았습니다(연속 2회). 중간의 압축이 그렇게 합니다(2.11 이전 Caddy).",
        ]
        .concat()
    },
    answer_lost: "WebSocket 요청은 Upgrade 헤더와 함께 서버에 도착했지만, 응답이 돌아오지 않았습니다.",
    opened_held: " 응답도 지체시킵니다.",
    held_all: |seconds| {
        [
            "요청은 서버에 도착했고 서버는 초당 3회 보냈지만, ",
            seconds,
            "초 동안 아무것도 오지 않았습니다(연속 2회).",
        ]
        .concat()
    },
    held_some: |seconds| {
        ["서버는 초당 3회 보냈지만, 중간에 ", seconds, "초씩 멈추며 한꺼번에 도착했습니다(연속 2회)."]
            .concat()
    },
    stream_refused: |status| match status {
        0 => "스트림에 응답이 없어 확인할 수 없습니다.".to_owned(),
        status => ["스트림의 응답이 상태 ", &status.to_string(), "여서 확인할 수 없습니다."].concat(),
    },
    all_routes: |count| ["전송 방식 ", &count.to_string(), "가지 모두 서버에 연결됩니다."].concat(),
    route_answered: |name, status| {
        [name, ": 서버가 아닌 무언가가 ", &status.to_string(), "로 응답합니다."].concat()
    },
    route_cut: |name| [name, ": 응답 전에 연결이 끊깁니다."].concat(),
    route_silent: |name| [name, ": 응답이 없습니다."].concat(),
    socket_opened: |ms| ["WebSocket이 ", ms, " ms 만에 열렸습니다."].concat(),
    socket_stripped: |http| ["WebSocket 요청이 Upgrade 헤더 없이 ", http, "로 서버에 도착했습니다."].concat(),
    socket_refused: |ms| {
        ["WebSocket 요청이 서버에 도착하지 않았고, ", ms, " ms 만에 끝났습니다(연속 2회)."].concat()
    },
    socket_silent: |seconds| {
        ["WebSocket 요청이 서버에 도착하지 않았고, ", seconds, "초 동안 아무 응답도 없었습니다(연속 2회)."]
            .concat()
    },
    streamed: |count, first| {
        ["이벤트 ", &count.to_string(), "개가 하나씩 도착했고, 첫 데이터는 ", first, " ms 만에 왔습니다."]
            .concat()
    },
    whole: |http| {
        ["브라우저와 서버가 서로 ", http, "로 통신합니다. 중간에서 열어 보는 것이 없습니다."].concat()
    },
    ends_before: |http| ["TLS는 서버 앞의 프록시에서 끝나며, 요청은 ", http, "로 전달됩니다."].concat(),
    opened_seen: |browser, server| {
        [
            "서버는 TLS로 오는 모두에게 HTTP/2를 제안합니다. 그런데 브라우저는 ",
            browser,
            "로 통신하고 요청은 ",
            server,
            "로 도착합니다. 중간의 무언가가 이 주소의 인증서를 갖고 있습니다.",
        ]
        .concat()
    },
    same_host: |host| ["요청이 브라우저가 요청한 대로 ", host, " 앞으로 도착합니다."].concat(),
    other_seen: |asked, heard| {
        ["브라우저는 ", asked, "에 요청했지만, 서버에는 ", heard, " 앞으로 도착합니다."].concat()
    },
    arrives: |http| ["요청이 ", http, "로 서버에 도착합니다."].concat(),
    old_seen: |browser| {
        [
            "브라우저는 ",
            browser,
            "로 통신하지만 요청은 HTTP/1.0으로 서버에 도착합니다. 업그레이드를 할 수 없고, 응답마다 새 연결이 필요합니다.",
        ]
        .concat()
    },
    all_at_once: |count, http| {
        ["요청 ", &count.to_string(), "개가 ", http, "로 동시에 서버에 도착했습니다."].concat()
    },
    six_seen: |count, all, seconds| {
        [
            "요청 ",
            &all.to_string(),
            "개 중 ",
            &count.to_string(),
            "개만 동시에 서버에 도착했고, 나머지는 하나가 끝날 때까지 ",
            seconds,
            "초를 기다렸습니다. HTTP/1.1에서 브라우저는 모든 탭을 합쳐 한 서버에 연결을 여섯 개까지만 엽니다.",
        ]
        .concat()
    },
    streams_seen: |count, all, seconds, http| {
        [
            "요청 ",
            &all.to_string(),
            "개 중 ",
            &count.to_string(),
            "개만 동시에 서버에 도착했고, 나머지는 하나가 끝날 때까지 ",
            seconds,
            "초를 기다렸습니다. ",
            http,
            "에서는 브라우저가 아니라 브라우저가 연결한 상대가 연결당 동시 스트림 수를 정합니다(lighttpd는 8개, Apache는 처음에 여섯 개).",
        ]
        .concat()
    },
    clocks: |ms, error| ["두 시계의 차이는 ", ms, " ms입니다(± ", error, " ms)."].concat(),
    apart_seen: |ahead, long, error| {
        let way = if ahead { " 빠릅니다(± " } else { " 느립니다(± " };
        ["서버의 시계가 이 브라우저보다 ", long, way, error, " ms)."].concat()
    },
    silent_so_far: |seconds, all| {
        [
            &all.to_string(),
            "초 중 지금까지 ",
            &seconds.to_string(),
            "초 동안 데이터가 없었고, 끊기지 않았습니다.",
        ]
        .concat()
    },
    silent_long: |seconds| [&seconds.to_string(), "초 동안 데이터가 없던 연결이 끊기지 않았습니다."].concat(),
    cut_seen: |after, heartbeat, lives| {
        let so = if lives {
            " 데이터를 보내므로 연결은 유지됩니다."
        } else {
            " 데이터를 보내는데, 그때는 이미 늦습니다. 변화가 적으면 연결이 끊깁니다."
        };
        ["유휴 연결이 ", after, "초 만에 끊겼습니다. 서버는 적어도 ", &heartbeat.to_string(), "초마다", so]
            .concat()
    },
    dropped: |seconds| ["유휴 연결이 ", &seconds.to_string(), "초 안에 아무 말 없이 버려졌습니다."].concat(),
    life_seen: |name, seconds| {
        [
            "중간에 ",
            name,
            "가 있습니다. 기본 설정에서는 데이터가 흐르더라도 시작한 지 ",
            &seconds.to_string(),
            "초 뒤에 모든 응답을 끝냅니다.",
        ]
        .concat()
    },
    no_silence: |status| match status {
        0 => "유휴 응답이 시작되지 않아 확인할 수 없습니다.".to_owned(),
        status => ["응답의 상태가 ", &status.to_string(), "여서 확인할 수 없습니다."].concat(),
    },
    found: |faults, notes| match (faults, notes) {
        (0, 0) => "이 브라우저와 서버 사이에 문제가 없습니다.".to_owned(),
        (0, notes) => {
            ["이 브라우저와 서버 사이에 문제가 없습니다. 참고 ", &notes.to_string(), "건."].concat()
        }
        (faults, 0) => ["문제 ", &faults.to_string(), "건을 찾았습니다."].concat(),
        (faults, notes) => {
            ["문제 ", &faults.to_string(), "건과 참고 ", &notes.to_string(), "건을 찾았습니다."].concat()
        }
    },
};
