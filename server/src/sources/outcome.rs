//! The sources as people are told of them: errors as forms tell them, addresses as readers may see them.

use access::Action;
use app::door::FormProblem;

use super::error::SourceChangeError;
use crate::access::Caller;

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

/// An address as the caller may see it: a query may hold a secret, and is for whoever may change it.
pub(super) fn shown_address(address: &str, caller: &Caller) -> String {
    let is_whole = caller.may_do(Action::ManageSources);
    let public = address.split('?').next().unwrap_or_default();
    if is_whole { address.to_owned() } else { public.to_owned() }
}
