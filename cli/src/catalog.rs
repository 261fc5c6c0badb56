//! The analyses of several packages as one list of items and one of functions: what a dump prints.
//!
//! An item that two packages reach is one item, whichever analysis it came from. Order and numbers depend on the sources
//! alone, never on which package was analyzed first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rememo_analyzer::report::{Function, Item, ItemId, Widened, WidenedKind};

use crate::survey::{Part, Survey};

/// Everything that a dump shows.
#[derive(Debug, Default)]
pub(crate) struct Catalog<'a> {
    /// Every item once.
    pub(crate) items: Vec<&'a Item>,
    /// Files that something names and that aren't there: no item stands in them.
    pub(crate) missing: BTreeSet<&'a str>,
    /// The functions, sorted by path.
    pub(crate) functions: Vec<Entry<'a>>,
}

/// A function of a dump.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Its path; unique.
    pub(crate) path: String,
    /// Its item's number.
    pub(crate) item: usize,
    /// Whether it carries `#[cached]`.
    pub(crate) cached: bool,
    /// Source and configuration, in hex.
    pub(crate) fingerprint: String,
    /// Numbers of the items it reaches, ascending, itself included.
    pub(crate) reaches: Vec<usize>,
    /// External packages, `name version`.
    pub(crate) external: BTreeSet<String>,
    /// Where the analysis took more than it could prove.
    pub(crate) widened: &'a [Arc<Widened>],
    /// What the analysis says of it, in the numbers of its own part.
    pub(crate) function: &'a Function,
    /// The analysis that it comes from.
    pub(crate) part: &'a Part,
}

impl Entry<'_> {
    /// Whether the fingerprint is completed at run time.
    pub(crate) fn is_opaque(&self) -> bool {
        self.widened.iter().any(|w| w.kind == WidenedKind::Opaque)
    }
}

/// What makes two items of two analyses the same: where and what they are. The last number tells apart what one macro call
/// made several times over on one line.
type Identity<'a> = (&'a str, &'a str, &'static str, Option<&'a str>, u32, u32, [u8; 32], usize);

impl<'a> Catalog<'a> {
    /// Joins the analyses of a survey.
    pub(crate) fn new(survey: &'a Survey) -> Catalog<'a> {
        let mut found: BTreeMap<Identity<'a>, &'a Item> = BTreeMap::new();
        let identities: Vec<Vec<Identity<'a>>> =
            survey.parts.iter().map(|part| identities(&part.analysis.items)).collect();
        for (part, identities) in survey.parts.iter().zip(&identities) {
            for (item, identity) in part.analysis.items.iter().zip(identities) {
                found.entry(*identity).or_insert(item);
            }
        }
        let number: HashMap<Identity<'a>, usize> =
            found.keys().enumerate().map(|(n, identity)| (*identity, n)).collect();

        let mut functions = Vec::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for part in &survey.parts {
            part.analysis.functions.iter().for_each(|f| *seen.entry(&f.path).or_default() += 1);
        }
        for (part, identities) in survey.parts.iter().zip(&identities) {
            // Numbers of this analysis' items; sorting whole reachable sets by number is cheaper than looking each up.
            let numbers: Vec<usize> = identities.iter().map(|identity| number[identity]).collect();
            let of = |id: &ItemId| numbers[id.0];
            for (f, fingerprint) in part.analysis.functions.iter().zip(part.fingerprints()) {
                // The binary of one member may bear the name of another member.
                let unique = seen[f.path.as_str()] == 1;
                let mut reaches: Vec<usize> = f.reaches.iter().map(of).collect();
                reaches.sort_unstable();
                reaches.dedup();
                functions.push(Entry {
                    path: if unique { f.path.clone() } else { format!("{} (package {})", f.path, part.member.name) },
                    item: of(&f.item),
                    cached: f.cached,
                    fingerprint: fingerprint.to_string(),
                    reaches,
                    external: f.external.iter().map(|&id| part.external(id)).collect(),
                    widened: &f.widened,
                    function: f,
                    part,
                });
            }
        }
        functions.sort_by(|a, b| a.path.cmp(&b.path));
        let files = survey.parts.iter().flat_map(|part| &part.analysis.files);
        let missing = files.filter(|file| file.hash.is_none()).map(|file| file.path.as_str()).collect();
        Catalog { items: found.into_values().collect(), missing, functions }
    }
}

fn identities(items: &[Item]) -> Vec<Identity<'_>> {
    let mut times: HashMap<Identity<'_>, usize> = HashMap::new();
    items
        .iter()
        .map(|item| {
            let (package, path, kind) = (item.package.as_str(), item.path.as_str(), item.kind.as_str());
            let mut identity = (path, package, kind, item.file.as_deref(), item.line, item.end_line, item.hash.0, 0);
            let nth = times.entry(identity).or_default();
            identity.7 = *nth;
            *nth += 1;
            identity
        })
        .collect()
}
