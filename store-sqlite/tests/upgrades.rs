//! Stores that earlier versions wrote are opened, and have all their rows.
//!
//! `fixtures/schema_N.db` was written by the version whose newest schema was N, and is never changed. Whoever adds migration N first
//! runs the version before with `PULSEBOARD_WRITE_FIXTURE=store-sqlite/tests/fixtures/schema_N-1.db cargo test -p store-sqlite --test
//! upgrades`, if that file is not there yet, then adds it to `FIXTURES`, and to `holds_what_was_written` what became of the rows.

use std::{env, fs, path::Path};

use common::{
    notice::{NoticeAudience, NoticeLevel},
    role::Role,
};
use store::{
    AnsweredChallenge, AuditFilter, DashboardChange, DashboardId, HostNumber, HostSeen, Identity, NewAudit,
    NewDashboard, NewEnrolment, NewHost, NewInvitation, NewNotice, NewPasskey, NewPushSubscription,
    NewSession, NewSource, NewToken, NewUser, NoticeFilter, NoticeId, NoticeReader, PasskeyId, PasswordHash,
    PushSettlement, SecretHash, Source, SourceChange, SourceKind, SourceNumber, Store, TotpSecret, UserId,
};
use store_sqlite::{FILE, SqliteOptions, SqliteStore, check};

/// The schema of each file, and its bytes.
const FIXTURES: &[(u32, &[u8])] = &[
    (1, include_bytes!("fixtures/schema_1.db")),
    (2, include_bytes!("fixtures/schema_2.db")),
    (3, include_bytes!("fixtures/schema_3.db")),
    (4, include_bytes!("fixtures/schema_4.db")),
    (5, include_bytes!("fixtures/schema_5.db")),
    (6, include_bytes!("fixtures/schema_6.db")),
    (7, include_bytes!("fixtures/schema_7.db")),
];

/// The schema that this version writes.
const NEWEST: u32 = 8;

const NOW: u64 = 1_800_000_000_000;

fn user(name: &str, role: Role) -> NewUser {
    let password = Some(PasswordHash(format!("$argon2id$v=19$m=19456,t=2,p=1$salt${name}")));
    NewUser { name: name.into(), name_key: name.to_lowercase(), role, password, created_ms: NOW }
}

fn secret(text: &str) -> SecretHash {
    SecretHash::of(text.as_bytes())
}

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder, SqliteOptions::default()).expect("it opens")
}

