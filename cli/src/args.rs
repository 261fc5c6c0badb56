//! The command line, as clap reads it. Only words and defaults: what they lead to is in `commands/`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit_code;
use crate::quantity;

/// The whole command line: cargo runs `cargo-rememo rememo ..` for `cargo rememo ..`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
pub(crate) enum CargoCli {
    /// See what a function depends on, what is cached, and why it recomputes.
    #[command(version, after_help = exit_code::HELP, after_long_help = exit_code::HELP)]
    Rememo(Rememo),
}

/// `cargo rememo`
#[derive(Debug, Args)]
pub(crate) struct Rememo {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print functions with what they reach and their fingerprints.
    ///
    /// Works on any package or workspace, with or without the build hook. Nothing is compiled and nothing is written.
    #[command(after_long_help = DUMP_NOTES)]
    Dump(Dump),
    /// List what cached functions read besides their arguments: clock, files, random numbers, statics that change, ...
    ///
    /// Nothing is compiled and nothing is written. Each input comes with the calls that lead to it, and each widened place
    /// with the way out.
    #[command(after_long_help = CHECK_NOTES)]
    Check(Check),
    /// Show what a function reaches, as a tree.
    ///
    /// An item that was shown before is marked (*) and its children are left out.
    Tree(Tree),
    /// Say what changed since the cached results of a function were computed.
    Why(Why),
    /// List the functions that have entries in the cache directory.
    Ls(Ls),
    /// Remove entries from the cache directory.
    Clear(Clear),
    /// Say what the cache directory takes, and for what.
    Size(Size),
    /// Remove the entries that save least, until the rest fits.
    Prune(Prune),
    /// Remove entries of code that is gone.
    ///
    /// Of each function, entries stay that belong to the code as it is, to one of the versions that were used last, or to one
    /// that was used within the grace. Of a function that is gone, the grace alone counts.
    Gc(Gc),
    /// Read every entry and check it; damaged ones are dropped.
    Verify(Verify),
    /// Write entries into an archive.
    Export(Export),
    /// Read an archive into the cache directory.
    ///
    /// The whole archive is checked before anything is written.
    Import(Import),
}

const DUMP_NOTES: &str = "\
Fingerprints:
  A fingerprint covers the source that a function reaches and the configuration it is compiled under. It equals the one \
that a build compiles in, given the same features, target, profile and environment: rustc answers env!(..) from its own \
environment, and dump from the one it was started in.
  A fingerprint marked `+exe` is only the first part: a cached function of that kind is completed at run time with a hash \
of the running executable, because no source hash can pin it. One of a function that reaches packages from a registry or \
git is the first part too: which features these are compiled with only a build can tell, and completes it.

Exit codes:
  4 if sources have problems: the dump is printed all the same, and the problems go to stderr. The others are listed by \
`cargo rememo --help`.";

const CHECK_NOTES: &str = "\
Kinds of inputs, and what declares them:
  clock, network    #[cached(ttl = ..)], etag or accept
  files             #[cached(files(..))], etag or accept
  env, process, state    #[cached(etag = ..)] or accept
  random, threads, foreign, order    #[cached(accept(random, ..))], or mend the function
  `accept(kind, ..)` says that the result doesn't depend on it, or that you don't mind.
  A kind with a question mark is a guess: on the way there, the target of a call can't be told.

Exit codes:
  7 if something is read that isn't declared; 4 if sources have problems, too, for then not all of them was seen. The others \
are listed by `cargo rememo --help`.";

/// `cargo rememo check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Every function that has a body, not only the cached ones.
    #[arg(long)]
    pub(crate) all: bool,
    /// Only this function, cached or not; its path, or the end of it. May be repeated.
    #[arg(long, value_name = "PATH", conflicts_with = "all")]
    pub(crate) root: Vec<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo dump`
#[derive(Debug, Args)]
pub(crate) struct Dump {
    /// Every function that has a body, not only the cached ones.
    #[arg(long)]
    pub(crate) all: bool,
    /// Only this function; its path, or the end of it. May be repeated.
    #[arg(long, value_name = "PATH", conflicts_with = "all")]
    pub(crate) root: Vec<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print to stderr how long the analysis took, beside parsing the same files with syn and doing nothing else.
    #[arg(long)]
    pub(crate) timings: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo tree`
