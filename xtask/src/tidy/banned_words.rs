//! Some words belong in one crate, and some in none.

use super::source::Source;
use super::violation::Violation;

/// Words that may not stand in some files.
struct BannedWords {
    /// Paths that begin like this; all if empty.
    within: &'static [&'static str],
    /// But not those that begin like this.
    except: &'static [&'static str],
    /// A word ending in `*` is the start of a word.
    words: &'static [&'static str],
    why: &'static str,
}

const BANS: &[BannedWords] = &[
    BannedWords {
        within: &["common/src/"],
        except: &[],
        words: &[
            "SystemTime",
            "Instant",
            "std::fs",
            "std::net",
            "std::env",
            "std::thread",
            "std::process",
            "tokio*",
        ],
        why: "common does no I/O and reads no clock",
    },
    BannedWords {
        within: &["broker/src/", "broker-journal/src/", "fanout/src/", "transports/src/", "server/src/"],
        except: &["broker/src/clock.rs"],
        words: &["SystemTime"],
        why: "the process has one wall clock, broker::Clock, which a test may set",
    },
    BannedWords {
        within: &["broker/src/", "broker-journal/src/", "fanout/src/"],
        except: &[],
        words: &[
            "axum*",
            "http",
            "hyper*",
            "tower*",
            "rusqlite",
            "tokio-postgres",
            "HeaderMap",
            "StatusCode",
        ],
        why: "the hub knows no HTTP",
    },
    BannedWords {
        within: &["broker/src/", "fanout/src/"],
        except: &[],
        words: &["fs", "File", "OpenOptions"],
        why: "only the journal opens files",
    },
    BannedWords {
        within: &["transports/src/"],
        except: &[],
        words: &["chat", "Chat*", "Alert*", "metrics", "Metric*"],
        why: "a transport only reads and writes: it knows no chat and no metrics",
    },
    BannedWords {
        within: &["app/src/"],
        except: &[],
        words: &["gloo*", "tokio*", "CanvasRenderingContext2d", "EventSource", "WebSocket"],
        why: "what a page needs from the browser is a trait in app/src/ports.rs",
    },
    BannedWords { within: &[], except: &["charts/"], words: &["plotters*"], why: "only charts draws" },
    BannedWords {
        within: &[],
        except: &[],
        words: &[".forget()", "Closure::forget", "mem::forget"],
        why: "keep the closure in a struct whose Drop detaches it, or it leaks on every visit",
    },
    BannedWords {
        within: &[],
        except: &[],
        words: &["todo!", "unimplemented!"],
        why: "write it, or leave it out",
    },
];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let begins = |paths: &[&str]| paths.iter().any(|start| source.path.starts_with(start));
    let bans = BANS.iter().filter(|ban| (ban.within.is_empty() || begins(ban.within)) && !begins(ban.except));
    let mut violations = Vec::new();
    for ban in bans {
        for (number, line) in source.lines() {
            if let Some(word) = ban.words.iter().find(|word| names(line, word)) {
                let word = word.trim_end_matches('*');
                violations.push(Violation::new(
                    &source.path,
                    number,
                    format!("`{word}` is named here"),
                    ban.why,
                ));
            }
        }
    }
    violations
}

/// Returns true if the line contains the word, not only inside another word.
pub(super) fn names(line: &str, word: &str) -> bool {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (word, open) = word.strip_suffix('*').map_or((word, false), |start| (start, true));
    line.match_indices(word).any(|(index, _)| {
        let starts = !word.starts_with(in_word) || !line[..index].ends_with(in_word);
        let ends = open || !word.ends_with(in_word) || !line[index + word.len()..].starts_with(in_word);
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::violation::Violation;
    use super::check;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::new(path, text)).iter().map(Violation::line).collect()
    }

    #[test]
    fn each_crate_has_words_it_may_not_name() {
        let cases = [
            ("common/src/cursor.rs", "let now = std::time::Instant::now();"),
            ("common/src/topic.rs", "use std::fs;"),
            ("fanout/src/log.rs", "use http::HeaderMap;"),
            ("fanout/src/publish.rs", "use std::{fs, io};"),
            ("transports/src/sse/server.rs", "use common::chat::ChatMessage;"),
            ("app/src/pages/hosts/mod.rs", "use gloo_net::http::Request;"),
            ("app/src/live/mod.rs", "tokio::spawn(f)"),
            ("frontend/src/paint.rs", "use plotters_canvas::CanvasBackend;"),
            ("frontend/src/tabs.rs", "closure.forget();"),
            ("bench/src/main.rs", "todo!()"),
        ];
        for (path, text) in cases {
            assert_eq!(lines(path, text), [1], "{path}: {text}");
        }
    }

    #[test]
    fn their_owners_may_name_them() {
        assert!(lines("charts/src/line.rs", "use plotters::prelude::*;").is_empty());
        assert!(lines("fanout/src/log.rs", "use std::time::Instant;").is_empty());
        assert!(lines("broker-journal/src/segment.rs", "use std::{fs, io};").is_empty());
    }

    #[test]
    fn comments_strings_and_longer_words_are_no_offence() {
        assert!(
            lines("fanout/src/log.rs", "// axum answers\nlet url = \"http://x\"; let https = 1;").is_empty()
        );
        assert!(lines("common/src/a.rs", "struct InstantView; // Instant").is_empty());
    }

    #[test]
    fn the_line_is_told() {
        assert_eq!(lines("fanout/src/log.rs", "//! log\n\nuse axum::Router;\n"), [3]);
    }
}
