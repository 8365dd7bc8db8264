//! The digest of what was rendered, written into the page beside it: the browser compares it with what it finds
//! before it takes the page over ([`common::shape`]).

use common::shape::{COMMENT, Shape, TEXT};

/// The element that the page is mounted into, as `app::shell` writes it.
const ROOT: &str = "<div id=\"app\"";

/// Elements without an end (HTML §13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements whose content is text, whatever stands in it, in a browser that runs scripts.
const RAW: [&str; 4] = ["noscript", "script", "style", "textarea"];

/// The document with `data-shape` on its root. One without a root is not for a script to take over, and stays as it is.
pub(super) fn mark(html: &str) -> Option<String> {
    let at = html.find(ROOT)? + ROOT.len();
    let inside = at + html[at..].find('>')? + 1;
    let digest = digest(&html[inside..])?;
    Some(format!("{} data-shape=\"{digest:x}\"{}", &html[..at], &html[at..]))
}

/// Digests the markup from here to the end of the open element.
fn digest(mut rest: &str) -> Option<u32> {
    let (mut shape, mut depth) = (Shape::new(), 0_usize);
    loop {
        let text = rest.find('<')?;
        if text > 0 {
            leaf(&mut shape, TEXT);
        }
        rest = &rest[text..];
        if let Some(comment) = rest.strip_prefix("<!") {
            leaf(&mut shape, COMMENT);
            rest = match comment.strip_prefix("--") {
                Some(comment) => &comment[comment.find("-->")? + 3..],
                None => &comment[comment.find('>')? + 1..],
            };
        } else if rest.starts_with("</") {
            if depth == 0 {
                return Some(shape.digest());
            }
            depth -= 1;
            shape.close();
            rest = &rest[rest.find('>')? + 1..];
        } else {
            let end = tag_end(rest)?;
            let tag = &rest[1..end];
            let name = &tag[..tag.find([' ', '/']).unwrap_or(tag.len())];
            rest = &rest[end + 1..];
            shape.open(name);
            if VOID.contains(&name) || tag.ends_with('/') {
                shape.close();
            } else if RAW.contains(&name) {
                let length = rest.find(&format!("</{name}"))?;
                if length > 0 {
                    leaf(&mut shape, TEXT);
                }
                rest = &rest[length..];
                depth += 1;
            } else {
                depth += 1;
            }
        }
    }
}

fn leaf(shape: &mut Shape, name: &str) {
    shape.open(name);
    shape.close();
}

/// Finds the end of a tag: an attribute's value may contain a `>`.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inside: &str) -> u32 {
        let page = format!("<html><body><div id=\"app\" class=\"app\">{inside}</div><p>x</p></body></html>");
        let marked = mark(&page).expect("a root");
        let value = marked.split("data-shape=\"").nth(1).and_then(|rest| rest.split('"').next());
        u32::from_str_radix(value.expect("a digest"), 16).expect("a number")
    }

    #[test]
    fn what_a_parser_makes_of_it_is_digested_and_not_how_it_is_written() {
        let mut shape = Shape::new();
        shape.open("main");
        leaf(&mut shape, "br");
        leaf(&mut shape, TEXT);
        leaf(&mut shape, COMMENT);
        leaf(&mut shape, TEXT);
        shape.open("noscript");
        leaf(&mut shape, TEXT);
        shape.close();
        shape.close();
        let html = "<main title=\"a > b\"><br>one<!>two &lt;three&gt;<noscript><p>no</p></noscript></main>";
        assert_eq!(of(html), shape.digest());
        assert_eq!(of(&html.replace("<!>", "<!--x-->").replace("two", "2")), shape.digest());
    }

    #[test]
    fn a_node_more_or_elsewhere_is_another_shape() {
        let page = of("<main><p>one</p><svg><path d=\"M0,0\"/></svg></main>");
        for other in [
            "<div></div><main><p>one</p><svg><path d=\"M0,0\"/></svg></main>",
            "<main><p><font>one</font></p><svg><path d=\"M0,0\"/></svg></main>",
            "<main><p>one</p><svg><path d=\"M0,0\"/></svg></main> ",
            "<main><p>one<svg><path d=\"M0,0\"/></svg></p></main>",
        ] {
            assert_ne!(of(other), page, "{other}");
        }
    }

    #[test]
    fn a_document_without_a_root_or_without_an_end_is_left_alone() {
        for html in ["", "<p>no</p>", "<div id=\"app\"", "<div id=\"app\"><p", "<div id=\"app\"><p>"] {
            assert_eq!(mark(html), None, "{html}");
        }
    }
}
