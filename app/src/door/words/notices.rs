//! The texts of notices.

use common::{notice::NoticeLevel, role::Role};

use crate::{door::done::NoticesDone, i18n::document_words};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct NoticeWords {
    /// Says what was done.
    pub(in crate::door) done: fn(NoticesDone) -> String,
    /// Heading.
    pub(in crate::door) unread: &'static str,
    /// There are none.
    pub(in crate::door) none_unread: &'static str,
    /// Heading.
    pub(in crate::door) read: &'static str,
    /// There are none.
    pub(in crate::door) none_read: &'static str,
    /// Heading, and choice.
    pub(in crate::door) sent: &'static str,
    /// There are none.
    pub(in crate::door) none_sent: &'static str,
    /// Button.
    pub(in crate::door) read_all: &'static str,
    /// Button.
    pub(in crate::door) acknowledge: &'static str,
    /// Its name, from the notice's title.
    pub(in crate::door) acknowledge_of: fn(&str) -> String,
    /// Link.
    pub(in crate::door) open: &'static str,
    /// Its name, from the notice's title.
    pub(in crate::door) open_of: fn(&str) -> String,
    /// A level's name.
    pub(in crate::door) level: fn(NoticeLevel) -> &'static str,
    /// A level's mark before its name.
    pub(in crate::door) mark: fn(NoticeLevel) -> &'static str,
    /// Field.
    pub(in crate::door) urgency: &'static str,
    /// No choice.
    pub(in crate::door) any_level: &'static str,
    /// Names the filter.
    pub(in crate::door) filter: &'static str,
    /// Button.
    pub(in crate::door) filter_button: &'static str,
    /// Field.
    pub(in crate::door) show: &'static str,
    /// Choice.
    pub(in crate::door) for_me: &'static str,
    /// Link.
    pub(in crate::door) older: &'static str,
    /// Link.
    pub(in crate::door) newest: &'static str,
    /// Fact.
    pub(in crate::door) from: &'static str,
    /// Fact, and field.
    pub(in crate::door) to: &'static str,
    /// Fact.
    pub(in crate::door) time: &'static str,
    /// Fact.
    pub(in crate::door) expires: &'static str,
    /// Fact.
    pub(in crate::door) read_at: &'static str,
    /// Readers.
    pub(in crate::door) everyone: &'static str,
    /// Readers, by the least role.
    pub(in crate::door) role: fn(Role) -> &'static str,
    /// Choice.
    pub(in crate::door) person: &'static str,
    /// Says how many have read it, of how many.
    pub(in crate::door) read_by: fn(usize, usize) -> String,
    /// Names those who have not read it.
    pub(in crate::door) waiting: &'static str,
    /// A reader without an account.
    pub(in crate::door) nobody: &'static str,
    /// Heading.
    pub(in crate::door) send: &'static str,
    /// Field.
    pub(in crate::door) person_name: &'static str,
    /// Its hint.
    pub(in crate::door) person_hint: &'static str,
    /// Field.
    pub(in crate::door) title: &'static str,
    /// Field.
    pub(in crate::door) text: &'static str,
    /// Field.
    pub(in crate::door) link: &'static str,
    /// Its hint.
    pub(in crate::door) link_hint: &'static str,
    /// Field.
    pub(in crate::door) expires_after: &'static str,
    /// Button.
    pub(in crate::door) send_button: &'static str,
}

document_words!(NoticeWords, EN, KO);

