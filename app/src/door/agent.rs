//! Names the program that a session belongs to, from its `User-Agent`: a person looks for "Firefox on Linux", not for a
//! line of history (RFC 9110 §10.1.5).

/// The browser and its system; the text as it came where neither is known, as of a program.
pub(super) fn program(agent: &str) -> String {
    // The first that matches: most claim to be the ones below as well.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Whale/", "Whale"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => [browser, " · ", system].concat(),
        (Some(one), None) => one.to_owned(),
        _ if agent.trim().is_empty() => "–".to_owned(),
        _ => agent.chars().take(80).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_browser_is_named_with_its_system_and_a_program_by_its_own_words() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox · Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome · Android",
            ),
            ("curl/8.14.1", "curl/8.14.1"),
            (" ", "–"),
        ];
        for (agent, name) in cases {
            assert_eq!(program(agent), name);
        }
        assert_eq!(program(&"x".repeat(1000)).len(), 80);
    }
}