/// Writes a row of each kind.
async fn write(store: &dyn Store) {
    let admin =
        store.users().create_first(user("Mina", Role::Admin)).await.expect("made").expect("the first").id;
    store.users().set_totp(admin, Some(TotpSecret(vec![7; 20]))).await.expect("set");
    assert!(store.users().take_totp_step(admin, 60_000_000).await.expect("taken"));
    store.users().set_recovery_codes(admin, vec![secret("r1"), secret("r2")]).await.expect("set");
    store.identities().bind(identity("mina"), admin, NOW).await.expect("bound");
    let made = store.passkeys().create(passkey(admin, b"\0mina")).await.expect("made").id;
    assert_eq!(store.passkeys().take_answer(made, "counter 2".into(), ANSWERED, NOW + 3).await, Ok(true));
    assert_eq!(store.server_secrets().get_or_create("key", vec![7; 32]).await, Ok(vec![7; 32]));
    for word in ["used", "open"] {
        let (role, created_by, expires_ms) = (Role::Operator, admin, NOW + 1000);
        let new = NewInvitation { secret: secret(word), role, created_by, created_ms: NOW, expires_ms };
        store.invitations().create(new).await.expect("made");
    }
    let guest = store.invitations().accept(secret("used"), user("준", Role::Viewer), NOW).await;
    let guest = guest.expect("asked").expect("it is open").id;
    store.users().set_disabled(guest, Some(NOW + 1)).await.expect("set");
    let (address, agent) = ("2001:db8::1".to_owned(), "브라우저".to_owned());
    let session = NewSession {
        user: admin,
        password: None,
        secret: secret("s"),
        created_ms: NOW,
        expires_ms: NOW + 9,
        address,
        agent,
    };
    store.sessions().create(session).await.expect("it begins");
    let (name, scopes) = ("빌드".to_owned(), vec!["read:*".to_owned(), "agent".to_owned()]);
    let token = NewToken {
        user: guest,
        name,
        secret: secret("t"),
        scopes,
        created_ms: NOW,
        expires_ms: Some(NOW + 8),
    };
    store.tokens().create(token).await.expect("made");
    let notice = NewNotice {
        audience: NoticeAudience::Role(Role::Admin),
        level: NoticeLevel::Warning,
        title: "디스크".into(),
        text: "두 줄\n".into(),
        link: Some("/hosts".into()),
        sender: admin,
        sender_name: "Mina".into(),
        created_ms: NOW,
        expires_ms: Some(NOW + 7),
        key: Some("k".into()),
    };
    let sent = store.notices().create(notice).await.expect("stored").notice.id;
    let reader = NoticeReader { user: admin, audiences: vec![NoticeAudience::Role(Role::Admin)] };
    assert_eq!(store.notices().mark_read(reader, sent, sent, NOW).await, Ok(1));
    store.pushes().subscribe(browser(admin)).await.expect("kept");
    assert_eq!(store.pushes().enqueue(sent, NOW).await, Ok(Some(1)));
    let due = store.pushes().claim("https://push.example", NOW, NOW + 1, 1).await.expect("claimed");
    let again = PushSettlement::Again { next_ms: NOW + 5, failure: "503".into() };
    assert_eq!(store.pushes().settle(due[0].claim, again, NOW + 1).await, Ok(true));
    for word in ["enrolled", "waiting"] {
        store.hosts().create_enrolment(enrolment(admin, word)).await.expect("made");
    }
    let watched = store.hosts().enrol(secret("enrolled"), host("web-1")).await;
    let id = watched.expect("asked").expect("it is open").id;
    let heard = HostSeen { id, seen_ms: NOW + 4, facts: Some("{\"os\":\"리눅스\"}".into()) };
    assert_eq!(store.hosts().seen(vec![heard]).await, Ok(1));
    let probe = store.sources().create(source(SourceKind::Probe, "디비", None)).await.expect("made");
    store.sources().create(source(SourceKind::Scrape, "web", Some(probe.id))).await.expect("made");
    let paused = store.sources().change(paused(&probe)).await.expect("changed");
    assert!(paused.expect("it is there").is_paused);
    let made = store.dashboards().create(dashboard("가게", admin)).await.expect("made").entry.id;
    let change = DashboardChange { id: made, seen: 1, new: dashboard("Shop", admin) };
    assert!(store.dashboards().change(change).await.expect("changed").is_some());
    for action in ["setup", "invite", "disable"] {
        let [actor, object, address, detail] = ["Mina", "user 2", "192.0.2.1", "말"].map(str::to_owned);
        let entry = NewAudit { at_ms: NOW, actor, action: action.into(), object, address, detail };
        store.audit().append(entry).await.expect("appended");
    }
}

