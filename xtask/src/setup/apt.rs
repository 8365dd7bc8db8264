//! Debian's packages, where there are any and we may install them.

use std::process::Command;

use anyhow::Result;

use super::announce;
use crate::process::{on_path, output, program, run};

/// Installs packages where apt is there, or says what is missing then and what comes of it.
pub(super) fn install_or_say(packages: &[&str], consequence: &str) {
    if packages.is_empty() {
        return;
    }
    let names = packages.join(", ");
    match Apt::here() {
        Some(apt) => {
            announce(&["installing ", &names, " with apt"].concat(), "half a minute");
            if let Err(error) = apt.install(packages) {
                println!("setup: {names} cannot be installed, so {consequence}: {error:#}");
            }
        }
        None => println!("setup: install {names}, or {consequence}: apt is not here, or may not be used"),
    }
}

/// Installs packages while a policy forbids their services to start (invoke-rc.d(8)); a policy that is there stays.
const WITHOUT_SERVICES: &str = r#"
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get install --yes --no-install-recommends "$@"
"#;

/// The ways to run apt on this machine.
pub(super) enum Apt {
    Root,
    Sudo,
}

impl Apt {
    /// The way there is, if there is one.
    pub(super) fn here() -> Option<Self> {
        on_path("apt-get")?;
        if output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
            return Some(Self::Root);
        }
        // Never asks for a password: CI would hang.
        output(program("sudo").args(["--non-interactive", "true"])).is_ok().then_some(Self::Sudo)
    }

    /// Installs packages, without those that they only recommend.
    pub(super) fn install(&self, packages: &[&str]) -> Result<()> {
        run(self.command().args(["update", "--quiet"]))?;
        run(self.command().args(["install", "--yes", "--no-install-recommends"]).args(packages))
    }

    /// Installs packages, and starts none of their services.
    pub(super) fn install_without_services(&self, packages: &[&str]) -> Result<()> {
        run(self.command().args(["update", "--quiet"]))?;
        run(self.as_root("sh").args(["-c", WITHOUT_SERVICES, "sh"]).args(packages))
    }

    fn command(&self) -> Command {
        self.as_root("apt-get")
    }

    fn as_root(&self, name: &str) -> Command {
        let mut command = match self {
            Self::Root => program(name),
            Self::Sudo => program("sudo"),
        };
        if matches!(self, Self::Sudo) {
            command.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive", name]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}