#[derive(Debug, Args)]
pub(crate) struct Tree {
    /// The function: its path, or the end of it.
    #[arg(value_name = "FN")]
    pub(crate) function: String,
    /// How many levels to show; the function itself is level 0.
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<usize>,
    /// Show what reaches the function, instead.
    #[arg(long)]
    pub(crate) invert: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo why`
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The cached function: its path, or the end of it.
    #[arg(value_name = "FN")]
    pub(crate) function: String,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo ls`
#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// Only this function: its path, or the end of it.
    #[arg(value_name = "FN")]
    pub(crate) function: Option<String>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo clear`
#[derive(Debug, Args)]
pub(crate) struct Clear {
    /// The function whose entries go: its path, or the end of it.
    #[arg(value_name = "FN", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) function: Option<String>,
    /// Remove the entries of every function.
    #[arg(long)]
    pub(crate) all: bool,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `cargo rememo size`
#[derive(Debug, Args)]
pub(crate) struct Size {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `cargo rememo prune`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("limit").required(true).multiple(true))]
pub(crate) struct Prune {
    /// How much may stay, such as 500MB or 2GiB; 0 is no limit.
    #[arg(long, value_name = "SIZE", value_parser = quantity::bytes, group = "limit")]
    pub(crate) max_bytes: Option<u64>,
    /// How many entries may stay; 0 is no limit.
    #[arg(long, value_name = "N", group = "limit")]
    pub(crate) max_entries: Option<u64>,
    /// Remove what wasn't used for so long, such as 12h or 30d, whatever the limits say.
    #[arg(long, value_name = "TIME", value_parser = quantity::duration, group = "limit")]
    pub(crate) unused_for: Option<Duration>,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `cargo rememo gc`
#[derive(Debug, Args)]
pub(crate) struct Gc {
    /// So many versions of each function stay, those that were used last.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) keep_versions: usize,
    /// Versions that were used within so long stay.
    #[arg(long, value_name = "TIME", value_parser = quantity::duration, default_value = "30d")]
    pub(crate) grace: Duration,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// `cargo rememo verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `cargo rememo export`
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The archive.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Only these functions: their paths, or the ends of them.
    #[arg(value_name = "FN")]
    pub(crate) function: Vec<String>,
    /// Write over a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what would be exported, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// `cargo rememo import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The archive.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where the directory has another result, keep it.
    #[arg(long, conflicts_with = "replace")]
    pub(crate) keep: bool,
    /// Where the directory has another result, replace it.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Check the archive, say what would be imported, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Which cache directory.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cache directory")]
pub(crate) struct StoreArgs {
    /// The cache directory. Without it, the one that a program started here would use: REMEMO_DIR, else .rememo in the
    /// workspace root, else the user's cache directory.
    #[arg(long, value_name = "PATH")]
    pub(crate) dir: Option<PathBuf>,
}

/// Which cache directory, where no package is analyzed.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Path of Cargo.toml, to find the cache directory of that package.
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
}

/// Which packages, and under which configuration.
#[derive(Debug, Args)]
#[command(next_help_heading = "Package and configuration")]
pub(crate) struct ProjectArgs {
    /// Path of Cargo.toml. A workspace's root manifest stands for all of its members.
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Only this workspace member. May be repeated.
    #[arg(long, short, value_name = "NAME")]
    pub(crate) package: Vec<String>,
    /// Features to switch on, separated by commas or spaces.
    #[arg(long, short = 'F', value_name = "FEATURES", value_delimiter = ',')]
    pub(crate) features: Vec<String>,
    /// Switch every feature on.
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Leave the default feature off.
    #[arg(long)]
    pub(crate) no_default_features: bool,
    /// The target triple that the code is compiled for; the host's if it isn't given.
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    /// The profile whose debug assertions, overflow checks and panic strategy count: dev, release, or one of the
    /// manifest's own. Without it dev; where entries are looked up, dev and release.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

impl ProjectArgs {
    /// The features one by one: `--features "a b,c"` asks for three.
    pub(crate) fn feature_list(&self) -> Vec<String> {
        self.features.iter().flat_map(|f| f.split_whitespace()).map(str::to_owned).collect()
    }
}

/// How a dump or a check is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// Schema 1, for programs.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        CargoCli::command().debug_assert();
    }

    #[test]
    fn features_may_be_separated_by_commas_and_by_spaces() {
        let CargoCli::Rememo(rememo) =
            CargoCli::parse_from(["cargo", "rememo", "dump", "--features", "a b,c", "-F", "d"]);
        let Command::Dump(dump) = rememo.command else { panic!("that was dump") };
        assert_eq!(dump.project.feature_list(), ["a", "b", "c", "d"]);
    }
}
