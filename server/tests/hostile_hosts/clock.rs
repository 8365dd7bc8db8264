//! A wall clock that is set while the server measures.

use std::{fs, path::PathBuf};

use crate::host::{Host, Plan, exists};

/// Debian's and Ubuntu's place for it, by the machine's kind.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let places = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    let found = places.into_iter().find(|place| exists(&place.to_string_lossy()));
    found.expect("run `cargo xtask setup --tests` first: the clock is set by libfaketime")
}

#[test]
fn a_clock_that_is_set_back_a_little_wipes_no_history() {
    let library = library().to_string_lossy().into_owned();
    let setup = format!(
        "export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE=$T/shift FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1"
    );
    let settings = [("PULSEBOARD_COLLECT__FAST_MS", "500"), ("PULSEBOARD_COLLECT__SLOW_MS", "500")];
    let files = [("shift", "+0")];
    let host = Host::start(&Plan { setup: &setup, settings: &settings, files: &files, ..Plan::default() });
    let count = |at_least: usize| {
        host.until("moments are kept", |snapshot| {
            (snapshot.history.at.len() >= at_least && snapshot.history.rates.at.len() >= at_least)
                .then(|| snapshot.clone())
        })
    };
    let before = count(12);
    fs::write(host.folder.path().join("shift"), "-0.8").expect("written");
    // Samples are measured by the new time as soon as the newest is older than one from before.
    let stepped = host.until("the clock has been set", |snapshot| {
        let newest = *before.history.at.last()?;
        (snapshot.history.at.last()? > &newest && snapshot.at > newest + 2_000).then(|| snapshot.clone())
    });
    let lengths = [&stepped.history.at, &stepped.history.rates.at].map(Vec::len);
    assert!(lengths.iter().all(|&length| length > 12), "{lengths:?} moments are left");
    for at in [&stepped.history.at, &stepped.history.rates.at] {
        assert!(at.is_sorted_by(|one, next| one < next), "{at:?}");
    }
    let oldest = stepped.history.at[0];
    let moved = before.history.at[0].saturating_sub(oldest);
    assert!((700..900).contains(&moved), "the moments lie as far back as they did: {moved} ms");
}
