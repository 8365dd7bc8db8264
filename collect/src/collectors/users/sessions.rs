//! The sessions that systemd-logind or utmp know of.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::collectors::small_file::SmallFile;

/// At most this many sessions are read.
const MOST_SESSIONS: usize = 1024;
/// The length of a record of utmp: of most 64-bit systems, whose times have 32 bits (glibc's `__WORDSIZE_TIME64_COMPAT32`).
const SHORT_RECORD: usize = 384;
/// The length of a record where times have 64 bits, as on ARM.
const LONG_RECORD: usize = 400;
/// The type of a record of someone who is logged in.
const USER_PROCESS: u16 = 7;

/// Reads who is logged in.
#[derive(Debug)]
pub(super) struct SessionSource {
    run: PathBuf,
    proc: PathBuf,
}

impl SessionSource {
    pub(super) fn new(run: impl Into<PathBuf>, proc: impl Into<PathBuf>) -> Self {
        Self { run: run.into(), proc: proc.into() }
    }

    /// Returns the number of accounts with a session; none where nothing keeps account of sessions.
    pub(super) fn count(&self) -> Option<usize> {
        // The folder `system` is there if and only if systemd runs: sd_booted(3).
        if self.run.join("systemd/system").is_dir() {
            return logind(&self.run.join("systemd/sessions"));
        }
        let mut records = Vec::new();
        let longest = (MOST_SESSIONS * LONG_RECORD) as u64;
        File::open(self.run.join("utmp")).ok()?.take(longest).read_to_end(&mut records).ok()?;
        utmp(&records, &|pid| self.proc.join(pid.to_string()).exists())
    }
}

/// Counts the accounts in logind's files, one a session; `ID.ref` beside them is a pipe, which is not opened.
fn logind(folder: &Path) -> Option<usize> {
    let mut accounts = HashSet::new();
    for entry in fs::read_dir(folder).ok()?.flatten().take(MOST_SESSIONS) {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            accounts.extend(SmallFile::new(entry.path()).read().and_then(account));
        }
    }
    Some(accounts.len())
}

/// The account of a session that a person has; a login screen, a timer's job and the manager of services are none.
fn account(session: &str) -> Option<u32> {
    let value = |key: &str| session.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let is_persons = value("CLASS").is_some_and(|class| class == "user" || class.starts_with("user-"));
    (is_persons && value("STATE") != Some("closing")).then(|| value("UID")?.parse().ok())?
}

/// Counts the accounts in the records of utmp whose program is alive: who lost the connection leaves a record behind.
fn utmp(records: &[u8], is_alive: &dyn Fn(i32) -> bool) -> Option<usize> {
    let record = if records.len().is_multiple_of(SHORT_RECORD) {
        SHORT_RECORD
    } else if records.len().is_multiple_of(LONG_RECORD) {
        LONG_RECORD
    } else {
        return None;
    };
    let persons = records.chunks_exact(record).filter_map(|record| {
        let kind = u16::from_ne_bytes(*record.first_chunk()?);
        let pid = i32::from_ne_bytes(*record.get(4..)?.first_chunk()?);
        // The line has 32 bytes, its id four, and then comes the name, which zeros fill up.
        let name = record.get(44..76)?.split(|&byte| byte == 0).next()?;
        (kind == USER_PROCESS && pid > 0 && !name.is_empty() && is_alive(pid)).then_some(name)
    });
    Some(persons.collect::<HashSet<_>>().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session of systemd 252, shortened.
    const SESSION: &str = "\
# This is private data. Do not parse.
UID=1000
USER=ada
ACTIVE=1
IS_DISPLAY=1
STATE=active
REMOTE=1
TYPE=tty
ORIGINAL_TYPE=tty
CLASS=user
SCOPE=session-3.scope
SERVICE=sshd
LEADER=4321
";

    fn record(kind: u16, pid: i32, name: &str) -> Vec<u8> {
        let mut record = vec![0; SHORT_RECORD];
        record[..2].copy_from_slice(&kind.to_ne_bytes());
        record[4..8].copy_from_slice(&pid.to_ne_bytes());
        record[8..13].copy_from_slice(b"pts/0");
        record[44..44 + name.len()].copy_from_slice(name.as_bytes());
        record
    }

    #[test]
    fn an_account_with_two_sessions_counts_once_and_a_login_screen_not_at_all() {
        let run = tempfile::tempdir().expect("a folder");
        let sessions = run.path().join("systemd/sessions");
        fs::create_dir_all(&sessions).expect("made");
        fs::create_dir_all(run.path().join("systemd/system")).expect("made");
        let source = SessionSource::new(run.path(), "/proc");
        assert_eq!(source.count(), Some(0), "systemd runs, and nobody is there");
        for (id, text) in [
            ("1", SESSION.to_owned()),
            ("2", SESSION.to_owned()),
            ("3", SESSION.replace("1000", "1001")),
            ("c1", SESSION.replace("1000", "111").replace("CLASS=user", "CLASS=greeter")),
            ("c2", SESSION.replace("1000", "0").replace("CLASS=user", "CLASS=manager")),
            ("4", SESSION.replace("1000", "1002").replace("=active", "=closing")),
            ("5", SESSION.replace("1000", "-1")),
            ("6", "\0\0\0".to_owned()),
            ("7", String::new()),
        ] {
            fs::write(sessions.join(id), text).expect("written");
        }
        fs::write(sessions.join("8"), b"UID=\xff\xfe").expect("written");
        fs::create_dir(sessions.join("9")).expect("made");
        assert_eq!(source.count(), Some(2));
    }

    #[test]
    fn records_of_utmp_count_while_their_programs_live() {
        let all = [
            record(2, 0, "reboot"),
            record(6, 700, "LOGIN"),
            record(USER_PROCESS, 10, "ada"),
            record(USER_PROCESS, 11, "ada"),
            record(USER_PROCESS, 12, "grace"),
            record(USER_PROCESS, 13, "gone"),
            record(8, 10, "dead"),
            record(USER_PROCESS, -1, "odd"),
            record(USER_PROCESS, 10, ""),
        ]
        .concat();
        assert_eq!(utmp(&all, &|pid| pid != 13), Some(2));
        assert_eq!(utmp(&[], &|_| true), Some(0));
        assert_eq!(utmp(&all[..500], &|_| true), None, "a file that is something else");
    }

    #[test]
    fn a_machine_that_keeps_no_account_of_sessions_has_no_zero() {
        let run = tempfile::tempdir().expect("a folder");
        let source = SessionSource::new(run.path(), "/proc");
        assert_eq!(source.count(), None);
        fs::create_dir_all(run.path().join("systemd/sessions")).expect("made");
        assert_eq!(source.count(), None, "a folder of an image whose systemd does not run");
        let own = record(USER_PROCESS, i32::try_from(std::process::id()).expect("small"), "ada");
        fs::write(run.path().join("utmp"), own).expect("written");
        assert_eq!(source.count(), Some(1));
    }
}
