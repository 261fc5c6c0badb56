//! Matches input against patterns, as rustc does: all positions that are possible advance together, token by token.
//!
//! It never goes back, so an input costs its length times the pattern's. Where rustc finds two ways to go on it reports an
//! ambiguity; such a program doesn't compile, so here the first way is taken.

use std::ops::Range;

use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::parse::{ParseBuffer, ParseStream, Parser};

use super::ExpandError;
use super::definition::{Arm, Loc};
use super::fragment::{self, Fragment};
use super::token::{self, Token};

/// What a variable is bound to.
#[derive(Debug)]
pub(super) enum Binding {
    One(Fragment),
    /// One binding for each turn of a repetition.
    Many(Vec<Binding>),
}

/// The first arm that matches, with what its variables are bound to.
pub(super) fn first_match<'a>(
    arms: &'a [Arm],
    input: TokenStream,
    krate: &Ident,
) -> Result<(&'a Arm, Vec<Binding>), ExpandError> {
    let mut found = None;
    let mut too_deep = false;
    let search = |input: ParseStream<'_>| {
        for arm in arms {
            let mut matcher = Matcher::new(&arm.pattern, krate);
            let matched = matcher.run(&input.fork());
            match matched.and_then(|trace| matcher.bindings(arm.vars, trace)) {
                Some(bindings) => {
                    found = Some((arm, bindings));
                    break;
                }
                None if matcher.too_deep => {
                    // It might have matched: the arms behind it must not be tried.
                    too_deep = true;
                    break;
                }
                None => {}
            }
        }
        Ok(())
    };
    // What the parser says of the tokens that are left over, which are all of them, means nothing.
    let _ = search.parse2(input);
    if too_deep {
        return Err(ExpandError::TooDeep);
    }
    found.ok_or(ExpandError::NoMatch)
}

/// A position in the pattern, and the events that led there.
#[derive(Debug, Clone, Copy)]
struct Thread {
    loc: usize,
    trace: Option<usize>,
}

/// Something that changed bindings. Threads share their past: each event knows the one before it.
#[derive(Debug)]
struct Event {
    before: Option<usize>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A repetition was entered.
    Enter { vars: Range<usize>, depth: usize },
    /// A variable was matched.
    Bind { var: usize, depth: usize, fragment: Option<Fragment> },
}

struct Matcher<'a> {
    pattern: &'a [Loc],
    krate: &'a Ident,
    threads: Vec<Thread>,
    events: Vec<Event>,
    /// By position: the step in which a thread was last seen there.
    seen: Vec<usize>,
    steps: usize,
    /// Whether it gave up on what it dared not parse.
    too_deep: bool,
}

impl<'a> Matcher<'a> {
    fn new(pattern: &'a [Loc], krate: &'a Ident) -> Self {
        let threads = vec![Thread { loc: 0, trace: None }];
        let seen = vec![0; pattern.len()];
        Matcher { pattern, krate, threads, events: Vec::new(), seen, steps: 0, too_deep: false }
    }

    /// Matches all the input. Answers the last event of the thread that got through; the outer answer is none if none did.
    fn run(&mut self, input: ParseStream<'_>) -> Option<Option<usize>> {
        self.group(input)?;
        let end = self.pattern.len();
        self.threads.iter().find(|thread| thread.loc == end).map(|thread| thread.trace)
    }

    /// Matches up to the end of a group, that end included.
    fn group(&mut self, input: ParseStream<'_>) -> Option<()> {
        loop {
            let begin = input.cursor();
            let (token, rest) = token::read(begin);
            let (next, variable) = self.advance(&token);
            if next.is_empty() && variable.is_none() {
                return None;
            }
            if !next.is_empty() {
                self.threads = next;
                match token {
                    Token::End => return Some(()),
                    Token::Group(delimiter) => self.group(&open(input, delimiter)?)?,
                    _ => {
                        while input.cursor() < rest {
                            fragment::skip_tree(input)?;
                        }
                    }
                }
            } else if let Some(thread) = variable
                && let Some(&Loc::Var { kind, var, depth }) = self.pattern.get(thread.loc)
            {
                self.too_deep = fragment::is_too_deep(kind, begin, &token);
                if self.too_deep {
                    return None;
                }
                let fragment = fragment::parse(kind, input, &token)?;
                let trace = self.record(thread.trace, What::Bind { var, depth, fragment: Some(fragment) });
                self.threads.clear();
                self.threads.push(Thread { loc: thread.loc + 1, trace });
            }
        }
    }

