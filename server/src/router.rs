//! Every address of the server, and what each request passes on its way there.

use std::time::Duration;

use axum::{Extension, Router, http::header, middleware};
use common::limit::Limit;
use transports::gate::{self, OriginPolicy, TrustedProxies};

use crate::{
    BasePath,
    access::{self, Gatekeeper},
    feature::{Assembly, fn_box},
    ops, web,
};

/// The checks that every request passes, whatever its address.
pub(crate) struct FrontDoor {
    pub(crate) proxies: TrustedProxies,
    pub(crate) origins: OriginPolicy,
    pub(crate) gatekeeper: Gatekeeper,
    pub(crate) base: BasePath,
}

/// Answers connections that get no slot. Which limit is reached stands in an extension.
pub(crate) fn full(door: &FrontDoor) -> Router {
    let routes = Router::new()
        .route(ops::PROBE, ops::alive())
        .fallback(async |Extension(Limit { name, max }): Extension<Limit>| {
            let message = "too many connections: come back later";
            let refusal = gate::ApiRejection::limit_reached(name, max as usize, message);
            ([(header::CONNECTION, "close")], refusal.retry_after(Duration::from_secs(1)))
        })
        .layer(middleware::map_response(web::headers::secure))
        .layer(middleware::from_fn_with_state(door.origins.clone(), gate::guard))
        .layer(middleware::from_fn_with_state(door.proxies.clone(), gate::identify));
    web::mount::at(&door.base, routes)
}

/// The routes of the transports and of all features.
pub(crate) fn all(
    door: &FrontDoor,
    assembly: &Assembly,
    routes: Vec<fn_box::Routes>,
    around: Vec<fn_box::Around>,
) -> Router {
    let features = routes.into_iter().fold(Router::new(), |router, routes| router.merge(routes(assembly)));
    let guarded = features
        .merge(assembly.live.clone().router())
        .layer(middleware::from_fn_with_state(door.gatekeeper.clone(), access::guard))
        .layer(middleware::map_response(web::not_found::method))
        .layer(middleware::from_fn_with_state(assembly.pages.clone(), web::panic_guard::guard))
        .layer(middleware::map_response(web::headers::secure))
        .layer(middleware::from_fn_with_state(door.origins.clone(), gate::guard));
    // Outside of the others: what is refused has arrived, too.
    let observed = around.into_iter().fold(guarded, |router, around| around(router));
    // And outside of all: who asks.
    let identified = observed.layer(middleware::from_fn_with_state(door.proxies.clone(), gate::identify));
    web::mount::at(&door.base, identified)
}
