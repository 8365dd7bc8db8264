//! Errors of changing sources, as forms tell them.

use app::door::FormProblem;

use super::error::SourceChangeError;

/// The problem that a form tells; none where the store is at fault.
pub(super) fn problem_of(error: &SourceChangeError) -> Option<FormProblem> {
    Some(match error {
        SourceChangeError::Invalid(reason) => FormProblem::SourceInvalid { reason: reason.clone() },
        SourceChangeError::NameTaken => FormProblem::SourceNameTaken,
        SourceChangeError::Conflict => FormProblem::ChangedMeanwhile,
        SourceChangeError::Unknown(_) => FormProblem::Gone,
        SourceChangeError::Store(_) => return None,
    })
}
