//! Starting engines, and the things that tests do with them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    engine::Engine,
    id::ContainerId,
    test_engine::{api, cleanup, registry::TestRegistry},
    version::Product,
};

/// The time that an engine may take to start on a busy machine.
const START: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// The programs of the image; busybox is all of them.
const PROGRAMS: [&str; 14] = [
    "sh", "sleep", "true", "false", "cat", "echo", "printf", "head", "tail", "tr", "dd", "kill", "test",
    "seq",
];
/// Engines write keys, sockets and caches into the system's folders, where nobody wants them: these are empty, in memory, and theirs alone.
const KEEPER: &str = "for folder in /run /var/lib /etc/docker; do test ! -d $folder || mount -t tmpfs none $folder; done; exec cat";
const BUSYBOX: &str = "/bin/busybox";
const TOOLS: [(&str, &str); 7] = [
    ("ip", "iproute2"),
    ("dockerd", "docker.io"),
    ("podman", "podman"),
    ("runc", "runc"),
    ("busybox", "busybox-static"),
    ("unshare", "util-linux"),
    ("tar", "tar"),
];
/// Gives an engine processes and a network of its own.
const ELSEWHERE: [&str; 8] =
    ["unshare", "--pid", "--net", "--fork", "--kill-child", "--mount-proc", "sh", "-c"];

/// Starts Docker.
#[derive(Debug)]
pub struct Docker;

/// Starts Podman's service.
#[derive(Debug)]
pub struct Podman;

impl Docker {
    pub async fn start() -> TestEngine {
        TestEngine::start(Product::Docker, Place::Here).await
    }

    /// Starts it with processes and a network of its own, as on another machine; its containers may have a bridge and published ports.
    pub async fn start_elsewhere() -> TestEngine {
        TestEngine::start(Product::Docker, Place::Elsewhere).await
    }
}

/// The place of an engine, as it looks from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Here,
    /// In namespaces of processes and of the network.
    Elsewhere,
}

impl Podman {
    pub async fn start() -> TestEngine {
        TestEngine::start(Product::Podman, Place::Here).await
    }
}

/// An engine, which ends with this value, and with it its containers.
#[derive(Debug)]
pub struct TestEngine {
    product: Product,
    place: Place,
    folder: TempDir,
    /// A name of its own below the root of every hierarchy.
    cgroup: String,
    /// Holds the namespace of mounts.
    keeper: Child,
    engine: Option<Child>,
}

impl TestEngine {
    async fn start(product: Product, place: Place) -> Self {
        for (program, package) in TOOLS {
            assert!(
                find(program).is_some(),
                "{program} of Debian's {package} is not here: `cargo xtask setup --tests` installs it"
            );
        }
        let folder = tempfile::Builder::new().prefix("engine").tempdir().expect("a temporary folder");
        let name = folder.path().file_name().and_then(|name| name.to_str()).expect("it has a name");
        let cgroup = format!("test-{name}");
        // It ends when its input does: with this process, if not before.
        let keeper = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", KEEPER])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("unshare runs");
        let mut engine = Self { product, place, folder, cgroup, keeper, engine: None };
        engine.make_rootfs();
        engine.wait_for_namespace().await;
        engine.launch().await;
        engine.import_image();
        engine
    }

    /// A client of it.
    pub fn client(&self) -> Engine {
        let address = format!("unix://{}", self.socket().display());
        Engine::new(address.parse().expect("an address")).expect("no files")
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }

    pub fn product(&self) -> Product {
        self.product
    }

    /// Makes a container. `options` is merged into the engine's own description of it.
    pub fn create(&self, name: &str, command: &[&str], options: &Value) -> ContainerId {
        let mut body = json!({
            "Image": "bb:latest", "Cmd": command,
            "HostConfig": {"NetworkMode": "none", "CgroupParent": format!("/{}", self.cgroup)},
        });
        merge(&mut body, options);
        let answer =
            api::call(&self.socket(), "POST", &format!("/v1.41/containers/create?name={name}"), &body);
        let id = answer.split("\"Id\":\"").nth(1).and_then(|rest| rest.split('"').next());
        id.and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id: {answer}"))
    }

