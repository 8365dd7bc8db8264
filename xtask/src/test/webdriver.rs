//! Configures the chromedriver of wasm-bindgen's test runner.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// The file beside the browser's crate, which `cargo test` run by hand there uses as it is.
const TEMPLATE: &str = "frontend/webdriver.json";
const OPTIONS: &str = "\"goog:chromeOptions\": {";

/// A copy of that file which also names the browser, for chromedriver looks in few places.
pub(super) fn capabilities(browser: Option<&Path>) -> Result<PathBuf> {
    let template =
        fs::read_to_string(workspace::path(TEMPLATE)).with_context(|| format!("cannot read {TEMPLATE}"))?;
    let folder = workspace::target().join("xtask");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join("webdriver.json");
    fs::write(&path, naming(&template, browser))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn naming(template: &str, browser: Option<&Path>) -> String {
    match browser {
        None => template.to_owned(),
        Some(browser) => template.replacen(
            OPTIONS,
            &format!("{OPTIONS}\n    \"binary\": {:?},", browser.display().to_string()),
            1,
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{TEMPLATE, naming};
    use crate::workspace;

    #[test]
    fn the_browser_is_named_in_the_real_file() {
        let template = fs::read_to_string(workspace::path(TEMPLATE)).unwrap();
        let named = naming(&template, Some(Path::new("/opt/chrome")));
        assert!(named.contains("\"goog:chromeOptions\": {\n    \"binary\": \"/opt/chrome\","), "{named}");
        assert_eq!(naming(&template, None), template);
    }
}
