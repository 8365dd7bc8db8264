//! Checks against real parts, and against servers that do what no server should.

mod dns_messages;
mod dns_servers;
mod http_answers;
mod http_redirects;
mod icmp;
mod nginx;
mod programs;
mod specs;
mod support;
mod tcp;
mod tls;
