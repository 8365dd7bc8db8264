//! Cases of dashboards.

use common::role::Role;
use futures_util::future::{join, join_all};

use super::fixture::{Fixture, NOW, assert_refused, created, dashboard};
use crate::{
    DASHBOARD_BODY_BYTES, DASHBOARD_NAME_CHARS, DASHBOARDS, Dashboard, DashboardChange, DashboardEntry,
    DashboardId, NewDashboard, Store, StoreError, UserId,
};

async fn made(store: &dyn Store, name: &str) -> Dashboard {
    store.dashboards().create(dashboard(name)).await.expect("made")
}

async fn list(store: &dyn Store) -> Vec<DashboardEntry> {
    store.dashboards().list().await.expect("listed")
}

async fn found(store: &dyn Store, id: DashboardId) -> Dashboard {
    store.dashboards().by_id(id).await.expect("asked").expect("it is there")
}

/// A change of someone who has seen it so, with another content.
fn change(seen: &Dashboard, body: &str) -> DashboardChange {
    let new = NewDashboard { body: body.into(), changed_ms: NOW + 1, ..dashboard(&seen.entry.name) };
    DashboardChange { id: seen.entry.id, seen: seen.entry.version, new }
}

pub(super) async fn a_dashboard_comes_back_as_it_was_written(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let maker = created(&*one, "maker", Role::Operator).await.id;
    let first = made(&*one, "가게").await;
    let entry = DashboardEntry {
        id: first.entry.id,
        name: "가게".into(),
        version: 1,
        changed_by: None,
        changed_ms: NOW,
    };
    assert_eq!(first, Dashboard { entry: entry.clone(), body: dashboard("").body });
    assert_eq!(found(&*two, first.entry.id).await, first);
    let new = NewDashboard {
        name: "Shop 2".into(),
        body: "{\"rows\": []}".into(),
        changed_by: Some(maker),
        changed_ms: NOW + 7,
    };
    let changed = DashboardChange { id: first.entry.id, seen: 1, new: new.clone() };
    let changed = two.dashboards().change(changed).await.expect("changed").expect("it is there");
    let entry =
        DashboardEntry { name: new.name, version: 2, changed_by: Some(maker), changed_ms: NOW + 7, ..entry };
    assert_eq!(changed, Dashboard { entry, body: new.body });
    assert_eq!(found(&*one, first.entry.id).await, changed);
    for nobody in [UserId::NOBODY, UserId(4242), UserId(u64::MAX)] {
        let new = NewDashboard { changed_by: Some(nobody), ..dashboard("nobody's") };
        assert_eq!(two.dashboards().create(new.clone()).await, Err(StoreError::NotFound));
        let change = DashboardChange { id: first.entry.id, seen: 2, new };
        assert_eq!(two.dashboards().change(change).await, Err(StoreError::NotFound));
    }
    for nothing in [DashboardId(4242), DashboardId(u64::MAX)] {
        assert_eq!(two.dashboards().by_id(nothing).await, Ok(None));
        assert_eq!(two.dashboards().remove(nothing).await, Ok(false));
        let new = dashboard("nothing");
        assert_eq!(two.dashboards().change(DashboardChange { id: nothing, seen: 1, new }).await, Ok(None));
    }
    assert_eq!(list(&*two).await, *std::slice::from_ref(&changed.entry));
    assert_eq!(one.dashboards().remove(first.entry.id).await, Ok(true));
    assert_eq!(two.dashboards().remove(first.entry.id).await, Ok(false));
    assert_eq!(two.dashboards().by_id(first.entry.id).await, Ok(None));
    assert_eq!(one.dashboards().change(change(&changed, "")).await, Ok(None), "a change makes none");
}

pub(super) async fn dashboards_are_listed_by_name(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    for name in ["b", "가", "a b", "B", "_", "a"] {
        made(&*store, name).await;
    }
    let names: Vec<String> = list(&*store).await.into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["B", "_", "a", "a b", "b", "가"]);
}

pub(super) async fn a_name_is_one_dashboards(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let (first, second) = (made(&*one, "a").await, made(&*one, "b").await);
    assert_eq!(two.dashboards().create(dashboard("a")).await, Err(StoreError::NameTaken));
    let taken = DashboardChange { new: dashboard("a"), ..change(&second, "") };
    assert_eq!(two.dashboards().change(taken.clone()).await, Err(StoreError::NameTaken));
    assert_eq!(found(&*one, second.entry.id).await, second, "it is as it was");
    one.dashboards().remove(first.entry.id).await.expect("removed");
    let renamed = two.dashboards().change(taken).await.expect("the name is free").expect("it is there");
    assert_eq!((renamed.entry.name.as_str(), renamed.entry.version), ("a", 2));
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.dashboards().create(dashboard("at once"))
    });
    let (made, refused): (Vec<_>, Vec<_>) = join_all(tries).await.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused), (1, vec![Err(StoreError::NameTaken); 9]));
}

