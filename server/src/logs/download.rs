//! Lines as a text: the time, the source's name, and the line.

use std::{io, sync::Arc};

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;

use super::{merge::MergedLine, reading::MergedLines, source::LineSource};

/// Makes a body of lines. They are read as the client takes them.
pub(super) fn body(lines: MergedLines, sources: &[Arc<dyn LineSource>], place: OwnedSemaphorePermit) -> Body {
    let names: Vec<String> = sources.iter().map(|source| source.name().to_owned()).collect();
    // A client that is told of no end knows that something is missing.
    let parts = lines.map(move |lines| {
        let _place = &place;
        let lines = lines.map_err(io::Error::other)?;
        Ok::<_, io::Error>(Bytes::from(lines.iter().map(|line| text(line, &names)).collect::<String>()))
    });
    Body::from_stream(parts)
}

fn text((source, line): &MergedLine, names: &[String]) -> String {
    let name = names.get(usize::from(*source)).map_or("", String::as_str);
    let at = time(line.at);
    // Nobody makes a line of another source by an end of a line of one's own.
    let text = line.lossy().replace('\n', "\n    ");
    let cut = if line.text.len() as u64 == line.length {
        String::new()
    } else {
        format!(" … ({} bytes)", line.length)
    };
    format!("{at} [{name}] {text}{cut}\n")
}

/// The time in ISO 8601, UTC, to the microsecond; a hyphen where nobody knows.
fn time(at: u64) -> String {
    if at == 0 {
        return "-".to_owned();
    }
    let seconds = app::format::iso(at / 1_000);
    format!("{}.{:06}Z", seconds.trim_end_matches('Z'), at % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::line::SourceLine;

    #[test]
    fn a_line_has_its_time_its_source_and_its_text() {
        let told = |at, bytes: &[u8], length| {
            let line = SourceLine { at, text: bytes.to_vec(), length, ..SourceLine::default() };
            text(&(1, line), &["web".to_owned(), "db".to_owned()])
        };
        assert_eq!(told(1_795_830_896_000_007, b"a\xff", 2), "2026-11-28T01:54:56.000007Z [db] a\u{fffd}\n");
        assert_eq!(told(0, b"one\n2026 [web] two", 18), "- [db] one\n    2026 [web] two\n");
        assert_eq!(told(0, b"x", 10), "- [db] x … (10 bytes)\n");
    }
}
