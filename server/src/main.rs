//! The `pulseboard` binary.

#[cfg(feature = "embed")]
#[path = "carried/site.rs"]
mod carried;
#[cfg(not(feature = "embed"))]
#[path = "carried/none.rs"]
mod carried;

use std::{process::ExitCode, sync::Arc};

use clap::Parser;
use fanout::SystemClock;
use pulseboard::{
    accounts, agent, backup,
    cli::{Cli, Errand},
    config::Config,
    health_check, logging, memory, notices, serve,
    sizing::Sizing,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    memory::use_small_pages();
    // To read a command line in full takes more time and memory than all that a prober does.
    if std::env::args_os().skip(1).eq(["probe"]) {
        return pulseboard::probe();
    }
    let cli = Cli::parse();
    if cli.is_probe() {
        return pulseboard::probe();
    }
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the last word of a program that could not do its work")]
            {
                eprintln!("pulseboard: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    if cli.is_openapi() {
        #[allow(clippy::print_stdout, reason = "it is the answer")]
        {
            print!("{}", pulseboard::openapi()?);
        }
        return Ok(());
    }
    if let Some(load) = cli.sizing() {
        let sizing = Sizing::of(load)?;
        #[allow(clippy::print_stdout, reason = "it is the answer")]
        {
            print!("{sizing}");
        }
        return Ok(());
    }
    let errand = cli.errand();
    let mut config = Config::load(&cli.serve_flags(), &pulseboard::settings())?;
    if let Some(Errand::Agent(_)) = &errand {
        logging::start(config.log)?;
    }
    if let Some(errand) = errand {
        // An agent is a guest on its host, and small.
        let mut runtime = match errand {
            Errand::Agent(_) => tokio::runtime::Builder::new_current_thread(),
            _ => tokio::runtime::Builder::new_multi_thread(),
        };
        let runtime = runtime.enable_all().build()?;
        let done = runtime.block_on(carry_out(&config, errand))?;
        #[allow(clippy::print_stdout, reason = "it is the answer")]
        {
            print!("{done}");
        }
        return Ok(());
    }
    config.prober = Some(pulseboard::own_binary());
    config.site = carried::site().map(Arc::new);
    logging::start(config.log)?;
    if !config.ignored.is_empty() {
        tracing::warn!(
            ignored = config.ignored.join(", "),
            "these variables are no settings; Kubernetes sets them for a service of this name"
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(serve::run(config));
    // A thread that a hanging disk holds up must not hold up the end.
    runtime.shutdown_background();
    outcome
}

/// Carries an errand out and returns what is to be printed.
async fn carry_out(config: &Config, errand: Errand) -> anyhow::Result<String> {
    let clock = Arc::new(SystemClock);
    match errand {
        Errand::Accounts(command) => accounts::commands::run(config, clock, command).await,
        Errand::Notice(notice) => notices::commands::run(config, clock, notice).await,
        Errand::Backup(command) => backup::run(config, command).await,
        Errand::Health => health_check::run(config).await.map(|()| String::new()),
        Errand::Agent(args) => agent::run(args, &config.data_dir, pulseboard::own_binary()).await,
    }
}
