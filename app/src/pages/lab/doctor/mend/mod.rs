//! What can be done: in words, and as lines for the three proxies that most servers stand behind.

use super::judge::Check;
use crate::words::DoctorWords;

/// A proxy that its owner sets up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proxy {
    Nginx,
    Caddy,
    Haproxy,
}

impl Proxy {
    pub(super) const ALL: [Self; 3] = [Self::Nginx, Self::Caddy, Self::Haproxy];

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
        }
    }

    /// As its makers write it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Haproxy => "HAProxy",
        }
    }
}

/// Stands for where the server listens.
const HERE: &str = "HERE";

impl Check {
    pub(super) const fn advice(self, words: &'static DoctorWords) -> &'static str {
        match self {
            Self::Routes => words.mend_routes,
            Self::Upgrade => words.mend_upgrade,
            Self::Streaming => words.mend_streaming,
            Self::Host => words.mend_host,
            Self::Http => words.mend_http,
            Self::Tls => words.mend_tls,
            Self::Crowd => words.mend_crowd,
            Self::Clock => words.mend_clock,
            Self::Idle => words.mend_idle,
        }
    }

    /// The lines for a proxy before a server that listens there; none where no proxy is to blame.
    pub(super) fn lines(self, proxy: Proxy, listen: &str) -> Option<String> {
        let lines = match (self, proxy) {
            (Self::Clock, _) => return None,
            (Self::Routes, Proxy::Nginx) => {
                "# in the server\nlocation /live/ {\n    proxy_pass http://HERE;\n}\nlocation /socket.io/ {\n    proxy_pass http://HERE;\n}"
            }
            (Self::Routes, Proxy::Caddy) => "@live path /live/* /socket.io/*\nreverse_proxy @live HERE",
            (Self::Routes, Proxy::Haproxy) => {
                "# in the frontend\nacl live path_beg /live/ /socket.io/\nuse_backend pulseboard if live"
            }
            (Self::Upgrade, Proxy::Nginx) => {
                "# in the location\nproxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $http_connection;"
            }
            (Self::Upgrade, Proxy::Caddy) => {
                "# passes upgrades on, unless header_up says otherwise\nreverse_proxy HERE"
            }
            (Self::Upgrade, Proxy::Haproxy) => {
                "# in the backend; passes upgrades on, unless http-request del-header says otherwise\ntimeout tunnel 1h"
            }
            (Self::Streaming | Self::Tls, Proxy::Nginx) => {
                "# in the location\nproxy_http_version 1.1;\nproxy_buffering off;\nproxy_cache off;"
            }
            (Self::Streaming | Self::Tls, Proxy::Caddy) => "reverse_proxy HERE {\n    flush_interval -1\n}",
            (Self::Streaming | Self::Tls, Proxy::Haproxy) => {
                "# in the backend; no cache and no compression for it\noption http-no-delay"
            }
            (Self::Host, Proxy::Nginx) => "# in the location\nproxy_set_header Host $http_host;",
            (Self::Host, Proxy::Caddy) => {
                "# passes Host on, unless header_up says otherwise\nreverse_proxy HERE"
            }
            (Self::Host, Proxy::Haproxy) => {
                "# in the backend; passes Host on, unless http-request set-header says otherwise\noption forwardfor"
            }
            (Self::Http, Proxy::Nginx) => "# in the location\nproxy_http_version 1.1;",
            (Self::Http, Proxy::Caddy) => {
                "reverse_proxy HERE {\n    transport http {\n        versions 1.1\n    }\n}"
            }
            (Self::Http, Proxy::Haproxy) => "# in the backend\noption http-keep-alive",
            (Self::Crowd, Proxy::Nginx) => "# in the server\nlisten 443 ssl;\nhttp2 on;",
            (Self::Crowd, Proxy::Caddy) => {
                "# a name of its own brings HTTPS, and HTTP/2 with it\npulseboard.example.org {\n    reverse_proxy HERE\n}"
            }
            (Self::Crowd, Proxy::Haproxy) => {
                "# in the frontend\nbind :443 ssl crt /etc/haproxy/pulseboard.pem alpn h2,http/1.1"
            }
            (Self::Idle, Proxy::Nginx) => "# in the location\nproxy_read_timeout 1h;\nproxy_send_timeout 1h;",
            (Self::Idle, Proxy::Caddy) => {
                "reverse_proxy HERE {\n    transport http {\n        read_timeout 1h\n        write_timeout 1h\n    }\n}"
            }
            (Self::Idle, Proxy::Haproxy) => {
                "# in the defaults\ntimeout client 1h\ntimeout server 1h\ntimeout tunnel 1h"
            }
        };
        Some(lines.replace(HERE, listen))
    }
}
