//! `cargo xtask setup`: installs what is missing. Looks first, so a second run takes a moment and changes nothing.

pub(crate) mod agent_peers;
mod apt;
pub(crate) mod browser;
mod cargo_tools;
mod engines;
mod exporters;
mod hostile;
mod journal;
mod musl;
mod name_server;
mod nats;
mod npm;
pub(crate) mod peers;
mod postgres;
pub(crate) mod proxy;
mod python;
mod system;
mod toolchain;
mod wasm_opt;

use anyhow::Result;

#[derive(clap::Args, Default)]
pub(crate) struct SetupOptions {
    /// Also what the tests need: a browser and its driver, proxies, a name server, PostgreSQL, container engines, exporters, systemd's journals, Python's packages, and what hostile hosts are made of.
    #[arg(long)]
    pub(crate) tests: bool,
    /// Also cargo-leptos, for `cargo leptos watch`.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Also what packages are made with.
    #[arg(long)]
    pub(crate) dist: bool,
}

pub(crate) fn setup(options: &SetupOptions) -> Result<()> {
    system::check()?;
    toolchain::install()?;
    // Before the long builds, so that what can fail fails early.
    npm::install("end2end")?;
    if options.tests {
        browser::install()?;
        proxy::install();
        name_server::install();
        hostile::install();
        python::install();
        nats::install();
        postgres::install();
        engines::install();
        exporters::install();
        journal::install();
        npm::install("server/tests/clients")?;
    }
    if options.dist {
        toolchain::install_target(crate::dist::TARGET)?;
        musl::install()?;
    }
    if options.watch {
        wasm_opt::install()?;
    }
    cargo_tools::install(options)?;
    println!("setup: everything is in place");
    Ok(())
}

/// Says what is about to happen and how long it takes: nobody likes a silent quarter of an hour.
fn announce(what: &str, how_long: &str) {
    println!("setup: {what}, usually {how_long}, once");
}
