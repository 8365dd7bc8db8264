//! Taking the addresses, or the sockets that systemd hands over (sd_listen_fds(3)).

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::UnixStream as BlockingStream,
    },
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use listenfd::ListenFd;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use super::{ListenAddress, ListenAddresses};

/// The rights on a socket of ours: its owner's and its group's, in which a proxy may be.
const SOCKET_MODE: u32 = 0o660;

/// The address that clients of a unix socket count as: they are on this machine.
const LOCAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A socket that clients come to.
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix { listener: UnixListener, _file: Option<SocketFile> },
}

/// A socket that a client has come to.
pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// The file of a unix socket, which goes with it.
pub(crate) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Gone already, or in a folder that is none of ours any more: either is no fault of this process.
        let _ = fs::remove_file(&self.0);
    }
}

/// Takes the sockets that systemd hands over, or else the addresses of the settings.
///
/// # Errors
/// When one cannot be had; the text says what to do.
pub(crate) async fn open(addresses: &ListenAddresses) -> anyhow::Result<Vec<Listener>> {
    let given = handed_over()?;
    if !given.is_empty() {
        return Ok(given);
    }
    let mut listeners = Vec::new();
    for address in addresses.iter() {
        listeners.push(match address {
            ListenAddress::Tcp(address) => Listener::Tcp(bind(*address).await?),
            ListenAddress::Unix(path) => bind_unix(path)?,
        });
    }
    Ok(listeners)
}

/// Returns the address that a server with these is known by: the first of them that has one.
pub(crate) fn shown_address(listeners: &[Listener]) -> io::Result<SocketAddr> {
    let tcp = listeners.iter().find_map(|listener| match listener {
        Listener::Tcp(listener) => Some(listener.local_addr()),
        Listener::Unix { .. } => None,
    });
    tcp.unwrap_or(Ok(LOCAL))
}

fn handed_over() -> anyhow::Result<Vec<Listener>> {
    let mut given = ListenFd::from_env();
    let mut listeners = Vec::new();
    for index in 0..given.len() {
        let context = || format!("socket {index} of systemd cannot be listened on");
        let listener = match given.take_tcp_listener(index) {
            Ok(Some(listener)) => {
                listener.set_nonblocking(true).with_context(context)?;
                Listener::Tcp(TcpListener::from_std(listener).with_context(context)?)
            }
            Ok(None) => continue,
            Err(_) => {
                let listener = given.take_unix_listener(index).with_context(context)?;
                let Some(listener) = listener else { continue };
                listener.set_nonblocking(true).with_context(context)?;
                let listener = UnixListener::from_std(listener).with_context(context)?;
                Listener::Unix { listener, _file: None }
            }
        };
        listeners.push(listener);
    }
    Ok(listeners)
}

/// Takes the address, with an error that says what to do.
async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "{address} is in use by another program: stop it, or choose another with --listen"
            )
        }
        io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!(
                "no permission to listen on {address}: ports below 1024 need it, choose a higher one"
            )
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

fn bind_unix(path: &Path) -> anyhow::Result<Listener> {
    clear(path)?;
    let context = || format!("cannot listen on unix:{}", path.display());
    let listener = UnixListener::bind(path).with_context(context)?;
    let file = SocketFile(path.to_owned());
    fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE)).with_context(context)?;
    Ok(Listener::Unix { listener, _file: Some(file) })
}

/// Removes the socket of a server that is gone. One that answers stays, and so does what is no socket.
fn clear(path: &Path) -> anyhow::Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    let shown = path.display();
    if !metadata.file_type().is_socket() {
        bail!("unix:{shown} is a file that is no socket: remove it, or choose another path");
    }
    if BlockingStream::connect(path).is_ok() {
        bail!("unix:{shown} is in use by another program: stop it, or choose another path");
    }
    fs::remove_file(path)
        .with_context(|| format!("cannot remove {shown}, the socket of a server that is gone"))
}

impl Listener {
    /// Waits for the next client.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, SocketAddr)> {
        match self {
            Self::Tcp(listener) => listener.accept().await.map(|(stream, peer)| (Stream::Tcp(stream), peer)),
            Self::Unix { listener, .. } => {
                listener.accept().await.map(|(stream, _)| (Stream::Unix(stream), LOCAL))
            }
        }
    }

    /// Says where it listens, as an address that can be opened where there is one.
    pub(crate) fn shown(&self, scheme: &str) -> io::Result<String> {
        Ok(match self {
            Self::Tcp(listener) => format!("{scheme}://{}", listener.local_addr()?),
            Self::Unix { listener, .. } => {
                let address = listener.local_addr()?;
                let path = address.as_pathname().map(|path| path.display().to_string());
                format!("unix:{}", path.unwrap_or_else(|| "(without a name)".to_owned()))
            }
        })
    }

    /// Returns true if others than people and programs of this machine may be at its other end: a unix socket is made for a proxy.
    pub(crate) fn leads_outside(&self) -> bool {
        matches!(self, Self::Unix { .. }) || self.is_beyond_loopback()
    }

    /// Returns true if other machines can reach it.
    pub(crate) fn is_beyond_loopback(&self) -> bool {
        match self {
            Self::Tcp(listener) => listener.local_addr().is_ok_and(|address| !address.ip().is_loopback()),
            Self::Unix { .. } => false,
        }
    }
}