    /// Makes a container and starts it.
    pub fn run(&self, name: &str, command: &[&str], options: &Value) -> ContainerId {
        let id = self.create(name, command, options);
        self.act(&id, "start");
        id
    }

    /// Does something with a container: `start`, `stop?t=1`, `kill?signal=KILL`, `restart`, `pause`, `unpause`, `rename?name=other`.
    pub fn act(&self, id: &ContainerId, action: &str) {
        api::call(&self.socket(), "POST", &format!("/v1.41/containers/{id}/{action}"), &Value::Null);
    }

    /// Removes a container, by force.
    pub fn remove(&self, id: &ContainerId) {
        api::call(&self.socket(), "DELETE", &format!("/v1.41/containers/{id}?force=1"), &Value::Null);
    }

    /// Pushes the image to a registry, forgets it there, and pulls it again: `registry/bb:latest`.
    pub fn pull_from(&self, registry: &TestRegistry) {
        let name = format!("{}/bb", registry.address());
        let (socket, json) = (self.socket(), "application/json");
        let calls = match self.product {
            Product::Docker => [
                ("POST", format!("/v1.41/images/bb:latest/tag?repo={name}&tag=latest")),
                ("POST", format!("/v1.41/images/{name}/push?tag=latest")),
                ("DELETE", format!("/v1.41/images/{name}:latest")),
                ("POST", format!("/v1.41/images/create?fromImage={name}&tag=latest")),
            ],
            Product::Podman => [
                ("POST", format!("/v4.0.0/libpod/images/bb:latest/tag?repo={name}&tag=latest")),
                (
                    "POST",
                    format!(
                        "/v4.0.0/libpod/images/{name}:latest/push?destination={name}:latest&tlsVerify=false"
                    ),
                ),
                ("DELETE", format!("/v4.0.0/libpod/images/{name}:latest")),
                ("POST", format!("/v4.0.0/libpod/images/pull?reference={name}:latest&tlsVerify=false")),
            ],
        };
        for (method, target) in calls {
            let (status, answer) = api::request(&socket, method, &target, json, b"");
            let has_failed = !(200..300).contains(&status) || answer.contains("\"error\":\"");
            assert!(!has_failed, "{method} {target}: {answer}");
        }
    }

    /// Runs a container's health check once. Docker does that by itself, Podman by a timer of systemd or so.
    pub fn check_health(&self, id: &ContainerId) {
        let target = format!("/v4.0.0/libpod/containers/{id}/healthcheck");
        let (status, answer) = api::request(&self.socket(), "GET", &target, "application/json", b"");
        assert_eq!(status, 200, "{answer}");
    }

    /// Ends the engine as a crash does. Its containers may go on.
    pub fn kill_engine(&mut self) {
        let Some(mut engine) = self.engine.take() else { return };
        engine.kill().expect("it can be killed");
        engine.wait().expect("it ends");
        // Docker's helper dies with it, but not at once: one that is about to is no helper for the next.
        cleanup::kill_named(&self.path("exec/containerd/containerd.toml"));
    }

    /// Starts it again, and waits until it answers.
    pub async fn launch(&mut self) {
        // Those of one that was killed are in its way, and its dead helper counts as alive until someone collects it.
        for name in ["engine.sock", "pid", "exec/containerd/containerd.pid"] {
            let _ = fs::remove_file(self.path(name));
        }
        let log = fs::File::create(self.path("log")).expect("the folder is writable");
        let mut command = self.inside(match self.product {
            Product::Docker => "dockerd",
            Product::Podman => "podman",
        });
        match self.product {
            Product::Docker => self.docker_options(&mut command),
            Product::Podman => self.podman_options(&mut command),
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("it runs");
        self.engine = Some(child);
        let started = Instant::now();
        while self.client().negotiate().await.is_err() {
            let has_ended = self.engine.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)));
            assert!(!has_ended && started.elapsed() < START, "it did not start: {}", self.log());
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Its processes: itself, its helpers, and those of its containers.
    pub fn processes(&self) -> Vec<u32> {
        cleanup::processes_of(self.folder.path(), &self.cgroup)
    }

