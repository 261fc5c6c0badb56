//! What an analysis says: items, functions with their reachable sets and fingerprints, files read, problems met.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::project::{ExternalId, PackageId};
use crate::source::Digest;

/// Index into [`Analysis::items`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub usize);

/// The outcome of an analysis. Items, functions, files and problems are sorted, so that equal sources print alike.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Analysis {
    /// Every item of every analyzed package, external packages included.
    pub items: Vec<Item>,
    /// The functions that were asked for, sorted by path.
    pub functions: Vec<Function>,
    /// Every file that was read, and every path that was asked for and is missing, sorted by path.
    pub files: Vec<FileRead>,
    /// Files of external packages that were read for what they declare, sorted. What was kept of them isn't read again.
    pub declarations: Vec<String>,
    /// What went wrong, sorted by place.
    pub problems: Vec<Problem>,
    /// What one item asks for so that it comes to another; see [`Way`].
    pub steps: Vec<String>,
}

/// A node of the item graph.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Item {
    /// `name::module::Type::method`.
    pub path: String,
    /// What it is.
    pub kind: ItemKind,
    /// Name of its package.
    pub package: String,
    /// The file it stands in, a loader's path; `None` for an external package.
    pub file: Option<String>,
    /// First line, attributes included; from 1, 0 for an external package.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Hash of its own normalized code.
    pub hash: Digest,
    /// Hash of its identity, its own code and what its names resolve to: this is what fingerprints are made of.
    pub digest: Digest,
    /// Items that it mentions without condition; empty in what [`analyze_since`](crate::analyze_since) says.
    pub mentions: Vec<ItemId>,
    /// For what a macro made, where its tokens were written: lines of the macro's definition, of the call, or of both.
    /// Sorted; empty unless places were asked for.
    pub written: Vec<Lines>,
    /// Type parameters of the impl or trait around it, and its own; empty unless places were asked for.
    pub parameters: Vec<String>,
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Lines {
    /// The file, a loader's path.
    pub file: String,
    /// The first line, from 1.
    pub line: u32,
    /// The last.
    pub end_line: u32,
}

/// Kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the words of the language")]
pub enum ItemKind {
    Fn,
    Const,
    Static,
    Type,
    Trait,
    Impl,
    Macro,
    /// An included file.
    File,
    /// A package from a registry or from git.
    External,
    /// A module, where it counts as a whole.
    Module,
    /// A crate, where it counts as a whole.
    Crate,
}

impl ItemKind {
    /// The word that a dump prints.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemKind::Fn => "fn",
            ItemKind::Const => "const",
            ItemKind::Static => "static",
            ItemKind::Type => "type",
            ItemKind::Trait => "trait",
            ItemKind::Impl => "impl",
            ItemKind::Macro => "macro",
            ItemKind::File => "file",
            ItemKind::External => "external",
            ItemKind::Module => "mod",
            ItemKind::Crate => "crate",
        }
    }
}

/// A function with a body, and all that it reaches.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Function {
    /// Path, unique in the analysis.
    pub path: String,
    /// Its item.
    pub item: ItemId,
    /// Its package.
    pub package: PackageId,
    /// Label of its target: `lib`, `bin:name`.
    pub target: String,
    /// Bare name.
    pub name: String,
    /// What `module_path!()` says there.
    pub module: String,
    /// Line of its name, from 1; 0 if a macro made it.
    pub line: u32,
    /// Column of its name, from 1; 0 if a macro made it.
    pub column: u32,
    /// Whether it carries `#[cached]`.
    pub cached: bool,
    /// The source field of its fingerprint.
    pub source: Digest,
    /// What it reaches, itself included, sorted.
    pub reaches: Vec<ItemId>,
    /// External packages that it reaches, sorted.
    pub external: Vec<ExternalId>,
    /// Where the analysis could not be exact, sorted by place.
    ///
    /// Functions that reach the same places share them.
    pub widened: Vec<Arc<Widened>>,
    /// Predicates of its own package (single ones: `test`, `feature = "x"`) that reachable code asks for, with the answer
    /// if it is known.
    pub cfgs: BTreeSet<(String, Option<bool>)>,
    /// Variables of its own package that reachable code reads at compile time, with the value if it is known.
    pub envs: BTreeSet<(String, Option<String>)>,
    /// Why it must not be cached; empty for a function that isn't.
    pub refused: Vec<Refusal>,
    /// What it reads besides its arguments, declared or not, sorted by kind; empty unless it was asked for.
    pub inputs: Vec<Input>,
    /// External packages that it reaches and of which nobody knows what they read; empty unless inputs were asked for.
    pub unseen: Vec<ExternalId>,
    /// How it comes to each item that it reaches; empty unless it was asked for.
    pub ways: Vec<Way>,
}

