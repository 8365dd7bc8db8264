//! The list of features, and what they are together.

use std::sync::Arc;

use anyhow::Context;
use fanout::{TopicPolicy, WireFormat};
use prometheus_client::registry::Registry;
use transports::socketio::RawNamespace;

use crate::{
    BasePath, accounts, chat,
    config::{CORE, setting::Setting},
    containers, dashboards, doctor,
    feature::{Feature, FeatureParts, HealthCheck, HostReader, StartContext, fn_box},
    history, hosts, lab, log_setup, logs,
    message_router::MessageRouter,
    notices, openapi, ops, sources, streams,
    tasks::{Task, Worker},
    web,
};

/// All features. A new one is a line here.
const FEATURES: [&Feature; 16] = [
    &accounts::FEATURE,
    &hosts::FEATURE,
    &history::FEATURE,
    &dashboards::FEATURE,
    &sources::FEATURE,
    &containers::feature::FEATURE,
    &streams::FEATURE,
    &logs::FEATURE,
    &chat::FEATURE,
    &notices::FEATURE,
    &lab::FEATURE,
    &doctor::FEATURE,
    &ops::FEATURE,
    &openapi::feature::FEATURE,
    &web::PUBLISH,
    &web::FEATURE,
];

/// Returns the settings of all features, and then those that no feature owns.
pub(crate) fn settings() -> Vec<&'static Setting> {
    FEATURES
        .iter()
        .flat_map(|feature| feature.settings)
        .chain(CORE)
        .chain(log_setup::settings::SETTINGS)
        .collect()
}

/// Returns the description of the REST API, an OpenAPI document.
///
/// # Errors
/// Never: the document is made of texts.
pub(crate) fn api_description(base: &BasePath) -> anyhow::Result<String> {
    let operations = FEATURES.iter().flat_map(|feature| (feature.operations)()).collect();
    Ok(openapi::text(&openapi::document(operations, base))?)
}

/// Returns the topics of all features.
pub(crate) fn topic_policies() -> Vec<TopicPolicy> {
    FEATURES.iter().flat_map(|feature| (feature.topic_policies)()).collect()
}

/// The parts of all features, put together by kind.
pub(crate) struct StartedFeatures {
    pub(crate) inbound: MessageRouter,
    pub(crate) namespaces: Vec<RawNamespace>,
    pub(crate) forms: Vec<&'static WireFormat>,
    pub(crate) registry: Registry,
    pub(crate) health: Vec<Arc<dyn HealthCheck>>,
    pub(crate) hosts: Option<Arc<dyn HostReader>>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) workers: Vec<Box<dyn Worker>>,
    pub(crate) around: Vec<fn_box::Around>,
    pub(crate) routes: Vec<fn_box::Routes>,
}

/// Starts all features.
///
/// # Errors
/// When one of them cannot start.
pub(crate) fn start(context: &StartContext<'_>) -> anyhow::Result<StartedFeatures> {
    let mut all = StartedFeatures {
        inbound: MessageRouter::new(Arc::clone(&context.authorizer)),
        namespaces: Vec::new(),
        forms: transports::routes::wire_formats().collect(),
        registry: Registry::with_prefix("pulseboard"),
        health: Vec::new(),
        hosts: None,
        tasks: Vec::new(),
        workers: Vec::new(),
        around: Vec::new(),
        routes: Vec::new(),
    };
    for feature in FEATURES {
        let parts = (feature.start)(context).with_context(|| format!("{} cannot start", feature.name))?;
        all.add(parts);
    }
    Ok(all)
}

impl StartedFeatures {
    fn add(&mut self, parts: FeatureParts) {
        for (topics, handler) in parts.inbound {
            self.inbound.add(topics, handler);
        }
        self.namespaces.extend(parts.namespaces);
        self.forms.extend(parts.forms);
        if let Some(metrics) = parts.metrics {
            self.registry.register_collector(metrics);
        }
        self.health.extend(parts.health);
        self.hosts = self.hosts.take().or(parts.hosts);
        self.tasks.extend(parts.tasks);
        self.workers.extend(parts.workers);
        self.around.extend(parts.around);
        self.routes.push(parts.routes);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use figment::{Figment, providers::Serialized, value::Value};

    use super::*;
    use crate::config::Config;

    #[test]
    fn every_setting_that_can_be_given_belongs_to_one_feature_or_to_none() {
        fn keys(value: &Value, path: &str, into: &mut Vec<String>) {
            match value.as_dict() {
                Some(section) => section.iter().for_each(|(name, value)| {
                    keys(value, format!("{path}.{name}").trim_start_matches('.'), into);
                }),
                None => into.push(path.to_owned()),
            }
        }
        let defaults = Figment::from(Serialized::defaults(Config::default()));
        // These are absent by default.
        let mut given = [
            "broker.ca",
            "broker.cert",
            "broker.credentials",
            "broker.key",
            "broker.password",
            "broker.token",
            "broker.url",
            "broker.user",
            "containers.ca",
            "containers.cert",
            "containers.key",
            "logs.files",
            "logs.journal_directory",
            "oidc.client_id",
            "oidc.client_secret",
            "oidc.client_secret_file",
            "oidc.issuer",
            "oidc.name",
            "oidc.role_claim",
            "oidc.roles",
            "operator.token",
            "push.contact",
            "store.url",
            "thresholds",
            "tls.cert",
            "tls.key",
        ]
        .map(str::to_owned)
        .to_vec();
        keys(&defaults.extract::<Value>().expect("values"), "", &mut given);
        given.sort();
        let mut declared: Vec<_> = settings().iter().map(|setting| setting.key).collect();
        declared.sort_unstable();
        assert_eq!(declared, given);
    }

    #[test]
    fn every_feature_has_a_name_of_its_own_and_no_topic_belongs_to_two() {
        let names: HashSet<_> = FEATURES.iter().map(|feature| feature.name).collect();
        assert_eq!(names.len(), FEATURES.len());
        let mut owners = HashSet::new();
        for feature in FEATURES {
            let policies = (feature.topic_policies)();
            let families: HashSet<&str> = policies.iter().map(|policy| policy.pattern.kind()).collect();
            for family in families {
                assert!(owners.insert(family.to_owned()), "{family} belongs to {} and another", feature.name);
            }
        }
    }
}
