//! Cases of sources.

use common::role::Role;
use futures_util::future::{join, join_all};

use super::fixture::{Fixture, NOW, assert_refused, created, source};
use crate::{
    HOST_NAME_BYTES, NewSource, SOURCE_INTERVAL_MS, SOURCE_NAME_CHARS, SOURCE_SPEC_BYTES, SOURCES, Source,
    SourceChange,
    SourceKind::{self, Probe, Scrape},
    SourceNumber, Store, StoreError, UserId,
};

async fn made(store: &dyn Store, kind: SourceKind, name: &str) -> Source {
    store.sources().create(source(kind, name)).await.expect("made")
}

async fn all(store: &dyn Store) -> Vec<Source> {
    store.sources().all().await.expect("listed")
}

async fn found(store: &dyn Store, id: SourceNumber) -> Source {
    all(store).await.into_iter().find(|source| source.id == id).expect("it is there")
}

/// A change that leaves all as it is, of someone who has seen it so, a second later.
fn unchanged(seen: &Source) -> SourceChange {
    let Source { id, name, host, spec, interval_ms, parent, is_paused, changed_ms, .. } = seen.clone();
    SourceChange {
        id,
        name,
        host,
        spec,
        interval_ms,
        parent,
        is_paused,
        changed_ms: changed_ms + 1000,
        seen_ms: changed_ms,
    }
}

/// Hangs a source on another, whatever it looks like now.
async fn hang(
    store: &dyn Store,
    id: SourceNumber,
    parent: Option<SourceNumber>,
) -> Result<Source, StoreError> {
    let seen = found(store, id).await;
    let changed = store.sources().change(SourceChange { parent, ..unchanged(&seen) }).await?;
    Ok(changed.expect("it is there"))
}

pub(super) async fn a_source_comes_back_as_it_was_made(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    created(&*one, "other", Role::Viewer).await;
    let maker = created(&*one, "maker", Role::Operator).await.id;
    let first = made(&*one, Probe, "db").await;
    assert_eq!((first.created_by, first.parent), (None, None));
    let new = NewSource {
        parent: Some(first.id),
        created_by: Some(maker),
        created_ms: NOW + 3,
        ..source(Scrape, "새 소스")
    };
    let second = one.sources().create(new.clone()).await.expect("made");
    let NewSource { kind, name, host, spec, interval_ms, parent, created_by, created_ms } = new.clone();
    let (id, is_paused, changed_ms) = (second.id, false, NOW + 3);
    let expected = Source {
        id,
        kind,
        name,
        host,
        spec,
        interval_ms,
        parent,
        is_paused,
        created_by,
        created_ms,
        changed_ms,
    };
    assert_eq!(second, expected);
    assert_eq!(all(&*two).await, [first.clone(), second]);
    for nobody in [UserId::NOBODY, UserId(4242), UserId(u64::MAX)] {
        let new = NewSource { created_by: Some(nobody), ..source(Probe, "nobody's") };
        assert_eq!(two.sources().create(new).await, Err(StoreError::NotFound));
    }
    for nothing in [SourceNumber(4242), SourceNumber(u64::MAX)] {
        assert_eq!(two.sources().remove(nothing).await, Ok(false));
    }
    assert_eq!(all(&*one).await.len(), 2);
    assert_eq!(two.sources().remove(id).await, Ok(true));
    assert_eq!(one.sources().remove(id).await, Ok(false));
    assert_eq!(all(&*one).await, [first]);
    let again = one.sources().create(new).await.expect("its name is free");
    assert!(again.id > id, "a number is given once");
}

pub(super) async fn sources_are_listed_by_kind_and_name(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let names = ["a 2", "b", "A", "a_1", "가", "a10", "a.1", "a-10", "É", "1"];
    for name in names {
        made(&*store, Scrape, name).await;
        made(&*store, Probe, name).await;
    }
    let mut expected = [Probe, Scrape].map(|kind| names.map(|name| (kind, name.to_owned()))).concat();
    expected.sort();
    let listed: Vec<_> = all(&*store).await.into_iter().map(|source| (source.kind, source.name)).collect();
    assert_eq!(listed, expected);
}

