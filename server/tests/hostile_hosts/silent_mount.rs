//! A mount whose server takes the question and never answers.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    host::{NamespacedProgram, pause},
    support::binary::{ServerProcess, pulseboard},
};

/// A FUSE server that answers the handshake and nothing else: from then on not even SIGKILL ends who asks.
const SILENT: &str = r#"
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(0x00020000)
libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None)
point = sys.argv[1].encode()
os.makedirs(point, exist_ok=True)
fuse = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={fuse},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
if libc.mount(b"silent", point, b"fuse", 0, options):
    sys.exit(f"cannot mount: {os.strerror(ctypes.get_errno())}")
request = os.read(fuse, 1 << 17)
unique = struct.unpack_from("<IIQ", request)[2]
major, minor = struct.unpack_from("<II", request, 40)
reply = struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 0, 0, 4096, 1, 0, 0, 0)
os.write(fuse, struct.pack("<IiQ", 16 + len(reply), 0, unique) + reply)
print("mounted", flush=True)
while True:
    os.read(fuse, 1 << 17)
"#;

/// The machine with such a mount, and what holds it.
fn silent_mount(point: &str) -> NamespacedProgram {
    let mut python = Command::new("python3");
    python.args(["-c", SILENT, point]).stdout(Stdio::piped());
    let mut child = python.spawn().expect("python3");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let running = NamespacedProgram(child);
    assert_eq!(line.trim(), "mounted", "FUSE is there, and may be mounted in a namespace");
    running
}

#[test]
fn a_mount_that_never_answers_stops_neither_the_numbers_nor_the_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let point = folder.path().join("dead");
    let fuse = silent_mount(&point.to_string_lossy());
    let mut command = Command::new("nsenter");
    command.args(["--target", &fuse.0.id().to_string(), "--mount"]).arg(pulseboard().get_program());
    command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("data"));
    let server = ServerProcess::new(&mut command);
    let mut host = crate::host::Host::of(server, folder);
    let watch = host.watch();

    let point = point.display().to_string();
    let since = host.until("the mount says since when", |snapshot| {
        snapshot.metrics.as_ref()?.no_answer.get_labelled("filesystem.used", &point)
    });
    let then = host.snapshot();
    assert!(since > 1.6e12 && since <= then.at as f64, "{since}");
    let measured = then.metrics.expect("numbers");
    assert!(
        measured.values.get_labelled("filesystem.used", &point).is_none()
            && measured.value("cpu.total").is_some()
    );
    assert!(measured.value("disk.percent").is_some(), "the other mounts have answered");
    host.until("the numbers go on", |snapshot| {
        let metrics = snapshot.metrics.as_ref()?;
        (metrics.at > measured.at + 2_000 && metrics.value("cpu.total").is_some()).then_some(())
    });
    let again = host.snapshot().metrics.expect("numbers");
    assert_eq!(again.no_answer.get_labelled("filesystem.used", &point), Some(since), "since the first time");
    let ready = host.until_ready_says(200);
    assert!(ready.contains("disks: last sample"), "{ready}");
    let (_, figures) = host.get("/metrics");
    assert!(figures.contains("\npulseboard_unanswered 1\n"), "{figures}");

    drop(watch);
    let took = host.stop().expect("it ends whatever hangs");
    assert!(took < Duration::from_secs(5), "{took:?}");
    // Everything that waits for the mount ends with it.
    drop(fuse);
    pause(Duration::from_millis(1));
}
