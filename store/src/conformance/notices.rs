//! Cases of notices.

use common::{
    notice::{NoticeAudience, NoticeLevel, UnreadNotices},
    role::Role,
};
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, created, notice};
use crate::{NOTICES, NewNotice, NoticeFilter, NoticeId, NoticeReader, NoticeReceipt, Store, UserId};

const ALL: NoticeAudience = NoticeAudience::All;
const ADMINS: NoticeAudience = NoticeAudience::Role(Role::Admin);

fn reader(user: UserId, audiences: &[NoticeAudience]) -> NoticeReader {
    let own = NoticeAudience::User(user.0);
    NoticeReader { user, audiences: audiences.iter().copied().chain([own]).collect() }
}

fn of(reader: &NoticeReader) -> NoticeFilter {
    let reader = reader.clone();
    NoticeFilter { reader, sent: false, is_read: None, level: None, before: None, limit: 100, now_ms: NOW }
}

async fn sent(store: &dyn Store, new: NewNotice) -> NoticeId {
    let created = store.notices().create(new).await.expect("stored");
    assert!(created.is_new);
    created.notice.id
}

async fn ids(store: &dyn Store, filter: NoticeFilter) -> Vec<NoticeId> {
    store.notices().list(filter).await.expect("listed").iter().map(|one| one.notice.id).collect()
}

async fn unread(store: &dyn Store, reader: &NoticeReader) -> u64 {
    store.notices().unread(reader.clone(), NOW).await.expect("counted").unread
}

pub(super) async fn a_notice_comes_back_as_it_was_sent(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let kim = created(&*store, "kim", Role::Operator).await.id;
    let new = NewNotice {
        level: NoticeLevel::Critical,
        text: "첫 줄\nsecond".into(),
        link: Some("/hosts?a=1".into()),
        sender: kim,
        expires_ms: Some(NOW + 9),
        ..notice(NoticeAudience::User(kim.0), "디스크")
    };
    let created = store.notices().create(new.clone()).await.expect("stored");
    assert!(created.is_new);
    assert_eq!(created.notice.sent, new);
    let id = created.notice.id;
    assert_eq!(store.notices().by_id(id).await, Ok(Some(created.notice.clone())));
    assert_eq!(store.notices().by_id(NoticeId(4242)).await, Ok(None));
    let listed = store.notices().list(of(&reader(kim, &[]))).await.expect("listed");
    assert_eq!((listed[0].notice.clone(), listed[0].read_ms), (created.notice, None));
}

pub(super) async fn a_reader_has_the_notices_of_its_audiences_and_no_others(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let [kim, lee] =
        [created(&*store, "kim", Role::Admin).await.id, created(&*store, "lee", Role::Viewer).await.id];
    let mut made = Vec::new();
    for audience in [ALL, ADMINS, NoticeAudience::User(lee.0), NoticeAudience::User(kim.0)] {
        made.push(sent(&*store, NewNotice { sender: kim, ..notice(audience, "a") }).await);
    }
    let (kim, lee) = (reader(kim, &[ALL, ADMINS]), reader(lee, &[ALL]));
    assert_eq!(ids(&*store, of(&kim)).await, [made[3], made[1], made[0]]);
    assert_eq!(ids(&*store, of(&lee)).await, [made[2], made[0]]);
    let nobody = NoticeReader { user: lee.user, audiences: Vec::new() };
    assert_eq!(ids(&*store, of(&nobody)).await, []);
    assert_eq!(unread(&*store, &nobody).await, 0);
    let all_sent = NoticeFilter { sent: true, ..of(&kim) };
    assert_eq!(ids(&*store, all_sent).await, [made[3], made[2], made[1], made[0]]);
    assert_eq!(ids(&*store, NoticeFilter { sent: true, ..of(&lee) }).await, []);
    // Of what it is not told, a reader can note nothing either.
    let marked = store.notices().mark_read(lee.clone(), NoticeId(0), made[3], NOW).await;
    assert_eq!(marked, Ok(2));
    assert_eq!(store.notices().readers(made[1]).await, Ok(Vec::new()));
    assert_eq!(unread(&*store, &kim).await, 3);
}