pub(super) async fn a_name_is_one_sources_of_its_kind(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let probe = made(&*one, Probe, "web").await;
    let scrape = made(&*one, Scrape, "web").await;
    let other = made(&*one, Probe, "Web").await;
    assert_eq!(two.sources().create(source(Probe, "web")).await, Err(StoreError::NameTaken));
    assert_eq!(two.sources().create(source(Scrape, "web")).await, Err(StoreError::NameTaken));
    let taken = SourceChange { name: "web".into(), is_paused: true, ..unchanged(&other) };
    assert_eq!(two.sources().change(taken.clone()).await, Err(StoreError::NameTaken));
    assert_eq!(all(&*one).await, [other, probe.clone(), scrape.clone()], "all are as they were");
    let paused = SourceChange { is_paused: true, ..unchanged(&probe) };
    let paused = two.sources().change(paused).await.expect("its own name is not taken").expect("it is there");
    assert!(paused.is_paused);
    one.sources().remove(probe.id).await.expect("removed");
    let renamed = two.sources().change(taken).await.expect("the name is free").expect("it is there");
    assert_eq!(all(&*one).await, [renamed, scrape]);
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.sources().create(source(Probe, "at once"))
    });
    let (made, refused): (Vec<_>, Vec<_>) = join_all(tries).await.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused), (1, vec![Err(StoreError::NameTaken); 9]));
}

pub(super) async fn a_change_is_of_what_its_caller_has_seen(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let maker = created(&*one, "maker", Role::Operator).await.id;
    let parent = made(&*one, Probe, "a").await;
    let new = NewSource { created_by: Some(maker), ..source(Probe, "b") };
    let before = one.sources().create(new).await.expect("made");
    let last = made(&*one, Probe, "c").await;
    let change = SourceChange {
        id: before.id,
        name: "b2".into(),
        host: "web-2".into(),
        spec: String::new(),
        interval_ms: 7000,
        parent: Some(parent.id),
        is_paused: true,
        changed_ms: NOW + 50,
        seen_ms: NOW,
    };
    let SourceChange { name, host, spec, interval_ms, is_paused, changed_ms, .. } = change.clone();
    let parent_of = change.parent;
    let expected =
        Source { name, host, spec, interval_ms, parent: parent_of, is_paused, changed_ms, ..before.clone() };
    assert_eq!(two.sources().change(change.clone()).await, Ok(Some(expected.clone())));
    assert_eq!(all(&*one).await, [parent.clone(), expected.clone(), last.clone()]);
    // Of an earlier time, and of a later one than is noted.
    for seen_ms in [0, NOW, NOW + 49, NOW + 51, u64::MAX] {
        let late = SourceChange { name: "late".into(), changed_ms: NOW + 60, seen_ms, ..change.clone() };
        assert_eq!(one.sources().change(late.clone()).await, Err(StoreError::Conflict), "{seen_ms}");
        // Also where something else is wrong with it.
        let late = SourceChange { parent: Some(before.id), name: "c".into(), ..late };
        assert_eq!(one.sources().change(late).await, Err(StoreError::Conflict), "{seen_ms}");
    }
    for nothing in [SourceNumber(4242), SourceNumber(u64::MAX)] {
        let change = SourceChange { id: nothing, ..change.clone() };
        assert_eq!(one.sources().change(change.clone()).await, Ok(None));
        let change = SourceChange { parent: Some(nothing), ..change };
        assert_eq!(one.sources().change(change).await, Ok(None));
    }
    assert_eq!(all(&*two).await, [parent, expected.clone(), last], "nothing was changed");
    // A clock that stands still, or is behind, changes a row's time nevertheless.
    let mut seen = expected;
    for (changed_ms, noted_ms) in [(NOW + 50, NOW + 51), (NOW, NOW + 52), (NOW + 53, NOW + 53)] {
        let change = SourceChange { changed_ms, is_paused: false, parent: None, ..unchanged(&seen) };
        let changed = two.sources().change(change).await.expect("changed").expect("it is there");
        assert_eq!((changed.changed_ms, changed.created_ms), (noted_ms, NOW));
        assert_eq!((changed.is_paused, changed.parent, changed.created_by), (false, None, Some(maker)));
        seen = changed;
    }
    one.sources().remove(seen.id).await.expect("removed");
    assert_eq!(two.sources().change(unchanged(&seen)).await, Ok(None), "a change makes no source");
}

