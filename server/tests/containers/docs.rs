//! The document beside the code.

use std::collections::BTreeSet;

const DOCS: &str = include_str!("../../../docs/containers.md");

#[test]
fn the_docs_have_every_request_that_is_made_of_an_engine_and_no_other() {
    let table = DOCS.split("| request | for |").nth(1).expect("the table of requests");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split(", "));
    let documented: BTreeSet<&str> = cells.map(|call| call.trim().trim_matches('`')).collect();
    let made = container_engine::CALLS.into_iter().chain(container_engine::ACTIONS);
    assert_eq!(documented, made.collect());
}
