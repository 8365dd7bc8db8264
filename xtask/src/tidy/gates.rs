//! Client and server are told apart on `mod` lines only, never inside a function: so each file is read as one thing.

use super::source::Source;
use super::violation::Violation;

const WHY: &str = "client and server are told apart on `mod` lines (and their `pub use`) only";

/// The conditions that such a gate may use. Re-exports go with the gated `mod` beside them.
const ALLOWED: &[&str] =
    &["mod ", "pub mod ", "pub(crate) mod ", "pub(super) mod ", "pub use ", "pub(crate) use "];

/// Such a gate may also give a type its schema, which the REST API's description needs on the server alone. It changes
/// nothing of what the type is or does.
const SCHEMAS: &[&str] = &["derive(utoipa::ToSchema)", "schema("];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    if !source.path.contains("/src/") {
        // Whole test files may be for the browser only.
        return Vec::new();
    }
    let is_root = source.path.ends_with("/src/lib.rs") || source.path.ends_with("/src/main.rs");
    let lines: Vec<_> = source.lines().collect();
    let mut violations = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let line = line.trim();
        if !divides(line) || is_schema(line) {
            continue;
        }
        let wrong = if line.starts_with("#[cfg(") || line.starts_with("#[cfg_attr(") {
            let item = lines[index + 1..].iter().map(|(_, line)| line.trim()).find(|line| !is_between(line));
            // On one line: `#[cfg(feature = "server")] mod server;`
            let same = line.split_once(")]").map(|(_, item)| item.trim()).filter(|item| !item.is_empty());
            !same.or(item).is_some_and(|item| ALLOWED.iter().any(|start| item.starts_with(start)))
        } else {
            // An inner attribute may gate a whole crate. `cfg!` and `cfg_if!` divide functions.
            !(is_root && line.starts_with("#!["))
        };
        if wrong {
            violations.push(Violation::new(
                &source.path,
                *number,
                "a gate on something other than a module",
                WHY,
            ));
        }
    }
    violations
}

/// Returns true if the line separates client from server: by a feature or by the kind of machine. `cfg(test)`,
/// `cfg(target_os = ...)` and `cfg(debug_assertions)` do not.
fn divides(line: &str) -> bool {
    let gate = ["cfg(", "cfg!(", "cfg_attr(", "cfg_if!"].iter().any(|start| line.contains(start));
    let condition = ["feature =", "target_arch", "target_family"];
    (gate && condition.iter().any(|word| line.contains(word))) || line.contains("cfg_if!")
}

fn is_schema(line: &str) -> bool {
    line.strip_prefix("#[cfg_attr(feature = ")
        .and_then(|rest| rest.split_once(", "))
        .is_some_and(|(_, added)| SCHEMAS.iter().any(|schema| added.starts_with(schema)))
}

/// Other attributes, blank lines and blanked comments stand between a gate and its item.
fn is_between(line: &str) -> bool {
    line.is_empty() || line.starts_with("#[")
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::violation::Violation;
    use super::check;

    const NONE: [usize; 0] = [];

    fn complaints(text: &str) -> Vec<usize> {
        check(&Source::new("transports/src/sse/mod.rs", text)).iter().map(Violation::line).collect()
    }

    #[test]
    fn a_gated_module_and_its_re_export_are_fine() {
        let text = "#[cfg(feature = \"server\")]\n/// The server's end.\n#[allow(unused)]\npub mod server;\n\
                    #[cfg(feature = \"server\")]\npub use server::Wire;\n\
                    #[cfg(target_arch = \"wasm32\")] mod client;\n#[cfg(test)]\nfn f() {}\n#[cfg(target_os = \"linux\")]\nfn g() {}\n\
                    #[cfg_attr(feature = \"ssr\", path = \"server.rs\")]\n\
                    #[cfg_attr(not(feature = \"ssr\"), path = \"browser.rs\")]\nmod side;\n";
        assert_eq!(complaints(text), NONE);
    }

    #[test]
    fn schemas_of_the_rest_api_are_fine() {
        let text = "#[cfg_attr(feature = \"openapi\", derive(utoipa::ToSchema))]\nstruct S {\n\
                    #[cfg_attr(feature = \"openapi\", schema(minimum = 1))]\n    a: u8,\n}\n";
        assert_eq!(complaints(text), NONE);
    }

    #[test]
    fn a_gate_anywhere_else_is_noticed() {
        assert_eq!(complaints("fn f() {\n    #[cfg(feature = \"ssr\")]\n    g();\n}\n"), [2]);
        assert_eq!(complaints("#[cfg(feature = \"ssr\")]\nfn f() {}\n"), [1]);
        assert_eq!(complaints("#[cfg(feature = \"ssr\")]\nuse axum::Router;\n"), [1]);
        assert_eq!(complaints("if cfg!(target_arch = \"wasm32\") {}\n"), [1]);
        assert_eq!(complaints("#[cfg_attr(feature = \"ssr\", derive(Debug))]\nstruct S;\n"), [1]);
        assert_eq!(complaints("#![cfg(target_arch = \"wasm32\")]\n"), [1]);
        assert_eq!(complaints("cfg_if! {\n    if #[cfg(feature = \"ssr\")] {\n"), [1, 2]);
    }

    #[test]
    fn a_whole_crate_and_a_whole_test_may_be_gated() {
        let gate = "#![cfg(target_arch = \"wasm32\")]\n";
        assert!(check(&Source::new("frontend/src/lib.rs", gate)).is_empty());
        assert!(check(&Source::new("frontend/tests/feed.rs", gate)).is_empty());
    }
}
