//! One analysis per selected package, the way the build hook does it: a package is analyzed as the only subject of its own
//! project, so that what is printed here is what a build compiles in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rememo_analyzer::Roots;
use rememo_analyzer::project::{ExternalId, Project};
use rememo_analyzer::report::{Analysis, Function, Item, Problem, ProblemKind};
use rememo_analyzer::source::{Digest, Loader, NoSummaries, Summaries};
use rememo_build::configuration;
use rememo_build::{DiskLoader, DiskSummaries, Features, Subject};

use crate::args::ProjectArgs;
use crate::configuration::{Compiled, Compiler, Settings};
use crate::error::Error;
use crate::output::progress::Progress;
use crate::output::timings::Timings;
use crate::profile;
use crate::select;
use crate::workspace::{Member, Selection};

/// An entry of the analyzer.
type Analyze = fn(&Project, &dyn Loader, &Roots, &dyn Summaries) -> Analysis;

/// The analyses of all selected packages.
#[derive(Debug)]
pub(crate) struct Survey {
    /// What the output calls the whole.
    pub(crate) name: String,
    /// An analysis for each selected package, sorted by the package's name.
    pub(crate) parts: Vec<Part>,
    /// What its functions are called in errors.
    what: &'static str,
    loader: DiskLoader,
    analysis_time: std::time::Duration,
}

/// The analysis of one package.
#[derive(Debug)]
pub(crate) struct Part {
    /// The package.
    pub(crate) member: Member,
    /// What came out.
    pub(crate) analysis: Analysis,
    project: Project,
    /// The configurations in question, each under its profile's name.
    settings: Vec<Settings>,
}

impl Survey {
    /// Analyzes the packages that the command line selects, under the profile that it names, else under `profiles`.
    ///
    /// # Errors
    /// If a manifest, the profile or the compiler's target can't be read. What is wrong in sources is no error here.
    pub(crate) fn new(args: &ProjectArgs, roots: &Roots, profiles: &[&str]) -> Result<Survey, Error> {
        Survey::by(rememo_analyzer::analyze, args, roots, profiles)
    }

    /// Like [`Survey::new`], and asks what the functions read besides their arguments.
    ///
    /// # Errors
    /// The same.
    pub(crate) fn with_inputs(args: &ProjectArgs, roots: &Roots) -> Result<Survey, Error> {
        Survey::by(rememo_analyzer::analyze_with_inputs, args, roots, &["dev"])
    }

    fn by(analyze: Analyze, args: &ProjectArgs, roots: &Roots, profiles: &[&str]) -> Result<Survey, Error> {
        let Selection { name, members, root_manifest } = Selection::new(args)?;
        let workspace = rememo_build::Workspace::load(&rememo_build::cargo(), &root_manifest)?;
        let compiler = Compiler::ask(args, &workspace)?;
        let features = Features::Asked {
            features: args.feature_list(),
            all: args.all_features,
            no_default: args.no_default_features,
        };
        let loader = DiskLoader::new(workspace.root(), None);
        // One package needs no notes on its files; several share them.
        let files: Box<dyn Summaries> =
            if members.len() > 1 { Box::new(Kept::default()) } else { Box::new(NoSummaries) };
        let summaries = Notes { files, packages: packages(&workspace) };

        let (mut parts, mut analysis_time) = (Vec::new(), std::time::Duration::ZERO);
        for member in members {
            let _progress = Progress::start(format!("analyzing {}", member.name));
            let subject =
                Subject { manifest: &member.manifest, cfg: &compiler.cfg, features: &features, out_dir: false };
            let project = workspace.project(&subject)?;
            let settings = args.profile.as_deref().map_or(profiles.to_vec(), |asked| vec![asked]);
            let settings = settings.into_iter().map(|name| {
                let profile = profile::settings(&root_manifest, name, &member.name)?;
                Ok(compiler.settings(&workspace, name, profile))
            });
            let settings = settings.collect::<Result<Vec<_>, Error>>()?;
            let start = Instant::now();
            let analysis = analyze(&project, &loader, roots, &summaries);
            analysis_time += start.elapsed();
            parts.push(Part { member, analysis, project, settings });
        }
        let what = if matches!(roots, Roots::Cached) { "cached function" } else { "function" };
        Ok(Survey { name, parts, what, loader, analysis_time })
    }

    /// Leaves only the functions that `names` name.
    ///
    /// # Errors
    /// [`Error::UnknownFunction`], [`Error::AmbiguousFunction`].
    pub(crate) fn keep_only(&mut self, names: &[String]) -> Result<(), Error> {
        let mut kept = BTreeSet::new();
        for name in names {
            kept.insert(self.index_of(name)?);
        }
        for (p, part) in self.parts.iter_mut().enumerate() {
            let mut index = 0..;
            part.analysis.functions.retain(|_| index.next().is_some_and(|f| kept.contains(&(p, f))));
        }
        Ok(())
    }

    /// The function that `name` names, with its part.
    ///
    /// # Errors
    /// [`Error::UnknownFunction`], [`Error::AmbiguousFunction`].
    pub(crate) fn find(&self, name: &str) -> Result<(&Part, &Function), Error> {
        let (p, f) = self.index_of(name)?;
        Ok((&self.parts[p], &self.parts[p].analysis.functions[f]))
    }