/// How a function comes to an item: the last step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Way {
    /// The item.
    pub item: ItemId,
    /// The item before it; `None` for the function itself, and for what its callers may bring.
    pub from: Option<ItemId>,
    /// What the item before it asked for, to be found in [`Analysis::steps`]: empty if it names the item.
    pub by: u32,
}

/// Something that a function may read although neither its arguments nor its fingerprint hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// Which part of the world it is.
    pub kind: InputKind,
    /// What the code names: `std::time::Instant::now`, `static demo::COUNTER`.
    pub what: String,
    /// File and line of the use that is nearest to the function.
    pub at: String,
    /// The way there, the function itself first.
    pub path: Vec<Step>,
    /// Files and lines of further uses, sorted.
    pub others: Vec<String>,
    /// The way holds a call whose target can't be told: it may lead elsewhere.
    pub guessed: bool,
    /// The option of `#[cached]` that declares or accepts it.
    pub declared: Option<&'static str>,
}

/// One step on the way to an input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The item.
    pub item: ItemId,
    /// Where the step before names or calls it; for the first, where it stands.
    pub at: String,
}

/// Parts of the world that a result may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum InputKind {
    /// The time.
    Clock,
    /// Variables, arguments and folders of the process.
    Env,
    /// Files and standard input.
    Files,
    /// Other machines.
    Network,
    /// Random numbers.
    Random,
    /// Other processes, and the number of this one.
    Process,
    /// Which thread runs, and how many can.
    Threads,
    /// Statics and thread-locals that change while the program runs.
    State,
    /// Code that isn't Rust.
    Foreign,
    /// The order of a standard hash map or set, which is another in each process.
    Order,
}

impl InputKind {
    /// Every kind, in the order of reports.
    pub const ALL: [InputKind; 10] = [
        InputKind::Clock,
        InputKind::Env,
        InputKind::Files,
        InputKind::Network,
        InputKind::Random,
        InputKind::Process,
        InputKind::Threads,
        InputKind::State,
        InputKind::Foreign,
        InputKind::Order,
    ];

    /// The word that `#[cached(accept(..))]` takes and a report prints.
    pub fn as_str(self) -> &'static str {
        match self {
            InputKind::Clock => "clock",
            InputKind::Env => "env",
            InputKind::Files => "files",
            InputKind::Network => "network",
            InputKind::Random => "random",
            InputKind::Process => "process",
            InputKind::Threads => "threads",
            InputKind::State => "state",
            InputKind::Foreign => "foreign",
            InputKind::Order => "order",
        }
    }

    /// The kind of a word.
    pub fn named(word: &str) -> Option<InputKind> {
        InputKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Why a cached function must not be cached as it is: a hit could be another argument's result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Refusal {
    /// File and line of what is in the way; empty if it stands in no analyzed file.
    pub at: String,
    /// The reason and the way out, for people.
    pub why: String,
}

/// A place where the analysis had to take more than it could prove.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Widened {
    /// File and line.
    pub at: String,
    /// More source, or the running executable.
    pub kind: WidenedKind,
    /// The reason, for people.
    pub why: String,
}

/// How far a widening goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WidenedKind {
    /// The fingerprint covers more source than is needed.
    Source,
    /// No source hash can pin the function: the running executable's content completes the fingerprint.
    Opaque,
}

impl WidenedKind {
    /// The word that a dump prints.
    pub fn as_str(self) -> &'static str {
        match self {
            WidenedKind::Source => "source",
            WidenedKind::Opaque => "opaque",
        }
    }
}

/// A file that the analysis read or looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct FileRead {
    /// The loader's path.
    pub path: String,
    /// Packages whose code it belongs to.
    pub packages: Vec<PackageId>,
    /// Hash of its content; `None` if it is missing.
    pub hash: Option<Digest>,
}

/// Something in the sources that stopped the analysis from seeing all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 if the problem is the file as a whole.
    pub line: u32,
    /// What is wrong.
    pub kind: ProblemKind,
    /// The cause, for people.
    pub message: String,
}

/// Kind of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file does not parse.
    Syntax,
    /// The file is not UTF-8.
    Encoding,
    /// The file, or the file of a module, is missing or unreadable.
    Missing,
    /// A file that code includes (`include_str!` and the like) is missing: what includes it can't be compiled here.
    Include,
    /// The file is too large to be looked into.
    TooLarge,
    /// A macro recurses or grows without end.
    Recursion,
}
