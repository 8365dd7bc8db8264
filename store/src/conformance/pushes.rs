//! Cases of push subscriptions, and of the notices that wait for them.

use common::{notice::NoticeAudience, role::Role};
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, assert_refused, created, notice, push_subscription as new};
use crate::{
    AGENT_BYTES, NewNotice, NewPushSubscription, NoticeId, NoticeReader, PUSH_AUTH_BYTES,
    PUSH_ENDPOINT_BYTES, PUSH_FAILURE_BYTES, PUSH_KEY_BYTES, PUSH_SERVICE_BYTES, PUSH_SUBSCRIPTIONS,
    PUSH_WAITING, PushClaim, PushDelivery, PushSettlement, PushSubscription, PushSubscriptionId, Store,
    StoreError, UserId,
};

const SERVICE: &str = "https://push.example";

/// Sends a notice and has it wait. Returns its number, and for how many subscriptions it waits.
async fn queued(store: &dyn Store, audience: NoticeAudience) -> (NoticeId, Option<u64>) {
    let id = store.notices().create(notice(audience, "a")).await.expect("stored").notice.id;
    (id, store.pushes().enqueue(id, NOW).await.expect("queued"))
}

async fn claim(store: &dyn Store, now_ms: u64) -> Vec<PushDelivery> {
    store.pushes().claim(SERVICE, now_ms, now_ms + 100, 1000).await.expect("claimed")
}

fn again(next_ms: u64) -> PushSettlement {
    PushSettlement::Again { next_ms, failure: "503".into() }
}

pub(super) async fn a_subscription_comes_back_as_it_was_made(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let pushes = store.pushes();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let jun = created(&*store, "jun", Role::Admin).await.id;
    let made = pushes.subscribe(new(mina, "a")).await.expect("kept");
    let (delivered_ms, failed_ms, failure) = (None, None, String::new());
    assert_eq!(
        made,
        PushSubscription { id: made.id, given: new(mina, "a"), delivered_ms, failed_ms, failure }
    );
    let next = pushes.subscribe(new(mina, "b")).await.expect("kept");
    assert!(next.id > made.id);
    assert_eq!(pushes.of_user(mina).await, Ok(vec![next.clone(), made.clone()]), "the newest first");
    assert_eq!(pushes.of_user(jun).await, Ok(Vec::new()));
    assert_eq!(pushes.subscribe(new(UserId(4242), "c")).await, Err(StoreError::NotFound));
    assert_eq!(pushes.remove(jun, made.id).await, Ok(false), "another's");
    assert_eq!(pushes.remove(mina, PushSubscriptionId(u64::MAX)).await, Ok(false));
    assert_eq!(pushes.remove(mina, made.id).await, Ok(true));
    assert_eq!(pushes.remove(mina, made.id).await, Ok(false));
    assert_eq!(pushes.of_user(mina).await, Ok(vec![next]));
    assert!(!format!("{made:?}").contains(&made.given.endpoint), "an endpoint is not printed");
}

pub(super) async fn an_endpoint_is_one_browsers(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mina = created(&*one, "mina", Role::Viewer).await.id;
    let jun = created(&*one, "jun", Role::Viewer).await.id;
    let made = one.pushes().subscribe(new(mina, "a")).await.expect("kept");
    assert_eq!(queued(&*one, NoticeAudience::All).await.1, Some(1));
    let other_keys = NewPushSubscription { auth: vec![9; PUSH_AUTH_BYTES], ..new(mina, "a") };
    let kept = two.pushes().subscribe(other_keys.clone()).await.expect("kept");
    assert_eq!((kept.id, &kept.given), (made.id, &other_keys));
    assert_eq!(claim(&*one, NOW).await.len(), 1, "what waited goes on waiting");
    let taken = two.pushes().subscribe(new(jun, "a")).await.expect("kept");
    assert_eq!(one.pushes().of_user(mina).await, Ok(Vec::new()));
    assert_eq!(one.pushes().of_user(jun).await, Ok(vec![taken]));
    assert_eq!(claim(&*one, NOW + 1000).await, [], "nobody is told of another's notices");
    // Of many at once one is left.
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.pushes().subscribe(new(if n < 5 { mina } else { jun }, "z"))
    });
    for tried in join_all(tries).await {
        // Nodes may hinder each other for a moment; nobody is told something else.
        assert!(matches!(tried, Ok(_) | Err(StoreError::Busy)), "{tried:?}");
    }
    let both = [one.pushes().of_user(mina).await, one.pushes().of_user(jun).await];
    let all: Vec<_> = both.into_iter().flat_map(|all| all.expect("listed")).collect();
    assert_eq!(all.iter().filter(|one| one.given.endpoint.ends_with("/z")).count(), 1, "{all:?}");
}