    /// The end of what the engine has written about itself.
    pub fn log(&self) -> String {
        let log = fs::read(self.path("log")).unwrap_or_default();
        String::from_utf8_lossy(&log[log.len().saturating_sub(4_000)..]).into_owned()
    }

    fn docker_options(&self, command: &mut Command) {
        fs::write(self.path("daemon.json"), "{}").expect("the folder is writable");
        command.args(["--iptables=false", "--ip6tables=false", "--storage-driver=vfs"]);
        if self.place == Place::Here {
            command.arg("--bridge=none");
        }
        for (option, name) in [
            ("--config-file", "daemon.json"),
            ("--data-root", "data"),
            ("--exec-root", "exec"),
            ("--pidfile", "pid"),
        ] {
            command.arg(option).arg(self.path(name));
        }
        command.arg("--host").arg(format!("unix://{}", self.socket().display()));
    }

    fn podman_options(&self, command: &mut Command) {
        // Raising limits is forbidden where the tests run in a container.
        let settings = "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\nlog_driver = \"k8s-file\"\n\
                        [engine]\nevents_logger = \"file\"\n";
        fs::write(self.path("containers.conf"), settings).expect("the folder is writable");
        command.env("CONTAINERS_CONF", self.path("containers.conf")).env("DISABLE_HC_SYSTEMD", "true");
        for (option, name) in [("--root", "data"), ("--runroot", "run"), ("--tmpdir", "tmp")] {
            command.arg(option).arg(self.path(name));
        }
        command.args([
            "--storage-driver=vfs",
            "--runtime=runc",
            "--cgroup-manager=cgroupfs",
            "--events-backend=file",
        ]);
        command.args(["system", "service", "--time=0"]).arg(format!("unix://{}", self.socket().display()));
    }

    /// A program in the namespace of mounts.
    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.keeper.id())).arg("--");
        if self.place == Place::Elsewhere {
            command.args(ELSEWHERE).arg("ip link set lo up && exec \"$0\" \"$@\"");
        }
        command.arg(find(program).expect("looked for before")).current_dir(self.folder.path());
        command
    }

    /// Waits until the keeper has a namespace of its own, and is ready in it.
    async fn wait_for_namespace(&self) {
        let process = Path::new("/proc").join(self.keeper.id().to_string());
        let started = Instant::now();
        while fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim() != "cat") {
            assert!(started.elapsed() < START, "unshare does not start");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(process.join("comm").exists(), "there is no namespace of mounts: the tests need root");
    }

    fn make_rootfs(&self) {
        let programs = self.path("rootfs/bin");
        fs::create_dir_all(&programs).expect("the folder is writable");
        for folder in ["tmp", "etc", "proc", "sys", "dev"] {
            fs::create_dir_all(self.path("rootfs").join(folder)).expect("the folder is writable");
        }
        let busybox = find("busybox").expect("looked for before");
        fs::copy(&busybox, programs.join("busybox")).expect("busybox can be read");
        for name in PROGRAMS {
            std::os::unix::fs::symlink(BUSYBOX, programs.join(name)).expect("the folder is writable");
        }
    }

    /// Makes the image `bb` of the folder with busybox.
    fn import_image(&self) {
        let packed = Command::new("tar").arg("-C").arg(self.path("rootfs")).args(["-cf", "-", "."]).output();
        let archive = packed.expect("tar runs").stdout;
        let target = "/v1.41/images/create?fromSrc=-&repo=bb&tag=latest";
        let (status, answer) = api::request(&self.socket(), "POST", target, "application/x-tar", &archive);
        assert_eq!(status, 200, "{answer}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for TestEngine {
    fn drop(&mut self) {
        cleanup::kill_all(self.folder.path(), &self.cgroup);
        if let Some(engine) = &mut self.engine {
            let _ = engine.wait();
        }
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
        cleanup::remove_cgroups(&self.cgroup);
    }
}

/// Puts the members of one object into another.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (into, from) if !from.is_null() => *into = from.clone(),
        _ => {}
    }
}

/// Debian keeps some programs off the path of people who are not root.
fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var("PATH").unwrap_or_default();
    let folders: Vec<&str> = folders.split(':').chain(["/usr/sbin", "/sbin", "/bin"]).collect();
    folders.iter().map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}
