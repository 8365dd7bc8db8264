//! The server's side: asks a child process and waits until a deadline.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    process::Child,
    time::{Duration, Instant},
};

use super::{
    answers::answer,
    child::{AskedChild, AskedEnd, ProbeProcess},
    shared_child::{ChildShare, SharedChild},
    wire::{Request, SpaceStat},
};

/// A question without an answer is asked again after this long.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// At most this many children may wait for an answer that does not come; then nothing is asked until one of them has
/// ended.
const MOST_STUCK: usize = 32;

/// Questions of so many bytes at most are asked together: a pipe takes one page of them in any case (pipe(7)).
const TOGETHER: usize = 1024;

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
    child: ChildShare,
    /// Children that wait for ever, and for what.
    stuck: Vec<(PathBuf, Child)>,
    /// The paths that gave no answer, with the time of the last question.
    silent: HashMap<PathBuf, Instant>,
}

impl Prober {
    /// A prober with a child of its own.
    #[cfg(test)]
    pub(crate) fn new(program: Option<PathBuf>, deadline: Duration) -> Self {
        Self::sharing(&SharedChild::default(), program, deadline)
    }

    /// A prober that runs `program probe` when it is first needed, shares that child with others of the same program, and waits for each answer
    /// until `deadline`.
    pub(crate) fn sharing(child: &SharedChild, program: Option<PathBuf>, deadline: Duration) -> Self {
        Self { program, deadline, child: child.share(), stuck: Vec::new(), silent: HashMap::new() }
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

    /// The first bytes of each of some files.
    pub(crate) fn read_each(
        &mut self,
        files: impl IntoIterator<Item = PathBuf>,
    ) -> Vec<Result<Vec<u8>, ProbeError>> {
        let requests: Vec<Request> = files.into_iter().map(Request::Read).collect();
        let mut answers = Vec::with_capacity(requests.len());
        let mut rest = &requests[..];
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |request: &&Request| {
                bytes += request.encode().len();
                bytes <= TOGETHER
            };
            let count = rest.iter().take_while(fits).count().max(1);
            let (now, later) = rest.split_at(count);
            answers.extend(self.ask_each(now));
            rest = later;
        }
        answers
    }

    /// Forgets what was asked of paths that `is_known` no longer knows.
    pub(crate) fn retain(&mut self, is_known: impl Fn(&Path) -> bool) {
        self.silent.retain(|path, _| is_known(path));
    }

    /// Asks nothing for a while: the child that waits for questions ends where no other prober asks it. A machine that no one watches has
    /// one process.
    pub(crate) fn rest(&mut self) {
        self.child.rest();
    }

    fn ask(&mut self, request: &Request) -> Result<Vec<u8>, ProbeError> {
        self.ask_each(std::slice::from_ref(request)).pop().unwrap_or(Err(ProbeError::NoAnswer))
    }

