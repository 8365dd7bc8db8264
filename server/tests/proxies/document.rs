//! docs/proxies.md, as a reader takes lines out of it.

const PAGE: &str = include_str!("../../../docs/proxies.md");

/// A section about one proxy: the fenced blocks below its heading.
pub struct Section {
    blocks: Vec<(&'static str, String)>,
}

impl Section {
    /// The section below `### name`.
    pub fn of(name: &str) -> Self {
        let mut lines = PAGE.lines().skip_while(|line| line.strip_prefix("### ") != Some(name)).skip(1);
        let mut blocks = Vec::new();
        let mut open: Option<(&'static str, String)> = None;
        for line in lines.by_ref().take_while(|line| !line.starts_with('#') || line.starts_with("# ")) {
            match (line.strip_prefix("```"), open.take()) {
                (Some(language), None) => open = Some((language, String::new())),
                (Some(_), Some(block)) => blocks.push(block),
                (None, Some((language, text))) => open = Some((language, text + line + "\n")),
                (None, None) => {}
            }
        }
        assert!(!blocks.is_empty(), "docs/proxies.md has no lines for {name}");
        Self { blocks }
    }

    /// Returns the lines for the proxy's configuration.
    pub fn lines(&self) -> &str {
        self.blocks.iter().find(|(language, _)| *language != "sh").map_or("", |(_, text)| text)
    }

    /// The arguments of the command that the section tells to type, without the program.
    pub fn arguments(&self) -> Vec<String> {
        let command = self.blocks.iter().find(|(language, _)| *language == "sh");
        let words = command.map(|(_, text)| text.split_whitespace().skip(1).map(str::to_owned).collect());
        words.unwrap_or_default()
    }
}

/// The table's row for a proxy with its default settings.
#[derive(Debug, PartialEq, Eq)]
pub struct AsItComes {
    pub websocket: bool,
    pub keeps_host: bool,
}

/// The first row that names the proxy.
pub fn row(name: &str) -> AsItComes {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = |row: &'static str| row.split(" | ").map(str::trim).collect::<Vec<_>>();
    let row = rows.map(cells).find(|cells| cells[0].contains(name));
    let row = row.unwrap_or_else(|| panic!("the table of docs/proxies.md has no row for {name}"));
    AsItComes { websocket: row[1] == "yes", keeps_host: row[4] == "kept" }
}