pub(super) async fn of_changes_at_once_one_is_made_and_none_lost(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mut seen = made(&*one, Probe, "a").await;
    for round in 0..20 {
        let tries = (0..6).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            // All in one millisecond.
            let change = SourceChange { interval_ms: 2000 + n, changed_ms: NOW, ..unchanged(&seen) };
            store.sources().change(change)
        });
        let (mut done, refused): (Vec<_>, Vec<_>) =
            join_all(tries).await.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused), (1, vec![Err(StoreError::Conflict); 5]), "in round {round}");
        let changed = done.remove(0).expect("changed").expect("it is there");
        seen = found(&*one, changed.id).await;
        assert_eq!(seen, changed, "it is there");
    }
    // Each counts up by looking again until it is not too late.
    let count = async |store: &dyn Store| {
        for _ in 0..20 {
            loop {
                let seen = found(store, seen.id).await;
                let change = SourceChange { interval_ms: seen.interval_ms + 1, ..unchanged(&seen) };
                match store.sources().change(change).await {
                    Ok(Some(_)) => break,
                    refused => assert_eq!(refused, Err(StoreError::Conflict)),
                }
            }
        }
    };
    join(count(&*one), count(&*two)).await;
    assert_eq!(found(&*one, seen.id).await.interval_ms, seen.interval_ms + 40, "none is lost");
}

pub(super) async fn a_parent_is_a_probe_that_there_is(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let scrape = made(&*store, Scrape, "metrics").await;
    let probe = made(&*store, Probe, "a").await;
    for bad in [scrape.id, SourceNumber(0), SourceNumber(4242), SourceNumber(u64::MAX)] {
        let new = NewSource { parent: Some(bad), ..source(Probe, "b") };
        assert_refused(store.sources().create(new).await, "parent");
        assert_refused(hang(&*store, probe.id, Some(bad)).await, "parent");
        assert_refused(hang(&*store, scrape.id, Some(bad)).await, "parent");
    }
    assert_eq!(all(&*store).await, [probe.clone(), scrape.clone()], "nothing was changed");
    let below = hang(&*store, scrape.id, Some(probe.id)).await.expect("a probe may be above");
    assert_eq!(below.parent, Some(probe.id));
    assert_eq!(hang(&*store, scrape.id, None).await.expect("changed").parent, None);
}

pub(super) async fn no_source_is_above_itself(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let new = NewSource { parent: ids.last().copied(), ..source(Probe, &n.to_string()) };
        ids.push(store.sources().create(new).await.expect("made").id);
    }
    let before = all(&*store).await;
    let parents: Vec<_> = before.iter().map(|source| source.parent).collect();
    assert_eq!(parents, [None, Some(ids[0]), Some(ids[1]), Some(ids[2])]);
    // Each on itself, and on each that hangs on it.
    for (above, id) in ids.iter().enumerate() {
        for below in &ids[above..] {
            assert_refused(hang(&*store, *id, Some(*below)).await, "circle");
        }
    }
    assert_eq!(all(&*store).await, before, "nothing was changed");
    // Others may be moved: up, to a branch of its own, and the first below it.
    assert_eq!(hang(&*store, ids[3], Some(ids[0])).await.expect("changed").parent, Some(ids[0]));
    assert_eq!(hang(&*store, ids[1], Some(ids[3])).await.expect("changed").parent, Some(ids[3]));
    assert_refused(hang(&*store, ids[3], Some(ids[2])).await, "circle");
    hang(&*store, ids[3], None).await.expect("changed");
    assert_eq!(hang(&*store, ids[0], Some(ids[2])).await.expect("no circle any more").parent, Some(ids[2]));
}

