//! The claims of a person: the role that they give here, and the name of an account that is made for them.

use std::collections::{BTreeMap, HashMap};

use common::{door::NAME_MAX_CHARS, role::Role};
use serde_json::Value;

use crate::accounts::names;

/// Claims that may hold a name, the best first.
const NAMES: [&str; 4] = ["preferred_username", "name", "nickname", "email"];
/// With no name of its own an account is called so.
const NAMELESS: &str = "user";

/// Returns the greatest role that the words of a claim give; none where they give none.
pub(super) fn role(
    claims: &HashMap<String, Value>,
    path: &str,
    roles: &BTreeMap<String, Role>,
) -> Option<Role> {
    let words = match find(claims, path)? {
        Value::String(word) => vec![word.as_str()],
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    words.into_iter().filter_map(|word| roles.get(word).copied()).max()
}

/// Finds a claim by its name, or by the names on the way to it, with dots between. A claim whose own name has dots comes first.
fn find<'a>(claims: &'a HashMap<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(found) = claims.get(path) {
        return Some(found);
    }
    let mut names = path.split('.');
    let first = claims.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// Returns names for an account that is made for a person, the best first. Others may have the first ones.
pub(super) fn names_for(claims: &HashMap<String, Value>) -> impl Iterator<Item = String> {
    let texts = NAMES.iter().filter_map(|name| claims.get(*name)?.as_str());
    let base = texts.map(fitting).find(|name| !name.is_empty()).unwrap_or_else(|| NAMELESS.to_owned());
    (1..=100).filter_map(move |n: u32| {
        let end = if n == 1 { String::new() } else { format!("-{n}") };
        let kept: String = base.chars().take(NAME_MAX_CHARS - end.len()).collect();
        names::checked(&(kept + &end))
    })
}

/// Returns as much of a text as may stand in a name.
fn fitting(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| if names::checked(&format!("a{c}a")).is_some() { c } else { ' ' })
        .take(4 * NAME_MAX_CHARS)
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(NAME_MAX_CHARS).collect();
    names::checked(&name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> HashMap<String, Value> {
        serde_json::from_str(json).expect("claims")
    }

    #[test]
    fn the_greatest_role_of_a_claim_counts_and_no_other_word() {
        let roles = [("ops", Role::Operator), ("root", Role::Admin), ("staff", Role::Viewer)];
        let roles = roles.map(|(word, role)| (word.to_owned(), role)).into();
        let given = |json: &str, path: &str| role(&claims(json), path, &roles);
        assert_eq!(given(r#"{"groups":["staff","ops","other"]}"#, "groups"), Some(Role::Operator));
        assert_eq!(given(r#"{"groups":"root"}"#, "groups"), Some(Role::Admin));
        assert_eq!(given(r#"{"realm":{"roles":["staff"]}}"#, "realm.roles"), Some(Role::Viewer));
        assert_eq!(given(r#"{"https://x.example/r":"ops"}"#, "https://x.example/r"), Some(Role::Operator));
        for json in [
            r#"{}"#,
            r#"{"groups":[]}"#,
            r#"{"groups":["Root"," ops"]}"#,
            r#"{"groups":true}"#,
            r#"{"groups":{"ops":true}}"#,
            r#"{"groups":[["ops"]]}"#,
            r#"{"groups":null}"#,
        ] {
            assert_eq!(given(json, "groups"), None, "{json}");
        }
    }

    #[test]
    fn a_name_is_made_of_what_the_provider_says() {
        let first = |json: &str| names_for(&claims(json)).next();
        assert_eq!(first(r#"{"preferred_username":"kim","name":"Kim Lee"}"#).as_deref(), Some("kim"));
        assert_eq!(first(r#"{"preferred_username":"  ","name":"김 철수"}"#).as_deref(), Some("김 철수"));
        assert_eq!(first(r#"{"name":"<b>Kim</b>\u202e"}"#).as_deref(), Some("b Kim b"));
        assert_eq!(first(r#"{"email":"kim@id.example"}"#).as_deref(), Some("kim@id.example"));
        assert_eq!(first(r#"{"preferred_username":7}"#).as_deref(), Some("user"));
        let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(300));
        let all: Vec<_> = names_for(&claims(&long)).collect();
        assert_eq!(all.len(), 100);
        assert!(all.iter().all(|name| name.chars().count() <= NAME_MAX_CHARS));
        let tried: Vec<_> = names_for(&claims(r#"{"name":"kim"}"#)).take(3).collect();
        assert_eq!(tried, ["kim", "kim-2", "kim-3"]);
    }
}