/// Asserts that what [`write`] wrote is there.
async fn holds_what_was_written(store: &dyn Store) {
    let users = store.users().list(None, 10).await.expect("listed");
    let [admin, guest] = &users[..] else { panic!("two users: {users:?}") };
    assert_eq!((admin.name.as_str(), admin.role, admin.disabled_ms), ("Mina", Role::Admin, None));
    assert_eq!(admin.password, user("Mina", Role::Admin).password);
    assert_eq!((&admin.totp, admin.totp_step), (&Some(TotpSecret(vec![7; 20])), Some(60_000_000)));
    assert_eq!(store.users().recovery_codes_left(admin.id).await, Ok(2));
    assert_eq!(store.users().by_name_key("준").await, Ok(Some(guest.clone())));
    assert_eq!((guest.role, guest.disabled_ms), (Role::Operator, Some(NOW + 1)));
    let (session, of) = store.sessions().by_secret(&secret("s")).await.expect("asked").expect("a session");
    assert_eq!((of.id, session.expires_ms, session.agent.as_str()), (admin.id, NOW + 9, "브라우저"));
    let (token, of) = store.tokens().by_secret(&secret("t")).await.expect("asked").expect("a token");
    assert_eq!((of.id, token.name.as_str(), token.expires_ms), (guest.id, "빌드", Some(NOW + 8)));
    assert_eq!(token.scopes, ["read:*", "agent"]);
    let used = store.invitations().by_secret(&secret("used")).await.expect("asked").expect("an invitation");
    assert_eq!((used.accepted_by, used.created_by), (Some(guest.id), admin.id));
    assert_eq!(store.invitations().open(NOW).await.expect("listed").len(), 1);
    let entries =
        store.audit().list(AuditFilter { limit: 10, ..AuditFilter::default() }).await.expect("listed");
    assert_eq!(
        entries.iter().map(|entry| entry.audit.action.as_str()).collect::<Vec<_>>(),
        ["disable", "invite", "setup"]
    );
    assert_eq!(store.audit().verify().await.expect("verified").broken_at, None);
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: "https://id.example".into(), subject: subject.into() }
}

/// Asserts that the identity of [`write`] is there, or none where the schema had none.
async fn holds_the_identity(store: &dyn Store, schema: u32) {
    let found = store.identities().user(&identity("mina")).await.expect("asked");
    assert_eq!(found.map(|user| user.id), (schema >= 3).then_some(UserId(1)));
}

fn passkey(user: UserId, credential_id: &[u8]) -> NewPasskey {
    NewPasskey {
        user,
        name: "휴대폰".into(),
        domain: "board.example".into(),
        credential_id: credential_id.to_owned(),
        credential: "counter 1".into(),
        created_ms: NOW,
    }
}

/// The challenge that the passkey of [`write`] answered.
const ANSWERED: AnsweredChallenge = AnsweredChallenge { hash: SecretHash([7; 32]), expires_ms: NOW + 6 };

/// Asserts that the passkey, the challenge and the secret of [`write`] are there, or none where the schema had none.
async fn holds_the_passkey(store: &dyn Store, schema: u32) {
    let found = store.passkeys().by_credential(b"\0mina").await.expect("asked");
    if schema < 4 {
        assert_eq!(found, None);
        return;
    }
    let (found, owner) = found.expect("a passkey");
    assert_eq!((found.id, owner.id, found.user), (PasskeyId(1), UserId(1), UserId(1)));
    assert_eq!((found.name.as_str(), found.domain.as_str()), ("휴대폰", "board.example"));
    assert_eq!(
        (found.credential.as_str(), found.created_ms, found.last_used_ms),
        ("counter 2", NOW, Some(NOW + 3))
    );
    assert_eq!(
        store.passkeys().take_answer(found.id, "counter 3".into(), ANSWERED, NOW + 5).await,
        Ok(false)
    );
    assert_eq!(store.server_secrets().get_or_create("key", vec![8; 32]).await, Ok(vec![7; 32]));
}

fn browser(user: UserId) -> NewPushSubscription {
    NewPushSubscription {
        user,
        endpoint: "https://push.example/mina".into(),
        service: "https://push.example".into(),
        p256dh: vec![4; 65],
        auth: vec![0; 16],
        agent: "브라우저".into(),
        created_ms: NOW,
    }
}

/// Asserts that the push subscription of [`write`] is there and its notice waits, or none where the schema had none.
async fn holds_the_push(store: &dyn Store, schema: u32) {
    let all = store.pushes().of_user(UserId(1)).await.expect("listed");
    if schema < 5 {
        assert_eq!(all, []);
        // A notice of before waits for nobody, and can be queued once.
        let queued = store.pushes().enqueue(NoticeId(1), NOW).await;
        assert_eq!(queued, Ok((schema >= 2).then_some(0)));
        return;
    }
    let [one] = &all[..] else { panic!("one subscription: {all:?}") };
    assert_eq!(
        (&one.given, one.failed_ms, one.failure.as_str()),
        (&browser(UserId(1)), Some(NOW + 1), "503")
    );
    assert_eq!(store.pushes().enqueue(NoticeId(1), NOW).await, Ok(None));
    let due = store.pushes().claim("https://push.example", NOW + 5, NOW + 9, 9).await.expect("claimed");
    assert_eq!(
        due.iter().map(|due| (due.notice.id, due.claim.attempts)).collect::<Vec<_>>(),
        [(NoticeId(1), 2)]
    );
}

