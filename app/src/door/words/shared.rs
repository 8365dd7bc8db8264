//! The texts that every document of the front door has.

use common::role::Role;

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct SharedWords {
    /// The bar's links, for screen readers.
    pub(in crate::door) links: &'static str,
    /// Link, and heading.
    pub(in crate::door) account: &'static str,
    /// Link, and heading.
    pub(in crate::door) notices: &'static str,
    /// Link, and heading.
    pub(in crate::door) people: &'static str,
    /// Link, and heading.
    pub(in crate::door) audit: &'static str,
    /// Link, and heading.
    pub(in crate::door) hosts: &'static str,
    /// Title and link.
    pub(in crate::door) probes: &'static str,
    /// Title and link.
    pub(in crate::door) targets: &'static str,
    /// Link, and heading.
    pub(in crate::door) history: &'static str,
    /// Link, and heading.
    pub(in crate::door) explore: &'static str,
    /// Link, and heading.
    pub(in crate::door) dashboards: &'static str,
    /// Link, and heading.
    pub(in crate::door) kept_logs: &'static str,
    /// Link, and heading.
    pub(in crate::door) streams: &'static str,
    /// Link, and heading.
    pub(in crate::door) api: &'static str,
    /// Button.
    pub(in crate::door) sign_out: &'static str,
    /// Begins the title of a document whose form was not accepted.
    pub(in crate::door) refused: &'static str,
    /// Never, of a moment.
    pub(in crate::door) never: &'static str,
    /// A role's name.
    pub(in crate::door) role: fn(Role) -> &'static str,
    /// The rights of a role.
    pub(in crate::door) role_may: fn(Role) -> &'static str,
    /// A number of days.
    pub(in crate::door) days: fn(u32) -> String,
}

document_words!(SharedWords, EN, KO);

const EN: SharedWords = SharedWords {
    links: "Account and settings",
    account: "Account",
    notices: "Notices",
    people: "People",
    audit: "Audit log",
    hosts: "Hosts",
    probes: "Probes",
    targets: "Targets",
    history: "History",
    explore: "Explore",
    dashboards: "Dashboards",
    kept_logs: "Kept lines",
    streams: "Streams",
    api: "REST API",
    sign_out: "Sign out",
    refused: "Problem: ",
    never: "never",
    role: |role| match role {
        Role::Viewer => "Viewer",
        Role::Operator => "Operator",
        Role::Admin => "Administrator",
    },
    role_may: |role| match role {
        Role::Viewer => "sees everything and chats",
        Role::Operator => "also publishes, sends notices and manages connections",
        Role::Admin => "also manages people and reads the audit log",
    },
    days: |days| match days {
        0 => "No expiry".into(),
        1 => "1 day".into(),
        365 => "1 year".into(),
        days => [&days.to_string(), " days"].concat(),
    },
};

const KO: SharedWords = SharedWords {
    links: "계정과 설정",
    account: "계정",
    notices: "알림",
    people: "사용자",
    audit: "감사 로그",
    hosts: "호스트",
    probes: "상태 점검",
    targets: "엔드포인트",
    history: "지난 기록",
    explore: "탐색",
    dashboards: "대시보드",
    kept_logs: "보관된 로그",
    streams: "스트림",
    api: "REST API",
    sign_out: "로그아웃",
    refused: "문제: ",
    never: "없음",
    role: |role| match role {
        Role::Viewer => "뷰어",
        Role::Operator => "운영자",
        Role::Admin => "관리자",
    },
    role_may: |role| match role {
        Role::Viewer => "모든 내용을 보고 채팅할 수 있음",
        Role::Operator => "메시지와 알림 전송, 연결 관리도 가능",
        Role::Admin => "사용자 관리와 감사 로그 열람도 가능",
    },
    days: |days| match days {
        0 => "만료 없음".into(),
        365 => "1년".into(),
        days => [&days.to_string(), "일"].concat(),
    },
};
