//! Open files: thousands of sockets here and as many in each server, which inherits the limit.

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Four thousand idle connections and some to spare.
const NEEDED: u64 = 5000;

/// Raises the soft limit to the hard one.
pub(crate) fn raise_limit() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Some(hard) = maximum.filter(|&hard| hard < NEEDED) {
        bail!("at most {hard} open files are allowed here and {NEEDED} are needed: raise it with ulimit -Hn");
    }
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
        .context("cannot raise the limit of open files")
}