pub(super) async fn an_update_of_another_is_not_lost(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let first = made(&*one, "a").await;
    let second = two.dashboards().change(change(&first, "2")).await.expect("changed").expect("it is there");
    // Of an earlier version, and of ones that there are not yet.
    for seen in [0, 1, 3, u64::MAX] {
        let late = DashboardChange { seen, ..change(&first, "late") };
        assert_eq!(one.dashboards().change(late).await, Err(StoreError::Conflict), "{seen}");
    }
    assert_eq!(found(&*one, first.entry.id).await, second);
    let mut seen = second;
    for round in 0..20 {
        let tries = (0..6).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            store.dashboards().change(change(&seen, &n.to_string()))
        });
        let (mut done, refused): (Vec<_>, Vec<_>) =
            join_all(tries).await.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused), (1, vec![Err(StoreError::Conflict); 5]), "in round {round}");
        let changed = done.remove(0).expect("changed").expect("it is there");
        assert_eq!(changed.entry.version, seen.entry.version + 1);
        seen = found(&*one, changed.entry.id).await;
        assert_eq!(seen, changed, "it is there");
    }
    // Each counts up by looking again until it is not too late.
    let id = seen.entry.id;
    let begin = seen.entry.version;
    let count = async |store: &dyn Store| {
        for _ in 0..20 {
            loop {
                let seen = found(store, id).await;
                match store.dashboards().change(change(&seen, "")).await {
                    Ok(Some(_)) => break,
                    refused => assert_eq!(refused, Err(StoreError::Conflict)),
                }
            }
        }
    };
    join(count(&*one), count(&*two)).await;
    assert_eq!(found(&*one, id).await.entry.version, begin + 40, "none is lost");
}

pub(super) async fn dashboards_stay_when_whoever_wrote_them_is_removed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let (gone, stays) =
        (created(&*store, "gone", Role::Admin).await.id, created(&*store, "stays", Role::Admin).await.id);
    let mut expected = Vec::new();
    for (name, user) in [("a", gone), ("b", stays)] {
        let new = NewDashboard { changed_by: Some(user), ..dashboard(name) };
        expected.push(store.dashboards().create(new).await.expect("made").entry);
    }
    fixture.remove_user(gone).await;
    expected[0].changed_by = None;
    assert_eq!(list(&*store).await, expected);
}

pub(super) async fn there_is_a_bound_of_dashboards_also_at_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let make = async |n: usize| {
        let store = if n.is_multiple_of(2) { &one } else { &two };
        store.dashboards().create(dashboard(&format!("dashboard {n}"))).await
    };
    for first in (0..DASHBOARDS - 2).step_by(20) {
        let made = join_all((first..(first + 20).min(DASHBOARDS - 2)).map(&make)).await;
        assert!(made.iter().all(Result::is_ok), "{made:?}");
    }
    let tries = join_all((DASHBOARDS..DASHBOARDS + 10).map(&make)).await;
    let (made, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 2);
    refused.into_iter().for_each(|refused| assert_refused(refused, "dashboards"));
    assert_eq!(list(&*one).await.len(), DASHBOARDS);
    let last = made[0].clone().expect("it was made");
    let changed = two.dashboards().change(change(&last, "more")).await;
    assert!(changed.expect("a change needs no room").is_some());
    assert_eq!(two.dashboards().remove(last.entry.id).await, Ok(true));
    make(DASHBOARDS + 10).await.expect("there is room");
    assert_refused(make(DASHBOARDS + 11).await, "dashboards");
    // A taken name is told as such, also where there is no room.
    assert_eq!(make(0).await, Err(StoreError::NameTaken));
}

pub(super) async fn bounds_of_dashboards_hold(fixture: &mut dyn Fixture) {
    const FAR: u64 = i64::MAX.cast_unsigned();
    let store = fixture.open().await;
    let kept = made(&*store, "kept").await;
    let refused = async |new: NewDashboard, field: &str| {
        assert_refused(store.dashboards().create(new.clone()).await, field);
        let change = DashboardChange { new, ..change(&kept, "") };
        assert_refused(store.dashboards().change(change.clone()).await, field);
        let change = DashboardChange { id: DashboardId(4242), ..change };
        assert_refused(store.dashboards().change(change).await, field);
    };
    let new = || dashboard("new");
    let longest = "가".repeat(DASHBOARD_NAME_CHARS);
    for bad in ["", "a\nb", "\u{7f}", "nul\0nul", "\u{9b}", &format!("{longest}x"), &"x".repeat(10_000)] {
        refused(NewDashboard { name: bad.into(), ..new() }, "dashboard's name").await;
    }
    for bad in ["nul\0nul", &"x".repeat(DASHBOARD_BODY_BYTES + 1)] {
        refused(NewDashboard { body: bad.into(), ..new() }, "body").await;
    }
    for changed_ms in [FAR + 1, u64::MAX] {
        refused(NewDashboard { changed_ms, ..new() }, "time").await;
    }
    assert_eq!((DASHBOARD_NAME_CHARS, DASHBOARD_BODY_BYTES, DASHBOARDS), (80, 64 * 1024, 200));
    assert_eq!(list(&*store).await, *std::slice::from_ref(&kept.entry), "nothing was changed");

    let body = "가".repeat(DASHBOARD_BODY_BYTES / "가".len()) + "x";
    assert_eq!(body.len(), DASHBOARD_BODY_BYTES);
    let new = NewDashboard { name: longest, body, changed_by: None, changed_ms: FAR };
    let made = store.dashboards().create(new.clone()).await.expect("it is within the bounds");
    assert_eq!((&made.entry.name, &made.body, made.entry.changed_ms), (&new.name, &new.body, FAR));
    let small = NewDashboard { name: "' %".into(), body: String::new(), changed_by: None, changed_ms: 0 };
    let small = DashboardChange { new: small, ..change(&made, "") };
    let small = store.dashboards().change(small).await.expect("it is within them").expect("it is there");
    assert_eq!((small.entry.name.as_str(), small.body.as_str()), ("' %", ""));
}
