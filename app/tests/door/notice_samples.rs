//! The page of notices, in each of its states.

use app::door::{
    DoorContext, FormProblem, NoticeFormDraft, NoticeListFilter, NoticeReceipts, NoticeRow, NoticesDone,
    NoticesPage, ShownAudience, notices,
};
use common::{notice::NoticeLevel, role::Role};

const MOMENT: u64 = 1_795_938_227_000;
const HOUR: u64 = 3_600_000;

fn notice(
    id: u64,
    level: NoticeLevel,
    name: &str,
    to: ShownAudience,
    receipts: Option<NoticeReceipts>,
) -> NoticeRow {
    NoticeRow {
        id,
        level,
        title: format!("{name} {id}"),
        text: [name, "\n", name].concat(),
        link: Some("/chat?room=a&b=c".into()),
        from: name.to_owned(),
        to,
        sent: MOMENT - HOUR,
        expires: Some(MOMENT + HOUR),
        read: (id < 3).then_some(MOMENT),
        receipts,
    }
}

pub(crate) fn notices_page(name: &str) -> NoticesPage {
    NoticesPage {
        unread: vec![
            notice(5, NoticeLevel::Critical, name, ShownAudience::All, None),
            notice(4, NoticeLevel::Warning, name, ShownAudience::Role(Role::Operator), None),
        ],
        others: vec![notice(2, NoticeLevel::Info, name, ShownAudience::Person(name.to_owned()), None)],
        next_before: Some(2),
        newest_unread: Some(5),
        draft: Some(NoticeFormDraft::default()),
        ..NoticesPage::default()
    }
}

pub(crate) fn all_notices(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let receipts = NoticeReceipts {
        read: vec![(Some(name.to_owned()), MOMENT), (None, MOMENT)],
        waiting: vec!["김서연".into()],
    };
    let filter = NoticeListFilter { sent: true, level: Some(NoticeLevel::Info), before: Some(9) };
    let draft = NoticeFormDraft {
        to: "user".into(),
        person: name.to_owned(),
        title: name.to_owned(),
        text: name.to_owned(),
        ..NoticeFormDraft::default()
    };
    let sent = NoticesPage {
        unread: Vec::new(),
        others: vec![notice(3, NoticeLevel::Info, name, ShownAudience::Role(Role::Admin), Some(receipts))],
        filter,
        newest_unread: None,
        done: Some(NoticesDone::Sent),
        ..notices_page(name)
    };
    let refused = NoticesPage {
        draft: Some(draft),
        problem: Some(FormProblem::NoticePersonUnknown),
        ..notices_page(name)
    };
    let done = Some(NoticesDone::Read { left: 2 });
    vec![
        ("notices", notices(context, NoticesPage { done, ..notices_page(name) })),
        ("notices-sent", notices(context, sent)),
        ("notices-wrong", notices(context, refused)),
        ("notices-none", notices(context, NoticesPage::default())),
    ]
}
