//! Runs a program of the system until a deadline.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 1 << 20;
/// At most this many programs may be left that did not end; then none is started until one of them has.
const MOST_LEFT: usize = 8;
/// Progress is reported this often while a program is waited for.
const TURN: Duration = Duration::from_millis(500);
/// The end of a program that has said everything, or was killed, is looked for this often.
const END_TURN: Duration = Duration::from_millis(5);
/// The end of a program that was killed is waited for this long: it comes at once, but for one that waits for a disk.
const END_LIMIT: Duration = Duration::from_millis(200);
/// The folders in which programs of the system are looked for. The variable `PATH` is another one's choice.
const FOLDERS: [&str; 7] = [
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/run/current-system/sw/bin",
];

/// Runs programs one after the other, without a shell and without an environment.
#[derive(Debug, Default)]
pub(crate) struct CommandRunner {
    /// Programs that were ended and have not ended: they wait for a disk that does not answer. With the last argument of each.
    left: Vec<(String, Child)>,
}

/// The answer of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandOutput {
    /// Its standard output.
    pub(crate) bytes: Vec<u8>,
    /// True if it ended with 0.
    pub(crate) success: bool,
}

impl CommandRunner {
    /// Runs a program to its end; none where it cannot be started, does not end within `deadline` or says too much. Calls `moves`
    /// while it waits.
    ///
    /// One that never ended is not started again with the same last argument, which names what it was to look at.
    pub(crate) fn run(
        &mut self,
        program: &Path,
        arguments: &[&str],
        deadline: Duration,
        moves: &dyn Fn(),
    ) -> Option<CommandOutput> {
        self.reap();
        let object = arguments.last().copied().unwrap_or_default();
        if self.left.len() >= MOST_LEFT || self.left.iter().any(|(left, _)| left == object) {
            return None;
        }
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("LC_ALL", "C").current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let output = child.stdout.take().and_then(|from| finish(&mut child, from, deadline, moves).ok());
        if output.is_none() {
            let _ = child.kill();
            let until = Instant::now() + END_LIMIT;
            if wait_for_end(&mut child, until, moves).is_err() {
                self.left.push((object.to_owned(), child));
            }
        }
        output
    }

    /// Buries the programs that have ended after all: each is a zombie until then. To be called in every round, as programs run seldom.
    pub(crate) fn reap(&mut self) {
        self.left.retain_mut(|(_, child)| matches!(child.try_wait(), Ok(None)));
    }

    /// Leaves a program as if it had not ended when it was killed.
    #[cfg(test)]
    pub(crate) fn leave(&mut self, child: Child) {
        self.left.push((String::new(), child));
    }

    /// The number of programs that are left.
    #[cfg(test)]
    pub(crate) fn count_left(&self) -> usize {
        self.left.len()
    }
}

/// Finds a program of the system.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    FOLDERS.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

fn finish(
    child: &mut Child,
    mut from: ChildStdout,
    deadline: Duration,
    moves: &dyn Fn(),
) -> io::Result<CommandOutput> {
    let until = Instant::now() + deadline;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let left = left_until(until)?;
        if !is_ready(&mut [PollFd::new(&from, PollFlags::IN)], left.min(TURN))? {
            moves();
            continue;
        }
        match from.read(&mut piece)? {
            0 => break,
            read if bytes.len() + read > LONGEST_ANSWER => return Err(io::ErrorKind::FileTooLarge.into()),
            read => bytes.extend_from_slice(&piece[..read]),
        }
    }
    let status = wait_for_end(child, until, moves)?;
    Ok(CommandOutput { bytes, success: status.success() })
}

fn wait_for_end(child: &mut Child, until: Instant, moves: &dyn Fn()) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        is_ready(&mut [], left_until(until)?.min(END_TURN))?;
        moves();
    }
}