pub(super) async fn a_notice_is_read_once_by_each(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let users = [created(&*one, "kim", Role::Viewer).await.id, created(&*one, "lee", Role::Viewer).await.id];
    let first = sent(&*one, notice(ALL, "a")).await;
    let second = sent(&*one, NewNotice { level: NoticeLevel::Warning, ..notice(ALL, "b") }).await;
    let [kim, lee] = users.map(|user| reader(user, &[ALL]));
    let counted = UnreadNotices { unread: 2, newest: second.0 };
    assert_eq!(one.notices().unread(kim.clone(), NOW).await, Ok(counted));
    let marks = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.notices().mark_read(kim.clone(), first, first, NOW + 5)
    });
    let marked: u64 = join_all(marks).await.into_iter().map(|marked| marked.expect("noted")).sum();
    assert_eq!(marked, 1, "of ten at once one is the first");
    assert_eq!(two.notices().mark_read(kim.clone(), first, first, NOW + 9).await, Ok(0));
    assert_eq!(two.notices().mark_read(lee.clone(), first, first, NOW + 6).await, Ok(1));
    let receipts = two.notices().readers(first).await.expect("listed");
    let receipt = |user, read_ms| NoticeReceipt { user, read_ms };
    assert_eq!(receipts, [receipt(users[0], NOW + 5), receipt(users[1], NOW + 6)], "the first time stays");
    assert_eq!(two.notices().unread(kim.clone(), NOW).await, Ok(UnreadNotices { unread: 1, ..counted }));
    assert_eq!(ids(&*two, NoticeFilter { is_read: Some(true), ..of(&kim) }).await, [first]);
    assert_eq!(ids(&*two, NoticeFilter { is_read: Some(false), ..of(&kim) }).await, [second]);
    assert_eq!(ids(&*two, NoticeFilter { level: Some(NoticeLevel::Info), ..of(&kim) }).await, [first]);
    let listed = two.notices().list(of(&kim)).await.expect("listed");
    assert_eq!(listed.iter().map(|one| one.read_ms).collect::<Vec<_>>(), [None, Some(NOW + 5)]);
    assert_eq!(two.notices().mark_read(lee, NoticeId(4242), NoticeId(4242), NOW).await, Ok(0));
    // Whoever uses a server without accounts is one reader, too.
    let house = reader(UserId::NOBODY, &[ALL]);
    assert_eq!(two.notices().mark_read(house.clone(), NoticeId(0), second, NOW).await, Ok(2));
    assert_eq!(unread(&*one, &house).await, 0);
}

pub(super) async fn notices_are_listed_in_pages(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let kim = reader(created(&*store, "kim", Role::Viewer).await.id, &[ALL]);
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(sent(&*store, notice(ALL, &n.to_string())).await);
    }
    made.reverse();
    let page = NoticeFilter { limit: 2, ..of(&kim) };
    assert_eq!(ids(&*store, page.clone()).await, made[..2]);
    assert_eq!(ids(&*store, NoticeFilter { before: Some(made[1]), ..page.clone() }).await, made[2..4]);
    assert_eq!(ids(&*store, NoticeFilter { before: Some(made[3]), ..page.clone() }).await, made[4..]);
    let beyond = NoticeFilter { before: Some(NoticeId(u64::MAX)), ..page };
    assert_eq!(ids(&*store, beyond).await, made[..2]);
}

