//! Cases of the codes by which agents enrol.

use common::role::Role;
use futures_util::future::join_all;

use super::fixture::{Fixture, NOW, created, enrolment, host, secret, user};
use crate::{EnrolmentId, NewEnrolment, NewHost, StoreError, UserId};

pub(super) async fn of_many_who_use_one_code_at_once_one_succeeds(fixture: &mut dyn Fixture) {
    let (one, two) = (fixture.open().await, fixture.open().await);
    let admin = created(&*one, "admin", Role::Admin).await.id;
    let made = one.hosts().create_enrolment(enrolment(Some(admin), "a")).await.expect("made");
    assert_eq!((made.created_by, made.created_ms, made.expires_ms), (Some(admin), NOW, NOW + 1000));
    let tries = (0..10).map(|n| {
        let store = if n % 2 == 0 { &one } else { &two };
        store.hosts().enrol(secret("a"), host(&format!("host-{n}")))
    });
    let enrolled = join_all(tries).await.into_iter().map(|enrolled| enrolled.expect("asked"));
    let enrolled: Vec<_> = enrolled.flatten().collect();
    assert_eq!(enrolled.len(), 1);
    assert_eq!(two.hosts().all().await, Ok(enrolled));
    assert_eq!(two.hosts().open_enrolments(NOW).await, Ok(Vec::new()));
    assert_eq!(two.hosts().revoke_enrolment(made.id).await, Ok(false), "it was used up");
}

pub(super) async fn what_is_no_open_code_enrols_nothing(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    let unknown = hosts.create_enrolment(enrolment(Some(UserId(4242)), "unknown")).await;
    assert_eq!(unknown, Err(StoreError::NotFound));
    let mut made = Vec::new();
    for word in ["used", "revoked", "expired"] {
        made.push(hosts.create_enrolment(enrolment(Some(admin), word)).await.expect("made").id);
    }
    let used = hosts.enrol(secret("used"), host("used")).await.expect("asked").expect("it is open");
    assert_eq!(hosts.revoke_enrolment(made[1]).await, Ok(true));
    assert_eq!(hosts.revoke_enrolment(made[1]).await, Ok(false));
    for id in [EnrolmentId(4242), EnrolmentId(u64::MAX)] {
        assert_eq!(hosts.revoke_enrolment(id).await, Ok(false));
    }
    for (word, enrolled_ms) in [("used", NOW), ("revoked", NOW), ("unknown", NOW), ("expired", NOW + 1000)] {
        let enrolled = hosts.enrol(secret(word), NewHost { enrolled_ms, ..host("late") }).await;
        assert_eq!(enrolled, Ok(None), "{word}");
        // A name that is taken does not tell whoever has no code.
        assert_eq!(hosts.enrol(secret(word), NewHost { enrolled_ms, ..host("used") }).await, Ok(None));
    }
    assert_eq!(hosts.all().await, Ok(vec![used]));
    let late = hosts.enrol(secret("expired"), NewHost { enrolled_ms: NOW + 999, ..host("late") }).await;
    assert!(late.expect("asked").is_some(), "until its end it is open");
}

pub(super) async fn codes_of_an_admin_who_is_none_any_more_do_not_hold(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let (users, hosts) = (store.users(), store.hosts());
    created(&*store, "other", Role::Admin).await;
    for (word, leave) in [("disabled", true), ("demoted", false)] {
        let admin = created(&*store, word, Role::Admin).await.id;
        let made = hosts.create_enrolment(enrolment(Some(admin), word)).await.expect("made");
        assert_eq!(hosts.open_enrolments(NOW).await, Ok(vec![made]));
        if leave {
            users.set_disabled(admin, Some(NOW)).await.expect("another is active");
        } else {
            users.set_role(admin, Role::Operator).await.expect("another is active");
        }
        assert_eq!(hosts.open_enrolments(NOW).await, Ok(Vec::new()));
        assert_eq!(hosts.enrol(secret(word), host("a")).await, Ok(None), "{word}");
    }
    assert_eq!(hosts.all().await, Ok(Vec::new()));
}

pub(super) async fn a_code_without_a_maker_holds_until_there_is_an_admin(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    for word in ["a", "b", "c"] {
        let made = hosts.create_enrolment(enrolment(None, word)).await.expect("made");
        assert_eq!(made.created_by, None);
    }
    let enrolled = hosts.enrol(secret("a"), host("a")).await.expect("asked").expect("it is open");
    assert_eq!(enrolled.enrolled_by, None);
    assert_eq!(hosts.open_enrolments(NOW).await.expect("listed").len(), 2);
    store.users().create_first(user("admin", Role::Admin)).await.expect("asked").expect("the first");
    assert_eq!(hosts.open_enrolments(NOW).await, Ok(Vec::new()));
    assert_eq!(hosts.enrol(secret("b"), host("b")).await, Ok(None));
    assert_eq!(hosts.all().await, Ok(vec![enrolled]), "those that are in stay");
}

pub(super) async fn a_taken_name_or_key_leaves_the_code_open(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    for word in ["a", "b"] {
        hosts.create_enrolment(enrolment(Some(admin), word)).await.expect("made");
    }
    let first = hosts.enrol(secret("a"), host("web")).await.expect("asked").expect("it is open");
    let name = NewHost { secret: secret("another key"), facts: "{}".into(), ..host("web") };
    assert_eq!(hosts.enrol(secret("b"), name).await, Err(StoreError::NameTaken));
    let key = NewHost { name: "db".into(), ..host("web") };
    assert_eq!(hosts.enrol(secret("b"), key).await, Err(StoreError::NameTaken));
    assert_eq!(hosts.all().await, Ok(vec![first]), "the first is as it was");
    let second = hosts.enrol(secret("b"), host("db")).await.expect("asked");
    assert_eq!(second.map(|host| host.name), Some("db".to_owned()));
}

pub(super) async fn open_codes_are_listed_and_ended_ones_forgotten(fixture: &mut dyn Fixture) {
    let store = fixture.open().await;
    let hosts = store.hosts();
    let admin = created(&*store, "admin", Role::Admin).await.id;
    let mut made = Vec::new();
    for word in ["a", "b", "c", "d"] {
        made.push(hosts.create_enrolment(enrolment(Some(admin), word)).await.expect("made").id);
    }
    let short = NewEnrolment { expires_ms: NOW + 5, ..enrolment(Some(admin), "short") };
    let short = hosts.create_enrolment(short).await.expect("made").id;
    hosts.enrol(secret("b"), host("b")).await.expect("enrolled");
    hosts.revoke_enrolment(made[2]).await.expect("revoked");
    let open = async |now| -> Vec<EnrolmentId> {
        hosts.open_enrolments(now).await.expect("listed").iter().map(|enrolment| enrolment.id).collect()
    };
    assert_eq!(open(NOW).await, [short, made[3], made[0]], "the newest first");
    assert_eq!(open(NOW + 5).await, [made[3], made[0]]);
    let later = NewEnrolment { created_ms: NOW + 5, ..enrolment(Some(admin), "later") };
    let later = hosts.create_enrolment(later).await.expect("made").id;
    assert!(later > short, "a number is given once");
    assert_eq!(hosts.revoke_enrolment(short).await, Ok(false), "it is forgotten");
    assert_eq!(open(NOW).await, [later, made[3], made[0]]);
}