    fn index_of(&self, name: &str) -> Result<(usize, usize), Error> {
        let of_part = |p: usize| (0..self.parts[p].analysis.functions.len()).map(move |f| (p, f));
        let all: Vec<(usize, usize)> = (0..self.parts.len()).flat_map(of_part).collect();
        let function = |&(p, f): &(usize, usize)| &self.parts[p].analysis.functions[f];
        let paths = all.iter().map(|at| function(at).path.as_str());
        let describe = |n: usize| {
            let item = &self.parts[all[n].0].analysis.items[function(&all[n]).item.0];
            format!("{}  {}", function(&all[n]).path, place(item))
        };
        Ok(all[select::one(name, self.what, paths, describe)?])
    }

    /// What is wrong in the sources.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.parts.iter().flat_map(|part| &part.analysis.problems)
    }

    /// What the analyses cost, beside parsing the same files once more and doing nothing else.
    ///
    /// # Errors
    /// If the system gives no thread to parse on.
    pub(crate) fn timings(&self) -> std::io::Result<Timings> {
        let read = self.parts.iter().flat_map(|part| &part.analysis.files).map(|file| file.path.as_str());
        // What the analysis gave up on isn't tried again.
        let unread = [ProblemKind::Syntax, ProblemKind::Encoding, ProblemKind::TooLarge];
        let is_broken = |problem: &&Problem| unread.contains(&problem.kind);
        let broken: BTreeSet<&str> = self.problems().filter(is_broken).map(|problem| problem.file.as_str()).collect();
        let files = read.filter(|path| !broken.contains(path)).collect();
        let declarations = self.parts.iter().flat_map(|part| &part.analysis.declarations).map(String::as_str).collect();
        Timings::new(self.analysis_time, &files, &declarations, &self.loader)
    }
}

impl Part {
    /// The profile under which a function has this fingerprint, if its packages are compiled as the stored manifest says.
    pub(crate) fn profile_of(&self, function: &Function, fingerprint: &[u8; 32], manifest: &str) -> Option<&str> {
        let edition = configuration::edition(&self.project, function);
        let is_it = |settings: &&Settings| settings.completed(function, edition, manifest).0 == *fingerprint;
        self.settings.iter().find(is_it).map(Settings::profile)
    }

    /// The fingerprints that a build compiles in under the first of the profiles, in the order of the functions.
    pub(crate) fn fingerprints(&self) -> Vec<Digest> {
        let settings = self.settings.first();
        let fixed = settings.map(|settings| settings.by_edition(&self.project)).unwrap_or_default();
        let of = |f: &Function| {
            let none = Vec::new();
            let fixed = fixed.get(&configuration::edition(&self.project, f)).unwrap_or(&none);
            settings.map(|settings| settings.fingerprint(f, fixed)).unwrap_or_default()
        };
        self.analysis.functions.iter().map(of).collect()
    }

    /// What a build compiles in of a function under each of the profiles.
    pub(crate) fn builds(&self, function: &Function) -> Vec<Compiled> {
        let edition = configuration::edition(&self.project, function);
        self.settings.iter().map(|settings| settings.compiled(function, edition)).collect()
    }

    /// What records of a function are stored under: package, target and path.
    pub(crate) fn id(&self, function: &Function) -> String {
        format!("{} {} {}", self.project.packages[function.package.0].name, function.target, function.path)
    }

    /// `name version` of an external package.
    pub(crate) fn external(&self, id: ExternalId) -> String {
        let external = &self.project.externals[id.0];
        format!("{} {}", external.name, external.version)
    }
}

/// `src/a.rs:3`, or nothing for what isn't in a file.
pub(crate) fn place(item: &Item) -> String {
    item.file.as_ref().map(|file| format!("{file}:{}", item.line)).unwrap_or_default()
}

/// What external packages declare is kept beside what cargo compiled of them, if there is such a place: nothing is left
/// behind in a folder that was never built in.
fn packages(workspace: &rememo_build::Workspace) -> Option<DiskSummaries> {
    let target = workspace.target_dir();
    target.is_dir().then(|| DiskSummaries::new(&target.join("rememo").join("packages")))
}

/// Summaries of files that are analyzed, and of external packages.
struct Notes {
    files: Box<dyn Summaries>,
    packages: Option<DiskSummaries>,
}

impl Summaries for Notes {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        self.files.get(key)
    }

    fn keeps(&self) -> bool {
        self.files.keeps()
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        self.files.put(key, summary);
    }

    fn packages(&self) -> Option<&dyn Summaries> {
        self.packages.as_ref().map(|packages| packages as &dyn Summaries)
    }
}

/// Summaries in memory, for as long as the process runs.
#[derive(Debug, Default)]
struct Kept(Mutex<HashMap<Digest, Vec<u8>>>);

impl Kept {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Vec<u8>>> {
        // Whoever panicked left whole entries: an insertion is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Summaries for Kept {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        self.lock().get(key).cloned()
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        self.lock().insert(*key, summary.to_owned());
    }
}
