//! Checks what comes in from outside against `deny.toml`: licences, banned crates and sources.
//!
//! cargo-deny reads the same file and knows advisories, too, but has to be built first, which takes minutes. The crate that decides expressions
//! of licences is the one that it uses.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use cargo_metadata::Metadata;
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::violation::Violation;

pub(super) const FILE: &str = "deny.toml";

#[derive(Deserialize)]
pub(super) struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<BannedCrate>,
}

#[derive(Deserialize)]
struct BannedCrate {
    #[serde(rename = "crate")]
    name: String,
    /// The crates that may use it.
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// A crate of the whole graph: every feature and every target.
struct GraphCrate<'a> {
    name: &'a str,
    license: Option<&'a str>,
    /// Nothing for a crate of the workspace.
    source: Option<&'a str>,
    /// The crates that depend on it.
    used_by: Vec<&'a str>,
}

pub(super) fn check(rules: &str, metadata: &Metadata) -> Result<Vec<Violation>> {
    let rules: Rules = toml::from_str(rules).with_context(|| format!("cannot read {FILE}"))?;
    let resolve = metadata.resolve.as_ref().context("cargo told of no graph")?;
    let names: HashMap<_, _> = metadata.packages.iter().map(|one| (&one.id, one.name.as_str())).collect();
    let mut used_by: HashMap<_, Vec<&str>> = HashMap::new();
    for node in &resolve.nodes {
        for dependency in &node.dependencies {
            used_by.entry(dependency).or_default().extend(names.get(&node.id));
        }
    }
    let crates = metadata.packages.iter().map(|package| GraphCrate {
        name: package.name.as_str(),
        license: package.license.as_deref(),
        source: package.source.as_ref().map(|source| source.repr.as_str()),
        used_by: used_by.remove(&package.id).unwrap_or_default(),
    });
    Ok(crates.flat_map(|one| rules.check(&one)).collect())
}

impl Rules {
    fn check(&self, one: &GraphCrate<'_>) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut say = |what: String, why: &str| violations.push(Violation::new(FILE, 0, what, why));
        let Some(source) = one.source else { return violations };
        let registry = source.strip_prefix("registry+").unwrap_or_default();
        if !self.sources.allow_registry.iter().any(|allowed| allowed == registry) {
            say(
                format!("`{}` comes from {source}", one.name),
                "crates come from the registries listed there",
            );
        }
        let license = one.license.unwrap_or_default();
        if !self.allows(license) {
            say(
                format!("`{}` is under {license:?}", one.name),
                "its licence is not among those allowed there",
            );
        }
        for ban in self.bans.deny.iter().filter(|ban| ban.name == one.name) {
            for user in &one.used_by {
                if !ban.wrappers.iter().any(|wrapper| wrapper == user) {
                    say(format!("`{user}` may not depend on `{}`", one.name), &ban.reason);
                }
            }
        }
        violations
    }

    fn allows(&self, license: &str) -> bool {
        // Older crates write "MIT/Apache-2.0".
        Expression::parse_mode(license, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|license| self.licenses.allow.contains(&license.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{GraphCrate, Rules};

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0 WITH LLVM-exception"]
        [bans]
        deny = [{ crate = "native-tls", wrappers = ["wrapper"], reason = "no system library" }]
        [sources]
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
    "#;
    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn complaints(one: &GraphCrate<'_>) -> usize {
        toml::from_str::<Rules>(RULES).unwrap().check(one).len()
    }

    fn under(license: Option<&str>) -> usize {
        complaints(&GraphCrate { name: "one", license, source: Some(CRATES_IO), used_by: vec![] })
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_noticed() {
        for allowed in ["MIT", "MIT OR GPL-3.0-only", "MIT/GPL-3.0", "Apache-2.0 WITH LLVM-exception"] {
            assert_eq!(under(Some(allowed)), 0, "{allowed}");
        }
        for foreign in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Apache-2.0", "my own"] {
            assert_eq!(under(Some(foreign)), 1, "{foreign}");
        }
        assert_eq!(under(None), 1);
    }

    #[test]
    fn a_source_that_is_not_listed_is_noticed_and_the_workspace_is_no_source() {
        let from =
            |source| complaints(&GraphCrate { name: "one", license: Some("MIT"), source, used_by: vec![] });
        assert_eq!(from(Some(CRATES_IO)), 0);
        assert_eq!(from(Some("git+https://example.org/one")), 1);
        assert_eq!(from(Some("registry+https://example.org/index")), 1);
        let own = GraphCrate { name: "one", license: None, source: None, used_by: vec![] };
        assert_eq!(complaints(&own), 0);
    }

    #[test]
    fn a_banned_crate_is_noticed_by_who_uses_it() {
        let used_by = |used_by| {
            complaints(&GraphCrate {
                name: "native-tls",
                license: Some("MIT"),
                source: Some(CRATES_IO),
                used_by,
            })
        };
        assert_eq!(used_by(vec!["wrapper"]), 0);
        assert_eq!(used_by(vec!["wrapper", "other", "another"]), 2);
    }
}
