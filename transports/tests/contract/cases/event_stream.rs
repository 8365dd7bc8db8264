//! The bytes of an event stream, where libraries that read less strictly than the standard depend on them.

use std::time::Duration;

use common::frame::ByeReason;
use transport_probes::{Ask, Probe, http};
use transports::catalog::Entry;

use crate::world::{Make, World};

async fn text(answer: &mut http::Answer, until: &str) -> String {
    let mut text = String::new();
    while !text.contains(until) {
        let piece = answer.piece().await.unwrap_or_else(|| panic!("it ended before {until:?}: {text}"));
        text += std::str::from_utf8(&piece).expect("an event stream is UTF-8");
    }
    text
}

async fn open(world: &World, entry: &Entry, topics: &[&str]) -> http::Answer {
    http::get(world.address, entry.path, &Ask::topics(topics)).await.expect("a stream")
}

/// Seven libraries give a program an event with empty data for a block without data: whoever parses it as JSON asks again, for
/// ever. Three take an id before its data has come, and lose an event that is cut in half.
pub async fn a_block_has_data_and_its_id_comes_last(probe: &dyn Probe) {
    let world = World::make(Make { heartbeat: Duration::from_millis(200), ..Make::default() }).await;
    let mut answer = open(&world, probe.entry(), &["log/a", "short/a"]).await;
    let mut all = text(&mut answer, "event: heartbeat").await;
    world.publish("log/a", "\"one\"");
    all += &text(&mut answer, "\"one\"").await;
    // A quiet line: nothing but heartbeats.
    for _ in 0..3 {
        all += &text(&mut answer, "event: heartbeat").await;
    }
    world.hub.close(ByeReason::Shutdown, 1000, 0);
    all += &text(&mut answer, "event: bye").await;
    let blocks: Vec<&str> = all.split_terminator("\n\n").collect();
    assert!(blocks.len() >= 6, "{all}");
    for block in &blocks {
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(lines.iter().filter(|line| line.starts_with("data: ")).count(), 1, "{block}");
        let id = lines.iter().position(|line| line.starts_with("id: "));
        assert!(id.is_none_or(|at| at + 1 == lines.len()), "the id is the last line: {block}");
    }
    assert!(blocks[0].starts_with(": pulseboard\nretry: 750\nevent: welcome\n"), "{all}");
}

/// Readers that know no default take Korean for Latin-1, and proxies that compress what names no coding hold it back.
pub async fn a_head_names_charset_and_coding(probe: &dyn Probe) {
    let world = World::start().await;
    let answer = open(&world, probe.entry(), &["log/a"]).await;
    assert_eq!(answer.header("content-type"), Some("text/event-stream; charset=utf-8"));
    assert_eq!(answer.header("content-encoding"), Some("identity"));
    world.hub.close(ByeReason::Shutdown, 1000, 0);
    let away = open(&world, probe.entry(), &["log/a"]).await;
    assert_eq!(away.header("content-type"), Some("text/event-stream; charset=utf-8"));
}
