//! Real work beside the recording, so that it is of more than an idle machine: stretches of idling, of reading, of writing, of reckoning, and of
//! talking over the loopback.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::random::Random;

/// Works until it is told to end.
pub(crate) fn work(is_over: &AtomicBool, scratch: &Path) -> Result<()> {
    let mut random = Random::new(1);
    let mut tree = vec![PathBuf::from("/usr/lib"), PathBuf::from("/usr/share")];
    let listener = TcpListener::bind("127.0.0.1:0").context("a port on the loopback")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (mut server, _) = listener.accept()?;
    let mut room = vec![0_u8; 64 << 10];
    while !is_over.load(Ordering::Relaxed) {
        let kind = random.below(8);
        let end = Instant::now() + Duration::from_millis(2_000 + random.below(20_000));
        let (pause, size) = (random.below(300), 1 + random.below(40) as usize);
        while Instant::now() < end && !is_over.load(Ordering::Relaxed) {
            match kind {
                0..=3 => {}
                4 => (0..size).for_each(|_| read_next(&mut tree)),
                5 => write(scratch, size, &room)?,
                6 => reckon(size, &mut random),
                _ => {
                    for _ in 0..size {
                        client.write_all(&room)?;
                        server.read_exact(&mut room)?;
                    }
                }
            }
            let jitter = random.below(200);
            thread::park_timeout(Duration::from_millis(pause + jitter));
        }
    }
    let _ = fs::remove_file(scratch);
    Ok(())
}

/// Reads the next file of a tree; what cannot be read is left out.
fn read_next(tree: &mut Vec<PathBuf>) {
    let Some(next) = tree.pop() else {
        tree.push(PathBuf::from("/usr"));
        return;
    };
    let is_link = next.is_symlink();
    if is_link {
        return;
    }
    if next.is_dir() {
        let entries = fs::read_dir(&next).into_iter().flatten().flatten();
        tree.extend(entries.map(|entry| entry.path()));
    } else {
        let _ = fs::read(&next);
    }
}

fn write(scratch: &Path, size: usize, room: &[u8]) -> Result<()> {
    let mut file = File::create(scratch).with_context(|| format!("cannot write {}", scratch.display()))?;
    for _ in 0..size * 4 {
        file.write_all(room)?;
    }
    Ok(file.sync_data()?)
}

fn reckon(size: usize, random: &mut Random) {
    let mut numbers: Vec<u64> = (0..size * 20_000).map(|_| random.below(u64::MAX)).collect();
    numbers.sort_unstable();
}
