//! nginx in front of a server, with nothing set but where that is: HTTP/1.0 to it, answers buffered, no upgrades.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{
    folder,
    nchan::{NGINX, free_address},
};
use crate::load::child::Running;

/// A proxy that runs.
#[derive(Debug)]
pub(crate) struct Nginx {
    /// The address of the proxy.
    pub(crate) address: SocketAddr,
    _running: Running,
    /// Removed with it.
    _folder: TempDir,
}

impl Nginx {
    /// Starts it.
    ///
    /// # Errors
    /// When it is not installed: the error says what to do.
    pub(crate) fn before(server: SocketAddr) -> Result<Self> {
        let folder = folder()?;
        let address = free_address()?;
        let at = folder.path().display();
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};"))
            .concat();
        let configuration = format!(
            "daemon off; pid {at}/pid; error_log {at}/error.log;\nevents {{}}\n\
             http {{ {paths} access_log off;\n\
             server {{ listen {address}; location / {{ proxy_pass http://{server}; }} }} }}\n"
        );
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration).context("cannot write nginx.conf")?;
        let mut command = Command::new(NGINX);
        command.arg("-e").arg(folder.path().join("error.log")).arg("-c").arg(&file);
        let mut running = Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
            .context("nginx is needed: apt install nginx")?;
        running.wait_until(|| TcpStream::connect(address).is_ok())?;
        Ok(Self { address, _running: running, _folder: folder })
    }
}
