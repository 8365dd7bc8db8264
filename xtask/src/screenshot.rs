//! `cargo xtask screenshot`: the README's picture, taken by a real browser of a real server.

use anyhow::Result;

use crate::server_process::ServerProcess;
use crate::{process, setup, site, workspace};

pub(crate) fn screenshot() -> Result<()> {
    setup::setup(&setup::SetupOptions { tests: true, ..Default::default() })?;
    site::build()?;
    let server = ServerProcess::start(&workspace::target().join("xtask/screenshot-data"))?;
    let mut script = process::program("node");
    script.arg("end2end/screenshot.mjs").arg(workspace::path("docs/overview.png"));
    script.env("PULSEBOARD_URL", server.url());
    if let Some(chromium) = setup::browser::chromium() {
        script.env("CHROMIUM", chromium);
    }
    process::run(&mut script)
}
