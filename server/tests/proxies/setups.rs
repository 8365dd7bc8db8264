//! The configuration around the lines of docs/proxies.md, so that a proxy starts in a folder of its own, on a port of
//! its own.
//!
//! A line behind `@ROOT@` is for proxies that root starts. `@LINES@` are those lines, `@PORT@` the proxy's port and `@FOLDER@` its folder; `127.0.0.1:3000` and `3000` are the server, as in the document.

/// The command and the files that start one proxy.
pub struct Setup {
    /// Its heading in docs/proxies.md.
    pub name: &'static str,
    pub program: &'static str,
    pub arguments: &'static [&'static str],
    pub files: &'static [(&'static str, &'static str)],
    /// The lines for a proxy that passes everything on and has no other setting.
    pub as_it_comes: &'static str,
    /// Texts of the document that a test cannot use, each with its replacement.
    pub instead: &'static [(&'static str, &'static str)],
    /// True if the proxy speaks TLS to its clients.
    pub tls: bool,
}

const PLAIN: Setup =
    Setup { name: "", program: "", arguments: &[], files: &[], as_it_comes: "", instead: &[], tls: false };

pub const NGINX: Setup = Setup {
    name: "nginx",
    program: "nginx",
    arguments: &["-e", "stderr", "-p", "@FOLDER@", "-c", "@FOLDER@/nginx.conf"],
    files: &[(
        "nginx.conf",
        "daemon off; worker_processes 1; pid @FOLDER@/pid; error_log stderr;\nevents {}\nhttp { access_log off;\n\
         client_body_temp_path @FOLDER@/1; proxy_temp_path @FOLDER@/2; fastcgi_temp_path @FOLDER@/3;\n\
         uwsgi_temp_path @FOLDER@/4; scgi_temp_path @FOLDER@/5;\n\
         server { listen 127.0.0.1:@PORT@; location / {\n@LINES@\n} } }\n",
    )],
    as_it_comes: "proxy_pass http://127.0.0.1:3000;",
    ..PLAIN
};

pub const HAPROXY: Setup = Setup {
    name: "HAProxy",
    program: "haproxy",
    arguments: &["-db", "-f", "@FOLDER@/haproxy.cfg"],
    files: &[(
        "haproxy.cfg",
        "global\n  maxconn 500\ndefaults\n  mode http\n  timeout connect 5s\n  @LINES@\nfrontend web\n  bind 127.0.0.1:@PORT@\n\
         \x20 default_backend pulseboard\nbackend pulseboard\n  server one 127.0.0.1:3000\n",
    )],
    as_it_comes: "timeout client 50s\ntimeout server 50s",
    ..PLAIN
};

pub const LIGHTTPD: Setup = Setup {
    name: "lighttpd",
    program: "lighttpd",
    arguments: &["-D", "-f", "@FOLDER@/lighttpd.conf"],
    files: &[(
        "lighttpd.conf",
        "server.modules = ( \"mod_proxy\" )\nserver.document-root = \"@FOLDER@\"\nserver.upload-dirs = ( \"@FOLDER@\" )\n\
         server.errorlog = \"@FOLDER@/error.log\"\nserver.bind = \"127.0.0.1\"\nserver.port = @PORT@\n@LINES@\n",
    )],
    as_it_comes: "proxy.server = ( \"\" => (( \"host\" => \"127.0.0.1\", \"port\" => 3000 )) )",
    ..PLAIN
};

pub const CADDY: Setup = Setup {
    name: "Caddy",
    program: "caddy",
    arguments: &["run", "--config", "@FOLDER@/Caddyfile", "--adapter", "caddyfile"],
    files: &[(
        "Caddyfile",
        "{\n  admin off\n  auto_https off\n  storage file_system @FOLDER@\n}\n\
         http://127.0.0.1:@PORT@ {\n  @LINES@\n}\n",
    )],
    as_it_comes: "reverse_proxy 127.0.0.1:3000",
    ..PLAIN
};

pub const APACHE: Setup = Setup {
    name: "Apache",
    program: "apache2",
    arguments: &["-D", "FOREGROUND", "-d", "@FOLDER@", "-f", "@FOLDER@/apache.conf"],
    files: &[(
        "apache.conf",
        "DefaultRuntimeDir @FOLDER@\nPidFile @FOLDER@/pid\nErrorLog @FOLDER@/error.log\nMutex file:@FOLDER@ default\n\
         Listen 127.0.0.1:@PORT@\nServerName 127.0.0.1\nUser www-data\nGroup www-data\n\
         LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n\
         LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n\
         LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n\
         LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so\n@LINES@\n",
    )],
    as_it_comes: "ProxyPass / http://127.0.0.1:3000/",
    ..PLAIN
};

pub const VARNISH: Setup = Setup {
    name: "Varnish",
    program: "varnishd",
    arguments: &[
        "-F",
        "-j",
        "none",
        "-n",
        "@FOLDER@/work",
        "-a",
        "127.0.0.1:@PORT@",
        "-s",
        "malloc,16m",
        "-f",
        "@FOLDER@/default.vcl",
    ],
    files: &[(
        "default.vcl",
        "vcl 4.1;\nbackend default { .host = \"127.0.0.1\"; .port = \"3000\"; }\n@LINES@\n",
    )],
    ..PLAIN
};

