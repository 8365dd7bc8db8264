//! Files of a crate that name each other in a circle by `use`: none of them can be understood without the others.
//!
//! A name is followed through re-exports to the file that declares it. What a file re-exports from below itself does not
//! count: it is a table of contents. Paths in the code do not count either.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::source::{Source, crate_of};
use super::use_paths::{UsePath, use_paths};
use super::violation::Violation;

const WHY: &str = "files name each other in one direction: move what both need to a file of its own";

/// Re-exports of re-exports are followed this far.
const DEEPEST: usize = 8;

/// The place of a module in its crate: the names on the way from the root.
type ModulePath = Vec<String>;

/// A module that is a file.
struct ModuleFile<'a> {
    path: &'a str,
    uses: Vec<UsePath>,
}

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    let mut crates: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(name) = crate_of(&source.path) {
            crates.entry(name).or_default().push(source);
        }
    }
    crates.into_iter().flat_map(|(name, sources)| Crate::of(name, &sources).circles()).collect()
}

/// The files of one crate.
struct Crate<'a>(BTreeMap<ModulePath, ModuleFile<'a>>);

impl<'a> Crate<'a> {
    fn of(name: &str, sources: &[&'a Source]) -> Self {
        let has_library = sources.iter().any(|source| source.path == format!("{name}/src/lib.rs"));
        let files = sources.iter().filter(|source| !has_library || !source.path.ends_with("/src/main.rs"));
        let files = files.filter_map(|source| {
            let inside = source.path.strip_prefix(name)?.strip_prefix("/src/")?.strip_suffix(".rs")?;
            let mut path: ModulePath = inside.split('/').map(ToOwned::to_owned).collect();
            path.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
            Some((path, ModuleFile { path: &source.path, uses: use_paths(source) }))
        });
        Self(files.collect())
    }

    /// One violation for each circle, at the first `use` in it.
    fn circles(&self) -> Vec<Violation> {
        let named: BTreeMap<&ModulePath, BTreeMap<&ModulePath, usize>> =
            self.0.keys().map(|module| (module, self.named(module))).collect();
        let reached: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> =
            self.0.keys().map(|module| (module, reach(module, &named))).collect();
        let mut told = BTreeSet::new();
        let mut violations = Vec::new();
        for module in self.0.keys() {
            if told.contains(module) || !reached[module].contains(module) {
                continue;
            }
            let members: Vec<_> =
                reached[module].iter().copied().filter(|other| reached[other].contains(module)).collect();
            let first = named[module].iter().filter(|(other, _)| members.contains(other));
            let line = first.map(|(_, line)| *line).min().unwrap_or_default();
            let others: Vec<_> =
                members.iter().filter(|other| **other != module).map(|other| self.0[*other].path).collect();
            let what = format!("it stands in a circle with {}", others.join(", "));
            violations.push(Violation::new(self.0[module].path, line, what, WHY));
            told.extend(members);
        }
        violations
    }

    /// The files that a file names, each with the first line that does.
    fn named(&self, module: &ModulePath) -> BTreeMap<&ModulePath, usize> {
        let mut named = BTreeMap::new();
        for used in &self.0[module].uses {
            let Some(target) = self.absolute(module, &used.parts).and_then(|full| self.declares(&full, 0))
            else {
                continue;
            };
            let is_contents = used.is_export && target.starts_with(module);
            if target != module && !is_contents {
                named.entry(target).or_insert(used.line);
            }
        }
        named
    }

    /// The path from the crate's root; `None` for what another crate has.
    fn absolute(&self, module: &ModulePath, parts: &[String]) -> Option<Vec<String>> {
        let (first, rest) = parts.split_first()?;
        Some(match first.as_str() {
            "crate" => rest.to_vec(),
            "self" => [module, rest].concat(),
            "super" => {
                let above = parts.iter().take_while(|part| *part == "super").count();
                let base = module.get(..module.len().checked_sub(above)?)?;
                [base, &parts[above..]].concat()
            }
            _ if self.0.contains_key(&[module.as_slice(), &parts[..1]].concat()) => [module, parts].concat(),
            _ => return None,
        })
    }

    /// Finds the file that declares what a path from the root names.
    fn declares(&self, full: &[String], depth: usize) -> Option<&ModulePath> {
        let known = (0..=full.len()).rev().find_map(|length| self.0.get_key_value(&full[..length]));
        let (module, file) = known?;
        let rest = &full[module.len()..];
        let exported = rest.first().and_then(|name| {
            file.uses.iter().find(|used| used.is_export && used.name == *name && depth < DEEPEST)
        });
        let Some(exported) = exported else { return Some(module) };
        let Some(origin) = self.absolute(module, &exported.parts) else { return Some(module) };
        self.declares(&[&origin, &rest[1..]].concat(), depth + 1)
    }
}

/// Returns every file that a file needs, directly or through others; itself, too, if it stands in a circle.
fn reach<'a>(
    from: &'a ModulePath,
    named: &BTreeMap<&'a ModulePath, BTreeMap<&'a ModulePath, usize>>,
) -> BTreeSet<&'a ModulePath> {
    let mut reached = BTreeSet::new();
    let mut waiting = VecDeque::from([from]);
    while let Some(module) = waiting.pop_front() {
        waiting.extend(named[module].keys().copied().filter(|other| reached.insert(*other)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::check;

    /// The complaints about a crate of these files, each as `path:line: what`.
    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<_> = files.iter().map(|(path, text)| Source::new(*path, text)).collect();
        let told = check(&sources);
        told.iter()
            .map(|violation| violation.to_string().split("; ").next().unwrap_or("").to_owned())
            .collect()
    }

    #[test]
    fn two_files_that_name_each_other_are_noticed_once() {
        let files = [
            ("fanout/src/lib.rs", "mod a;\nmod b;\n"),
            ("fanout/src/a.rs", "//! A.\n\nuse super::b::B;\n"),
            ("fanout/src/b.rs", "use crate::a::A;\n"),
            ("fanout/src/c.rs", "use crate::{a::A, b::B};\n"),
        ];
        assert_eq!(complaints(&files), ["fanout/src/a.rs:3: it stands in a circle with fanout/src/b.rs"]);
        assert!(complaints(&files[..2]).is_empty());
    }

    #[test]
    fn a_circle_may_be_long_and_a_crate_may_have_two() {
        let files = [
            ("fanout/src/a.rs", "use super::b::B;\n"),
            ("fanout/src/b.rs", "use super::c::C;\n"),
            ("fanout/src/c.rs", "use super::{a::A, x::X};\n"),
            ("fanout/src/x.rs", "use super::y::Y;\n"),
            ("fanout/src/y.rs", "use super::x::X;\n"),
        ];
        let wanted = [
            "fanout/src/a.rs:1: it stands in a circle with fanout/src/b.rs, fanout/src/c.rs",
            "fanout/src/x.rs:1: it stands in a circle with fanout/src/y.rs",
        ];
        assert_eq!(complaints(&files), wanted);
    }

    #[test]
    fn names_are_followed_through_re_exports() {
        let mut files = [
            ("fanout/src/lib.rs", "mod a;\nmod b;\npub use b::B;\n"),
            ("fanout/src/a.rs", "use crate::B;\n"),
            ("fanout/src/b/mod.rs", "#[cfg(test)]\nmod tests;\npub use self::inner::Inside as B;\n"),
            ("fanout/src/b/inner.rs", "use crate::a::A;\n"),
        ];
        assert_eq!(
            complaints(&files),
            ["fanout/src/a.rs:1: it stands in a circle with fanout/src/b/inner.rs"]
        );
        files[2].1 = "pub use other::B;\n";
        assert!(complaints(&files).is_empty(), "another crate declares it");
    }

    #[test]
    fn a_parent_and_its_child_may_not_use_each_other_and_a_table_of_contents_is_no_use() {
        let child = ("fanout/src/a/b.rs", "use super::A;\n");
        let told = complaints(&[("fanout/src/a.rs", "mod b;\nuse b::B;\nstruct A(B);\n"), child]);
        assert_eq!(told, ["fanout/src/a.rs:2: it stands in a circle with fanout/src/a/b.rs"]);
        assert!(
            complaints(&[("fanout/src/a.rs", "mod b;\npub(crate) use self::b::B;\nstruct A;\n"), child])
                .is_empty()
        );
    }

    #[test]
    fn tests_and_other_crates_close_no_circle() {
        let a = ("fanout/src/a.rs", "use super::b::B;\n");
        for b in ["mod tests {\n    use crate::a::A;\n}\n", "use transports::a::A;\n", "use std::fmt;\n"] {
            assert!(complaints(&[a, ("fanout/src/b.rs", b)]).is_empty(), "{b}");
        }
        let test = ("fanout/src/b/tests.rs", "use crate::a::A;\nuse super::B;\n");
        assert!(complaints(&[a, ("fanout/src/b.rs", ""), test]).is_empty());
        let [one, other] =
            [("fanout/src/a.rs", "use crate::b::B;\n"), ("server/src/b.rs", "use crate::a::A;\n")];
        assert!(complaints(&[one, other]).is_empty());
    }
}
