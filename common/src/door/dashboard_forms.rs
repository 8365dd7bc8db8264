//! The fields of the forms of dashboards, as the browser sends them.

use serde::Deserialize;

/// A dashboard to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDashboardForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// Its name.
    pub name: String,
}

/// A dashboard to be made of its export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportDashboardForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The bytes of a file with it; empty where none was chosen.
    pub file: String,
    /// Its text, where it was pasted.
    pub json: String,
    /// Its name, where it is to be another one; empty otherwise.
    pub name: String,
}

/// Another name for a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameDashboardForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the dashboard.
    pub id: u64,
    /// The version that the page has shown.
    pub seen: u64,
    /// Its name.
    pub name: String,
}

/// Something to be done with a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the dashboard.
    pub id: u64,
    /// The version that the page has shown.
    pub seen: u64,
    /// The place of the card among all, from 0.
    pub card: usize,
    /// `earlier`, `later`, `title` or `remove`.
    pub act: String,
    /// With `title`, the title that it is to have.
    #[serde(default)]
    pub title: String,
}

/// A view of Explore to be kept as a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveViewForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The query of Explore.
    pub view: String,
    /// The number of the dashboard; empty for a new one.
    #[serde(default)]
    pub board: String,
    /// The name of a new one.
    #[serde(default)]
    pub name: String,
    /// The title of the card.
    #[serde(default)]
    pub title: String,
}