pub const SQUID: Setup = Setup {
    name: "Squid",
    program: "squid",
    arguments: &["-N", "-f", "@FOLDER@/squid.conf"],
    files: &[(
        "squid.conf",
        "pid_filename none\naccess_log none\ncache_log @FOLDER@/cache.log\ncoredump_dir @FOLDER@\nnetdb_filename none\n\
         shutdown_lifetime 0 seconds\nvisible_hostname test\nhttp_access allow all\n@LINES@\n",
    )],
    as_it_comes: "http_port 80 accel defaultsite=board.example.org\n\
                  cache_peer 127.0.0.1 parent 3000 0 no-query originserver name=be",
    instead: &[("http_port 80 ", "http_port 127.0.0.1:@PORT@ ")],
    ..PLAIN
};

pub const TRAFFIC_SERVER: Setup = Setup {
    name: "Traffic Server",
    program: "env",
    arguments: &["TS_RUNROOT=@FOLDER@", "traffic_server"],
    files: &[
        (
            "runroot.yaml",
            "prefix: @FOLDER@\nexec_prefix: /usr\nbindir: /usr/bin\nsbindir: /usr/sbin\nsysconfdir: @FOLDER@\n\
             datadir: @FOLDER@\nincludedir: /usr/include\nlibdir: /usr/lib/trafficserver\n\
             libexecdir: /usr/lib/trafficserver/modules\nlocalstatedir: @FOLDER@\nruntimedir: @FOLDER@\nlogdir: @FOLDER@\n\
             cachedir: @FOLDER@\n",
        ),
        (
            "records.config",
            "CONFIG proxy.config.http.server_ports STRING @PORT@:ip-in=127.0.0.1\nCONFIG proxy.config.http.cache.http INT 0\n\
             @ROOT@CONFIG proxy.config.admin.user_id STRING trafficserver\nCONFIG proxy.config.crash_log_helper STRING NULL\n@LINES@\n",
        ),
        ("remap.config", "map / http://127.0.0.1:3000/\n"),
        ("storage.config", "@FOLDER@ 16M\n"),
        (
            "ip_allow.yaml",
            "ip_allow:\n  - apply: in\n    ip_addrs: 127.0.0.1\n    action: allow\n    methods: ALL\n",
        ),
    ],
    ..PLAIN
};

pub const H2O: Setup = Setup {
    name: "h2o",
    program: "h2o",
    arguments: &["-m", "worker", "-c", "@FOLDER@/h2o.yaml"],
    files: &[(
        "h2o.yaml",
        "num-threads: 1\nerror-log: @FOLDER@/error.log\nhosts:\n  default:\n    listen:\n      host: 127.0.0.1\n      port: @PORT@\n\
         \x20   paths:\n      \"/\":\n        @LINES@\n",
    )],
    as_it_comes: "proxy.reverse.url: \"http://127.0.0.1:3000/\"",
    ..PLAIN
};

pub const NGHTTPX: Setup = Setup {
    name: "nghttpx",
    program: "nghttpx",
    arguments: &["--conf=@FOLDER@/nghttpx.conf", "--errorlog-file=@FOLDER@/error.log"],
    files: &[("nghttpx.conf", "frontend=127.0.0.1,@PORT@;no-tls\nworkers=1\n@LINES@\n")],
    as_it_comes: "backend=127.0.0.1,3000",
    ..PLAIN
};

pub const HITCH: Setup = Setup {
    name: "hitch",
    program: "hitch",
    arguments: &["--config=@FOLDER@/hitch.conf"],
    files: &[(
        "hitch.conf",
        "frontend = \"[127.0.0.1]:@PORT@\"\npem-file = \"@FOLDER@/both.pem\"\nworkers = 1\ndaemon = off\n\
         @ROOT@user = \"nobody\"\n@LINES@\n",
    )],
    as_it_comes: "backend = \"[127.0.0.1]:3000\"",
    tls: true,
    ..PLAIN
};

pub const STUNNEL: Setup = Setup {
    name: "stunnel",
    program: "stunnel4",
    arguments: &["@FOLDER@/stunnel.conf"],
    files: &[(
        "stunnel.conf",
        "foreground = yes\npid =\n[web]\naccept = 127.0.0.1:@PORT@\ncert = @FOLDER@/both.pem\n@LINES@\n",
    )],
    as_it_comes: "connect = 127.0.0.1:3000",
    tls: true,
    ..PLAIN
};

pub const SSLH: Setup = Setup {
    name: "sslh",
    program: "sslh",
    arguments: &["-f", "-p", "127.0.0.1:@PORT@", "-P", "@FOLDER@/pid"],
    ..PLAIN
};

pub const TINYPROXY: Setup = Setup {
    name: "tinyproxy",
    program: "tinyproxy",
    arguments: &["-d", "-c", "@FOLDER@/tinyproxy.conf"],
    files: &[(
        "tinyproxy.conf",
        "Port @PORT@\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 600\nMaxClients 50\nLogFile \"@FOLDER@/log\"\n@LINES@\n",
    )],
    as_it_comes: "ReversePath \"/\" \"http://127.0.0.1:3000/\"\nReverseOnly Yes",
    ..PLAIN
};
