//! The C compiler of static binaries.

use anyhow::{Result, bail};

use super::apt;
use crate::process::on_path;

pub(super) fn install() -> Result<()> {
    if on_path("musl-gcc").is_none() {
        apt::install_or_say(&["musl-tools"], "static binaries cannot be built");
    }
    if on_path("musl-gcc").is_none() {
        bail!("musl-gcc is missing: install musl's tools (Debian, Ubuntu: `apt install musl-tools`)");
    }
    Ok(())
}
