//! The suite that every broker passes, on the journal.

use std::{fs, path::Path, sync::Arc, time::Duration};

use broker::{
    Broker, SystemClock,
    conformance::{self, Fixture, policies},
};
use broker_journal::{JournalBroker, JournalError, JournalSettings, LogSettings};
use common::Epoch;
use futures_util::{FutureExt, future::BoxFuture};
use tempfile::TempDir;
use tokio::time::sleep;

/// The log of a folder.
struct Folder(TempDir);

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

fn segments(dir: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "seg")).collect();
    files.sort();
    files
}

impl Folder {
    /// Opens the log once the broker before, which was closed, has let the folder go.
    async fn open_when_free(&self) -> JournalBroker {
        loop {
            let settings = LogSettings {
                clock: Arc::new(SystemClock),
                epoch: Epoch(1),
                policies: policies(),
                topics: 1_000,
                bytes: 1 << 30,
            };
            match JournalBroker::open(settings, &JournalSettings::new(self.0.path(), 64 << 20)) {
                Ok(journal) => return journal,
                Err(JournalError::InUse(_)) => sleep(Duration::from_millis(5)).await,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

impl Fixture for Folder {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Broker>> {
        async { Arc::new(self.open_when_free().await) as Arc<dyn Broker> }.boxed()
    }

    fn crash(&mut self, broker: Arc<dyn Broker>) -> BoxFuture<'_, ()> {
        // The system keeps what was written when a process dies: that is what the files hold now.
        let left = folder();
        for path in segments(self.0.path()) {
            fs::copy(&path, left.path().join(path.file_name().expect("a name"))).expect("copied");
        }
        fs::copy(self.0.path().join("head"), left.path().join("head")).expect("copied");
        drop(broker);
        self.0 = left;
        std::future::ready(()).boxed()
    }

    fn lose(&mut self) -> BoxFuture<'_, bool> {
        async {
            let head = || fs::read_to_string(self.0.path().join("head")).expect("read");
            while !head().contains(" closed ") {
                sleep(Duration::from_millis(5)).await;
            }
            let path = segments(self.0.path()).pop().expect("a segment");
            let mut bytes = fs::read(&path).expect("read");
            *bytes.last_mut().expect("a record") ^= 1;
            fs::write(&path, bytes).expect("written");
            true
        }
        .boxed()
    }

    fn outlives_its_broker(&self) -> bool {
        true
    }

    fn has_nodes(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal() {
    conformance::run(async || Folder(folder())).await;
}
