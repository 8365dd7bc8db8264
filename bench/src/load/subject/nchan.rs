//! nginx with the Nchan module, in its usual form: a master and worker processes, messages in shared memory.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::{Program, Publish, Subject, folder};
use crate::load::{
    child::Running,
    version,
    wire::{CHUNK_STREAM, EVENT_STREAM, VALIDATOR_LONG_POLL, WEBSOCKET},
};

pub(super) const PROGRAM: Program = Program {
    name: "nchan",
    start,
    version: |_| {
        // Debian's module does not say its version; its package does.
        let nginx = version::first_line(Command::new(NGINX).arg("-v"))?;
        let package = ["-W", "-f", "Nchan package ${Version}", "libnginx-mod-nchan"];
        let nchan = version::first_line(Command::new("dpkg-query").args(package));
        Ok(nchan.map_or(nginx.clone(), |nchan| format!("{nginx}, {nchan}")))
    },
    wires: &[
        ("/ws", &WEBSOCKET),
        ("/sse", &EVENT_STREAM),
        ("/stream", &CHUNK_STREAM),
        ("/long-poll", &VALIDATOR_LONG_POLL),
    ],
};

pub(super) const NGINX: &str = "/usr/sbin/nginx";
const MODULES: [&str; 2] =
    ["/usr/lib/nginx/modules/ngx_nchan_module.so", "/usr/lib64/nginx/modules/ngx_nchan_module.so"];

fn start(_: &Path) -> Result<Subject> {
    let Some(module) = MODULES.into_iter().find(|path| Path::new(path).exists()) else {
        bail!("nginx with Nchan is not installed: apt install nginx libnginx-mod-nchan");
    };
    let folder = folder()?;
    let address = free_address()?;
    let configuration = folder.path().join("nginx.conf");
    fs::write(&configuration, configure(folder.path(), module, address))
        .context("cannot write nginx.conf")?;
    let mut command = Command::new(NGINX);
    command.arg("-e").arg(folder.path().join("error.log")).arg("-c").arg(&configuration);
    let mut running = Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
        .context("nginx is needed: apt install nginx libnginx-mod-nchan")?;
    running.wait_until(|| TcpStream::connect(address).is_ok())?;
    let publish = Publish { path: "/publish", around: ("", "") };
    Ok(Subject::new((PROGRAM.name, PROGRAM.wires), address, publish, running, folder))
}

/// A worker for each core, as distributions configure it. As many messages kept as Pulseboard keeps. No access log, no
/// pings, no compression: nothing that the other side lacks. A long poll is answered with all that is new, as Pulseboard
/// does it: by default Nchan answers with one message, and falls behind.
fn configure(folder: &Path, module: &str, address: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "load_module {module};
daemon off;
worker_processes auto;
worker_rlimit_nofile 20000;
pid {folder}/pid;
error_log {folder}/error.log crit;
events {{ worker_connections 10000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 64k;
  keepalive_requests 10000000;
  keepalive_timeout 1h;
  nchan_shared_memory_size 128M;
  server {{
    listen {address};
    nchan_channel_id bench;
    nchan_message_buffer_length 1024;
    nchan_message_timeout 10m;
    nchan_subscriber_first_message newest;
    location = /publish {{ nchan_publisher http; }}
    location = /sse {{ nchan_subscriber eventsource; }}
    location = /ws {{ nchan_subscriber websocket; }}
    location = /stream {{ nchan_subscriber http-chunked; }}
    location = /long-poll {{ nchan_subscriber longpoll; nchan_longpoll_multipart_response raw; }}
  }}
}}
"
    )
}

/// A port that was free a moment ago: nginx cannot be asked which one it took.
pub(super) fn free_address() -> Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).context("no free port")
}