pub(super) async fn of_many_subscriptions_the_oldest_go(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let jun = created(&*store, "jun", Role::Viewer).await.id;
    let others = store.pushes().subscribe(new(jun, "other")).await.expect("kept");
    for n in 0..PUSH_SUBSCRIPTIONS + 3 {
        store.pushes().subscribe(new(mina, &n.to_string())).await.expect("kept");
    }
    let left = store.pushes().of_user(mina).await.expect("listed");
    assert_eq!(left.len(), PUSH_SUBSCRIPTIONS);
    assert_eq!(left[0].given.endpoint, new(mina, &(PUSH_SUBSCRIPTIONS + 2).to_string()).endpoint);
    let oldest = &left[PUSH_SUBSCRIPTIONS - 1];
    assert_eq!(oldest.given.endpoint, new(mina, "3").endpoint);
    // One that is renewed stays, also where it is the oldest.
    store.pushes().subscribe(oldest.given.clone()).await.expect("kept");
    assert_eq!(store.pushes().of_user(mina).await.expect("listed"), left);
    assert_eq!(store.pushes().of_user(jun).await, Ok(vec![others]));
}

pub(super) async fn a_notice_waits_for_its_audience_once(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mut ids = Vec::new();
    for (name, role) in
        [("kim", Role::Admin), ("lee", Role::Operator), ("min", Role::Viewer), ("off", Role::Admin)]
    {
        let user = created(&*one, name, role).await.id;
        ids.push(user);
        for device in ["phone", "desk"] {
            one.pushes().subscribe(new(user, &format!("{name}/{device}"))).await.expect("kept");
        }
    }
    one.users().set_disabled(ids[3], Some(NOW)).await.expect("set");
    let audiences = [
        (NoticeAudience::All, &ids[..3]),
        (NoticeAudience::Role(Role::Viewer), &ids[..3]),
        (NoticeAudience::Role(Role::Operator), &ids[..2]),
        (NoticeAudience::Role(Role::Admin), &ids[..1]),
        (NoticeAudience::User(ids[2].0), &ids[2..3]),
        (NoticeAudience::User(ids[3].0), &[]),
        (NoticeAudience::User(0), &[]),
    ];
    for (audience, readers) in audiences {
        let (id, waiting) = queued(&*one, audience).await;
        assert_eq!(waiting, Some(readers.len() as u64 * 2), "{audience}");
        assert_eq!(two.pushes().enqueue(id, NOW).await, Ok(None), "it was queued before");
        let mut told: Vec<_> = claim(&*two, NOW).await.into_iter().map(|due| due.user.id).collect();
        told.sort_unstable();
        let expected: Vec<_> = readers.iter().flat_map(|user| [*user; 2]).collect();
        assert_eq!(told, expected, "{audience}");
        one.pushes().drop_overdue(NOW, NOW + 1).await.expect("dropped");
    }
    assert_eq!(one.pushes().enqueue(NoticeId(4242), NOW).await, Ok(None), "there is none");
    let id = one.notices().create(notice(NoticeAudience::All, "a")).await.expect("stored").notice.id;
    let tries = (0..20).map(|n| if n % 2 == 0 { &one } else { &two }.pushes().enqueue(id, NOW));
    let tried = join_all(tries).await;
    assert_eq!(tried.iter().filter(|tried| **tried == Ok(Some(6))).count(), 1, "{tried:?}");
    assert_eq!(tried.iter().filter(|tried| **tried == Ok(None)).count(), 19, "{tried:?}");
}

pub(super) async fn what_is_due_is_claimed_by_one_node(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let mina = created(&*one, "mina", Role::Viewer).await.id;
    for n in 0..10 {
        one.pushes().subscribe(new(mina, &n.to_string())).await.expect("kept");
    }
    let (id, _) = queued(&*one, NoticeAudience::All).await;
    assert_eq!(claim(&*one, NOW - 1).await, [], "nothing is due yet");
    let tries = (0..6).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.pushes().claim(SERVICE, NOW, NOW + 100, 3)
    });
    let mut all = Vec::new();
    for tried in join_all(tries).await {
        let tried = tried.expect("claimed");
        assert!(tried.len() <= 3);
        all.extend(tried);
    }
    let mut subscriptions: Vec<_> = all.iter().map(|due| due.claim.subscription).collect();
    subscriptions.sort_unstable();
    subscriptions.dedup();
    assert_eq!((all.len(), subscriptions.len()), (10, 10), "each once");
    for due in &all {
        assert_eq!((due.claim.notice, due.notice.id, due.claim.attempts), (id, id, 1));
        assert_eq!((due.user.id, due.is_read), (mina, false));
        assert_eq!((due.subscription.id, due.subscription.given.user), (due.claim.subscription, mina));
    }
    assert_eq!(claim(&*two, NOW + 99).await, [], "they are claimed");
    let second = claim(&*two, NOW + 100).await;
    assert_eq!(second.len(), 10, "the claims have ended by themselves");
    // A node that comes late changes nothing.
    let (late, held) =
        (all[0].claim, second.iter().find(|due| due.claim.subscription == all[0].claim.subscription));
    let held = held.expect("claimed again").claim;
    assert_eq!((late.attempts, held.attempts), (1, 2));
    for settlement in [PushSettlement::Delivered, PushSettlement::Gone, again(NOW)] {
        assert_eq!(one.pushes().settle(late, settlement, NOW + 101).await, Ok(false));
    }
    assert_eq!(two.pushes().settle(held, PushSettlement::Delivered, NOW + 101).await, Ok(true));
    assert_eq!(two.pushes().settle(held, PushSettlement::Delivered, NOW + 101).await, Ok(false), "once");
}