const EN: NoticeWords = NoticeWords {
    done: |done| match done {
        NoticesDone::Read { left: 0 } => "Marked as read, on all your devices. Nothing is unread.".into(),
        NoticesDone::Read { left } => {
            ["Marked as read, on all your devices. ", &left.to_string(), " unread."].concat()
        }
        NoticesDone::Sent => "The notice is sent. You see below who has read it.".into(),
    },
    unread: "Unread",
    none_unread: "You have read everything.",
    read: "Read",
    none_read: "Notices that you have read are listed here.",
    sent: "Sent by me",
    none_sent: "You have sent no notices yet.",
    read_all: "Mark all as read",
    acknowledge: "Mark as read",
    acknowledge_of: |title| ["Mark as read: ", title].concat(),
    open: "Open page",
    open_of: |title| ["Open page: ", title].concat(),
    level: |level| match level {
        NoticeLevel::Info => "Info",
        NoticeLevel::Warning => "Warning",
        NoticeLevel::Critical => "Critical",
    },
    mark,
    urgency: "Level",
    any_level: "Any",
    filter: "Filter",
    filter_button: "Show",
    show: "Notices",
    for_me: "For me",
    older: "Older",
    newest: "Newest",
    from: "From",
    to: "To",
    time: "Sent",
    expires: "Expires",
    read_at: "Read",
    everyone: "Everyone",
    role: |role| match role {
        Role::Viewer => "Viewers and above",
        Role::Operator => "Operators and administrators",
        Role::Admin => "Administrators",
    },
    person: "One person",
    read_by: |read, all| ["Read by ", &read.to_string(), " of ", &all.to_string()].concat(),
    waiting: "Not yet",
    nobody: "This server, before it had accounts",
    send: "Send a notice",
    person_name: "Name of the person",
    person_hint: "Only for a notice to one person.",
    title: "Title",
    text: "Text",
    link: "Page",
    link_hint: "A page of this board that it leads to, such as /chat.",
    expires_after: "Expires after",
    send_button: "Send notice",
};

const KO: NoticeWords = NoticeWords {
    done: |done| match done {
        NoticesDone::Read { left: 0 } => {
            "모든 기기에서 읽음으로 표시했습니다. 읽지 않은 알림이 없습니다.".into()
        }
        NoticesDone::Read { left } => {
            ["모든 기기에서 읽음으로 표시했습니다. 읽지 않은 알림이 ", &left.to_string(), "개 있습니다."]
                .concat()
        }
        NoticesDone::Sent => "알림을 보냈습니다. 누가 읽었는지 아래에 표시됩니다.".into(),
    },
    unread: "읽지 않음",
    none_unread: "모두 읽었습니다.",
    read: "읽음",
    none_read: "읽은 알림이 여기에 표시됩니다.",
    sent: "보낸 알림",
    none_sent: "아직 보낸 알림이 없습니다.",
    read_all: "모두 읽음으로 표시",
    acknowledge: "읽음으로 표시",
    acknowledge_of: |title| ["읽음으로 표시: ", title].concat(),
    open: "페이지 열기",
    open_of: |title| ["페이지 열기: ", title].concat(),
    level: |level| match level {
        NoticeLevel::Info => "정보",
        NoticeLevel::Warning => "경고",
        NoticeLevel::Critical => "위험",
    },
    mark,
    urgency: "중요도",
    any_level: "전체",
    filter: "필터",
    filter_button: "보기",
    show: "알림",
    for_me: "받은 알림",
    older: "이전 알림",
    newest: "최신 알림",
    from: "보낸 사람",
    to: "받는 사람",
    time: "보낸 시각",
    expires: "만료",
    read_at: "읽은 시각",
    everyone: "모든 사용자",
    role: |role| match role {
        Role::Viewer => "뷰어 이상",
        Role::Operator => "운영자와 관리자",
        Role::Admin => "관리자",
    },
    person: "한 사람",
    read_by: |read, all| [&all.to_string(), "명 중 ", &read.to_string(), "명이 읽음"].concat(),
    waiting: "아직 읽지 않음",
    nobody: "계정이 생기기 전의 이 서버",
    send: "알림 보내기",
    person_name: "받는 사람의 이름",
    person_hint: "한 사람에게 보낼 때만 입력하세요.",
    title: "제목",
    text: "내용",
    link: "페이지",
    link_hint: "/chat처럼 이 보드에서 열릴 페이지입니다.",
    expires_after: "만료 기간",
    send_button: "알림 보내기",
};

/// Shapes, so that colour never speaks alone.
fn mark(level: NoticeLevel) -> &'static str {
    match level {
        NoticeLevel::Info => "",
        NoticeLevel::Warning => "△ ",
        NoticeLevel::Critical => "▲ ",
    }
}
