//! The load generator on systems without /proc.

use anyhow::Result;

pub(crate) fn bench(_: &crate::Options) -> Result<bool> {
    anyhow::bail!("the load generator runs on Linux only: it reads /proc and compares with nginx")
}