pub(super) async fn a_claim_is_settled(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let pushes = store.pushes();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let kept = pushes.subscribe(new(mina, "a")).await.expect("kept");
    let now = || async { pushes.of_user(mina).await.expect("listed").pop().expect("it is there") };
    queued(&*store, NoticeAudience::All).await;
    let due = claim(&*store, NOW).await.pop().expect("due");
    assert_eq!(due.subscription, kept);
    assert_eq!(pushes.settle(due.claim, again(NOW + 50), NOW + 1).await, Ok(true));
    assert_eq!((now().await.failed_ms, now().await.failure), (Some(NOW + 1), "503".into()));
    assert_eq!(claim(&*store, NOW + 49).await, []);
    let due = claim(&*store, NOW + 50).await.pop().expect("due again");
    assert_eq!(due.claim.attempts, 2);
    assert_eq!(pushes.settle(due.claim, again(NOW + 60), NOW + 51).await, Ok(true));
    assert_eq!(now().await.failed_ms, Some(NOW + 1), "since when it fails");
    let due = claim(&*store, NOW + 60).await.pop().expect("due again");
    assert_eq!(pushes.settle(due.claim, PushSettlement::Delivered, NOW + 61).await, Ok(true));
    assert_eq!(now().await, PushSubscription { delivered_ms: Some(NOW + 61), ..kept.clone() });
    assert_eq!(claim(&*store, NOW + 10_000).await, [], "it is told once");

    queued(&*store, NoticeAudience::All).await;
    let due = claim(&*store, NOW).await.pop().expect("due");
    let given_up = PushSettlement::GivenUp { failure: "403".into() };
    assert_eq!(pushes.settle(due.claim, given_up, NOW + 70).await, Ok(true));
    let failed = now().await;
    assert_eq!((failed.failed_ms, failed.failure.as_str()), (Some(NOW + 70), "403"));
    queued(&*store, NoticeAudience::All).await;
    let due = claim(&*store, NOW).await.pop().expect("due");
    assert_eq!(pushes.settle(due.claim, PushSettlement::NotNeeded, NOW + 80).await, Ok(true));
    assert_eq!(now().await, failed, "nothing was sent, and nothing has failed");

    queued(&*store, NoticeAudience::All).await;
    queued(&*store, NoticeAudience::All).await;
    let due = claim(&*store, NOW).await;
    assert_eq!(due.len(), 2);
    assert!(due[0].notice.id < due[1].notice.id, "the oldest first");
    assert_eq!(pushes.settle(due[0].claim, PushSettlement::Gone, NOW).await, Ok(true));
    assert_eq!(pushes.of_user(mina).await, Ok(Vec::new()));
    assert_eq!(
        pushes.settle(due[1].claim, PushSettlement::Delivered, NOW).await,
        Ok(false),
        "it is gone, too"
    );
    assert_eq!(claim(&*store, NOW + 10_000).await, []);
}

pub(super) async fn push_services_wait_apart(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let pushes = store.pushes();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    let slow = "https://slow.example";
    let of_slow = NewPushSubscription { service: slow.into(), ..new(mina, "slow") };
    pushes.subscribe(of_slow).await.expect("kept");
    pushes.subscribe(new(mina, "a")).await.expect("kept");
    assert_eq!(pushes.due_services(NOW).await, Ok(Vec::new()));
    queued(&*store, NoticeAudience::All).await;
    assert_eq!(pushes.due_services(NOW - 1).await, Ok(Vec::new()));
    assert_eq!(pushes.due_services(NOW).await, Ok(vec![SERVICE.to_owned(), slow.to_owned()]));
    let due = pushes.claim(slow, NOW, NOW + 100, 10).await.expect("claimed");
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].subscription.given.service, slow);
    assert_eq!(pushes.due_services(NOW).await, Ok(vec![SERVICE.to_owned()]));
    assert_eq!(claim(&*store, NOW).await.len(), 1);
    assert_eq!(pushes.claim("https://none.example", NOW, NOW + 1, 10).await, Ok(Vec::new()));
}

