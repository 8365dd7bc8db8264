//! Which crates the WebAssembly is made of.
//!
//! wasm-opt drops the names, so this weighs the module as the compiler left it: the shares are right, the sum is
//! somewhat above what is shipped. Code of generics is counted where it was written, not where it was asked for.

use std::collections::HashMap;
use std::fs;

use anyhow::{Context, Result};

use super::wasm::Module;
use crate::workspace;

/// This many crates get a line.
const SHOWN: usize = 20;

pub(super) fn print() -> Result<()> {
    let path = workspace::target().join("wasm32-unknown-unknown/wasm-release/frontend.wasm");
    let Ok(bytes) = fs::read(&path) else {
        println!("{} is not there, so no crates are shown", path.display());
        return Ok(());
    };
    let module = Module::parse(&bytes).with_context(|| format!("cannot read {}", path.display()))?;
    let mut crates = HashMap::<String, usize>::new();
    for (name, size) in &module.functions {
        let owner = name.as_deref().and_then(owner).unwrap_or_else(|| "(no name)".to_owned());
        *crates.entry(owner).or_default() += size;
    }
    crates.insert("(constants)".to_owned(), module.data);
    let mut rows: Vec<_> = crates.into_iter().collect();
    rows.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));

    println!("{:<48} {:>10}", "crate, before wasm-opt", "raw");
    for (name, size) in rows.iter().take(SHOWN) {
        println!("{name:<48} {size:>10}");
    }
    let rest: usize = rows.iter().skip(SHOWN).map(|row| row.1).sum();
    println!("{:<48} {rest:>10}", format!("{} more", rows.len().saturating_sub(SHOWN)));
    Ok(())
}

/// The crate a function was written in, from its mangled or its readable name.
fn owner(name: &str) -> Option<String> {
    if let Some(mangled) = name.strip_prefix("_R") {
        return v0(mangled);
    }
    if let Some(mangled) = name.strip_prefix("_ZN") {
        // Legacy: `_ZN`, length, first part of the path. An impl's first part is `<T as Trait>`, escaped.
        let start = mangled.find(|letter: char| !letter.is_ascii_digit())?;
        let length: usize = mangled[..start].parse().ok()?;
        let first = mangled.get(start..start + length)?;
        let escapes = [("$LT$", "<"), ("$RF$", "&"), ("$u20$", " "), ("..", "::")];
        let readable = escapes.iter().fold(first.to_owned(), |name, (from, to)| name.replace(from, to));
        return path(&format!("{}::", readable.trim_start_matches('_')));
    }
    path(name)
}

/// `<alloc::vec::Vec<T> as Drop>::drop` and `alloc::vec::push` both begin, brackets aside, with the crate. A name
/// without a path is wasm-bindgen's glue or the compiler's own.
fn path(name: &str) -> Option<String> {
    if !name.contains("::") {
        return Some("(glue)".to_owned());
    }
    // `<T as core::fmt::Display>`: written once for every type, where the trait is.
    let generic = name.strip_prefix("<T as ").unwrap_or(name);
    let start = generic.trim_start_matches(['<', '_', '&', '*', '[', '(', ' ']);
    let start = start.strip_prefix("dyn ").or_else(|| start.strip_prefix("mut ")).unwrap_or(start);
    let end = start.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(start.len());
    (end > 0).then(|| start[..end].to_owned())
}

/// v0 (RFC 2603): the first crate root in the path, `C`, its disambiguator `s..._`, a length, the name.
fn v0(mangled: &str) -> Option<String> {
    mangled.match_indices('C').find_map(|(index, _)| {
        let rest = &mangled[index + 1..];
        let rest = match rest.strip_prefix('s') {
            Some(disambiguated) => disambiguated.split_once('_')?.1,
            None => rest,
        };
        let start = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let length: usize = rest[..start].parse().ok()?;
        rest[start..].strip_prefix('_').unwrap_or(&rest[start..]).get(..length).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn every_kind_of_name_leads_to_its_crate() {
        let cases = [
            ("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core"),
            (
                "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
                "alloc",
            ),
            ("_RNvCs1234_7mycrate3foo", "mycrate"),
            ("_RNvNtCs9a2_4core3fmt5write", "core"),
            ("_RNvMNtC5hello5worldNtB2_3Foo3bar", "hello"),
            ("serde_json::de::from_str::h0123", "serde_json"),
            ("<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop", "alloc"),
            ("<T as core::convert::Into<U>>::into", "core"),
            ("_ZN36_$LT$T$u20$as$u20$core..any..Any$GT$7type_id17h0123456789abcdefE", "core"),
            ("__wbindgen_malloc", "(glue)"),
            ("<&dyn app::Port as core::fmt::Debug>::fmt", "app"),
        ];
        for (name, crate_name) in cases {
            assert_eq!(owner(name).as_deref(), Some(crate_name), "{name}");
        }
    }
}
