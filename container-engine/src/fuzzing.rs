//! Checks the readers of engines' answers with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion, and
//! `tests/corpus.rs` runs the same functions on the bytes that it has found.

use crate::{
    event::{EngineEvent, parse_event},
    inspect::parse_inspected,
    list::parse_list,
    logs::{FrameDecoder, LineAssembler, LogLine, MAX_LINE},
    stats::parse_stats,
    version::{ApiVersion, EngineVersion, Product, parse_version},
};

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[("engine_json", engine_json), ("engine_lines", engine_lines)];

/// Checks an answer in JSON: whatever it is, nothing that is told of it has a control character, or is longer than its bound.
pub fn engine_json(bytes: &[u8]) {
    if let Ok(Some(EngineEvent::Container(event))) = parse_event(bytes) {
        shown(&event.name);
        shown(&event.image);
    }
    for one in parse_list(bytes).unwrap_or_default() {
        let container = one.to_container();
        shown(&container.name);
        shown(&container.image);
        shown(container.state.as_str());
    }
    if let Ok(inspected) = parse_inspected(bytes) {
        shown(&inspected.container.name);
        shown(&inspected.container.image);
    }
    let _ = parse_version(bytes);
    for product in [Product::Docker, Product::Podman] {
        let version =
            EngineVersion { api: ApiVersion::OURS, product, version: "4.3.1".to_owned(), clock: None };
        if let Ok(Some(reading)) = parse_stats(bytes, &version) {
            assert!(reading.pids_limit.is_none_or(|limit| limit > 0));
        }
    }
}

fn shown(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?} would move a terminal");
    assert!(text.chars().count() <= 1_001, "{} characters", text.chars().count());
}

/// Checks lines: the first byte says whose they are, and the second how long the chunks are in which they come. They are those of one chunk.
pub fn engine_lines(bytes: &[u8]) {
    let Some(([kind, size], bytes)) = bytes.split_first_chunk() else { return };
    let product = if kind & 1 == 0 { Product::Docker } else { Product::Podman };
    let has_terminal = kind & 2 != 0;
    let whole = lines(&[bytes], product, has_terminal);
    let chunks: Vec<&[u8]> = bytes.chunks(usize::from(*size).max(1)).collect();
    assert_eq!(whole, lines(&chunks, product, has_terminal), "they do not depend on how they come");
    for line in whole {
        assert!(line.text.len() <= MAX_LINE && line.length >= line.text.len() as u64);
        assert!(has_terminal || !line.text.contains(&b'\n'));
    }
}

fn lines(chunks: &[&[u8]], product: Product, has_terminal: bool) -> Vec<LogLine> {
    let mut frames = FrameDecoder::default();
    let mut lines = LineAssembler::new(product);
    for mut chunk in chunks.iter().copied() {
        if has_terminal {
            lines.push_raw(chunk);
            continue;
        }
        loop {
            match frames.next_part(&mut chunk) {
                Ok(Some(part)) => lines.push_part(part),
                Ok(None) => break,
                Err(_) => {
                    lines.finish(false);
                    return std::iter::from_fn(|| lines.pop()).collect();
                }
            }
        }
    }
    lines.finish(has_terminal);
    std::iter::from_fn(|| lines.pop()).collect()
}