fn enrolment(user: UserId, word: &str) -> NewEnrolment {
    NewEnrolment { secret: secret(word), created_by: Some(user), created_ms: NOW, expires_ms: NOW + 1000 }
}

fn host(name: &str) -> NewHost {
    NewHost { name: name.into(), secret: secret(name), facts: "{}".into(), enrolled_ms: NOW + 2 }
}

/// Asserts that the host of [`write`] is there and its other code is open, or none where the schema had none.
async fn holds_the_hosts(store: &dyn Store, schema: u32) {
    let all = store.hosts().all().await.expect("listed");
    let open = store.hosts().open_enrolments(NOW).await.expect("listed");
    if schema < 6 {
        assert_eq!((all, open), (Vec::new(), Vec::new()));
        return;
    }
    let [one] = &all[..] else { panic!("one host: {all:?}") };
    assert_eq!((one.id, one.name.as_str(), one.enrolled_by), (HostNumber(1), "web-1", Some(UserId(1))));
    assert_eq!((one.facts.as_str(), one.enrolled_ms), ("{\"os\":\"리눅스\"}", NOW + 2));
    assert_eq!(one.last_seen_ms, Some(NOW + 4));
    assert_eq!(store.hosts().by_secret(&secret("web-1")).await, Ok(Some(one.clone())));
    let [code] = &open[..] else { panic!("one code: {open:?}") };
    assert_eq!((code.created_by, code.created_ms, code.expires_ms), (Some(UserId(1)), NOW, NOW + 1000));
}

fn source(kind: SourceKind, name: &str, parent: Option<SourceNumber>) -> NewSource {
    NewSource {
        kind,
        name: name.into(),
        host: "web-1".into(),
        spec: "{}".into(),
        interval_ms: 30_000,
        parent,
        created_by: Some(UserId(1)),
        created_ms: NOW,
    }
}

fn paused(source: &Source) -> SourceChange {
    let Source { id, name, host, spec, interval_ms, parent, .. } = source.clone();
    let (is_paused, changed_ms, seen_ms) = (true, NOW + 5, NOW);
    SourceChange { id, name, host, spec, interval_ms, parent, is_paused, changed_ms, seen_ms }
}

/// Asserts that the sources of [`write`] are there, or none where the schema had none.
async fn holds_the_sources(store: &dyn Store, schema: u32) {
    let all = store.sources().all().await.expect("listed");
    if schema < 7 {
        assert_eq!(all, []);
        return;
    }
    let [probe, scrape] = &all[..] else { panic!("two sources: {all:?}") };
    assert_eq!((probe.id, probe.kind, probe.name.as_str()), (SourceNumber(1), SourceKind::Probe, "디비"));
    assert_eq!((probe.is_paused, probe.changed_ms, probe.created_ms), (true, NOW + 5, NOW));
    assert_eq!((probe.created_by, probe.parent, probe.interval_ms), (Some(UserId(1)), None, 30_000));
    assert_eq!((scrape.kind, scrape.name.as_str(), scrape.is_paused), (SourceKind::Scrape, "web", false));
    assert_eq!((scrape.parent, scrape.host.as_str(), scrape.spec.as_str()), (Some(probe.id), "web-1", "{}"));
}

fn dashboard(name: &str, user: UserId) -> NewDashboard {
    NewDashboard { name: name.into(), body: "[\"판\"]".into(), changed_by: Some(user), changed_ms: NOW + 6 }
}

/// Asserts that the dashboard of [`write`] is there, or none where the schema had none.
async fn holds_the_dashboard(store: &dyn Store, schema: u32) {
    let found = store.dashboards().by_id(DashboardId(1)).await.expect("asked");
    if schema < 8 {
        assert_eq!(found, None);
        return;
    }
    let found = found.expect("a dashboard");
    assert_eq!((found.entry.name.as_str(), found.entry.version), ("Shop", 2));
    assert_eq!((found.entry.changed_by, found.entry.changed_ms), (Some(UserId(1)), NOW + 6));
    assert_eq!(found.body, "[\"판\"]");
}

