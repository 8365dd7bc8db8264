//! The part of a request that every document of the front door is made from.

use common::role::Role;
use leptos::prelude::LeptosOptions;

use crate::{first_paint, i18n::Language, ports::ServerPorts};

/// The part of a request that every document of the front door is made from.
#[derive(Debug, Clone)]
pub struct DoorContext {
    /// The site's options, which name the stylesheet.
    pub site: LeptosOptions,
    /// The path below which browsers find the board, without a slash at its end.
    pub base: String,
    /// The language of the document.
    pub language: Language,
    /// `light` or `dark`; none follows the system.
    pub theme: Option<String>,
    /// The token that each form carries.
    pub csrf: String,
    /// The address of the document, for whoever may open it again in another language; none where that is not possible.
    pub document: Option<String>,
    /// The reader's account; none for whoever has not signed in.
    pub user: Option<DoorUser>,
}

/// The reader's account, as far as every document shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorUser {
    /// The account's name.
    pub name: String,
    /// The account's role, by which the links to other documents are chosen.
    pub role: Role,
}

impl DoorContext {
    /// Takes language and theme from the request, as every page does.
    #[must_use]
    pub fn new(site: LeptosOptions, request: &dyn ServerPorts, csrf: String, user: Option<DoorUser>) -> Self {
        let reader = first_paint::reader_of(request);
        let base = request.base_path().to_owned();
        Self { site, base, language: reader.language, theme: reader.theme, csrf, document: None, user }
    }

    /// Returns an address of the board as the browser asks for it.
    pub(super) fn href(&self, path: &str) -> String {
        [&*self.base, path].concat()
    }
}