    /// Follows all threads up to where they need a token. Answers those that take this one, and one that wants a fragment.
    fn advance(&mut self, token: &Token) -> (Vec<Thread>, Option<Thread>) {
        self.steps += 1;
        let (mut next, mut variable) = (Vec::new(), None);
        let mut todo = std::mem::take(&mut self.threads);
        while let Some(Thread { loc, trace }) = todo.pop() {
            match self.seen.get_mut(loc) {
                Some(seen) if *seen != self.steps => *seen = self.steps,
                _ => continue,
            }
            let Some(at) = self.pattern.get(loc) else { continue };
            let takes = match at {
                Loc::Token(expected) => expected.matches(token),
                Loc::Crate => matches!(token, Token::Ident(ident) if ident == self.krate),
                Loc::Open(delimiter) => matches!(token, Token::Group(found) if found == delimiter),
                Loc::Close | Loc::End => matches!(token, Token::End),
                Loc::Enter { behind, optional, vars, depth } => {
                    let (behind, optional) = (*behind, *optional);
                    let what = What::Enter { vars: vars.clone(), depth: *depth };
                    let trace = if vars.is_empty() { trace } else { self.record(trace, what) };
                    if optional {
                        todo.push(Thread { loc: behind, trace });
                    }
                    todo.push(Thread { loc: loc + 1, trace });
                    false
                }
                Loc::Again { first } => {
                    todo.push(Thread { loc: loc + 1, trace });
                    todo.push(Thread { loc: *first, trace });
                    false
                }
                Loc::Separator { token: separator, first } => {
                    todo.push(Thread { loc: loc + 1, trace });
                    if separator.matches(token) {
                        next.push(Thread { loc: *first, trace });
                    }
                    false
                }
                Loc::Var { kind, .. } => {
                    if kind.may_begin(token) {
                        variable = Some(Thread { loc, trace });
                    }
                    false
                }
            };
            if takes {
                next.push(Thread { loc: loc + 1, trace });
            }
        }
        (next, variable)
    }

    fn record(&mut self, before: Option<usize>, what: What) -> Option<usize> {
        self.events.push(Event { before, what });
        Some(self.events.len() - 1)
    }

    /// Replays the events that led to `trace`.
    fn bindings(&mut self, vars: usize, trace: Option<usize>) -> Option<Vec<Binding>> {
        let mut path = Vec::new();
        let mut at = trace;
        while let Some(event) = at {
            path.push(event);
            at = self.events.get(event)?.before;
        }
        let mut bindings: Vec<Option<Binding>> = (0..vars).map(|_| None).collect();
        for event in path.into_iter().rev() {
            match &mut self.events.get_mut(event)?.what {
                What::Enter { vars, depth } => {
                    for var in vars.clone() {
                        bind(bindings.get_mut(var)?, *depth, Binding::Many(Vec::new()))?;
                    }
                }
                What::Bind { var, depth, fragment } => {
                    bind(bindings.get_mut(*var)?, *depth, Binding::One(fragment.take()?))?;
                }
            }
        }
        bindings.into_iter().collect()
    }
}

/// Puts a binding into the current turn of the innermost of `depth` repetitions.
fn bind(slot: &mut Option<Binding>, depth: usize, binding: Binding) -> Option<()> {
    if depth == 0 {
        *slot = Some(binding);
        return Some(());
    }
    let mut at = slot.as_mut()?;
    for _ in 1..depth {
        let Binding::Many(turns) = at else { return None };
        at = turns.last_mut()?;
    }
    let Binding::Many(turns) = at else { return None };
    turns.push(binding);
    Some(())
}

/// Enters the group that the input is at.
fn open<'a>(input: ParseStream<'a>, delimiter: Delimiter) -> Option<ParseBuffer<'a>> {
    fn inside<'a>(input: ParseStream<'a>, delimiter: Delimiter) -> syn::Result<ParseBuffer<'a>> {
        let content;
        match delimiter {
            Delimiter::Parenthesis => drop(syn::parenthesized!(content in input)),
            Delimiter::Bracket => drop(syn::bracketed!(content in input)),
            Delimiter::Brace => drop(syn::braced!(content in input)),
            Delimiter::None => return Err(input.error("a fragment can't be entered")),
        }
        Ok(content)
    }
    inside(input, delimiter).ok()
}
