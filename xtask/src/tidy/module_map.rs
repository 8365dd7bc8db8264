//! The map in ARCHITECTURE.md names every module's folder, and every name in it exists.
//!
//! The map is the fenced blocks marked `map`. A line that begins at the margin names a file or a folder; indented
//! lines below a folder name what is in it; `{a,b}` is two names. What comes after the first word is prose, but for
//! words ending in `.rs` at the margin, which are files of that folder.

use std::collections::{BTreeMap, BTreeSet};

use super::violation::Violation;

pub(super) const MAP: &str = "ARCHITECTURE.md";

const GONE: &str = "the map names it: build it or take it off the map";
const UNNAMED: &str = "every folder is on the map in ARCHITECTURE.md, with a few words on its purpose";

/// `folders` lists the folders directly in a folder.
pub(super) fn check(
    text: &str,
    exists: impl Fn(&str) -> bool,
    folders: impl Fn(&str) -> Vec<String>,
) -> Vec<Violation> {
    let map = read(text);
    if map.names.is_empty() {
        return vec![Violation::new(
            MAP,
            0,
            "it has no map",
            "a fenced block marked `map` names the folders",
        )];
    }
    let mut violations = Vec::new();
    for (name, line) in &map.names {
        if !exists(name) {
            violations.push(Violation::new(MAP, *line, format!("there is no `{name}`"), GONE));
        }
    }
    // The root and every folder that the map opens must be named in full.
    for below in map.opened.iter().map(String::as_str).chain([""]) {
        for folder in folders(below) {
            let room = format!("{below}{folder}/");
            if !map.names.keys().any(|name| name.starts_with(&room)) {
                violations.push(Violation::new(MAP, 0, format!("`{room}` is not on the map"), UNNAMED));
            }
        }
    }
    violations
}

#[derive(Default)]
struct ModuleMap {
    /// Each path, and the line that names it.
    names: BTreeMap<String, usize>,
    /// Folders of which the map says what is in them.
    opened: BTreeSet<String>,
}

fn read(text: &str) -> ModuleMap {
    let mut map = ModuleMap::default();
    let mut inside = false;
    let mut base = String::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(marker) = line.trim_start().strip_prefix("```") {
            inside = !inside && marker.trim() == "map";
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(first) = words.next().filter(|_| inside) else { continue };
        let number = index + 1;
        if !line.starts_with(' ') {
            base = if first.ends_with('/') && !first.contains(['{', '<']) {
                first.to_owned()
            } else {
                String::new()
            };
            for name in alternatives(first) {
                map.names.insert(name, number);
            }
            if let Some((before, _)) = first.split_once('{') {
                map.opened.insert(before.to_owned());
            }
            for file in words.take_while(|_| !base.is_empty()).filter(|word| word.ends_with(".rs")) {
                map.names.insert(format!("{base}{file}"), number);
            }
        } else if first.ends_with('/') && !base.is_empty() && !first.contains('<') {
            map.opened.insert(base.clone());
            map.names.insert(format!("{base}{first}"), number);
        }
    }
    map
}

/// `a/{b,c}/` is `a/b/` and `a/c/`; `a/<b>/` is only known up to `a/`.
fn alternatives(name: &str) -> Vec<String> {
    let name = name.split('<').next().unwrap_or(name);
    match name.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        Some((before, (inner, after))) => {
            inner.split(',').map(|part| format!("{before}{part}{after}")).collect()
        }
        None => vec![name.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    const TEXT: &str = "# Map\n```map\ncommon/     the words\ntransports/src/{sse,polling}/   two\n\
                        server/src/ main.rs router.rs (paths)\n            chat/  rooms, messages\n```\n";

    fn violations(text: &str, there: &[&str]) -> Vec<String> {
        let exists = |path: &str| there.iter().any(|file| *file == path || file.starts_with(path));
        let folders = |below: &str| {
            let inner = there.iter().filter_map(|file| file.strip_prefix(below)?.split_once('/'));
            let mut names: Vec<_> = inner.map(|(folder, _)| folder.to_owned()).collect();
            names.dedup();
            names
        };
        check(text, exists, folders).iter().map(|violation| violation.what().to_owned()).collect()
    }

    const HOUSE: [&str; 6] = [
        "common/src/lib.rs",
        "transports/src/sse/mod.rs",
        "transports/src/polling/mod.rs",
        "server/src/main.rs",
        "server/src/router.rs",
        "server/src/chat/mod.rs",
    ];

    #[test]
    fn a_true_map_is_fine() {
        assert_eq!(violations(TEXT, &HOUSE), [] as [&str; 0]);
    }

    #[test]
    fn a_room_that_is_not_there_is_noticed() {
        assert_eq!(violations(TEXT, &HOUSE[..5]), ["there is no `server/src/chat/`"]);
        assert_eq!(
            violations(TEXT, &[&HOUSE[..4], &HOUSE[5..]].concat()),
            ["there is no `server/src/router.rs`"]
        );
    }

    #[test]
    fn a_room_that_is_not_named_is_noticed() {
        let with = |path| [&HOUSE[..], &[path]].concat();
        assert_eq!(violations(TEXT, &with("attic/old.rs")), ["`attic/` is not on the map"]);
        assert_eq!(
            violations(TEXT, &with("server/src/store/mod.rs")),
            ["`server/src/store/` is not on the map"]
        );
        assert_eq!(
            violations(TEXT, &with("transports/src/ws/mod.rs")),
            ["`transports/src/ws/` is not on the map"]
        );
    }

    #[test]
    fn a_page_without_a_map_is_noticed() {
        assert_eq!(violations("# Map\n```\ncommon/\n```\n", &HOUSE), ["it has no map"]);
    }
}
