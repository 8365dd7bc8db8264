//! Cases of the audit log.

use futures_util::future::join_all;

use super::fixture::{Fixture, audit};
use crate::{AuditFilter, AuditVerdict};

pub(super) async fn entries_are_listed_by_their_filters(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { entries: 0, broken_at: None }));
    let mut appended = Vec::new();
    for (actor, action) in [("mina", "login"), ("jun", "login"), ("mina", "invite"), ("mina", "login")] {
        appended.push(store.audit().append(audit(actor, action)).await.expect("appended"));
    }
    assert_eq!(appended.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let all = AuditFilter { limit: 10, ..AuditFilter::default() };
    let listed = store.audit().list(all.clone()).await.expect("listed");
    assert_eq!(listed, appended.iter().rev().cloned().collect::<Vec<_>>(), "the newest first");
    let numbers = async |filter: AuditFilter| -> Vec<u64> {
        store.audit().list(filter).await.expect("listed").iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(numbers(AuditFilter { before: Some(3), ..all.clone() }).await, [2, 1]);
    assert_eq!(numbers(AuditFilter { limit: 2, ..all.clone() }).await, [4, 3]);
    let mina = AuditFilter { actor: Some("mina".into()), ..all.clone() };
    assert_eq!(numbers(mina.clone()).await, [4, 3, 1]);
    assert_eq!(numbers(AuditFilter { action: Some("login".into()), ..all.clone() }).await, [4, 2, 1]);
    let both = AuditFilter { action: Some("login".into()), before: Some(4), ..mina };
    assert_eq!(numbers(both).await, [1]);
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { entries: 4, broken_at: None }));
}

pub(super) async fn of_fifty_at_once_one_chain_is_made(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let appends = (0..50).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.audit().append(audit("mina", &format!("action {n}")))
    });
    let appended = join_all(appends).await.into_iter().map(|entry| entry.expect("appended"));
    let mut numbers: Vec<_> = appended.map(|entry| entry.seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    assert_eq!(one.audit().verify().await, Ok(AuditVerdict { entries: 50, broken_at: None }));
}

pub(super) async fn a_changed_entry_is_named(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    for n in 0..5 {
        store.audit().append(audit("mina", &format!("action {n}"))).await.expect("appended");
    }
    fixture.tamper(3).await;
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { entries: 5, broken_at: Some(3) }));
}
