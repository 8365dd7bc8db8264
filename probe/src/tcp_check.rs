//! The check of a port: a connection that is closed at once.

use crate::{ProbeFault, TcpProbe, attempt::Attempt, connect::connect, endpoint::host_and_port};

pub(crate) async fn check(probe: &TcpProbe, attempt: &mut Attempt) -> Result<(), ProbeFault> {
    let Some((host, port)) = host_and_port(&probe.address) else {
        return Err(ProbeFault::Internal("the address was not validated".to_owned()));
    };
    connect(&host, port, attempt).await?;
    attempt.is_answered = true;
    Ok(())
}
