//! Checks that the page is as the server has rendered it: only then can the app take it over node by node.

use common::shape::Shape;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::document;

/// The element that the page is mounted into.
pub(crate) fn root() -> Option<HtmlElement> {
    document().get_element_by_id("app")?.dyn_into().ok()
}

/// Returns true if the element's contents have the shape that the server has written on it.
pub(crate) fn is_as_rendered(root: &HtmlElement) -> bool {
    let written = root.get_attribute("data-shape");
    written.and_then(|written| u32::from_str_radix(&written, 16).ok()) == Some(digest(root))
}

fn digest(root: &Node) -> u32 {
    let mut shape = Shape::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        shape.open(&node.node_name());
        next = node.first_child().or_else(|| {
            // The next one in the document: beside this, or beside the nearest one around it that has one.
            let mut last = node;
            loop {
                shape.close();
                if let Some(sibling) = last.next_sibling() {
                    return Some(sibling);
                }
                last = last.parent_node().filter(|parent| !parent.is_same_node(Some(root)))?;
            }
        });
    }
    shape.digest()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn page(html: &str) -> HtmlElement {
        let root: HtmlElement = document().create_element("div").expect("an element").unchecked_into();
        root.set_inner_html(html);
        root
    }

    #[wasm_bindgen_test]
    fn a_tree_is_digested_as_the_server_does_it() {
        let mut shape = Shape::new();
        for name in ["main", "p", "#text", "/", "/", "#comment", "/", "svg", "path", "/", "/", "/", "br", "/"]
        {
            if name == "/" { shape.close() } else { shape.open(name) }
        }
        let root = page("<main><p>one</p><!--x--><svg><path d=\"M0,0\"/></svg></main><br>");
        assert_eq!(digest(&root), shape.digest());
        assert!(!is_as_rendered(&root), "nothing is written on it");
        let _ = root.set_attribute("data-shape", &format!("{:x}", shape.digest()));
        assert!(is_as_rendered(&root));
        let extension = document().create_element("div").expect("an element");
        let main = root.first_element_child().expect("an element");
        let _ = main.insert_before(&extension, main.first_child().as_ref());
        assert!(!is_as_rendered(&root));
    }

    #[wasm_bindgen_test]
    fn nothing_has_the_shape_of_nothing() {
        assert_eq!(digest(&page("")), Shape::new().digest());
    }
}
