//! The programs of docs/clients.md, out of the page.

use crate::support::programs::root;

/// The fenced programs of a language in the section whose heading contains `heading`.
pub fn programs(heading: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs/clients.md")).expect("the page is there");
    let section =
        text.split("\n## ").find(|section| section.lines().next().is_some_and(|line| line.contains(heading)));
    let fence = format!("```{language}\n");
    let section = section.unwrap_or_else(|| panic!("no section {heading:?}")).to_owned();
    section.split(&fence).skip(1).filter_map(|rest| Some(rest.split("```").next()?.to_owned())).collect()
}

/// The first of them, as it stands there but for the port.
pub fn program(heading: &str, language: &str, address: std::net::SocketAddr) -> String {
    let programs = programs(heading, language);
    let program = programs.first().unwrap_or_else(|| panic!("{heading:?} has no program in {language}"));
    at(program, address)
}

/// A program, with another address.
pub fn at(program: &str, address: std::net::SocketAddr) -> String {
    assert!(program.contains("localhost:3000"), "every program names the address of the README: {program}");
    program.replace("localhost:3000", &address.to_string())
}
