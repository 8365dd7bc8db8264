//! The audit log over time: what is old goes, what is left is still proved, and the page checks it when asked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use store::{NewAudit, Store};
use store_sqlite::{SqliteOptions, SqliteStore};

use crate::{set_up, support::start_with};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn entry(action: &str, at_ms: u64) -> NewAudit {
    NewAudit {
        at_ms,
        actor: "user:1 kim".into(),
        action: action.into(),
        object: String::new(),
        address: String::new(),
        detail: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_go_after_the_days_of_the_settings_and_the_rest_is_still_proved() {
    let data = tempfile::tempdir().expect("a folder");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let store = SqliteStore::open(data.path(), SqliteOptions::default()).expect("the store");
    for (action, days) in [("an_old_one", 402), ("another_old_one", 401), ("a_young_one", 399)] {
        store.audit().append(entry(action, now - days * DAY_MS)).await.expect("appended");
    }
    store.close().await;
    let folder = data.path().to_owned();
    let server = start_with(|config| config.data_dir = folder).await;
    let mut admin = set_up(&server).await;
    let mut log = admin.get("/settings/audit.csv").await.body;
    for _ in 0..500 {
        if log.contains("prune_audit") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        log = admin.get("/settings/audit.csv").await.body;
    }
    assert!(log.contains("prune_audit") && log.contains("a_young_one"), "{log}");
    assert!(!log.contains("old_one"), "{log}");
    let page = admin.get("/settings/audit").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("The log is intact"), "nobody has asked");
    assert!(page.body.contains("href=\"/settings/audit?check=true\""), "{}", page.body);
    let page = admin.get("/settings/audit?check=true").await.body;
    assert!(page.contains("The log is intact") && page.contains("Entries up to 2 were removed"), "{page}");
}
