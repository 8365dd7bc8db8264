//! `cargo xtask proxies`: every proxy of docs/proxies.md that Debian has, with the document's own lines. CI runs four of them with the other tests.

use anyhow::Result;

use crate::{process, setup};

#[derive(clap::Args)]
pub(crate) struct ProxiesOptions {
    /// Only the tests whose names have this in them: `haproxy`, `varnish`; all where none is given.
    #[arg(value_name = "PROXY")]
    only: Vec<String>,
}

pub(crate) fn proxies(options: &ProxiesOptions) -> Result<()> {
    setup::proxy::install_all();
    let mut tests =
        process::cargo(["test", "--workspace", "--exclude", "frontend", "--test", "proxies", "--"]);
    process::run(tests.arg("--include-ignored").args(&options.only))
}
