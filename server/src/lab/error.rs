//! Why a lab is not served.

use std::{ops::RangeInclusive, time::Duration};

use common::{frame::ErrorCode, limit::LimitName};
use transports::gate::ApiRejection;

use super::limits::RUNS;

#[derive(Debug, thiserror::Error)]
pub(super) enum LabError {
    /// A number that is none of those that may be. 400 `bad_request`.
    #[error("{what} is {value}: it must be {} to {}", .range.start(), .range.end())]
    Range { what: &'static str, value: u32, range: RangeInclusive<u32> },
    /// More labs at once than there may be. 429 `limit_reached`.
    #[error("{RUNS} labs are under way already, as many as there may be: try again in a minute")]
    TooMany,
    /// More requests from one address than it may send. 429 `limit_reached`.
    #[error("more than {0} requests a second, as many as one address may send")]
    TooFast(u32),
}

impl From<LabError> for ApiRejection {
    fn from(refused: LabError) -> Self {
        let message = refused.to_string();
        match refused {
            LabError::Range { .. } => Self::new(ErrorCode::BadRequest, message),
            LabError::TooMany => {
                Self::limit_reached(LimitName::Labs, RUNS, message).retry_after(Duration::from_secs(60))
            }
            LabError::TooFast(most) => {
                Self::limit_reached(LimitName::MessagesPerSecond, most as usize, message)
                    .retry_after(Duration::from_secs(1))
            }
        }
    }
}
