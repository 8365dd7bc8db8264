//! Reads the facts of a request that its page may know.

use std::{net::IpAddr, sync::Arc};

use access::{Action, Credential};
use app::ports::ServerPorts;
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use common::{
    Topic,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
    notice::NoticeAudience,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use transports::conn::Peer;

use super::network;
use crate::{access::Caller, feature::PageState};

pub(crate) struct Reader {
    pages: PageState,
    headers: HeaderMap,
    /// `lang` of the query: a browser that keeps no cookies says there what its reader has chosen.
    language: Option<String>,
    address: Option<IpAddr>,
    /// Whoever asks; none where the page shows nothing that somebody may not read.
    caller: Option<Caller>,
    response: Option<ResponseOptions>,
}

impl Reader {
    /// The reader of the request that is being rendered.
    pub(crate) fn of_this_request(pages: &PageState) -> Arc<Self> {
        let parts = use_context::<Parts>();
        let address = parts.as_ref().and_then(|parts| parts.extensions.get::<Peer>()).map(|peer| peer.0.ip());
        let language = parts.as_ref().and_then(|parts| {
            let mut pairs = parts.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == "lang").map(|(_, value)| value.to_owned())
        });
        let caller = parts.as_ref().and_then(|parts| parts.extensions.get::<Caller>().cloned());
        let headers = parts.map(|parts| parts.headers).unwrap_or_default();
        Arc::new(Self { pages: pages.clone(), headers, language, address, caller, response: use_context() })
    }

    /// The reader who sent these headers, and whose answer has its status already.
    pub(crate) fn of_headers(pages: PageState, headers: HeaderMap) -> Self {
        Self { pages, headers, language: None, address: None, caller: None, response: None }
    }

    fn may_read(&self, topic: &Topic) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.may(Action::ReadTopic, topic).is_ok())
    }
}

impl ServerPorts for Reader {
    fn host(&self, host: &HostId) -> Option<HostSnapshot> {
        self.pages.hosts.snapshot(host, &|topic| self.may_read(topic))
    }

    fn catalog(&self) -> &'static MetricCatalog {
        self.pages.hosts.catalog(&|topic| self.may_read(topic))
    }

    fn base_path(&self) -> &str {
        self.pages.base.as_str()
    }

    fn notice_topics(&self) -> Vec<Topic> {
        let audiences = self.caller.as_ref().map(Caller::notice_audiences).unwrap_or_default();
        audiences.into_iter().map(NoticeAudience::topic).collect()
    }

    fn is_wall_display(&self) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.principal.credential == Credential::WallDisplay)
    }

    fn preference(&self, name: &str) -> Option<String> {
        if let (Some(language), "lang") = (&self.language, name) {
            return Some(language.clone());
        }
        let cookies = self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    fn accept_language(&self) -> Option<String> {
        Some(self.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?.to_owned())
    }

    fn network(&self) -> Option<String> {
        self.address.map(network::name)
    }

    fn set_status(&self, status: u16) {
        if let (Some(response), Ok(status)) = (&self.response, StatusCode::from_u16(status)) {
            response.set_status(status);
        }
    }
}
