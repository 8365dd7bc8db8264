//! The filter: words, all of which a container has to have.

use common::container::ContainerInfo;

/// Reports that a container has each of the words in its name, image, state, project or service. Upper and lower case are one.
pub(super) fn matches(one: &ContainerInfo, state: &str, find: &str) -> bool {
    let project = one.project.as_deref().unwrap_or_default();
    let service = one.service.as_deref().unwrap_or_default();
    let all = [&*one.name, &*one.image, state, &*one.state, project, service].join("\n").to_lowercase();
    let id = one.id.as_str();
    find.to_lowercase().split_whitespace().all(|word| all.contains(word) || id.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_to_be_there_somewhere() {
        let one = ContainerInfo {
            id: "c2124fc163a1".into(),
            name: "Web-1".into(),
            image: "nginx:1.27".into(),
            state: "running".into(),
            project: Some("shop".into()),
            ..ContainerInfo::default()
        };
        for found in ["", "  ", "web", "NGINX", "shop web", "running", "unhealthy", "c2124"] {
            assert!(matches(&one, "Unhealthy", found), "{found}");
        }
        for missed in ["db", "web db", "2124"] {
            assert!(!matches(&one, "Unhealthy", missed), "{missed}");
        }
    }
}
