//! The log on disk: what comes back, what is told when something cannot, and what it may take.

mod support;

use std::{fs, path::Path, sync::Arc, time::Duration};

use broker_journal::{JournalError, JournalSettings};
use bytes::Bytes;
use common::{
    Cursor, Epoch, Topic,
    frame::{ByeReason, GapReason, Verdict},
};
use fanout::{
    Batch, Delivery, Hub, ManualClock, PublishError, PublishOptions, Retention, Settings, SubscribeOptions,
    SystemClock, TopicKind, TopicPolicy,
};
use support::{folder, kill, segments};

const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };

fn settings(retention: Retention) -> Settings {
    let policy =
        |pattern: &str, kind| TopicPolicy { pattern: pattern.parse().expect("a pattern"), kind, retention };
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![policy("t/*", TopicKind::Log), policy("latest/*", TopicKind::Latest)],
        publication_bytes: usize::MAX,
        topics_per_subscription: 0,
        topics: 4,
        bytes: 1 << 30,
    }
}

fn small(dir: &Path) -> JournalSettings {
    JournalSettings { segment: 256, ..JournalSettings::new(dir, 2048) }
}

fn open(dir: &Path) -> Hub {
    support::open(settings(Retention::entries(4)), &small(dir)).expect("opened")
}

fn t(name: &str) -> Topic {
    format!("t/{name}").parse().expect("a topic")
}

fn publish(hub: &Hub, name: &str, data: &str) -> Cursor {
    hub.publish(&t(name), Bytes::copy_from_slice(data.as_bytes())).expect("published")
}

/// Returns what a returning client is told of a topic: the verdict, the gap's reason and the payloads.
fn resume(hub: &Hub, name: &str, since: Cursor) -> (Verdict, Option<GapReason>, Vec<String>) {
    let options = SubscribeOptions { topics: vec![t(name)], since: Some(since), snapshot: vec![] };
    let mut subscription = hub.subscribe(&options).expect("a session");
    let (mut gap, mut events, mut out) = (None, Vec::new(), Vec::new());
    subscription.take(ALL, &mut out);
    for delivery in out {
        match delivery {
            Delivery::Gap(reason, _) => gap = Some(reason),
            Delivery::Event(event) => events.push(String::from_utf8_lossy(&event.data).into_owned()),
        }
    }
    (subscription.verdict(), gap, events)
}

fn size(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).expect("a folder");
    // One that was taken away meanwhile takes nothing.
    files.filter_map(|entry| entry.ok()?.metadata().ok()).map(|file| file.len()).sum()
}

#[test]
fn a_client_resumes_over_a_restart_and_the_numbers_go_on() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "a", "1");
    let last = publish(&hub, "a", "2");
    drop(hub);
    let hub = open(dir.path());
    assert_eq!(hub.head(), last);
    assert_eq!(resume(&hub, "a", first), (Verdict::Resumed, None, vec!["2".into()]));
    assert_eq!(publish(&hub, "a", "3").seq, last.seq.next());
}

#[test]
fn a_key_is_known_for_as_long_as_its_entry_is_kept_however_often_that_is_written_again() {
    let dir = folder();
    let once = |hub: &Hub, name: &str, data: &str, key: &str| {
        let key = Some(key.parse().expect("a key"));
        hub.publish_with(
            &t(name),
            Bytes::copy_from_slice(data.as_bytes()),
            PublishOptions { key, ..PublishOptions::default() },
        )
        .map(|published| published.cursor)
    };
    let hub = open(dir.path());
    let place = once(&hub, "quiet", "1", "key-1").expect("published");
    assert_eq!(once(&hub, "quiet", "1", "key-1"), Ok(place));
    assert_eq!(once(&hub, "quiet", "2", "key-1"), Err(PublishError::KeyReused));
    // This compacts every segment several times: the quiet entry is written again, and its key with it.
    for n in 0..300 {
        publish(&hub, "loud", &n.to_string());
    }
    let left = kill(dir.path());
    let hub = open(left.path());
    assert_eq!(once(&hub, "quiet", "1", "key-1"), Ok(place));
    assert_eq!(resume(&hub, "quiet", Cursor { seq: place.seq.previous(), ..place }).2, ["1"]);
    // Four more, and the entry is gone; so is its key.
    for n in 2..=5 {
        once(&hub, "quiet", &n.to_string(), &format!("key-{n}")).expect("published");
    }
    assert_ne!(once(&hub, "quiet", "1", "key-1"), Ok(place));
}