fn left_until(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Waits for one of these; without any, for the time.
fn is_ready(waited: &mut [PollFd<'_>], limit: Duration) -> io::Result<bool> {
    let limit = Timespec::try_from(limit).map_err(|_| io::ErrorKind::InvalidInput)?;
    Ok(rustix::io::retry_on_intr(|| poll(waited, Some(&limit)))? > 0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const SHELL: &str = "/bin/sh";

    fn run(script: &str, deadline: Duration) -> Option<CommandOutput> {
        CommandRunner::default().run(Path::new(SHELL), &["-c", script], deadline, &|| ())
    }

    #[test]
    fn a_program_is_heard_to_its_end_and_has_no_environment_of_ours() {
        let long = Duration::from_secs(20);
        let output = run("echo $LC_ALL-$HOME-$(pwd); exit 0", long).expect("an answer");
        assert_eq!((&*output.bytes, output.success), (&b"C--/\n"[..], true));
        let output = run("echo half; exit 64", long).expect("an answer");
        assert_eq!((&*output.bytes, output.success), (&b"half\n"[..], false));
        let output = run("head -c 200000 /dev/zero", long).expect("an answer");
        assert_eq!(output.bytes.len(), 200_000);
    }

    #[test]
    fn what_does_not_end_says_too_much_or_is_not_there_has_no_answer() {
        let began = Instant::now();
        assert_eq!(run("exec sleep 1000", Duration::from_millis(100)), None);
        assert_eq!(run("exec 1>&-; exec sleep 1000", Duration::from_millis(100)), None, "silent, and alive");
        assert!(began.elapsed() < Duration::from_secs(10));
        assert_eq!(run("head -c 2000000 /dev/zero", Duration::from_secs(20)), None);
        let mut runner = CommandRunner::default();
        assert_eq!(runner.run(Path::new("/no/such/program"), &[], Duration::from_secs(20), &|| ()), None);
    }

    #[test]
    fn progress_is_reported_while_a_program_is_slow() {
        let count = Cell::new(0);
        let mut runner = CommandRunner::default();
        let moves = || count.set(count.get() + 1);
        assert!(
            runner.run(Path::new(SHELL), &["-c", "sleep 1.2"], Duration::from_secs(20), &moves).is_some()
        );
        assert!(count.get() >= 2, "{count:?}");
        assert!(runner.left.is_empty());
    }

    #[test]
    fn a_killed_program_is_no_zombie() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = folder.path().join("pid");
        let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 1000", told.display());
        let mut runner = CommandRunner::default();
        let output = runner.run(Path::new(SHELL), &["-c", &script], Duration::from_millis(500), &|| ());
        assert_eq!(output, None);
        // On a machine that is busy its end may take longer: then it is in the list of those left.
        let patience = Instant::now() + Duration::from_secs(20);
        while !runner.left.is_empty() && Instant::now() < patience {
            runner.reap();
        }
        assert!(runner.left.is_empty());
        // It may have been killed before it said its number.
        if let Ok(pid) = std::fs::read_to_string(told) {
            assert!(!Path::new("/proc").join(pid.trim()).exists(), "{pid}");
        }
    }

    #[test]
    fn the_end_of_a_killed_program_is_waited_for() {
        // On a busy machine one of them may take longer than the wait; not each.
        let ended = (0..5).any(|_| {
            let mut runner = CommandRunner::default();
            runner.run(Path::new(SHELL), &["-c", "exec sleep 1000"], Duration::from_millis(50), &|| ());
            runner.left.is_empty()
        });
        assert!(ended);
    }

    #[test]
    fn what_is_left_is_buried_when_it_has_ended() {
        let mut runner = CommandRunner::default();
        let mut child = Command::new("/bin/sleep").arg("1000").spawn().expect("started");
        let pid = child.id();
        child.kill().expect("killed");
        runner.leave(child);
        let patience = Instant::now() + Duration::from_secs(20);
        while runner.count_left() > 0 && Instant::now() < patience {
            runner.reap();
        }
        assert!(!Path::new("/proc").join(pid.to_string()).exists());
    }

    #[test]
    fn programs_are_found_in_the_folders_of_the_system_alone() {
        assert!(find_program("sh").is_some());
        assert_eq!(find_program("no-such-program"), None);
    }
}
