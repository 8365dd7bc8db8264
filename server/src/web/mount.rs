//! Serves the board below its base path. A proxy may take the base path off, or leave it on: both are the same request to all that is within.

use std::task::{Context, Poll};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, Uri, header, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use futures_util::future::Either;
use tower::Service;

use crate::base_path::BasePath;

/// Serves these routes below the base path.
pub(crate) fn at(base: &BasePath, routes: Router) -> Router {
    if base.is_root() {
        routes
    } else {
        Router::new().fallback_service(BoardMount { base: base.clone(), routes })
    }
}

#[derive(Clone)]
struct BoardMount {
    base: BasePath,
    routes: Router,
}

impl Service<Request> for BoardMount {
    type Response = Response;
    type Error = <Router as Service<Request>>::Error;
    type Future =
        Either<<Router as Service<Request>>::Future, std::future::Ready<Result<Self::Response, Self::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::<Request<Body>>::poll_ready(&mut self.routes, context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if request.uri().path() == self.base.as_str() {
            return Either::Right(std::future::ready(Ok(self.with_slash(request.uri()))));
        }
        let asked = request.uri().path_and_query().and_then(|asked| self.base.strip(asked.as_str()));
        if let Some(inner) = asked.and_then(|inner| with_path(request.uri(), inner)) {
            *request.uri_mut() = inner;
        }
        Either::Left(self.routes.call(request))
    }
}

impl BoardMount {
    /// The address with the slash at its end, from which relative addresses are right. No proxy that takes the base path off asks for this.
    fn with_slash(&self, asked: &Uri) -> Response {
        let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
        let place = HeaderValue::try_from(format!("{}{query}", self.base));
        let place = place.unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response()
    }
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::{extract::OriginalUri, routing::get};
    use tower::ServiceExt;

    use super::*;

    async fn ask(asked: &str) -> (u16, String) {
        let routes = Router::new()
            .route("/lab", get(async |uri: Uri| uri.to_string()))
            .fallback(async |OriginalUri(uri): OriginalUri| format!("nothing at {uri}"));
        let board = at(&"/pulse/".parse().expect("a base path"), routes);
        let request = Request::get(asked).body(Body::empty()).expect("a request");
        let answer = board.oneshot(request).await.expect("an answer");
        let status = answer.status().as_u16();
        let place = answer.headers().get(header::LOCATION).cloned();
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.expect("a body");
        let body = String::from_utf8_lossy(&body).into_owned();
        (status, place.and_then(|place| place.to_str().map(str::to_owned).ok()).unwrap_or(body))
    }

    #[tokio::test]
    async fn a_request_is_the_same_with_the_base_path_and_without_it() {
        assert_eq!(ask("/pulse/lab?a=b").await, (200, "/lab?a=b".to_owned()));
        assert_eq!(ask("/lab?a=b").await, (200, "/lab?a=b".to_owned()));
        let absolute = ask("http://board.example/pulse/lab").await;
        assert_eq!(absolute, (200, "http://board.example/lab".to_owned()));
    }

    #[tokio::test]
    async fn the_base_path_without_its_slash_leads_to_the_one_with_it() {
        assert_eq!(ask("/pulse").await, (308, "/pulse/".to_owned()));
        assert_eq!(ask("/pulse?a=b").await, (308, "/pulse/?a=b".to_owned()));
    }

    #[tokio::test]
    async fn what_only_begins_alike_is_another_address() {
        assert_eq!(ask("/pulses/lab").await, (200, "nothing at /pulses/lab".to_owned()));
        assert_eq!(ask("/pulse//lab").await.1, "nothing at /pulse//lab");
    }
}
