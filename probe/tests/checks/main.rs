//! Checks against real parts, and against servers that do what no server should.

mod http_answers;
mod http_redirects;
mod icmp;
mod specs;
mod support;
mod tcp;
mod tls;
