//! A registry of images on this machine: Debian's docker-registry.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

const PROGRAM: &str = "docker-registry";
const START: Duration = Duration::from_secs(30);

/// A registry of images, which ends with this value.
#[derive(Debug)]
pub struct TestRegistry {
    address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

impl TestRegistry {
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("registry").tempdir().expect("a temporary folder");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let address = free.expect("a free port");
        let images = folder.path().join("images");
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '{address}'}}\n",
            images.display()
        );
        let file = folder.path().join("config.yml");
        fs::write(&file, settings).expect("the folder is writable");
        let child = Command::new(PROGRAM)
            .arg("serve")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("{PROGRAM} does not run ({error}): `cargo xtask setup --tests` installs it")
        });
        let registry = Self { address, child, _folder: folder };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(started.elapsed() < START, "{PROGRAM} does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        registry
    }

    /// The address, as it stands before an image's name.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for TestRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
