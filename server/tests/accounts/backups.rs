//! Backups of a server that runs, and servers that go on from them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use common::Topic;
use pulseboard::{config::Config, secret::Secret, serve::Server};

use crate::{
    PASSWORD,
    browser::Browser,
    commands::{refuses, run, says},
    set_up,
    support::{TOKEN, start_with},
};

/// Sets a flag when it goes.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// The numbers in the entries of a topic, in order.
fn numbers(hub: &fanout::Hub, topic: &Topic) -> Vec<u64> {
    let entries = hub.history(topic, None, usize::MAX).entries;
    entries.iter().map(|entry| serde_json::from_slice(&entry.data).expect("a number")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_goes_on_from_a_backup_that_was_made_while_it_was_written_to() {
    // Small segments: some are full, and some are taken away, while they are copied.
    let server = start_with(|config| config.log_store.bytes = 1 << 20).await;
    let mut kim = set_up(&server).await;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, "log = \"json\"\n").expect("written");
    let topic: Topic = "custom/numbers".parse().expect("a topic");
    let (written, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let backups: Vec<PathBuf> = (0..5).map(|number| folder.path().join(format!("{number}.backup"))).collect();
    let acknowledged = std::thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let next = written.load(Ordering::Relaxed) + 1;
                server.hub.publish(&topic, format!("{next:<900}").into_bytes().into()).expect("published");
                written.store(next, Ordering::Relaxed);
            }
        });
        let one = |file: &PathBuf| {
            let before = written.load(Ordering::Relaxed);
            let told = says(server.data.path(), &["backup", text(file), "--config", text(&settings)]);
            assert!(told.contains("keep it as you keep"), "{told}");
            before
        };
        // However this ends, the publisher has to.
        let _stop = StopOnDrop(&stop);
        let acknowledged = backups.iter().map(one).collect::<Vec<u64>>();
        assert!(!publisher.is_finished(), "it goes on all the while");
        acknowledged
    });
    assert!(acknowledged[4] > acknowledged[0], "it was written to");
    assert_eq!(fs::metadata(&backups[0]).expect("a file").permissions().mode() & 0o777, 0o600);
    let (epoch, last) = (server.hub.head().epoch, written.into_inner());
    server.stop().await;

    for (number, (backup, before)) in backups.iter().zip(acknowledged).enumerate() {
        let data = folder.path().join(format!("data-{number}"));
        // A folder that is there is filled, not replaced: a disk may be mounted there.
        fs::create_dir(&data).expect("a folder");
        let before_it = fs::metadata(&data).expect("a folder").ino();
        let told = says(&data, &["restore", text(backup)]);
        assert_eq!(fs::metadata(&data).expect("a folder").ino(), before_it);
        assert!(told.contains("1 sessions have ended"), "{told}");
        assert_eq!(fs::read_to_string(data.join("settings.toml")).expect("text"), "log = \"json\"\n");
        let mut config = Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: data,
            ..Config::default()
        };
        config.operator.token = Some(Secret::new(TOKEN));
        config.log_store.bytes = 1 << 20;
        let restored = Server::bind(&config).await.expect("it starts");
        assert!(restored.hub().head().epoch > epoch, "clients may have been told what came later");
        let numbers = numbers(restored.hub(), &topic);
        assert!(numbers.windows(2).all(|two| two[0] + 1 == two[1]), "a hole in {numbers:?}");
        let newest = *numbers.last().expect("some");
        assert!((before..=last).contains(&newest), "{before} were acknowledged before, {newest} are there");

        let first = fs::read_dir(config.data_dir.join("history")).expect("history").count();
        assert!(first > 0, "what was measured is there, too");

        let address = restored.address().expect("an address");
        let serving = tokio::spawn(restored.serve(std::future::pending()));
        kim.to = address;
        assert_eq!(kim.get("/account").await.status, 303, "a session of before must not come back");
        let mut again = Browser::new(address);
        again.get("/sign-in").await;
        assert_eq!(again.send("/sign-in", &[("name", "kim"), ("password", PASSWORD)]).await.status, 303);
        serving.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_backup_is_refused_and_nothing_is_written_over() {
    let server = start_with(|_| ()).await;
    set_up(&server).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, bad, data) =
        (folder.path().join("whole"), folder.path().join("bad"), folder.path().join("restored"));
    says(server.data.path(), &["backup", text(&backup)]);
    let bytes = fs::read(&backup).expect("a file");

    assert!(refuses(server.data.path(), &["backup", text(&backup)]).contains("exists already"));
    assert_eq!(fs::read(&backup).expect("a file"), bytes);
    assert!(refuses(&data, &["backup", text(&bad)]).contains("no data folder"));
    assert!(refuses(folder.path(), &["backup", text(&bad)]).contains("store.db"));

    assert!(refuses(server.data.path(), &["restore", text(&backup)]).contains("holds data already"));
    for length in [0, 100, 512, 1000, bytes.len() / 2, bytes.len() - 2048] {
        fs::write(&bad, &bytes[..length]).expect("written");
        let told = refuses(&data, &["restore", text(&bad)]);
        assert!(told.contains("cut off") || told.contains("no tar"), "{length}: {told}");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 97) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&bad, &changed).expect("written");
        let output = run(&data, &["restore", text(&bad)]);
        // A bit that is nowhere read, in the padding of a header or behind a file, does no harm.
        if output.status.success() {
            assert!(fs::read(data.join("store.db")).is_ok());
            fs::remove_dir_all(&data).expect("removed");
        }
    }
    let mut archive = tar::Builder::new(Vec::new());
    let entry = |archive: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, bytes).expect("appended");
    };
    entry(&mut archive, "pulseboard-backup", b"1\n");
    entry(&mut archive, "log/elsewhere", b"x");
    fs::write(&bad, archive.into_inner().expect("a tar")).expect("written");
    assert!(refuses(&data, &["restore", text(&bad)]).contains("belongs to no backup"));
    fs::write(&bad, "no tar at all, but long enough to be looked at".repeat(100)).expect("written");
    refuses(&data, &["restore", text(&bad)]);
    assert!(!data.exists());
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing is left of what failed: {left:?}");
}