/// Asserts that the notices of [`write`] are there, or none where the schema had none.
async fn holds_the_notices(store: &dyn Store, schema: u32) {
    let reader = NoticeReader { user: UserId(1), audiences: vec![NoticeAudience::Role(Role::Admin)] };
    let (level, before, is_read) = (None, None, None);
    let filter = NoticeFilter { reader, sent: false, is_read, level, before, limit: 10, now_ms: NOW };
    let listed = store.notices().list(filter).await.expect("listed");
    if schema < 2 {
        assert_eq!(listed, []);
        return;
    }
    let [one] = &listed[..] else { panic!("one notice: {listed:?}") };
    assert_eq!((one.read_ms, one.notice.sent.title.as_str()), (Some(NOW), "디스크"));
    assert_eq!((one.notice.sent.level, one.notice.sent.expires_ms), (NoticeLevel::Warning, Some(NOW + 7)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_each_schema_is_upgraded() {
    for (schema, bytes) in FIXTURES {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        fs::write(&path, bytes).expect("written");
        assert_eq!(check(&path), Ok(*schema));
        let store = open(folder.path());
        holds_what_was_written(&store).await;
        holds_the_notices(&store, *schema).await;
        holds_the_identity(&store, *schema).await;
        holds_the_passkey(&store, *schema).await;
        holds_the_push(&store, *schema).await;
        holds_the_hosts(&store, *schema).await;
        holds_the_sources(&store, *schema).await;
        holds_the_dashboard(&store, *schema).await;
        // It goes on from there.
        let next = store.users().create(user("after", Role::Viewer)).await.expect("made");
        assert_eq!(next.id.0, 3);
        store.identities().bind(identity("after"), next.id, NOW).await.expect("bound");
        let made = store.passkeys().create(passkey(next.id, b"after")).await.expect("made").id;
        assert_eq!(made.0, if *schema < 4 { 1 } else { 2 });
        assert_eq!(store.identities().user(&identity("after")).await, Ok(Some(next)));
        store.hosts().create_enrolment(enrolment(UserId(1), "after")).await.expect("made");
        let enrolled = store.hosts().enrol(secret("after"), host("after")).await.expect("asked");
        let number = enrolled.expect("it is open").id.0;
        assert_eq!(number, if *schema < 6 { 1 } else { 2 });
        let parent = store.sources().create(source(SourceKind::Probe, "after", None)).await.expect("made").id;
        assert_eq!(parent.0, if *schema < 7 { 1 } else { 3 });
        let below = source(SourceKind::Scrape, "after", Some(parent));
        assert_eq!(store.sources().create(below).await.expect("made").parent, Some(parent));
        let made = store.dashboards().create(dashboard("after", UserId(1))).await.expect("made").entry.id;
        assert_eq!(made.0, if *schema < 8 { 1 } else { 2 });
        store.close().await;
        assert_eq!(check(&path), check_of_a_new_store().await, "it has the newest schema");
    }
}

async fn check_of_a_new_store() -> Result<u32, store::StoreError> {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path()).close().await;
    check(&folder.path().join(FILE))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_version_writes_is_a_fixture_for_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    write(&store).await;
    holds_what_was_written(&store).await;
    holds_the_notices(&store, NEWEST).await;
    holds_the_identity(&store, NEWEST).await;
    holds_the_passkey(&store, NEWEST).await;
    holds_the_hosts(&store, NEWEST).await;
    holds_the_sources(&store, NEWEST).await;
    holds_the_dashboard(&store, NEWEST).await;
    if let Some(to) = env::var_os("PULSEBOARD_WRITE_FIXTURE") {
        let to = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(to);
        store.backup(&to).await.expect("it is written");
    }
    // It claims what waits, so it follows the copy.
    holds_the_push(&store, NEWEST).await;
}
