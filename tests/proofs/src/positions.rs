//! Functions that can observe where code stands: `line!()`, `column!()`, `Location::caller()`. To them no rewriting is unseen.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;
use quote::ToTokens as _;
use rememo_analyzer::report::Function;

use crate::source::each;
use crate::subject::Subject;

/// Items whose code asks where it stands.
pub(crate) struct Observers {
    items: BTreeSet<usize>,
}

impl Observers {
    pub(crate) fn new(subject: &Subject) -> Observers {
        let mut items = BTreeSet::new();
        for source in &subject.sources {
            let mut lines = Vec::new();
            let mut before: Option<(String, usize)> = None;
            each(&source.syntax.to_token_stream(), &mut |token| match token {
                TokenTree::Ident(name) => before = Some((name.to_string(), name.span().start().line)),
                TokenTree::Punct(punct) if punct.as_char() == '!' => {
                    lines.extend(before.take().filter(|(name, _)| name == "line" || name == "column").map(|it| it.1));
                }
                _ => before = None,
            });
            for (at, item) in subject.analysis.items.iter().enumerate() {
                if item.file.as_deref() == Some(&source.path)
                    && lines.iter().any(|line| item.line as usize <= *line && *line <= item.end_line as usize)
                {
                    items.insert(at);
                }
            }
        }
        Observers { items }
    }

    /// Whether `function` reaches one of them, or asks for its caller's place.
    pub(crate) fn are_reached_by(&self, function: &Function) -> bool {
        let asks = function.widened.iter().any(|widened| widened.why.starts_with("reads where code stands"));
        asks || function.reaches.iter().any(|item| self.items.contains(&item.0))
    }
}
