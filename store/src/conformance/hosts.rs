//! Cases of watched hosts.

use common::role::Role;
use futures_util::future::{join, join_all};

use super::fixture::{Fixture, NOW, assert_refused, created, enrolment, host, secret};
use crate::{
    HOST_FACTS_BYTES, HOST_NAME_BYTES, HOSTS, Host, HostNumber, HostSeen, NewHost, Store, StoreError, UserId,
};

/// Enrols a host by a code of its own.
async fn enrolled(store: &dyn Store, admin: UserId, new: NewHost) -> Result<Host, StoreError> {
    let code = format!("code of {}", new.name);
    store.hosts().create_enrolment(enrolment(Some(admin), &code)).await?;
    Ok(store.hosts().enrol(secret(&code), new).await?.expect("the code is open"))
}

async fn names(store: &dyn Store) -> Vec<String> {
    store.hosts().all().await.expect("listed").into_iter().map(|host| host.name).collect()
}

fn seen(id: HostNumber, seen_ms: u64, facts: Option<&str>) -> HostSeen {
    HostSeen { id, seen_ms, facts: facts.map(str::to_owned) }
}

pub(super) async fn a_host_is_found_by_its_key_until_it_is_removed(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    created(&*one, "other", Role::Admin).await;
    let admin = created(&*one, "admin", Role::Admin).await.id;
    let new = host("web-1");
    let made = enrolled(&*one, admin, new.clone()).await.expect("enrolled");
    let (id, enrolled_by, enrolled_ms, last_seen_ms) = (made.id, Some(admin), NOW, None);
    let NewHost { name, secret: key, facts, .. } = new.clone();
    assert_eq!(made, Host { id, name, facts, enrolled_by, enrolled_ms, last_seen_ms });
    assert_eq!(two.hosts().by_secret(&key).await, Ok(Some(made.clone())));
    assert_eq!(two.hosts().by_secret(&secret("another key")).await, Ok(None));
    assert_eq!(two.hosts().by_secret(&secret("code of web-1")).await, Ok(None), "a code is no key");
    // Hosts are not their admin's: they stay when it leaves.
    one.users().set_disabled(admin, Some(NOW)).await.expect("another is active");
    assert_eq!(two.hosts().all().await, Ok(vec![made]));
    assert_eq!(two.hosts().remove(HostNumber(4242)).await, Ok(false));
    assert_eq!(two.hosts().remove(HostNumber(u64::MAX)).await, Ok(false));
    assert_eq!(two.hosts().remove(id).await, Ok(true));
    assert_eq!(one.hosts().remove(id).await, Ok(false));
    assert_eq!(one.hosts().by_secret(&key).await, Ok(None));
    assert_eq!(one.hosts().all().await, Ok(Vec::new()));
    one.users().set_disabled(admin, None).await.expect("set");
    let again = enrolled(&*one, admin, new).await.expect("its name and its key are free");
    assert!(again.id > id, "a number is given once");
    assert_eq!(two.hosts().by_secret(&key).await, Ok(Some(again)));
}

pub(super) async fn hosts_are_listed_by_name(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let admin = created(&*store, "admin", Role::Admin).await.id;
    for name in ["web-2", "b", "web_1", "web10", "web.1", "web-10", "a", "1"] {
        enrolled(&*store, admin, host(name)).await.expect("enrolled");
    }
    assert_eq!(names(&*store).await, ["1", "a", "b", "web-10", "web-2", "web.1", "web10", "web_1"]);
}

