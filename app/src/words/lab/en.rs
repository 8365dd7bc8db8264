//! English.

use super::LabWords;

pub(super) const EN: LabWords = LabWords {
    pages: "Pages of the lab",
    compare: "Compare",
    intro: "The same live numbers over every transport, side by side, measured in this browser and on this network.",
};
