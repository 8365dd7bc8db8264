//! The server's side: asks a child process and waits until a deadline.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    answers::answer,
    wire::{Request, SpaceStat, read_answer},
};

/// A question without an answer is asked again after this long.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// At most this many children may wait for an answer that does not come; then nothing is asked until one of them has
/// ended.
const MOST_STUCK: usize = 32;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    /// None came before the deadline, now or a moment ago.
    #[error("no answer")]
    NoAnswer,
    /// The system said no.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// Asks the system in another process.
#[derive(Debug)]
pub(crate) struct Prober {
    /// This very binary; without it, as in tests that serve in their own process, questions are asked in place.
    program: Option<PathBuf>,
    deadline: Duration,
    child: Option<ProbeProcess>,
    /// Children that wait for ever, and for what.
    stuck: Vec<(PathBuf, Child)>,
    /// The paths that gave no answer, with the time of the last question.
    silent: HashMap<PathBuf, Instant>,
}

#[derive(Debug)]
struct ProbeProcess {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

impl Prober {
    /// A prober that runs `program probe` when it is first needed and waits for each answer until `deadline`.
    pub(crate) fn new(program: Option<PathBuf>, deadline: Duration) -> Self {
        Self { program, deadline, child: None, stuck: Vec::new(), silent: HashMap::new() }
    }