pub(super) async fn circles_that_are_made_at_once_are_refused(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let ids = [made(&*one, Probe, "a").await.id, made(&*one, Probe, "b").await.id];
    let third = made(&*one, Probe, "c").await.id;
    for round in 0..20 {
        // The second closes the circle by way of the third.
        hang(&*one, third, Some(ids[1])).await.expect("changed");
        let changes = join(hang(&*one, ids[0], Some(third)), hang(&*two, ids[1], Some(ids[0]))).await;
        let (done, refused) = match changes {
            (Ok(done), Err(refused)) | (Err(refused), Ok(done)) => (done, refused),
            both => panic!("in round {round}, one and not the other: {both:?}"),
        };
        assert_refused::<()>(Err(refused), "circle");
        hang(&*two, done.id, None).await.expect("taken away");
    }
}

pub(super) async fn a_parent_that_is_removed_is_nobodys(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let top = made(&*one, Probe, "top").await.id;
    let below = |kind, name: &str, parent| NewSource { parent: Some(parent), ..source(kind, name) };
    let middle = one.sources().create(below(Probe, "middle", top)).await.expect("made");
    let end = one.sources().create(below(Probe, "end", middle.id)).await.expect("made");
    let other = one.sources().create(below(Scrape, "other", top)).await.expect("made");
    assert_eq!(one.sources().remove(top).await, Ok(true));
    let (middle, other) = (Source { parent: None, ..middle }, Source { parent: None, ..other });
    assert_eq!(all(&*two).await, [end, middle.clone(), other]);
    let changed = two.sources().change(unchanged(&middle)).await;
    assert!(changed.expect("nobody has changed it").is_some());
    for round in 0..20 {
        let parent = made(&*one, Probe, "parent").await.id;
        let child = below(Probe, "child", parent);
        let (made, removed) = join(two.sources().create(child), one.sources().remove(parent)).await;
        assert_eq!(removed, Ok(true));
        match made {
            Ok(made) => {
                assert_eq!(found(&*one, made.id).await.parent, None, "in round {round}");
                one.sources().remove(made.id).await.expect("removed");
            }
            refused => assert_refused(refused, "parent"),
        }
    }
}

pub(super) async fn sources_stay_when_their_maker_is_removed(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let (gone, stays) =
        (created(&*store, "gone", Role::Admin).await.id, created(&*store, "stays", Role::Admin).await.id);
    let mut expected = Vec::new();
    for (name, maker) in [("a", gone), ("b", stays)] {
        let new = NewSource { created_by: Some(maker), ..source(Probe, name) };
        expected.push(store.sources().create(new).await.expect("made"));
    }
    fixture.remove_user(gone).await;
    expected[0].created_by = None;
    assert_eq!(all(&*store).await, expected);
}

pub(super) async fn there_is_a_bound_of_sources_also_at_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let make = async |n: usize| {
        let (store, kind) = if n.is_multiple_of(2) { (&one, Probe) } else { (&two, Scrape) };
        store.sources().create(source(kind, &format!("source {n}"))).await
    };
    for first in (0..SOURCES - 2).step_by(20) {
        let made = join_all((first..(first + 20).min(SOURCES - 2)).map(&make)).await;
        assert!(made.iter().all(Result::is_ok), "{made:?}");
    }
    let tries = join_all((SOURCES..SOURCES + 10).map(&make)).await;
    let (made, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 2);
    refused.into_iter().for_each(|refused| assert_refused(refused, "sources"));
    assert_eq!(all(&*one).await.len(), SOURCES);
    let last = made[0].clone().expect("it was made");
    let changed = two.sources().change(unchanged(&last)).await;
    assert!(changed.expect("a change needs no room").is_some());
    assert_eq!(two.sources().remove(last.id).await, Ok(true));
    make(SOURCES + 10).await.expect("there is room");
    assert_refused(make(SOURCES + 11).await, "sources");
    // A taken name is told as such, also where there is no room.
    assert_eq!(make(0).await, Err(StoreError::NameTaken));
}

