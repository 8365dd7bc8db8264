//! A browser for Playwright, and the driver through which wasm-bindgen's test runner steers it.
//!
//! An installed pair comes first, then the system's packages, then Playwright's own download.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{announce, apt::Apt};
use crate::process::{from_environment, on_path, output, program, run, version_of};
use crate::workspace;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// The browser the tests use: `CHROMIUM` or `CHROME` if set, or an installed one, or Playwright's.
pub(crate) fn chromium() -> Option<PathBuf> {
    from_environment("CHROMIUM")
        .or_else(|| from_environment("CHROME"))
        .or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))
        .or_else(|| Some(PathBuf::from(MAC)).filter(|path| path.is_file()))
        .or_else(playwrights)
}

/// The driver that goes with it: `CHROMEDRIVER` if set, or an installed one, or the one fetched by setup.
pub(crate) fn driver() -> Option<PathBuf> {
    from_environment("CHROMEDRIVER").or_else(|| on_path("chromedriver")).or_else(fetched_driver)
}

pub(super) fn install() -> Result<()> {
    if chromium().is_some() && driver().is_some() {
        return Ok(());
    }
    if let Some(apt) = Apt::here() {
        announce("installing Chromium and its driver with apt", "1 to 3 minutes");
        // On Ubuntu these packages are not what their names say; then the downloads below are tried.
        let installed = apt.install(&PACKAGES);
        if installed.is_ok() && chromium().is_some() && driver().is_some() {
            return Ok(());
        }
    }
    if chromium().is_none() {
        announce("fetching Playwright's Chromium", "a minute");
        let mut fetch = program("npx");
        fetch.args(["playwright", "install", "chromium"]).current_dir(workspace::path("end2end"));
        let fetched = run(&mut fetch);
        if fetched.is_err() || chromium().is_none() {
            bail!(
                "no browser for the tests: install Chromium or Chrome, or name one in the CHROMIUM variable"
            );
        }
    }
    if driver().is_none() {
        fetch_driver().context(
            "no chromedriver: install the one of your browser's version, or name it in the CHROMEDRIVER variable",
        )?;
    }
    Ok(())
}

fn playwrights() -> Option<PathBuf> {
    let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
    let mut node = program("node");
    let path = output(node.args(["-e", script]).current_dir(workspace::path("end2end"))).ok()?;
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

fn fetch_driver() -> Result<()> {
    let browser = chromium().and_then(version_of).context("the browser does not say its version")?;
    let major = major(&browser).with_context(|| format!("`{browser}` has no version in it"))?;
    announce(&format!("fetching chromedriver {major}"), "half a minute");
    let mut fetch = program("npx");
    fetch.args(["--yes", "@puppeteer/browsers", "install", &format!("chromedriver@{major}"), "--path"]);
    run(fetch.arg(drivers()))?;
    fetched_driver().context("the download has no chromedriver in it").map(drop)
}

/// `drivers/chromedriver/PLATFORM-VERSION/chromedriver-PLATFORM/chromedriver`
fn fetched_driver() -> Option<PathBuf> {
    let folders = |path: PathBuf| path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    folders(drivers().join("chromedriver"))
        .flat_map(folders)
        .map(|folder| folder.join("chromedriver"))
        .find(|path| path.is_file())
}

fn drivers() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| env::home_dir().map(|home| home.join(".cache")));
    cache.unwrap_or_else(workspace::target).join("pulseboard-xtask")
}

/// `Chromium 140.0.7339.80 built on Debian` is 140.
fn major(version: &str) -> Option<u32> {
    version.split(|letter: char| !letter.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("Chromium 140.0.7339.80 built on Debian GNU/Linux 12 (bookworm)"), Some(140));
        assert_eq!(major("Google Chrome 139.0.7258.66"), Some(139));
        assert_eq!(major("Chromium"), None);
    }
}
