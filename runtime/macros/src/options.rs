//! What stands in the parentheses of `#[cached(...)]`.
//!
//! Only reads; whether an option fits its function is for `signature` to say.

use std::time::Duration;

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Lit, LitBool, LitStr, Path, Result, Token, Type, parenthesized};

/// Every option, for the message that an unknown one gets.
const KNOWN: &str = "`id = \"...\"`, `key(argument = expression, ...)`, `ignore(argument, ...)`, `ttl = \"1h\"`, \
    `etag = expression`, `files(path, ...)`, `all`, `compress`, `codec = path`, `cache = expression`, `accept(clock, ...)`, `companions = false`, `crate = path`";

/// The options of one function.
#[derive(Default)]
pub(crate) struct Options {
    /// Tells functions apart that the table can't.
    pub(crate) id: Option<Expr>,
    /// Expressions that stand for arguments in the key.
    pub(crate) keys: Vec<(Ident, Expr)>,
    /// Arguments that don't count.
    pub(crate) ignored: Vec<Ident>,
    /// How long a result is good for.
    pub(crate) ttl: Option<Ttl>,
    /// A result is good as long as this has the value that it had.
    pub(crate) etag: Option<Expr>,
    /// Files that the function reads.
    pub(crate) files: Vec<Expr>,
    /// `Err` and `None` are stored too.
    pub(crate) all: bool,
    /// Whether results are compressed; `None`: as the cache says.
    pub(crate) compress: Option<bool>,
    /// The codec of results, if it isn't the default one.
    pub(crate) codec: Option<Type>,
    /// The cache, if it isn't the default one.
    pub(crate) cache: Option<Expr>,
    /// Whether to make `NAME_cache` and `NAME_handle`; `None`: where they fit.
    pub(crate) companions: Option<bool>,
    /// What the user's crate calls rememo.
    pub(crate) krate: Option<Path>,
}

impl Options {
    /// Whether what is written in the attribute may name arguments.
    pub(crate) fn may_name_arguments(&self) -> bool {
        let named = self.ttl.is_some() || self.etag.is_some() || self.cache.is_some();
        named || !self.keys.is_empty() || !self.ignored.is_empty() || !self.files.is_empty()
    }
}

/// A duration, written out or computed.
pub(crate) enum Ttl {
    Fixed(Duration),
    Computed(Box<Expr>),
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Options::default();
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let name = input.call(Ident::parse_any)?;
            if let Some(earlier) = seen.iter().find(|earlier| **earlier == name) {
                return Err(Error::new_spanned(&name, format!("`{earlier}` is given twice")));
            }
            match name.to_string().as_str() {
                "id" => options.id = Some(value(input)?),
                "key" => options.keys = pairs(input)?,
                "ignore" => options.ignored = names(input)?,
                "ttl" => options.ttl = Some(ttl(value(input)?)?),
                "etag" => options.etag = Some(value(input)?),
                "files" => options.files = expressions(input)?,
                "all" => options.all = true,
                "compress" if input.peek(Token![=]) => options.compress = Some(value::<LitBool>(input)?.value),
                "compress" => options.compress = Some(true),
                "codec" => options.codec = Some(value(input)?),
                "cache" => options.cache = Some(value(input)?),
                "companions" => options.companions = Some(value::<LitBool>(input)?.value),
                "crate" => options.krate = Some(value(input)?),
                "accept" => accepted(&names(input)?)?,
                _ => return Err(Error::new_spanned(&name, format!("unknown option `{name}`; there are {KNOWN}"))),
            }
            seen.push(name);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn value<T: Parse>(input: ParseStream<'_>) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn pairs(input: ParseStream<'_>) -> Result<Vec<(Ident, Expr)>> {
    let list;
    parenthesized!(list in input);
    let pair = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        Ok((name, value(input)?))
    };
    Ok(Punctuated::<_, Token![,]>::parse_terminated_with(&list, pair)?.into_iter().collect())
}

fn names(input: ParseStream<'_>) -> Result<Vec<Ident>> {
    let list;
    parenthesized!(list in input);
    Ok(Punctuated::<_, Token![,]>::parse_terminated_with(&list, Ident::parse_any)?.into_iter().collect())
}

/// The hook reads these words from the source; here they are only checked.
fn accepted(kinds: &[Ident]) -> Result<()> {
    match kinds.iter().find(|kind| !rememo_table::INPUT_KINDS.iter().any(|known| *kind == known)) {
        None => Ok(()),
        Some(kind) => {
            let known = rememo_table::INPUT_KINDS.join(", ");
            Err(Error::new_spanned(kind, format!("`{kind}` is no kind of input; there are {known}")))
        }
    }
}

fn expressions(input: ParseStream<'_>) -> Result<Vec<Expr>> {
    let list;
    parenthesized!(list in input);
    Ok(Punctuated::<_, Token![,]>::parse_terminated_with(&list, Expr::parse)?.into_iter().collect())
}

fn ttl(value: Expr) -> Result<Ttl> {
    if let Expr::Lit(literal) = &value {
        return match &literal.lit {
            Lit::Str(text) => duration(text).map(Ttl::Fixed),
            other => Err(Error::new_spanned(
                other,
                "a duration needs a unit: `ttl = \"90s\"`, or an expression of type `Duration`",
            )),
        };
    }
    Ok(Ttl::Computed(Box::new(value)))
}

/// Reads `1h`, `1h 30m`, `250ms`.
fn duration(text: &LitStr) -> Result<Duration> {
    let written = text.value();
    let wrong = || {
        let units = "ms, s, m, h, d, w";
        Error::new_spanned(
            text,
            format!("`{written}` is no duration; write numbers with units ({units}), such as \"1h 30m\""),
        )
    };
    let mut total = Duration::ZERO;
    let mut rest = written.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(60 * 60),
            "d" => Duration::from_secs(24 * 60 * 60),
            "w" => Duration::from_secs(7 * 24 * 60 * 60),
            _ => return Err(wrong()),
        };
        let part = u32::try_from(number).ok().and_then(|number| unit.checked_mul(number)).ok_or_else(wrong)?;
        total = total.checked_add(part).ok_or_else(wrong)?;
        rest = rest[letters..].trim_start();
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u128> {
        duration(&LitStr::new(text, proc_macro2::Span::call_site())).ok().map(|d| d.as_millis())
    }

    #[test]
    fn a_duration_is_numbers_with_units() {
        assert_eq!(read("250ms"), Some(250));
        assert_eq!(read("1h 30m"), Some(90 * 60 * 1000));
        assert_eq!(read(" 2d12h "), Some(60 * 60 * 60 * 1000));
        for wrong in ["", "1", "h", "1 hour", "1y", "-1s", "99999999999999999999s"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
