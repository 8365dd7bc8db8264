//! The prober's side: asks the system, and may be left waiting for ever.

use std::{
    fs::File,
    io::{self, Read},
    process::ExitCode,
};

use super::wire::{LONGEST_READ, Request, SpaceStat, write_answer};

/// Answers what comes on the standard input until it ends: what the hidden subcommand `probe` does.
#[must_use]
pub fn serve() -> ExitCode {
    // The name is for lists of programs; the process was started as `/proc/self/exe`.
    let _ = std::fs::write("/proc/self/comm", "pulseboard-prob");
    match serve_pipes(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve_pipes(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<()> {
    while let Some(request) = Request::decode(from)? {
        write_answer(to, &answer(&request))?;
    }
    Ok(())
}

/// Asks the system, and waits as long as it takes.
pub(super) fn answer(request: &Request) -> io::Result<Vec<u8>> {
    match request {
        Request::Space(path) => {
            let folder = std::fs::metadata(path)?.is_dir();
            let stat = rustix::io::retry_on_intr(|| rustix::fs::statvfs(path))?;
            let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
            let stat = SpaceStat {
                total: bytes(stat.f_blocks),
                free: bytes(stat.f_bfree),
                available: bytes(stat.f_bavail),
                files: stat.f_files,
                read_only: stat.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
                folder,
            };
            Ok(stat.encode())
        }
        Request::Read(path) => {
            let mut bytes = Vec::with_capacity(256);
            File::open(path)?.take(LONGEST_READ as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }
}