pub(super) async fn a_host_was_heard_and_never_earlier(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    let first = enrolled(&*store, admin, host("a")).await.expect("enrolled");
    let second = enrolled(&*store, admin, host("b")).await.expect("enrolled");
    let (a, b) = (first.id, second.id);
    let facts = second.facts;
    let heard = async || -> Vec<(Option<u64>, String)> {
        let all = hosts.all().await.expect("listed");
        all.into_iter().map(|host| (host.last_seen_ms, host.facts)).collect()
    };
    assert_eq!(hosts.seen(vec![seen(a, NOW + 60, Some("new"))]).await, Ok(1));
    assert_eq!(heard().await, [(Some(NOW + 60), "new".into()), (None, facts.clone())]);
    // Of three reports one is late and one is of nobody.
    let reports = vec![
        seen(a, NOW + 50, Some("late")),
        seen(HostNumber(4242), NOW + 70, Some("nobody's")),
        seen(b, NOW + 70, None),
    ];
    assert_eq!(hosts.seen(reports).await, Ok(1));
    assert_eq!(heard().await, [(Some(NOW + 60), "new".into()), (Some(NOW + 70), facts.clone())]);
    assert_eq!(hosts.seen(vec![seen(a, NOW + 60, Some("newer")), seen(b, NOW + 80, None)]).await, Ok(2));
    assert_eq!(heard().await, [(Some(NOW + 60), "newer".into()), (Some(NOW + 80), facts.clone())]);
    // Reports of one host are taken in their order.
    let reports = vec![seen(a, NOW + 90, Some("a")), seen(b, NOW + 90, None), seen(a, NOW + 91, None)];
    assert_eq!(hosts.seen([reports, vec![seen(a, NOW + 89, Some("b"))]].concat()).await, Ok(3));
    assert_eq!(heard().await, [(Some(NOW + 91), "a".into()), (Some(NOW + 90), facts)]);
    let found = hosts.by_secret(&host("a").secret).await.expect("asked").expect("it is there");
    assert_eq!((found.id, found.last_seen_ms, found.enrolled_ms), (a, Some(NOW + 91), NOW));
    assert_eq!(hosts.seen(Vec::new()).await, Ok(0));
    hosts.remove(a).await.expect("removed");
    assert_eq!(hosts.seen(vec![seen(a, NOW + 99, None)]).await, Ok(0));
    assert_eq!(names(&*store).await, ["b"], "a report makes no host");
}

pub(super) async fn reports_of_one_call_are_noted_together(fixture: &mut dyn Fixture) {
    const ROUNDS: u64 = 20;
    let (one, two) = (fixture.open().await, fixture.open().await);
    let admin = created(&*one, "admin", Role::Admin).await.id;
    let mut made = Vec::new();
    for n in 0..20 {
        made.push(enrolled(&*one, admin, host(&format!("host-{n}"))).await.expect("enrolled").id);
    }
    let far = vec![seen(made[0], NOW, None), seen(made[1], u64::MAX, None)];
    assert_refused(one.hosts().seen(far).await, "time");
    let long = "x".repeat(HOST_FACTS_BYTES + 1);
    let long = vec![seen(made[0], NOW, None), seen(made[1], NOW, Some(&long))];
    assert_refused(one.hosts().seen(long).await, "facts");
    let all = one.hosts().all().await.expect("listed");
    assert!(all.iter().all(|host| host.last_seen_ms.is_none()), "nothing was noted");
    let report = async {
        for round in 1..=ROUNDS {
            let reports = made.iter().map(|id| seen(*id, NOW + round, None)).collect();
            assert_eq!(two.hosts().seen(reports).await, Ok(made.len()));
        }
    };
    let read = async {
        let mut last = None;
        while last != Some(NOW + ROUNDS) {
            let all = one.hosts().all().await.expect("listed");
            last = all[0].last_seen_ms;
            assert!(all.iter().all(|host| host.last_seen_ms == last), "half a call is seen: {all:?}");
        }
    };
    join(report, read).await;
}

pub(super) async fn nodes_that_note_the_same_hosts_do_not_hinder_each_other(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let admin = created(&*one, "admin", Role::Admin).await.id;
    // So many of such a size that an engine finds a few of them by their numbers, in the order of the reports.
    let made = join_all((0..100).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        enrolled(&**store, admin, NewHost { facts: "x".repeat(1500), ..host(&format!("host-{n}")) })
    }));
    let made: Vec<_> = made.await.into_iter().map(|host| host.expect("enrolled").id).collect();
    for round in 1..=20 {
        let calls = (0..10).map(|n| {
            let mut reports: Vec<_> = made[..3].iter().map(|id| seen(*id, NOW + round, None)).collect();
            let store = if n % 2 == 0 { &one } else { &two };
            if n % 4 < 2 {
                reports.reverse();
            }
            store.hosts().seen(reports)
        });
        assert!(join_all(calls).await.iter().all(|noted| *noted == Ok(3)), "of round {round} each is noted");
    }
}