pub(super) async fn a_key_is_one_notice_of_its_sender(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let kim = created(&*one, "kim", Role::Operator).await.id;
    let keyed = NewNotice { key: Some("k".into()), sender: kim, ..notice(ALL, "a") };
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.notices().create(keyed.clone())
    });
    let made: Vec<_> = join_all(tries).await.into_iter().map(|made| made.expect("stored")).collect();
    assert_eq!(made.iter().filter(|made| made.is_new).count(), 1);
    assert!(made.iter().all(|other| other.notice == made[0].notice));
    let other = NewNotice { title: "b".into(), ..keyed.clone() };
    let again = two.notices().create(other.clone()).await.expect("asked");
    assert!(!again.is_new && again.notice == made[0].notice && !again.notice.sent.says_as(&other));
    sent(&*two, NewNotice { sender: UserId::NOBODY, ..keyed.clone() }).await;
    sent(&*two, NewNotice { key: None, ..keyed.clone() }).await;
    sent(&*two, NewNotice { key: None, ..keyed }).await;
}

pub(super) async fn what_has_expired_is_not_shown_and_goes_at_last(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let kim = reader(created(&*store, "kim", Role::Operator).await.id, &[ALL]);
    let ends = |ms| NewNotice { expires_ms: Some(ms), sender: kim.user, ..notice(ALL, "a") };
    let (gone, open) = (sent(&*store, ends(NOW)).await, sent(&*store, ends(NOW + 1)).await);
    assert_eq!(ids(&*store, of(&kim)).await, [open]);
    assert_eq!(unread(&*store, &kim).await, 1);
    assert_eq!(ids(&*store, NoticeFilter { sent: true, ..of(&kim) }).await, [open, gone]);
    assert_eq!(store.notices().mark_read(kim.clone(), gone, open, NOW).await, Ok(1), "only what it is shown");
    assert_eq!(store.notices().prune(NOW, NOW).await, Ok(0));
    assert_eq!(store.notices().prune(NOW + 1, NOW).await, Ok(1));
    assert_eq!(store.notices().by_id(gone).await, Ok(None));
    let old = NewNotice { created_ms: NOW - 10, ..notice(ALL, "old") };
    let old = sent(&*store, old).await;
    assert_eq!(store.notices().prune(NOW, NOW - 9).await, Ok(1));
    assert_eq!(store.notices().by_id(old).await, Ok(None));
    assert_eq!(store.notices().prune(NOW + 2, NOW).await, Ok(1), "with its receipt");
    assert_eq!(store.notices().readers(open).await, Ok(Vec::new()));
}

pub(super) async fn a_notice_is_announced_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let first = sent(&*one, notice(ALL, "a")).await;
    let second = sent(&*one, notice(ADMINS, "b")).await;
    let waiting = async |limit| -> Vec<NoticeId> {
        two.notices().unannounced(limit).await.expect("listed").iter().map(|notice| notice.id).collect()
    };
    assert_eq!(waiting(10).await, [first, second], "the oldest first");
    assert_eq!(waiting(1).await, [first]);
    assert_eq!(one.notices().set_announced(first).await, Ok(true));
    assert_eq!(two.notices().set_announced(first).await, Ok(false));
    assert_eq!(two.notices().set_announced(NoticeId(4242)).await, Ok(false));
    assert_eq!(waiting(10).await, [second]);
}

pub(super) async fn the_oldest_make_room_for_new_ones(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let kim = reader(created(&*store, "kim", Role::Viewer).await.id, &[ALL]);
    let first = sent(&*store, notice(ALL, "first")).await;
    store.notices().mark_read(kim.clone(), first, first, NOW).await.expect("noted");
    fixture.skip_notices(NOTICES - 2).await;
    let at_bound = sent(&*store, notice(ALL, "at the bound")).await;
    assert_eq!(at_bound.0 - first.0, NOTICES - 1);
    assert!(store.notices().by_id(first).await.expect("asked").is_some());
    let next = sent(&*store, notice(ALL, "one more")).await;
    assert_eq!(store.notices().by_id(first).await, Ok(None));
    assert_eq!(ids(&*store, of(&kim)).await, [next, at_bound]);
}