pub(super) async fn what_need_not_be_told_is_known(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let pushes = store.pushes();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    created(&*store, "admin", Role::Admin).await;
    pushes.subscribe(new(mina, "a")).await.expect("kept");
    let (id, _) = queued(&*store, NoticeAudience::All).await;
    let reader = NoticeReader { user: mina, audiences: vec![NoticeAudience::All] };
    assert_eq!(store.notices().mark_read(reader, id, id, NOW).await, Ok(1));
    store.users().set_disabled(mina, Some(NOW)).await.expect("set");
    let due = claim(&*store, NOW).await.pop().expect("due");
    assert!(due.is_read);
    assert_eq!(due.user.disabled_ms, Some(NOW), "as it is now");
    store.users().set_disabled(mina, None).await.expect("set");

    let expires_ms = Some(NOW + 10);
    let short = NewNotice { expires_ms, ..notice(NoticeAudience::All, "short") };
    let short = store.notices().create(short).await.expect("stored").notice.id;
    assert_eq!(pushes.enqueue(short, NOW).await, Ok(Some(1)));
    assert_eq!(pushes.drop_overdue(NOW + 9, NOW).await, Ok(0));
    assert_eq!(pushes.drop_overdue(NOW + 10, NOW).await, Ok(1), "it has expired");
    assert_eq!(pushes.drop_overdue(NOW, NOW + 1).await, Ok(1), "it is too old");
    // A notice that is gone waits for nobody.
    queued(&*store, NoticeAudience::All).await;
    store.notices().prune(0, NOW + 1).await.expect("pruned");
    assert_eq!(claim(&*store, NOW + 1000).await, []);

    for n in 0..PUSH_WAITING + 2 {
        let waits = queued(&*store, NoticeAudience::All).await.1;
        assert_eq!(waits, Some(u64::from(n < PUSH_WAITING)), "{n}");
    }
    assert_eq!(claim(&*store, NOW).await.len(), PUSH_WAITING);
}

pub(super) async fn bounds_of_pushes_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let pushes = store.pushes();
    let mina = created(&*store, "mina", Role::Viewer).await.id;
    for bad in ["x".repeat(PUSH_ENDPOINT_BYTES + 1), String::new(), "nul\0nul".to_owned()] {
        let [endpoint, service] = [bad.clone(), bad.clone()];
        assert_refused(
            pushes.subscribe(NewPushSubscription { endpoint, ..new(mina, "a") }).await,
            "endpoint",
        );
        assert_refused(
            pushes.subscribe(NewPushSubscription { service, ..new(mina, "a") }).await,
            "push service",
        );
    }
    for length in [0, PUSH_KEY_BYTES - 1, PUSH_KEY_BYTES + 1] {
        let (p256dh, auth) = (vec![4; length], vec![4; length]);
        assert_refused(
            pushes.subscribe(NewPushSubscription { p256dh, ..new(mina, "a") }).await,
            "public key",
        );
        assert_refused(pushes.subscribe(NewPushSubscription { auth, ..new(mina, "a") }).await, "secret");
    }
    let agent = "x".repeat(AGENT_BYTES + 1);
    assert_refused(pushes.subscribe(NewPushSubscription { agent, ..new(mina, "a") }).await, "browser");
    let far = NewPushSubscription { created_ms: u64::MAX, ..new(mina, "a") };
    assert_refused(pushes.subscribe(far).await, "time");
    assert_eq!(pushes.of_user(mina).await, Ok(Vec::new()), "nothing was written");

    let longest = NewPushSubscription {
        endpoint: "x".repeat(PUSH_ENDPOINT_BYTES),
        service: "x".repeat(PUSH_SERVICE_BYTES),
        agent: String::new(),
        ..new(mina, "a")
    };
    assert_eq!(pushes.subscribe(longest.clone()).await.expect("kept").given, longest);
    let claim = PushClaim { notice: NoticeId(1), subscription: PushSubscriptionId(1), attempts: 1 };
    for failure in ["x".repeat(PUSH_FAILURE_BYTES + 1), String::new(), "nul\0nul".to_owned()] {
        let given_up = PushSettlement::GivenUp { failure: failure.clone() };
        assert_refused(pushes.settle(claim, given_up, NOW).await, "failure");
        assert_refused(
            pushes.settle(claim, PushSettlement::Again { next_ms: NOW, failure }, NOW).await,
            "failure",
        );
    }
    assert_refused(pushes.settle(claim, again(u64::MAX), NOW).await, "time");
    assert_refused(pushes.settle(claim, PushSettlement::Delivered, u64::MAX).await, "time");
    assert_refused(pushes.enqueue(NoticeId(1), u64::MAX).await, "time");
    assert_refused(pushes.claim(SERVICE, NOW, u64::MAX, 1).await, "time");
}
