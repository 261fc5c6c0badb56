//! What the code says of its cached functions: which entries belong to it as it is now.

use std::collections::{BTreeMap, BTreeSet};

use rememo::store::Code;
use rememo_analyzer::report::WidenedKind;

use crate::error::Error;
use crate::stored::Stored;
use crate::survey::Survey;

/// The cached functions of the surveyed packages.
#[derive(Debug)]
pub(crate) struct Known {
    functions: BTreeMap<String, Function>,
    packages: BTreeSet<String>,
}

/// Fingerprints under the usual profiles, and whether the executable counts too.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) fingerprints: Vec<[u8; 32]>,
    pub(crate) is_opaque: bool,
}

impl Known {
    /// # Errors
    /// If the cache directory can't be read.
    pub(crate) fn new(survey: &Survey, stored: &Stored) -> Result<Known, Error> {
        let functions = survey.parts.iter().flat_map(|part| part.analysis.functions.iter().map(move |f| (part, f)));
        let of = functions.map(|(part, f)| {
            let id = part.id(f);
            let mut fingerprints: Vec<[u8; 32]> = part.builds(f).into_iter().map(|build| build.fingerprint.0).collect();
            if !f.external.is_empty() && stored.functions.contains_key(&id) {
                let manifests = stored.manifests(&id)?.into_iter();
                let current = manifests.filter(|m| part.profile_of(f, &m.fingerprint, &m.items).is_some());
                fingerprints.extend(current.map(|manifest| manifest.fingerprint));
            }
            let is_opaque = f.widened.iter().any(|w| w.kind == WidenedKind::Opaque);
            Ok((id, Function { fingerprints, is_opaque }))
        });
        let packages = survey.parts.iter().map(|part| part.member.name.clone()).collect();
        Ok(Known { functions: of.collect::<Result<_, Error>>()?, packages })
    }

    /// What is known of a stored function, if it is in the code.
    pub(crate) fn get(&self, id: &str) -> Option<&Function> {
        self.functions.get(id)
    }

    /// What is known of a stored function and a fingerprint.
    pub(crate) fn code(&self, id: &str, fingerprint: &[u8; 32]) -> Code {
        match self.get(id) {
            Some(function) if function.fingerprints.contains(fingerprint) => Code::Current,
            Some(_) => Code::Unknown,
            // Another workspace may share the directory, and a function with an id of its own isn't told by its path.
            None if id.contains(" #") => Code::Unknown,
            None if self.packages.contains(id.split(' ').next().unwrap_or(id)) => Code::Gone,
            None => Code::Unknown,
        }
    }
}
