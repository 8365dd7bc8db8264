//! Forms of people's browsers.

use axum::{
    Form,
    extract::{FromRequest, Request, rejection::FormRejection},
    http::StatusCode,
};
use common::{frame::ErrorCode, limit::LimitName, status::ExactStatus};
use serde::de::DeserializeOwned;
use transports::gate::ApiRejection;

/// The most bytes of a form.
pub(super) const LONGEST: usize = 16 << 10;

/// A form that was posted as `application/x-www-form-urlencoded` (WHATWG URL §5).
pub(crate) struct DoorForm<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for DoorForm<T> {
    type Rejection = ApiRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiRejection> {
        match Form::<T>::from_request(request, state).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &FormRejection) -> ApiRejection {
    let message = rejection.body_text();
    match rejection {
        FormRejection::InvalidFormContentType(_) => {
            ApiRejection::exact(ExactStatus::UnsupportedMediaType, message)
        }
        _ if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            ApiRejection::limit_reached(LimitName::BodyBytes, LONGEST, message)
        }
        FormRejection::FailedToDeserializeFormBody(_) => {
            ApiRejection::exact(ExactStatus::UnprocessableContent, message)
        }
        _ => ApiRejection::new(ErrorCode::BadRequest, message),
    }
}
