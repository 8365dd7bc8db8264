//! Tests of what the pages register.

use std::collections::BTreeSet;

use super::{PAGES, routes};
use crate::i18n::Language;

#[test]
fn each_address_is_one_pages_and_lies_inside_of_it() {
    let mut seen = BTreeSet::new();
    for route in routes() {
        for path in route.paths {
            assert!(seen.insert(path), "{path} stands there twice");
            assert!(route.has(path), "{path} is not inside of {}", route.path());
        }
    }
    assert_eq!(routes().next().map(super::Route::path), Some("/"));
    let lab = routes().find(|route| route.path() == "/lab").expect("the lab");
    assert!(lab.has("/lab/doctor") && !lab.has("/laboratory") && !lab.has("/"));
}

#[test]
fn what_a_page_registers_has_a_text_in_each_language_and_no_key_is_taken_twice() {
    for language in Language::ALL {
        let names: BTreeSet<_> = routes().map(|route| (route.name)(language)).collect();
        assert_eq!(names.len(), routes().count());
        assert!(!names.contains(""));
        let shortcuts = || PAGES.iter().flat_map(|page| page.shortcuts);
        assert!(shortcuts().all(|shortcut| !(shortcut.meaning)(language).is_empty()));
        let keys: BTreeSet<_> = shortcuts().map(|shortcut| shortcut.key.to_ascii_lowercase()).collect();
        assert_eq!(keys.len(), shortcuts().count());
        assert!(!keys.contains("?"), "it opens the list of keys");
    }
}
