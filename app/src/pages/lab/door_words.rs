//! The texts of the lab that every page has: the names that lead to it.

use crate::i18n::words;

/// Every text of them in one language.
#[derive(Debug)]
pub(crate) struct LabDoorWords {
    /// The lab itself.
    pub(crate) lab: &'static str,
    /// The page that compares.
    pub(super) compare: &'static str,
    /// The page of who is connected.
    pub(super) connections: &'static str,
    /// The page that examines the way to the server.
    pub(super) doctor: &'static str,
}

words!(LabDoorWords, EN, KO);

const EN: LabDoorWords =
    LabDoorWords { lab: "Lab", compare: "Compare", connections: "Connections", doctor: "Doctor" };

const KO: LabDoorWords =
    LabDoorWords { lab: "실험실", compare: "비교", connections: "연결", doctor: "진단" };