pub(super) async fn bounds_of_sources_hold(fixture: &mut dyn Fixture) {
    const FAR: u64 = i64::MAX.cast_unsigned();
    let store = fixture.open().await;
    let kept = made(&*store, Probe, "kept").await;
    let refused = async |new: NewSource, field: &str| {
        let NewSource { name, host, spec, interval_ms, created_ms, .. } = new.clone();
        assert_refused(store.sources().create(new).await, field);
        let change =
            SourceChange { name, host, spec, interval_ms, changed_ms: created_ms, ..unchanged(&kept) };
        assert_refused(store.sources().change(change.clone()).await, field);
        let change = SourceChange { id: SourceNumber(4242), ..change };
        assert_refused(store.sources().change(change).await, field);
    };
    let new = || source(Probe, "new");
    let longest = "가".repeat(SOURCE_NAME_CHARS);
    for bad in ["", "a\nb", "\u{7f}", "nul\0nul", "\u{9b}", &format!("{longest}x"), &"x".repeat(10_000)] {
        refused(NewSource { name: bad.into(), ..new() }, "source's name").await;
    }
    let host = "x".repeat(HOST_NAME_BYTES);
    for bad in ["", "Web", "web 1", "web/1", "web\0", "웹", &format!("{host}x")] {
        refused(NewSource { host: bad.into(), ..new() }, "host's name").await;
    }
    for bad in ["nul\0nul", &"x".repeat(SOURCE_SPEC_BYTES + 1)] {
        refused(NewSource { spec: bad.into(), ..new() }, "spec").await;
    }
    let (least, most) = (*SOURCE_INTERVAL_MS.start(), *SOURCE_INTERVAL_MS.end());
    assert_eq!((least, most, SOURCE_NAME_CHARS, SOURCE_SPEC_BYTES), (1000, 86_400_000, 80, 16 * 1024));
    for interval_ms in [0, least - 1, most + 1, u64::MAX] {
        refused(NewSource { interval_ms, ..new() }, "interval").await;
    }
    for created_ms in [FAR + 1, u64::MAX] {
        refused(NewSource { created_ms, ..new() }, "time").await;
    }
    assert_eq!(all(&*store).await, [kept], "nothing was changed");

    let spec = "가".repeat(SOURCE_SPEC_BYTES / "가".len()) + "x";
    assert_eq!(spec.len(), SOURCE_SPEC_BYTES);
    let new = NewSource { name: longest, host, spec, interval_ms: most, created_ms: FAR - 1, ..new() };
    let made = store.sources().create(new.clone()).await.expect("it is within the bounds");
    assert_eq!((&made.name, &made.host, &made.spec), (&new.name, &new.host, &new.spec));
    assert_eq!((made.interval_ms, made.created_ms), (most, FAR - 1));
    let small = NewSource { name: "' %".into(), spec: String::new(), interval_ms: least, ..new.clone() };
    let small =
        store.sources().create(NewSource { created_ms: 0, ..small }).await.expect("it is within them");
    let NewSource { name, host, spec, interval_ms, .. } = new;
    store.sources().remove(made.id).await.expect("removed");
    let change = SourceChange { name, host, spec, interval_ms, changed_ms: FAR, ..unchanged(&small) };
    let changed = store.sources().change(change.clone()).await.expect("it is within the bounds");
    let changed = changed.expect("it is there");
    assert_eq!((&changed.name, changed.interval_ms, changed.changed_ms), (&change.name, most, FAR));
    assert_eq!(found(&*store, small.id).await, changed);
    let last = SourceChange { seen_ms: FAR, ..change };
    assert_refused(store.sources().change(last).await, "time");
}