#[test]
fn what_was_lost_before_a_restart_is_told_after_it_even_when_nothing_else_is_left_of_it() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "quiet", "0");
    let kept = publish(&hub, "kept", "kept");
    for n in 1..=4 {
        publish(&hub, "quiet", &n.to_string());
    }
    let told_of_one = publish(&hub, "quiet", "5");
    // This compacts every segment several times.
    for n in 0..300 {
        publish(&hub, "loud", &n.to_string());
    }
    let left = kill(dir.path());
    let hub = open(left.path());
    let four = |from: u32| (from..from + 4).map(|n| n.to_string()).collect::<Vec<_>>();
    assert_eq!(resume(&hub, "quiet", first), (Verdict::Gap, Some(GapReason::Evicted), four(2)));
    assert_eq!(resume(&hub, "quiet", told_of_one), (Verdict::Resumed, None, vec![]));
    assert_eq!(resume(&hub, "loud", first), (Verdict::Gap, Some(GapReason::Evicted), four(296)));
    let before_kept = Cursor { seq: kept.seq.previous(), ..kept };
    assert_eq!(resume(&hub, "kept", before_kept), (Verdict::Resumed, None, vec!["kept".into()]));
}

#[test]
fn topics_that_were_forgotten_are_not_forgotten_to_have_lost_something() {
    let dir = folder();
    let aged = Retention { age: Duration::ZERO, ..Retention::entries(4) };
    let hub = support::open(settings(aged), &small(dir.path())).expect("opened");
    let first = publish(&hub, "a", "1");
    publish(&hub, "a", "2");
    // Four topics are all there may be; those that hold nothing make room.
    for n in 0..100 {
        publish(&hub, &format!("other-{n}"), "x");
        hub.sweep();
    }
    drop(hub);
    let hub = support::open(settings(aged), &small(dir.path())).expect("opened");
    assert!(hub.metrics().topics <= 4);
    assert_eq!(resume(&hub, "a", first).1, Some(GapReason::Evicted));
    drop(hub);
    // Made anew it has entries again, and still the old ones are missing.
    let hub = open(dir.path());
    publish(&hub, "a", "3");
    drop(hub);
    assert_eq!(
        resume(&open(dir.path()), "a", first),
        (Verdict::Gap, Some(GapReason::Evicted), vec!["3".into()])
    );
}

#[test]
fn entries_grow_old_while_no_process_runs_and_a_clock_that_was_set_back_makes_none_older() {
    const DAY: u64 = 86_400_000;
    let dir = folder();
    let clock = Arc::new(ManualClock::new(20_000 * DAY));
    let month = Retention { age: Duration::from_millis(30 * DAY), ..Retention::entries(10) };
    let open = || {
        let settings = Settings { clock: clock.clone(), ..settings(month) };
        support::open(settings, &small(dir.path())).expect("opened")
    };
    let kept = |hub: &Hub| hub.history(&t("log"), None, usize::MAX).entries.len();
    publish(&open(), "log", "1");
    clock.set(20_020 * DAY);
    let hub = open();
    assert_eq!(kept(&hub), 1);
    publish(&hub, "log", "2");
    drop(hub);
    clock.set(20_031 * DAY);
    assert_eq!(kept(&open()), 1, "only the first is older than a month");
    clock.set(19_000 * DAY);
    assert_eq!(kept(&open()), 2, "what lies ahead of the clock counts as new");
}

#[test]
fn the_folder_stays_within_its_bound() {
    let dir = folder();
    let many =
        Retention { age: Duration::from_secs(3600), bytes: usize::MAX, ..Retention::entries(usize::MAX) };
    let bound = JournalSettings { segment: 1 << 14, ..JournalSettings::new(dir.path(), 1 << 18) };
    let hub = support::open(settings(many), &bound).expect("opened");
    let first = publish(&hub, "a", "the first");
    let payload = "x".repeat(500);
    let (mut published, mut most) = (0, 0);
    while published < 10 * bound.bytes {
        // One is quiet, so that carrying forward has something to carry.
        let name = if published % 7 == 0 { "quiet" } else { "a" };
        publish(&hub, name, &payload);
        published += 500;
        most = most.max(size(dir.path()));
    }
    assert!(most <= bound.bytes + bound.segment, "{most}");
    assert!(most > bound.bytes / 2, "the ring is used: {most}");
    let held = resume(&hub, "a", first).2;
    drop(hub);
    let hub = support::open(settings(many), &bound).expect("opened");
    assert_eq!(resume(&hub, "a", first), (Verdict::Gap, Some(GapReason::Evicted), held.clone()));
    assert!(held.len() > 100, "half of it can be resumed: {}", held.len());
    let smaller = JournalSettings { bytes: 1 << 17, ..bound };
    drop(hub);
    let hub = support::open(settings(many), &smaller).expect("opened");
    publish(&hub, "a", "x");
    drop(hub);
    assert!(size(dir.path()) <= smaller.bytes + smaller.segment, "a smaller bound holds at once");
}