pub(super) async fn there_is_a_bound_of_hosts_also_at_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let admin = created(&*one, "admin", Role::Admin).await.id;
    let enrol = async |n: usize| {
        let store = if n.is_multiple_of(2) { &one } else { &two };
        enrolled(&**store, admin, host(&format!("host-{n}"))).await
    };
    for first in (0..HOSTS - 2).step_by(20) {
        let made = join_all((first..(first + 20).min(HOSTS - 2)).map(&enrol)).await;
        assert!(made.iter().all(Result::is_ok), "{made:?}");
    }
    let tries = join_all((HOSTS..HOSTS + 10).map(&enrol)).await;
    let (made, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 2);
    refused.into_iter().for_each(|refused| assert_refused(refused, "hosts"));
    assert_eq!(one.hosts().all().await.expect("listed").len(), HOSTS);
    let waiting = one.hosts().open_enrolments(NOW).await.expect("listed");
    assert_eq!(waiting.len(), 8, "their codes stay open");
    let made = made[0].clone().expect("it was made");
    assert_eq!(two.hosts().remove(made.id).await, Ok(true));
    assert_eq!(enrol(HOSTS + 10).await.expect("there is room").enrolled_by, Some(admin));
    assert_refused(enrol(HOSTS + 11).await, "hosts");
    // A taken name is told as such, also where there is no room.
    one.hosts().create_enrolment(enrolment(Some(admin), "again")).await.expect("made");
    assert_eq!(two.hosts().enrol(secret("again"), host("host-0")).await, Err(StoreError::NameTaken));
}

pub(super) async fn bounds_of_hosts_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    let code = hosts.create_enrolment(enrolment(Some(admin), "a")).await.expect("made");
    let longest = "x".repeat(HOST_NAME_BYTES);
    for bad in
        ["", "Web", "web 1", "web/1", "web\0", "웹", "web\n", &format!("{longest}x"), &"x".repeat(10_000)]
    {
        let new = NewHost { name: bad.into(), ..host("a") };
        assert_refused(hosts.enrol(secret("a"), new.clone()).await, "name");
        assert_refused(hosts.enrol(secret("unknown"), new).await, "name");
    }
    for bad in ["nul\0nul", &"x".repeat(HOST_FACTS_BYTES + 1)] {
        let new = NewHost { facts: bad.into(), ..host("a") };
        assert_refused(hosts.enrol(secret("a"), new).await, "facts");
    }
    let far = NewHost { enrolled_ms: u64::MAX, ..host("a") };
    assert_refused(hosts.enrol(secret("a"), far).await, "time");
    let mut far = enrolment(Some(admin), "far");
    far.expires_ms = u64::MAX;
    assert_refused(hosts.create_enrolment(far.clone()).await, "time");
    (far.created_ms, far.expires_ms) = (u64::MAX, NOW);
    assert_refused(hosts.create_enrolment(far).await, "time");
    assert_refused(hosts.seen(vec![seen(HostNumber(1), NOW, None); HOSTS + 1]).await, "reports");
    assert_eq!(hosts.all().await, Ok(Vec::new()));
    assert_eq!(hosts.open_enrolments(NOW).await, Ok(vec![code]), "nothing was used up");

    let facts = "가".repeat(HOST_FACTS_BYTES / "가".len());
    let made = hosts.enrol(secret("a"), NewHost { name: longest, facts, ..host("a") }).await;
    let made = made.expect("it is within the bounds").expect("the code is open");
    assert_eq!(hosts.all().await, Ok(vec![made.clone()]));
    let reports = vec![seen(made.id, NOW, Some("")); HOSTS];
    assert_eq!(hosts.seen(reports).await, Ok(HOSTS));
    assert_eq!(hosts.all().await.expect("listed")[0].facts, "");
}
