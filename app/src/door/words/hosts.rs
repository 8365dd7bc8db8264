//! The texts of hosts.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct HostWords {
    /// Says what is here.
    pub(in crate::door) hint: &'static str,
    /// Mark of the machine that the server runs on.
    pub(in crate::door) here: &'static str,
    /// Mark of a host whose agent was heard a moment ago.
    pub(in crate::door) online: &'static str,
    /// Mark of a host whose agent is silent.
    pub(in crate::door) offline: &'static str,
    /// Mark of a host whose agent was never heard.
    pub(in crate::door) never: &'static str,
    /// The columns and orders: state, name, CPU, memory, disk, network, uptime, last heard.
    pub(in crate::door) orders: [&'static str; 8],
    /// Says that it was heard a moment ago.
    pub(in crate::door) now: &'static str,
    /// Names the form of filter, order and groups.
    pub(in crate::door) search: &'static str,
    /// Label of the filter.
    pub(in crate::door) filter: &'static str,
    /// Says what the filter looks at.
    pub(in crate::door) filter_hint: &'static str,
    /// Label of the order.
    pub(in crate::door) sort: &'static str,
    /// Label of the groups.
    pub(in crate::door) group: &'static str,
    /// Choice of no groups.
    pub(in crate::door) no_groups: &'static str,
    /// Button, where no script runs.
    pub(in crate::door) apply: &'static str,
    /// The numbers of hosts, with places for three of them.
    pub(in crate::door) count: &'static str,
    /// Says that the filter leaves none.
    pub(in crate::door) none_match: &'static str,
    /// Heading of the hosts without a label of `{key}`.
    pub(in crate::door) without: &'static str,
    /// The number of hosts of a group: one.
    pub(in crate::door) one_host: &'static str,
    /// The number of hosts of a group: `{n}`.
    pub(in crate::door) some_hosts: &'static str,
    /// Label of the hosts to remove.
    pub(in crate::door) host: &'static str,
    /// Value that is not known.
    pub(in crate::door) unknown: &'static str,
    /// Fact.
    pub(in crate::door) received: &'static str,
    /// Fact.
    pub(in crate::door) sent: &'static str,
    /// The number of cores.
    pub(in crate::door) cores: fn(usize) -> String,
    /// Stands before a version.
    pub(in crate::door) agent: &'static str,
    /// Warning, before a length of time.
    pub(in crate::door) clock_ahead: &'static str,
    /// Warning, before a length of time.
    pub(in crate::door) clock_behind: &'static str,
    /// Link.
    pub(in crate::door) past: &'static str,
    /// Link to its containers.
    pub(in crate::door) containers: &'static str,
    /// Heading.
    pub(in crate::door) add: &'static str,
    /// Says how a host is added.
    pub(in crate::door) add_hint: &'static str,
    /// Button.
    pub(in crate::door) make_code: &'static str,
    /// Label of the line.
    pub(in crate::door) line: &'static str,
    /// Says where to run the line.
    pub(in crate::door) line_hint: &'static str,
    /// Heading.
    pub(in crate::door) remove_heading: &'static str,
    /// Says what becomes of a host that is removed.
    pub(in crate::door) remove_hint: &'static str,
    /// Button.
    pub(in crate::door) remove: &'static str,
    /// Says that a host was removed.
    pub(in crate::door) removed: &'static str,
}

document_words!(HostWords, EN, KO);

const EN: HostWords = HostWords {
    hint: "Every machine that is watched: the one that this server runs on, and those whose agents report to it.",
    here: "this server",
    online: "online",
    offline: "offline",
    never: "not heard yet",
    orders: ["State", "Name", "CPU", "Memory", "Disk", "Network", "Uptime", "Last heard"],
    now: "now",
    search: "Find and sort hosts",
    filter: "Filter",
    filter_hint: "Looks at names, systems and labels; each word must match. Disk is the fullest one.",
    sort: "Sort by",
    group: "Group by label",
    no_groups: "No groups",
    apply: "Apply",
    count: "Showing {shown} of {all}; offline: {offline}",
    none_match: "No host matches. Clear the filter to see all of them.",
    without: "Without {key}",
    one_host: "1 host",
    some_hosts: "{n} hosts",
    host: "Host",
    unknown: "–",
    received: "Received",
    sent: "Sent",
    cores: |n| if n == 1 { "1 core".into() } else { [&n.to_string(), " cores"].concat() },
    agent: "agent",
    clock_ahead: "Its clock is ahead by",
    clock_behind: "Its clock is behind by",
    past: "History",
    containers: "Containers",
    add: "Add a host",
    add_hint: "The agent is the same program as this server. It connects outwards only, runs as any user, and changes nothing on its host.",
    make_code: "Show the line to run",
    line: "Run this on the host",
    line_hint: "The code in it is good once, for ten minutes. From then on “pulseboard agent” is enough.",
    remove_heading: "Remove a host",
    remove_hint: "Its agent is not listened to any more. What was kept of it stays until it is too old.",
    remove: "Remove",
    removed: "The host is removed.",
};

const KO: HostWords = HostWords {
    hint: "감시 중인 모든 컴퓨터입니다. 이 서버가 돌아가는 컴퓨터와, 에이전트가 값을 보내오는 컴퓨터가 있습니다.",
    here: "이 서버",
    online: "연결됨",
    offline: "끊김",
    never: "아직 연락 없음",
    orders: ["상태", "이름", "CPU", "메모리", "디스크", "네트워크", "가동 시간", "마지막 연락"],
    now: "방금",
    search: "호스트 찾기와 정렬",
    filter: "필터",
    filter_hint: "이름, 시스템, 레이블에서 찾습니다. 적은 단어가 모두 들어 있어야 합니다. 디스크는 가장 많이 찬 것입니다.",
    sort: "정렬 기준",
    group: "레이블로 묶기",
    no_groups: "묶지 않음",
    apply: "적용",
    count: "{all}대 중 {shown}대 표시, 끊김 {offline}대",
    none_match: "맞는 호스트가 없습니다. 필터를 지우면 모두 보입니다.",
    without: "{key} 없음",
    one_host: "1대",
    some_hosts: "{n}대",
    host: "호스트",
    unknown: "–",
    received: "수신",
    sent: "송신",
    cores: |n| ["코어 ", &n.to_string(), "개"].concat(),
    agent: "에이전트",
    clock_ahead: "시계가 앞선 시간:",
    clock_behind: "시계가 늦은 시간:",
    past: "지난 기록",
    containers: "컨테이너",
    add: "호스트 추가",
    add_hint: "에이전트는 이 서버와 같은 프로그램입니다. 밖으로만 연결하고, 어느 사용자로든 실행되며, 호스트의 아무것도 바꾸지 않습니다.",
    make_code: "실행할 명령 보기",
    line: "호스트에서 실행하세요",
    line_hint: "명령에 든 코드는 10분 동안 한 번만 쓸 수 있습니다. 그다음부터는 ‘pulseboard agent’만 실행하면 됩니다.",
    remove_heading: "호스트 제거",
    remove_hint: "더 이상 에이전트의 값을 받지 않습니다. 보관된 기록은 기한이 지날 때까지 남습니다.",
    remove: "제거",
    removed: "호스트를 제거했습니다.",
};
