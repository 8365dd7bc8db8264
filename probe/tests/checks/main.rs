//! Checks against real parts, and against servers that do what no server should.

mod http_answers;
mod http_redirects;
mod specs;
mod support;
mod tcp;
mod tls;
