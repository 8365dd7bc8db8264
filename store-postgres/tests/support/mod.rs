//! A real PostgreSQL server, and authorities for its certificate.

#![allow(dead_code, unused_imports, reason = "each test takes a part of it")]

pub(crate) mod authority;

pub(crate) use store_postgres::test_server::{PASSWORD, ServerTls, TestServer, assert_refused, close};