#[test]
fn a_damaged_part_loses_its_rest_and_begins_a_new_life() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "a", "1");
    for n in 0..20 {
        publish(&hub, &format!("{}", n % 3), &n.to_string());
    }
    drop(hub);
    let middle = segments(dir.path()).remove(0);
    let mut bytes = fs::read(&middle).expect("read");
    bytes[60] ^= 1;
    fs::write(&middle, bytes).expect("written");
    let hub =
        support::open(Settings { epoch: Epoch(7), ..settings(Retention::entries(4)) }, &small(dir.path()))
            .expect("opened");
    assert_eq!(hub.settings().epoch, Epoch(7));
    let (verdict, gap, events) = resume(&hub, "a", first);
    assert_eq!((verdict, gap), (Verdict::Gap, Some(GapReason::Restarted)), "no one can say what is missing");
    assert_eq!(events, ["1"], "what is left follows");
    assert_eq!(resume(&hub, "2", first).2, ["8", "11", "14", "17"].map(String::from));
    drop(hub);
    assert_eq!(open(dir.path()).settings().epoch, Epoch(7), "it was told once");
}

#[test]
fn a_log_that_was_closed_whole_and_is_cut_is_damaged_even_at_its_very_end() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "a", "1");
    publish(&hub, "a", "2");
    drop(hub);
    let newest = segments(dir.path()).pop().expect("a segment");
    let bytes = fs::read(&newest).expect("read");
    fs::write(&newest, &bytes[..bytes.len() - 1]).expect("written");
    let hub = open(dir.path());
    assert_eq!(resume(&hub, "a", first), (Verdict::Gap, Some(GapReason::Restarted), vec!["1".into()]));
}

#[test]
fn a_missing_part_or_head_begins_a_new_life_that_keeps_what_is_left() {
    for name in ["head", "0000000000000002.seg"] {
        let dir = folder();
        let hub = open(dir.path());
        let first = publish(&hub, "a", "1");
        for n in 0..20 {
            publish(&hub, "b", &n.to_string());
        }
        drop(hub);
        fs::remove_file(dir.path().join(name)).expect("removed");
        let later = Settings { epoch: Epoch(9), ..settings(Retention::entries(4)) };
        let hub = support::open(later, &small(dir.path())).expect("opened");
        assert_eq!(hub.settings().epoch, Epoch(9), "{name}");
        assert_eq!(resume(&hub, "a", first), (Verdict::Gap, Some(GapReason::Restarted), vec!["1".into()]));
    }
}

#[test]
fn a_machine_that_went_down_with_the_log_open_may_have_lost_its_end_and_says_so() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "a", "1");
    let left = kill(dir.path());
    let head = left.path().join("head");
    let text = fs::read_to_string(&head).expect("read");
    let (line, _boot) = text.rsplit_once(' ').expect("words");
    fs::write(&head, format!("{line} another-run\n")).expect("written");
    let hub_after = open(left.path());
    assert!(hub_after.settings().epoch > hub.settings().epoch);
    assert_eq!(resume(&hub_after, "a", first), (Verdict::Gap, Some(GapReason::Restarted), vec!["1".into()]));
}

#[test]
fn what_cannot_be_stored_is_refused_and_seen_by_no_one() {
    let dir = folder();
    let hub = open(dir.path());
    let first = publish(&hub, "a", "1");
    let head = hub.head();
    assert_eq!(
        hub.publish(&t("a"), vec![b'x'; 300].into()),
        Err(PublishError::TooLong { size: 300, limit: 256 - 8 - 27 - 3 })
    );
    // No further segment can be made.
    fs::remove_dir_all(dir.path()).expect("removed");
    let refused = loop {
        match hub.publish(&t("a"), Bytes::from_static(b"0123456789")) {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, PublishError::NotStored(_)), "{refused:?}");
    let at = hub.head();
    assert!(at.seq > head.seq);
    assert!(hub.publish(&t("a"), Bytes::from_static(b"again")).is_err());
    assert_eq!(hub.head(), at);
    assert!(!resume(&hub, "a", first).2.contains(&"again".to_owned()));
    let latest: Topic = "latest/x".parse().expect("a topic");
    hub.publish(&latest, Bytes::from_static(b"1")).expect("what is in memory only goes on");
}

#[test]
fn two_hubs_cannot_have_one_folder() {
    let dir = folder();
    let hub = open(dir.path());
    let second = support::open(settings(Retention::entries(4)), &small(dir.path()));
    assert!(matches!(second, Err(JournalError::InUse(_))));
    drop(hub);
    open(dir.path());
}

#[tokio::test]
async fn stored_means_on_the_disk_and_a_closed_hub_is_stored_whole() {
    let dir = folder();
    let hub = open(dir.path());
    hub.flush().await.expect("nothing to wait for");
    let waiting: Vec<_> = (0..20)
        .map(|n| {
            let hub = hub.clone();
            tokio::spawn(async move {
                publish(&hub, "a", &n.to_string());
                hub.flush().await
            })
        })
        .collect();
    for one in waiting {
        one.await.expect("a task").expect("stored");
    }
    let head = hub.head();
    hub.close(ByeReason::Shutdown, 0, 0);
    hub.flush().await.expect("closed");
    // The hub is still held, as by a subscription that has not gone: what it left is whole all the same.
    let text = fs::read_to_string(dir.path().join("head")).expect("read");
    assert!(text.starts_with(&format!("{head} closed ")), "{text}");
    Hub::new(settings(Retention::entries(1))).flush().await.expect("a log in memory waits for nothing");
}
