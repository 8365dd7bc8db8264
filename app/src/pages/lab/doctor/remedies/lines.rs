//! The lines of docs/proxies.md that make all six transports work, proxy by proxy: a test compares the two.

/// A known proxy, with its remedies.
pub(super) struct KnownProxy {
    pub(super) id: &'static str,
    /// As its makers write it, and as the document's heading has it.
    pub(super) name: &'static str,
    /// With these every transport passes.
    pub(super) whole: &'static str,
    /// The lines that make the proxy speak HTTP/2 to browsers; empty if that takes more than a few lines.
    pub(super) http2: &'static str,
    /// After how many seconds it ends every answer, however much flows; 0 where it does not.
    pub(super) life_s: u32,
}

pub(super) static PROXIES: [KnownProxy; 22] = [
    KnownProxy {
        id: "nginx",
        name: "nginx",
        whole: "# in the location
proxy_pass http://127.0.0.1:3000;
proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $http_connection;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_read_timeout 1h;
proxy_send_timeout 1h;
proxy_buffering off;",
        http2: "# before 1.25.1
listen 443 ssl http2;
# from 1.25.1 on
listen 443 ssl;
http2 on;",
        life_s: 0,
    },
    KnownProxy {
        id: "haproxy",
        name: "HAProxy",
        whole: "# in defaults, or in both the frontend and the backend
option http-no-delay
option forwardfor
timeout client 1h
timeout server 1h
timeout tunnel 1h",
        http2: "# in the frontend
bind :443 ssl crt /etc/haproxy/board.pem alpn h2,http/1.1",
        life_s: 0,
    },
    KnownProxy {
        id: "apache",
        name: "Apache",
        whole: "ProxyPreserveHost On
ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=3600",
        http2: "# needs http2 and ssl
Protocols h2 http/1.1",
        life_s: 0,
    },
    KnownProxy {
        id: "lighttpd",
        name: "lighttpd",
        whole: r#"proxy.header = ( "upgrade" => "enable" )
server.stream-response-body = 2
server.stream-request-body = 2
server.max-read-idle = 3600
proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => 3000 )) )"#,
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "caddy",
        name: "Caddy",
        whole: "@page not path /live/* /socket.io/* /sse/* /socketio/*
encode @page gzip
reverse_proxy 127.0.0.1:3000",
        http2: "# a name of its own brings HTTPS, and HTTP/2 with it
board.example.org {
    reverse_proxy 127.0.0.1:3000
}",
        life_s: 0,
    },
    KnownProxy {
        id: "varnish",
        name: "Varnish",
        whole: r#"sub vcl_recv {
  if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); }
  if (req.url ~ "^/(live|socket\.io|sse|socketio)/") { return (pass); }
}
sub vcl_pipe {
  if (req.http.upgrade) {
    set bereq.http.upgrade = req.http.upgrade;
    set bereq.http.connection = req.http.connection;
  }
}
sub vcl_backend_fetch {
  set bereq.first_byte_timeout = 130s;
  set bereq.between_bytes_timeout = 1h;
}

varnishd -p send_timeout=86400 -p pipe_timeout=3600"#,
        http2: "",
        life_s: 600,
    },
    KnownProxy {
        id: "squid",
        name: "Squid",
        whole: "http_port 80 accel defaultsite=board.example.org
cache_peer 127.0.0.1 parent 3000 0 no-query originserver name=be
http_upgrade_request_protocols websocket allow all",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "traffic-server",
        name: "Traffic Server",
        whole: "CONFIG proxy.config.url_remap.pristine_host_hdr INT 1
CONFIG proxy.config.http.transaction_no_activity_timeout_in INT 3600
CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 3600
CONFIG proxy.config.http.transaction_active_timeout_in INT 0",
        http2: "",
        life_s: 900,
    },
    KnownProxy {
        id: "h2o",
        name: "h2o",
        whole: r#"proxy.reverse.url: "http://127.0.0.1:3000/"
proxy.preserve-host: ON
proxy.websocket: ON
proxy.timeout.io: 3600000"#,
        http2: "listen:
  port: 443
  ssl:
    certificate-file: /etc/h2o/board.pem
    key-file: /etc/h2o/board.key",
        life_s: 0,
    },
    KnownProxy {
        id: "nghttpx",
        name: "nghttpx",
        whole: "backend=127.0.0.1,3000",
        http2: "frontend=*,443
private-key-file=/etc/nghttpx/board.key
certificate-file=/etc/nghttpx/board.pem",
        life_s: 0,
    },
    KnownProxy { id: "hitch", name: "hitch", whole: r#"backend = "[127.0.0.1]:3000""#, http2: "", life_s: 0 },
    KnownProxy { id: "stunnel", name: "stunnel", whole: "connect = 127.0.0.1:3000", http2: "", life_s: 0 },
    KnownProxy { id: "sslh", name: "sslh", whole: "sslh --http 127.0.0.1:3000", http2: "", life_s: 0 },
    KnownProxy {
        id: "tinyproxy",
        name: "tinyproxy",
        whole: r#"ReversePath "/" "http://127.0.0.1:3000/"
ReverseOnly Yes"#,
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "mitmproxy",
        name: "mitmproxy",
        whole: "mitmdump --mode reverse:http://127.0.0.1:3000 --set stream_large_bodies=1 --set keep_host_header=true",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "vite",
        name: "Vite",
        whole: "proxy: { '/': { target: 'http://127.0.0.1:3000', ws: true, changeOrigin: false } }",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "webpack-dev-server",
        name: "webpack-dev-server",
        whole: "proxy: [{
  context: ['/'],
  target: 'http://127.0.0.1:3000',
  ws: true,
  onProxyReq: (up, req, res) => res.on('close', () => up.destroy()),
}]",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "http-proxy",
        name: "http-proxy",
        whole: "createProxyServer({ target: 'http://127.0.0.1:3000', ws: true })
  .on('proxyReq', (up, req, res) => res.on('close', () => up.destroy()))",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "http-proxy-3",
        name: "http-proxy-3 and httpxy",
        whole: "createProxyServer({ target: 'http://127.0.0.1:3000', ws: true })",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "http-proxy-middleware",
        name: "http-proxy-middleware",
        whole: "createProxyMiddleware({
  target: 'http://127.0.0.1:3000',
  ws: true,
  changeOrigin: false,
  on: { proxyReq: (up, req, res) => res.on('close', () => up.destroy()) },
})",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "fastify-http-proxy",
        name: "@fastify/http-proxy",
        whole: "fastify.register(proxy, {
  upstream: 'http://127.0.0.1:3000',
  websocket: true,
  undici: { connections: 1000 },
  replyOptions: { rewriteRequestHeaders: (q, h) => ({ ...h, host: q.headers.host }) },
  wsClientOptions: { rewriteRequestHeaders: (h, q) => ({ ...h, host: q.headers.host }) },
})",
        http2: "",
        life_s: 0,
    },
    KnownProxy {
        id: "express-http-proxy",
        name: "express-http-proxy",
        whole: "app.use(proxy('http://127.0.0.1:3000', { preserveHostHdr: true }))",
        http2: "",
        life_s: 0,
    },
];