    /// Asks for the use of the file system at `point`.
    ///
    /// # Errors
    /// When no answer came in time, or the system refused.
    pub(crate) fn space(&mut self, point: &Path) -> Result<SpaceStat, ProbeError> {
        let bytes = self.ask(&Request::Space(point.to_owned()))?;
        SpaceStat::decode(&bytes).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData).into())
    }

    /// The first bytes of a file.
    ///
    /// # Errors
    /// When no answer came in time, or the system refused.
    pub(crate) fn read(&mut self, file: &Path) -> Result<Vec<u8>, ProbeError> {
        self.ask(&Request::Read(file.to_owned()))
    }

    /// Forgets what was asked of paths that `is_known` no longer knows.
    pub(crate) fn retain(&mut self, is_known: impl Fn(&Path) -> bool) {
        self.silent.retain(|path, _| is_known(path));
    }

    /// Ends the child that waits for questions: the next one is asked of a new one. A machine that no one watches has one process.
    pub(crate) fn rest(&mut self) {
        if let Some(asked) = self.child.take() {
            asked.end();
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Vec<u8>, ProbeError> {
        let Some(program) = self.program.clone() else { return Ok(answer(request)?) };
        self.reap();
        let path = request.path();
        let waits = self.stuck.iter().any(|(stuck, _)| stuck == path);
        let asked_lately = self.silent.get(path).is_some_and(|asked| asked.elapsed() < ASK_AGAIN);
        if waits || asked_lately || self.stuck.len() >= MOST_STUCK {
            return Err(ProbeError::NoAnswer);
        }
        if self.child.is_none() {
            match ProbeProcess::start(&program) {
                Ok(asked) => self.child = Some(asked),
                Err(error) if is_forbidden(&error) => {
                    tracing::warn!(%error, "no process may be started here: what never answers will hold up a part of the collector");
                    self.program = None;
                    return Ok(answer(request)?);
                }
                // No room for a process at this moment.
                Err(_) => return Err(ProbeError::NoAnswer),
            }
        }
        // A child that was ended from outside is replaced once.
        let answered = match self.ask_child(&program, request) {
            Ok(None) => self.ask_child(&program, request)?,
            other => other?,
        };
        match answered {
            Some(answer) => {
                self.silent.remove(path);
                Ok(answer?)
            }
            None => {
                self.silent.insert(path.to_owned(), Instant::now());
                Err(ProbeError::NoAnswer)
            }
        }
    }

    /// The child's answer; none where it ended before it gave one.
    fn ask_child(
        &mut self,
        program: &Path,
        request: &Request,
    ) -> Result<Option<io::Result<Vec<u8>>>, ProbeError> {
        let mut asked = match self.child.take() {
            Some(asked) => asked,
            None => ProbeProcess::start(program)?,
        };
        if asked.to.write_all(&request.encode()).is_err() {
            asked.end();
            return Ok(None);
        }
        match asked.answer(self.deadline) {
            Ok(Some(answer)) => {
                self.child = Some(asked);
                Ok(Some(answer))
            }
            Ok(None) => {
                let _ = asked.child.kill();
                self.silent.insert(request.path().to_owned(), Instant::now());
                self.stuck.push((request.path().to_owned(), asked.child));
                Err(ProbeError::NoAnswer)
            }
            Err(_) => {
                asked.end();
                Ok(None)
            }
        }
    }

    /// Buries the children that have ended after all.
    fn reap(&mut self) {
        self.stuck.retain_mut(|(_, child)| matches!(child.try_wait(), Ok(None)));
    }
}

impl Drop for Prober {
    fn drop(&mut self) {
        // Nothing is waited for: that is what it is there for.
        if let Some(asked) = &mut self.child {
            let _ = asked.child.kill();
        }
    }
}

/// Returns true if asking again soon would give this error again.
fn is_forbidden(error: &io::Error) -> bool {
    use io::ErrorKind::{NotFound, PermissionDenied, Unsupported};
    [NotFound, PermissionDenied, Unsupported].contains(&error.kind())
}

impl ProbeProcess {
    fn start(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        // Whatever it is left waiting for, it must not hold a folder, a pipe or a variable of the server's.
        command.arg0("pulseboard").arg("probe").current_dir("/").env_clear();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Ok(Self { child, to, from }),
            _ => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        }
    }

    /// Waits for the answer; none if the deadline came first.
    fn answer(&mut self, deadline: Duration) -> io::Result<Option<io::Result<Vec<u8>>>> {
        let until = Instant::now() + deadline;
        let mut bytes = Vec::new();
        let mut piece = [0; 1024];
        loop {
            if let Some(answer) = read_answer(&bytes) {
                return Ok(Some(answer));
            }
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
            let ready = {
                let mut waited = [PollFd::new(&self.from, PollFlags::IN)];
                rustix::io::retry_on_intr(|| poll(&mut waited, Some(&left)))?
            };
            if ready == 0 {
                return Ok(None);
            }
            match self.from.read(&mut piece)? {
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
                read => bytes.extend_from_slice(&piece[..read]),
            }
        }
    }

    fn end(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_program_the_question_is_asked_in_place() {
        let mut prober = Prober::new(None, Duration::from_secs(2));
        let stat = prober.space(Path::new("/")).expect("an answer");
        assert!(stat.folder && stat.total >= stat.free && stat.free >= stat.available);
        assert!(matches!(prober.space(Path::new("/no/such/place")), Err(ProbeError::Failed(_))));
        let version = prober.read(Path::new("/proc/version")).expect("an answer");
        assert!(version.starts_with(b"Linux"));
    }

    #[test]
    fn a_program_that_says_nothing_is_left_after_the_deadline_and_not_asked_again_at_once() {
        // A stand-in for a child that is caught: it takes the question and keeps it.
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("silent");
        std::fs::write(&program, "#!/bin/sh\nexec sleep 1000\n").expect("written");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, executable).expect("executable");
        let mut prober = Prober::new(Some(program), Duration::from_millis(50));
        assert!(matches!(prober.space(Path::new("/")), Err(ProbeError::NoAnswer)));
        assert!(matches!(prober.space(Path::new("/")), Err(ProbeError::NoAnswer)));
        assert!(prober.silent.len() == 1 && prober.stuck.len() <= 1, "one question, one child");
        prober.retain(|_| false);
        assert!(prober.silent.is_empty());
    }

    #[test]
    fn a_program_that_ends_is_no_answer_and_no_hang() {
        let mut prober = Prober::new(Some("/bin/false".into()), Duration::from_secs(5));
        assert!(matches!(prober.space(Path::new("/")), Err(ProbeError::NoAnswer)));
        assert!(prober.stuck.is_empty());
        let mut prober = Prober::new(Some("/no/such/program".into()), Duration::from_secs(5));
        assert!(prober.space(Path::new("/")).is_ok(), "asked in place");
    }
}
