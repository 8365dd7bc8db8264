use thiserror::Error;

/// The metrics that a user keeps, by patterns of their names.
///
/// A pattern is a name in which `*` stands for any letters, also none. With a `!` before it, it says what to leave out. A name is kept if some pattern
/// without `!` fits, or there is none, and no pattern with `!` fits; their order does not matter. Names are those of samples, with their suffixes.
///
/// ```
/// let filter = exposition::Filter::new(["node_*", "!node_cpu_guest_*"]).expect("patterns");
/// assert!(filter.keeps("node_cpu_seconds_total"));
/// assert!(!filter.keeps("node_cpu_guest_seconds_total"));
/// assert!(!filter.keeps("go_goroutines"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    allowed: Vec<Pattern>,
    denied: Vec<Pattern>,
}

/// A pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the pattern `{pattern}` {problem}")]
pub struct FilterError {
    /// The pattern as it was given.
    pub pattern: String,
    /// The reason.
    pub problem: PatternProblem,
}

/// The reason why a pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PatternProblem {
    /// It is empty, or only a `!`.
    #[error("is empty")]
    Empty,
    /// It begins or ends with a blank.
    #[error("begins or ends with a blank")]
    Blank,
    /// It has a second `!` at its beginning.
    #[error("has two exclamation marks")]
    TwoMarks,
    /// It names labels, as a selector of series does.
    #[error("names labels: it may only name metrics")]
    Labels,
    /// It is longer than 1,024 bytes.
    #[error("is longer than 1,024 bytes")]
    TooLong,
    /// It stands after 1,000 others.
    #[error("is beyond the 1,000 that a filter may have")]
    TooMany,
}

/// As long as the longest name by default.
const LONGEST: usize = 1_024;
/// Each is tried on each sample.
const MOST: usize = 1_000;

impl Filter {
    /// Makes a filter of patterns. Without any, it keeps all.
    ///
    /// # Errors
    ///
    /// [`FilterError`], with the first pattern that cannot be used.
    pub fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for (index, pattern) in patterns.into_iter().enumerate() {
            let text = pattern.as_ref();
            let problem = |problem| FilterError { pattern: text.to_owned(), problem };
            if index >= MOST {
                return Err(problem(PatternProblem::TooMany));
            }
            let (list, text) = match text.strip_prefix('!') {
                Some(text) => (&mut filter.denied, text),
                None => (&mut filter.allowed, text),
            };
            list.push(Pattern::parse(text).map_err(problem)?);
        }
        Ok(filter)
    }

    /// Returns true for a name that the user keeps.
    pub fn keeps(&self, name: &str) -> bool {
        let fits = |pattern: &Pattern| pattern.fits(name);
        (self.allowed.is_empty() || self.allowed.iter().any(fits)) && !self.denied.iter().any(fits)
    }
}

/// A pattern between its stars: `*_total` is an empty beginning and `_total`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    beginning: String,
    middle: Vec<String>,
    /// None where there is no star, and the beginning is all.
    end: Option<String>,
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, PatternProblem> {
        if text.is_empty() {
            return Err(PatternProblem::Empty);
        }
        if text.len() > LONGEST {
            return Err(PatternProblem::TooLong);
        }
        if text.starts_with('!') {
            return Err(PatternProblem::TwoMarks);
        }
        if text.trim() != text {
            return Err(PatternProblem::Blank);
        }
        if text.contains(['{', '}', '"', '=']) {
            return Err(PatternProblem::Labels);
        }
        let mut pieces = text.split('*').map(str::to_owned);
        let beginning = pieces.next().unwrap_or_default();
        let end = pieces.next_back();
        let middle = pieces.filter(|piece| !piece.is_empty()).collect();
        Ok(Self { beginning, middle, end })
    }

    /// Looks for each piece once, from left to right: time is linear in the name, however many stars there are.
    fn fits(&self, name: &str) -> bool {
        let Some(end) = &self.end else { return name == self.beginning };
        let Some(mut rest) = name.strip_prefix(&*self.beginning).and_then(|rest| rest.strip_suffix(&**end))
        else {
            return false;
        };
        self.middle.iter().all(|piece| {
            let found = rest.find(&**piece);
            rest = found.map_or("", |index| &rest[index + piece.len()..]);
            found.is_some()
        })
    }
}
