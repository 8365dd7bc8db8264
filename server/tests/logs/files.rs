//! Lines of files: as they are, as they grow, and over rotations.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use common::{
    logs::{LogLine, LogSourceList},
    stream::StreamEndReason,
};
use serde_json::json;

use crate::{
    reader::{PATH, Reader, ask, before, behind, cancel, open, read, texts},
    support::{TestServer, get, start_with},
};

async fn server(files: &[(&str, &Path)]) -> TestServer {
    let files = files.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect();
    start_with(|config| {
        config.logs.files = files;
        config.limits.connections_per_address = 0;
    })
    .await
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("it can be written");
    file.write_all(text.as_bytes()).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_in_pages_from_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("app.log");
    let link = folder.path().join("link.log");
    let text: String =
        (0..30_000).map(|number| format!("line {number} {}\r\n", "x".repeat(number % 50))).collect();
    fs::write(&path, text + &"y".repeat(3 << 20) + "\n\nno end").expect("written");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let server = server(&[("app", link.as_path())]).await;
    let list = get(server.address, PATH).await;
    assert_eq!(serde_json::from_str::<LogSourceList>(&list.body).expect("sources").files, ["app"]);

    let all = read(&server, &json!({"sources": ["file:app"]})).await;
    assert_eq!((all.len(), &*all[2].text), (30_003, "line 2 xx"));
    assert_eq!((all[30_000].text.len(), all[30_000].cut), (16 << 10, Some(3 << 20)));
    assert_eq!(texts(&all[30_001..]), ["", "no end"]);
    assert!(all.iter().all(|line| line.at == 0), "nobody knows when it was written");
    let newest = read(&server, &json!({"sources": ["file:app"], "tail": 5})).await;
    assert_eq!(newest, all[29_998..]);
    let mut told = newest;
    while told.len() < 25_000 {
        let asked = json!({"sources": ["file:app"], "tail": 9_000, "until": before(&told)});
        let lines = read(&server, &asked).await;
        assert_eq!(lines.len(), 9_000);
        told.splice(0..0, lines);
    }
    assert_eq!(told, all[all.len() - told.len()..]);
    let earlier = read(&server, &json!({"sources": ["file:app"], "until": before(&told)})).await;
    assert_eq!(earlier, all[..all.len() - told.len()]);
    let found =
        read(&server, &json!({"sources": ["file:app"], "pattern": r"^line \d*777 ", "tail": 3})).await;
    assert!(
        texts(&found)
            .iter()
            .zip(["line 27777 ", "line 28777 ", "line 29777 "])
            .all(|(text, begin)| text.starts_with(begin))
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_followed_over_its_rotations_and_each_line_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("app.log");
    append(&path, "old 1\nold 2\n");
    let server = server(&[("app", path.as_path())]).await;
    let opened = open(&server, &json!({"sources": ["file:app"], "follow": true, "tail": 1})).await;
    let mut reader = Reader::by(&server, transport_probes::all()[0], &opened).await;
    reader.until("old 2").await;
    append(&path, "grown 1\nhal");
    reader.until("grown 1").await;
    append(&path, "ves\n");
    reader.until("halves").await;
    // Renamed: what is written to the old one until there is another is told, too.
    let old = folder.path().join("app.log.1");
    fs::rename(&path, &old).expect("renamed");
    append(&old, "late\nunfinished");
    reader.until("late").await;
    append(&path, "new 1\n");
    reader.until("new 1").await;
    // Begun anew in its place.
    fs::write(&path, "").expect("truncated");
    append(&path, "anew\n");
    reader.until("anew").await;
    let wanted = ["old 2", "grown 1", "halves", "late", "unfinished", "new 1", "anew"];
    assert_eq!(texts(&reader.lines), wanted);
    assert_eq!(reader.lines[0].at, 0);
    assert!(reader.lines[1..].is_sorted_by_key(|line| line.at) && reader.lines[1].at > 0);

    // Whoever comes later is told the same times.
    let now: Vec<LogLine> = read(&server, &json!({"sources": ["file:app"]})).await;
    assert_eq!(texts(&now), ["anew"]);
    assert_eq!(now[0].at, reader.lines[6].at);
    append(&path, "more 1\nmore 2\n");
    reader.until("more 2").await;
    let rest = read(&server, &json!({"sources": ["file:app"], "since": behind(&now)})).await;
    assert_eq!(rest, reader.lines[7..]);
    assert_eq!(cancel(&server, &opened).await, 204);
    assert_eq!(reader.end().await, (StreamEndReason::Cancelled, None));
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_file_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let (missing, pipe) = (folder.path().join("missing"), folder.path().join("pipe"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("it runs");
    assert!(made.success());
    let server =
        server(&[("folder", folder.path()), ("missing", missing.as_path()), ("pipe", pipe.as_path())]).await;
    for (name, said) in [
        ("folder", "folder"),
        ("missing", "No such file"),
        ("pipe", "no plain file"),
        ("other", "name no file"),
    ] {
        let answer = ask(&server, &json!({"sources": [format!("file:{name}")]})).await;
        assert!(answer.status == 404 && answer.body.contains(said), "{name}: {}", answer.body);
    }
    server.stop().await;
}
