//! Cases of the audit log.

use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, audit};
use crate::{AuditCheckpoint, AuditFilter, AuditVerdict, NewAudit, Store, StoreError};

pub(super) async fn entries_are_listed_by_their_filters(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 0, entries: 0, broken_at: None }));
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
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 0, entries: 4, broken_at: None }));
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
    assert_eq!(one.audit().verify().await, Ok(AuditVerdict { pruned: 0, entries: 50, broken_at: None }));
}

pub(super) async fn a_changed_entry_is_named(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    for n in 0..5 {
        store.audit().append(audit("mina", &format!("action {n}"))).await.expect("appended");
    }
    fixture.tamper(3).await;
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 0, entries: 5, broken_at: Some(3) }));
}

async fn append_at(store: &dyn Store, times: &[u64]) {
    for &at_ms in times {
        let entry = NewAudit { at_ms, ..audit("mina", "login") };
        store.audit().append(entry).await.expect("appended");
    }
}

async fn numbers(store: &dyn Store) -> Vec<u64> {
    let all = AuditFilter { limit: 100, ..AuditFilter::default() };
    store.audit().list(all).await.expect("listed").iter().map(|entry| entry.seq).collect()
}

pub(super) async fn what_is_pruned_leaves_a_chain_that_holds(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(store.audit().prune(NOW, NOW).await, Ok(0), "nothing is there");
    append_at(&*store, &[NOW - 9, NOW - 8, NOW - 7, NOW - 1, NOW]).await;
    assert_eq!(store.audit().prune(NOW - 9, NOW).await, Ok(0));
    assert_eq!(numbers(&*store).await, [5, 4, 3, 2, 1], "nothing is old enough");
    assert_eq!(store.audit().prune(NOW - 7, NOW).await, Ok(2));
    assert_eq!(numbers(&*store).await, [6, 5, 4, 3], "the checkpoint is an entry");
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 2, entries: 4, broken_at: None }));
    append_at(&*store, &[NOW + 1]).await;
    let again = fixture.open().await;
    assert_eq!(again.audit().prune(NOW + 1, NOW + 2).await, Ok(4), "the first checkpoint goes, too");
    assert_eq!(numbers(&*store).await, [8, 7]);
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 6, entries: 2, broken_at: None }));
    assert_eq!(store.audit().prune(NOW + 9, NOW + 9).await, Ok(2));
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 8, entries: 1, broken_at: None }));
}

pub(super) async fn an_entry_of_a_clock_that_was_ahead_holds_others_back(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    append_at(&*store, &[NOW - 9, NOW + 1_000, NOW - 8]).await;
    assert_eq!(store.audit().prune(NOW, NOW).await, Ok(1));
    assert_eq!(numbers(&*store).await, [4, 3, 2]);
}

pub(super) async fn what_was_changed_after_pruning_is_named(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    append_at(&*store, &[NOW - 9, NOW - 8, NOW, NOW]).await;
    assert_eq!(store.audit().prune(NOW, NOW).await, Ok(2));
    fixture.tamper(4).await;
    assert_eq!(store.audit().verify().await, Ok(AuditVerdict { pruned: 2, entries: 3, broken_at: Some(4) }));
    // A checkpoint that says something else lets nothing follow from it.
    fixture.tamper(5).await;
    let verdict = store.audit().verify().await.expect("verified");
    assert_eq!((verdict.entries, verdict.broken_at), (3, Some(3)));
}

pub(super) async fn nobody_but_the_store_writes_a_checkpoint(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    append_at(&*store, &[NOW]).await;
    let forged = store.audit().append(AuditCheckpoint::START.entry(NOW)).await;
    assert!(matches!(forged, Err(StoreError::Invalid { .. })), "{forged:?}");
    assert_eq!(numbers(&*store).await, [1]);
}
