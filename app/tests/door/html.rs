//! Reads a document's tags, strictly: the documents are ours, so that whatever this cannot read is a fault of theirs.

use std::collections::BTreeMap;

/// Elements that have no end tag (WHATWG HTML §13.1.2).
const VOID: [&str; 4] = ["input", "link", "meta", "br"];

/// An element, with the text in it and in its descendants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    pub(crate) tag: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
    /// The elements around it, by their places in the list.
    parents: Vec<usize>,
}

/// A document, its elements in the order of their start tags.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) elements: Vec<Element>,
    /// The texts between the tags, in their order, but for scripts and what is marked as English in a document of any language.
    pub(crate) texts: Vec<String>,
}

impl Element {
    /// The value of an attribute; empty where it has none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

impl Document {
    /// Reads a document.
    ///
    /// # Panics
    /// Where a tag is not closed, or closes another one.
    pub(crate) fn read(html: &str) -> Self {
        let Self { mut elements, mut texts } = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
        loop {
            // A script is text up to its end (WHATWG HTML §13.2.5.4).
            let is_script = open.last().is_some_and(|index| elements[*index].tag == "script");
            let Some(start) = rest.find(if is_script { "</script" } else { "<" }) else { break };
            let text = unescaped(&rest[..start]);
            for index in &open {
                elements[*index].text.push_str(&text);
            }
            let is_no_text = |index: &usize| {
                let element = &elements[*index];
                element.tag == "script" || (element.tag != "html" && element.get("lang") == "en")
            };
            if !open.iter().any(is_no_text) {
                texts.push(text);
            }
            rest = &rest[start..];
            if let Some(after) = rest.strip_prefix("<!") {
                rest = after.split_once('>').expect("an end of the comment").1;
            } else if let Some(after) = rest.strip_prefix("</") {
                let (tag, after) = after.split_once('>').expect("an end of the tag");
                let index = open.pop().unwrap_or_else(|| panic!("</{tag}> closes nothing"));
                assert_eq!(elements[index].tag, tag, "closes another one: {:?}", elements[index]);
                rest = after;
            } else {
                let (mut element, is_closed, after) = start_tag(&rest[1..]);
                element.parents.clone_from(&open);
                if !is_closed && !VOID.contains(&element.tag.as_str()) {
                    open.push(elements.len());
                }
                elements.push(element);
                rest = after;
            }
        }
        assert!(open.is_empty(), "never closed: {open:?}");
        Self { elements, texts }
    }

    pub(crate) fn all(&self, tag: &str) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(move |element| element.tag == tag)
    }

    pub(crate) fn one(&self, tag: &str) -> &Element {
        let found: Vec<_> = self.all(tag).collect();
        assert_eq!(found.len(), 1, "one <{tag}>: {found:?}");
        found[0]
    }

    /// The elements with an attribute of this value.
    pub(crate) fn with(&self, name: &str, value: &str) -> Vec<&Element> {
        self.elements.iter().filter(|element| element.has(name) && element.get(name) == value).collect()
    }

    /// The elements inside of an element.
    pub(crate) fn inside(&self, outer: &Element) -> Vec<&Element> {
        let outer =
            self.elements.iter().position(|element| std::ptr::eq(element, outer)).expect("an element of it");
        self.elements.iter().filter(|element| element.parents.contains(&outer)).collect()
    }
}

/// Reads a tag from behind its `<`, says that it closes itself, and returns what stands behind it.
fn start_tag(text: &str) -> (Element, bool, &str) {
    let end = text.find([' ', '>']).expect("an end of the tag's name");
    let mut element = Element { tag: text[..end].to_owned(), ..Element::default() };
    let mut rest = text[end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return (element, false, after);
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return (element, true, after);
        }
        let end = rest.find(['=', ' ', '>']).expect("an end of the attribute's name");
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let (quoted, after) = after.split_once('"').expect("an end of the value");
            (value, rest) = (unescaped(quoted), after);
        }
        assert!(!name.is_empty() && !name.contains(['"', '<', '&']), "{name:?} in {element:?}");
        assert!(element.attributes.insert(name, value).is_none(), "an attribute stands twice in {element:?}");
        rest = rest.trim_start();
    }
}

fn unescaped(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}
