//! Every address of the server.

use std::time::Duration;

use axum::{Extension, Router, http::header, middleware};
use common::{host::HostId, limit::Limit};
use transports::{gate, sse::server::bare};

use crate::{chat, doctor, hosts, lab, ops, state::App, web};

/// Answers connections that get no slot. Which limit is reached stands in an extension.
pub(crate) fn full(app: &App) -> Router {
    Router::new()
        .route("/healthz", ops::alive())
        .fallback(async |Extension(Limit { name, max }): Extension<Limit>| {
            let message = "too many connections: come back later";
            let refusal = gate::ApiRejection::limit_reached(name, max as usize, message);
            ([(header::CONNECTION, "close")], refusal.retry_after(Duration::from_secs(1)))
        })
        .layer(middleware::map_response(web::headers::secure))
        .layer(middleware::from_fn_with_state(app.sites.clone(), gate::guard))
        .layer(middleware::from_fn_with_state(app.proxies.clone(), gate::identify))
}

pub(crate) fn all(app: App) -> Router {
    let (sites, proxies) = (app.sites.clone(), app.proxies.clone());
    let (fault, doctor) = (app.clone(), app.doctor.clone());
    Router::new()
        .merge(hosts::api::routes())
        .merge(chat::api::routes())
        .merge(lab::api::routes())
        .merge(doctor::routes())
        .merge(ops::routes())
        .merge(web::publish::routes(&app))
        .merge(web::not_found::routes())
        .merge(web::socketio_client::routes())
        .with_state(app.clone())
        .merge(web::pages::routes(&app))
        .merge(
            Router::new()
                .route("/sse/cpumemdisk", bare(HostId::local().bare_topic()))
                .with_state(app.live.clone()),
        )
        .merge(app.live.router())
        .layer(middleware::map_response(web::not_found::method))
        .layer(middleware::from_fn_with_state(fault, web::panic_guard::guard))
        .layer(middleware::map_response(web::headers::secure))
        .layer(middleware::from_fn_with_state(sites, gate::guard))
        // Before the others: what is refused has arrived, too.
        .layer(middleware::from_fn_with_state(doctor, doctor::record_request))
        // And before all: who asks.
        .layer(middleware::from_fn_with_state(proxies, gate::identify))
}
