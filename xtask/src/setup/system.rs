//! Names the tools that setup cannot install itself, with one sentence each on what to do.

use anyhow::{Result, bail};

use crate::pins::OLDEST_NODE;
use crate::process::version_of;

pub(super) fn check() -> Result<()> {
    if version_of("rustup").is_none() {
        bail!("rustup is missing: install it from https://rustup.rs and run `cargo xtask setup` again");
    }
    if version_of("cc").is_none() {
        bail!(
            "no C compiler: install one (Debian, Ubuntu: `apt install build-essential`; macOS: `xcode-select --install`)"
        );
    }
    match version_of("node").as_deref().and_then(major) {
        None => bail!("Node.js is missing: install version {OLDEST_NODE} or newer from https://nodejs.org"),
        Some(found) if found < OLDEST_NODE => {
            bail!(
                "Node.js {found} is too old: install version {OLDEST_NODE} or newer from https://nodejs.org"
            )
        }
        Some(_) => {}
    }
    if version_of("npm").is_none() {
        bail!(
            "npm is missing: it comes with Node.js from https://nodejs.org (Debian, Ubuntu: `apt install npm`)"
        );
    }
    Ok(())
}

/// `v20.19.2` is 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_what_node_prints() {
        assert_eq!(major("v20.19.2"), Some(20));
        assert_eq!(major("20.19.2"), None);
        assert_eq!(major("v?"), None);
    }
}