    /// Asks questions that together fit into a pipe.
    fn ask_each(&mut self, requests: &[Request]) -> Vec<Result<Vec<u8>, ProbeError>> {
        let in_place = |request: &Request| Ok(answer(request)?);
        let Some(program) = self.program.clone() else { return requests.iter().map(in_place).collect() };
        self.reap();
        let known = |request: &Request| self.is_silent(request.path()).then_some(Err(ProbeError::NoAnswer));
        let mut answers: Vec<Option<Result<Vec<u8>, ProbeError>>> = requests.iter().map(known).collect();
        let mut has_ended = false;
        loop {
            let open: Vec<usize> = (0..requests.len()).filter(|&index| answers[index].is_none()).collect();
            let Some(&first) = open.first() else { break };
            if self.stuck.len() >= MOST_STUCK {
                break;
            }
            let child = self.child.take().map_or_else(|| ProbeProcess::start(&program), Ok);
            let mut child = match child {
                Ok(child) => child,
                Err(error) => {
                    self.child.give_back(None);
                    // Else there is no room for a process at this moment.
                    if is_forbidden(&error) {
                        tracing::warn!(%error, "no process may be started here: what never answers will hold up a part of the collector");
                        self.program = None;
                        open.iter().for_each(|&index| answers[index] = Some(in_place(&requests[index])));
                    }
                    break;
                }
            };
            let asked: Vec<&Request> = open.iter().map(|&index| &requests[index]).collect();
            let AskedChild { answers: told, end } = child.ask(&asked, self.deadline);
            let next = open.get(told.len()).copied();
            for (&index, answer) in open.iter().zip(told) {
                self.silent.remove(requests[index].path());
                answers[index] = Some(answer.map_err(ProbeError::from));
                has_ended = false;
            }
            match end {
                AskedEnd::Whole => self.child.give_back(Some(child)),
                AskedEnd::Silent => {
                    self.child.give_back(None);
                    let path = requests[next.unwrap_or(first)].path().to_owned();
                    self.silent.insert(path.clone(), Instant::now());
                    self.stuck.push((path, child.abandon()));
                    answers[next.unwrap_or(first)] = Some(Err(ProbeError::NoAnswer));
                }
                AskedEnd::Ended => {
                    self.child.give_back(None);
                    child.end();
                    // A child that was ended from outside is replaced once.
                    if std::mem::replace(&mut has_ended, true) {
                        let index = next.unwrap_or(first);
                        self.silent.insert(requests[index].path().to_owned(), Instant::now());
                        answers[index] = Some(Err(ProbeError::NoAnswer));
                        has_ended = false;
                    }
                }
            }
        }
        answers.into_iter().map(|answer| answer.unwrap_or(Err(ProbeError::NoAnswer))).collect()
    }

    /// Returns true if a path is not to be asked about now: it has not answered a moment ago.
    fn is_silent(&self, path: &Path) -> bool {
        self.stuck.iter().any(|(stuck, _)| stuck == path)
            || self.silent.get(path).is_some_and(|asked| asked.elapsed() < ASK_AGAIN)
    }

    /// Buries the children that have ended after all.
    fn reap(&mut self) {
        self.stuck.retain_mut(|(_, child)| matches!(child.try_wait(), Ok(None)));
    }
}

/// Returns true if asking again soon would give this error again.
fn is_forbidden(error: &io::Error) -> bool {
    use io::ErrorKind::{NotFound, PermissionDenied, Unsupported};
    [NotFound, PermissionDenied, Unsupported].contains(&error.kind())
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
    #[cfg(target_os = "linux")]
    fn several_files_are_read_in_their_order_and_a_missing_one_is_no_answer_of_another() {
        let files = ["/proc/version", "/no/such/file", "/proc/uptime"].map(PathBuf::from);
        let read = |mut prober: Prober| prober.read_each(files.iter().cloned().cycle().take(90));
        let answers = read(Prober::new(None, Duration::from_secs(2)));
        assert_eq!(answers.len(), 90);
        for three in answers.chunks(3) {
            assert!(three[0].as_ref().is_ok_and(|text| text.starts_with(b"Linux")), "{three:?}");
            assert!(matches!(three[1], Err(ProbeError::Failed(_))), "{three:?}");
            assert!(three[2].as_ref().is_ok_and(|text| text.ends_with(b"\n")), "{three:?}");
        }
    }

    #[test]
    fn of_several_questions_one_that_is_not_answered_holds_up_no_other_prober() {
        // A stand-in for a child that is caught: it takes the questions and keeps them.
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("silent");
        std::fs::write(&program, "#!/bin/sh\nexec sleep 1000\n").expect("written");
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, executable).expect("executable");
        let shared = SharedChild::default();
        let mut caught = Prober::sharing(&shared, Some(program), Duration::from_millis(50));
        let mut other = Prober::sharing(&shared, Some("/no/such/program".into()), Duration::from_secs(2));
        let answers = caught.read_each(["/a", "/b"].map(PathBuf::from));
        assert!(answers.iter().all(|answer| matches!(answer, Err(ProbeError::NoAnswer))), "{answers:?}");
        assert_eq!((caught.silent.len(), caught.stuck.len()), (2, 2), "a child for each");
        assert!(other.space(Path::new("/")).is_ok(), "it has none of the two");
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
