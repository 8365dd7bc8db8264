//! The next query of a client that polls on.

/// The parameters that say nothing about a position. Any other has the query read anew.
const PLAIN: [&str; 2] = ["topics", "wait"];

/// A query as what stays, and the position in it: `None` where a parameter may mean a position in another way. Nothing is
/// decoded: what is not written plainly is read anew as well.
pub(super) fn split(query: &str) -> Option<(String, Option<&str>)> {
    let (mut rest, mut since) = (String::with_capacity(query.len()), None);
    for pair in query.split('&') {
        match pair.split_once('=')? {
            ("since", place) if since.is_none() => since = Some(place),
            (name, _) if PLAIN.contains(&name) => {
                if !rest.is_empty() {
                    rest.push('&');
                }
                rest.push_str(pair);
            }
            _ => return None,
        }
    }
    Some((rest, since))
}

/// The position in a query that is `rest` besides.
pub(super) fn position<'a>(query: &'a str, rest: &str) -> Option<&'a str> {
    let (mut left, mut since) = (rest, None);
    for pair in query.split('&') {
        match pair.strip_prefix("since=") {
            Some(place) if since.is_none() => since = Some(place),
            Some(_) => return None,
            None if pair.is_empty() => return None,
            None => {
                left = left.strip_prefix(pair)?;
                left = match left.strip_prefix('&') {
                    Some(more) => more,
                    None if left.is_empty() => left,
                    None => return None,
                };
            }
        }
    }
    since.filter(|_| left.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_position_may_differ() {
        let (rest, since) = split("topics=a,b&wait=120").expect("plain");
        assert_eq!((rest.as_str(), since), ("topics=a,b&wait=120", None));
        let (again, since) = split("topics=a,b&since=1-9&wait=120").expect("plain");
        assert_eq!((again, since), (rest.clone(), Some("1-9")));
        for query in [
            "topics=a,b&wait=120&since=1-9",
            "since=1-9&topics=a,b&wait=120",
            "topics=a,b&since=1-9&wait=120",
        ] {
            assert_eq!(position(query, &rest), Some("1-9"), "{query}");
        }
        for query in [
            "topics=a,b&wait=120",
            "topics=a,b&wait=12&since=1-9",
            "topics=a,b&wait=1200&since=1-9",
            "topics=a&wait=120&since=1-9",
            "topics=a,b&since=1-9",
            "topics=a,b&wait=120&since=1-9&since=1-8",
            "topics=a,b&wait=120&since=1-9&snapshot=a",
            "topics=a,b&wait=120&since=1-9&",
            "wait=120&topics=a,b&since=1-9",
            "",
        ] {
            assert_eq!(position(query, &rest), None, "{query}");
        }
    }

    #[test]
    fn a_query_with_another_parameter_is_read_anew() {
        for query in [
            "topics=a&last_event_id=1-9",
            "topics=a&lastEventId=1-9",
            "topics=a&snapshot=a",
            "topics=a&since=1-9&since=1-8",
            "topics=a&%73ince=1-9",
            "topics=a&cursor",
            "",
        ] {
            assert_eq!(split(query), None, "{query}");
        }
    }
}
