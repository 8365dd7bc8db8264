//! The agent's identity: the server that it reports to, its name there, and its key.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use common::{host::HostId, host_labels::HostLabels};
use serde::{Deserialize, Serialize};

use crate::private_file;

/// An agent that has enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The server's address.
    pub(super) hub: String,
    /// The host's name there.
    pub(super) id: HostId,
    /// The key that the agent has made. It never leaves this file but as a bearer token to that address.
    pub(super) key: String,
    /// True until the server has answered that it has the host.
    #[serde(default)]
    pub(super) is_pending: bool,
    /// The host's labels.
    #[serde(default, skip_serializing_if = "HostLabels::is_empty")]
    pub(super) labels: HostLabels,
}

fn place(folder: &Path) -> PathBuf {
    folder.join("agent.json")
}

impl Identity {
    /// Reads it; none where the agent has not enrolled.
    ///
    /// # Errors
    /// When the file cannot be read, or others may read it.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let place = place(folder);
        let text = match fs::read_to_string(&place) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.display())),
        };
        if private_file::others_may_read(&place) {
            bail!("{} holds the agent's key, and others may read it: chmod 600 it", place.display());
        }
        serde_json::from_str(&text).map(Some).with_context(|| format!("{} is damaged", place.display()))
    }

    /// Writes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        private_file::write(&place(folder), &serde_json::to_string(self)?)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_read_as_it_was_written_and_is_nobody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Identity::read(folder.path()).expect("it is read"), None);
        let identity = Identity {
            hub: "https://board.example.org".to_owned(),
            id: "web-1".parse().expect("a name"),
            key: "pba_1".to_owned(),
            is_pending: true,
            labels: HostLabels::from_pairs(["role=db"]).expect("labels"),
        };
        identity.write(folder.path()).expect("it is written");
        assert_eq!(Identity::read(folder.path()).expect("it is read"), Some(identity));
        let file = place(folder.path());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is changed");
        assert!(Identity::read(folder.path()).is_err());
    }
}
