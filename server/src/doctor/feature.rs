//! The feature of the doctor: all that it adds to the server.

use std::sync::Arc;

use axum::{Router, middleware};

use super::{
    api::{self, DoctorApi},
    nodes,
    recorder::record_request,
    state::Doctor,
};
use crate::feature::{Assembly, Feature, FeatureParts, StartContext};

pub(crate) const FEATURE: Feature =
    Feature { name: "doctor", settings: &[], operations: api::operations, topic_policies: Vec::new, start };

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let doctor = Doctor::new(context.tls, context.stop.clone(), Arc::clone(context.hub.clock()));
    let recorder = doctor.clone();
    nodes::answer(&context.hub, &doctor);
    let hub = context.hub.clone();
    Ok(FeatureParts {
        around: Some(Box::new(|router: Router| {
            router.layer(middleware::from_fn_with_state(recorder, record_request))
        })),
        routes: Box::new(|all: &Assembly| {
            let (address, heartbeat_ms) = (all.address, all.live.pace.heartbeat_ms());
            api::routes().with_state(DoctorApi { doctor, hub, address, heartbeat_ms })
        }),
        ..FeatureParts::default()
    })
}
