//! The child process that answers questions.

use std::{
    io::{self, Read, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::wire::{Request, read_answer};

/// The most that is read of a pipe at once.
const PIECE: usize = 4096;

/// A child process with its two pipes.
#[derive(Debug)]
pub(super) struct ProbeProcess {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

/// The answers of a child to the first of some questions.
#[derive(Debug)]
pub(super) struct AskedChild {
    pub(super) answers: Vec<io::Result<Vec<u8>>>,
    pub(super) end: AskedEnd,
}

/// The reason for which there are no more answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedEnd {
    /// Every question is answered.
    Whole,
    /// The next one was not answered before the deadline.
    Silent,
    /// The child has ended.
    Ended,
}

impl ProbeProcess {
    /// Runs `program probe`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        // Whatever it is left waiting for, it must not hold a folder, a pipe or a variable of the server's.
        command.arg0("pulseboard").arg("probe").current_dir("/").env_clear();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Ok(Self { child, to, from }),
            _ => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        }
    }

    /// Asks some questions at once, and waits for each answer until `deadline`. Together they have to fit into a pipe.
    pub(super) fn ask(&mut self, requests: &[&Request], deadline: Duration) -> AskedChild {
        let mut asked = AskedChild { answers: Vec::with_capacity(requests.len()), end: AskedEnd::Whole };
        let questions: Vec<u8> = requests.iter().flat_map(|request| request.encode()).collect();
        if self.to.write_all(&questions).is_err() {
            asked.end = AskedEnd::Ended;
            return asked;
        }
        let mut bytes = Vec::new();
        while asked.answers.len() < requests.len() {
            match self.answer(&mut bytes, deadline) {
                Ok(Some(answer)) => asked.answers.push(answer),
                Ok(None) => {
                    asked.end = AskedEnd::Silent;
                    break;
                }
                Err(_) => {
                    asked.end = AskedEnd::Ended;
                    break;
                }
            }
        }
        asked
    }

    /// Waits for the next answer; none if the deadline came first. `bytes` are those that were read and are of no answer yet.
    fn answer(&mut self, bytes: &mut Vec<u8>, deadline: Duration) -> io::Result<Option<io::Result<Vec<u8>>>> {
        let until = Instant::now() + deadline;
        let mut piece = [0; PIECE];
        loop {
            if let Some((answer, length)) = read_answer(bytes) {
                bytes.drain(..length);
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

    /// Ends it, and waits until it has.
    pub(super) fn end(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Ends it, and waits for nothing. Returns what is left of it.
    pub(super) fn abandon(mut self) -> Child {
        let _ = self.child.kill();
        self.child
    }
}
