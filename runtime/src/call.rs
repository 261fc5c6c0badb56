//! The path of a call: key, memory, store, computation, store again.
//!
//! A hit in memory takes the short way through `enter`, which is all that is inlined into the user's function; everything
//! else is in `look_up`, `waiting` and `finish`. No lock is held while the user's code runs but the call's own key's, and
//! nothing here ever turns a failure of the cache into a failure of the function.

mod finish;
mod forced;
mod future;
mod waiting;

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use forced::{Force, SCOPED, set_detour, with_forced};
pub use waiting::Entering;
use waiting::Waiting;

use crate::cache::Cache;
use crate::declared::Declared;
use crate::event::{self, Event, Outcome};
use crate::flight::{Seat, Wait};
use crate::frame::{self, Inherited};
use crate::function::{AnyKept, Conditions, Function, Kept, Standing, Types, digest, type_hash};
use crate::handle::Handle;
use crate::inputs;
use crate::key::{CacheKey as _, Key, KeyEncoder, KeyError};
use crate::mode::Mode;
use crate::reason::{self, Reason};
use crate::record::{Digest, Metadata};
use crate::results::{DecodeError, Decoded, Keep};
use crate::stats::count;
use crate::store::StoreError;

/// What a look-up comes to.
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart where it is made; a box would cost a miss an allocation"
)]
pub enum Entered<R, P: Keep<R>> {
    /// The result.
    Hit(R),
    /// There is none: compute it.
    Miss(Pending<R, P>),
}

/// A computation that is about to begin.
pub struct Pending<R, P: Keep<R>> {
    call: Call,
    plan: Plan<P::Held>,
    result: PhantomData<fn() -> R>,
}

/// One call of a function: what it is looked up by.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) cache: &'static Cache,
    pub(crate) function: Arc<Function>,
    pub(crate) key: Key,
    pub(crate) declared: Declared,
    /// When it began, in the order of computations.
    pub(crate) since: u64,
    /// What `tracing` knows it by.
    pub(crate) span: tracing::Span,
}

/// What to do with what is computed.
enum Plan<H> {
    /// Nothing: the call passes through.
    Pass { reason: Reason },
    /// Store it.
    Store {
        digest: Digest,
        fingerprint: Digest,
        reason: Reason,
        differs_from: Option<H>,
        /// What others wait for, if they may.
        seat: Option<Seat>,
    },
}

/// What a look-up comes to, before anybody waited.
enum Looked<R, P: Keep<R>> {
    Hit(P::Held),
    Miss(Pending<R, P>),
    /// There is none, and somebody may be computing it.
    Wait(Waiting<R, P>),
}

/// Looks a call up. For the attribute alone.
#[inline]
pub fn enter<R, P: Keep<R>, T: ?Sized>(
    handle: Handle,
    _: P,
    _: Types<T>,
    write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
    declare: impl FnOnce(&mut Declared),
) -> Entered<R, P> {
    match look::<R, P, T>(handle, write_key, declare) {
        Looked::Hit(held) => Entered::Hit(P::result(held)),
        Looked::Miss(pending) => Entered::Miss(pending),
        Looked::Wait(waiting) => waiting.block(),
    }
}

/// Looks a call of an async function up. For the attribute alone.
#[inline]
pub fn enter_async<R, P: Keep<R>, T: ?Sized>(
    handle: Handle,
    _: P,
    _: Types<T>,
    write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
    declare: impl FnOnce(&mut Declared),
) -> Entering<R, P> {
    Entering::new(look::<R, P, T>(handle, write_key, declare))
}

#[inline]
fn look<R, P: Keep<R>, T: ?Sized>(
    handle: Handle,
    write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
    declare: impl FnOnce(&mut Declared),
) -> Looked<R, P> {
    let (site, cache) = (handle.site(), handle.static_cache());
    let Some(function) = cache.known(site) else {
        let function = cache.resolve(site);
        return look_up(cache, &function, encode::<T>(&function, write_key), declare);
    };
    let key = encode::<T>(function, write_key);
    if cache.is_direct()
        && !site.build.declares
        && !forced::any_detour()
        && !event::hits_are_traced()
        && let Ok(key) = &key
        && let Some(hit) = function.tier.get_with(key, direct_hit::<P::Held>)
    {
        let (held, saved_ns) = match hit {
            Direct::Held(held, saved_ns) => (Some(held), saved_ns),
            // A large value is cloned after the shard is let go.
            Direct::Shared(kept) => (held::<P::Held>(&kept).cloned(), kept.compute_ns),
            Direct::Not => (None, 0),
        };
        if let Some(held) = held {
            function.counters.memory_hit(saved_ns);
            return Looked::Hit(held);
        }
    }
    look_up(cache, function, key, declare)
}

enum Direct<H> {
    Held(H, u64),
    Shared(AnyKept),
    Not,
}

#[inline]
fn direct_hit<H: Clone + 'static>(kept: &AnyKept) -> Direct<H> {
    if kept.conditions.is_some() {
        return Direct::Not;
    }
    // What needs no drop owns no memory, so cloning it is a copy.
    if std::mem::needs_drop::<H>() {
        return Direct::Shared(kept.clone());
    }
    held::<H>(kept).map_or(Direct::Not, |held| Direct::Held(held.clone(), kept.compute_ns))
}

fn held<H: 'static>(kept: &AnyKept) -> Option<&H> {
    let value: &dyn Any = &kept.value;
    value.downcast_ref::<H>()
}

#[inline]
fn encode<T: ?Sized>(
    function: &Function,
    write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
) -> Result<Key, KeyError> {
    let mut encoder = KeyEncoder::new();
    write_key(&mut encoder)?;
    if function.is_by_type(std::any::type_name::<T>()) {
        type_hash::<T>().encode(&mut encoder)?;
    }
    Ok(encoder.finish())
}

/// The long way.
fn look_up<R, P: Keep<R>>(
    cache: &'static Cache,
    function: &Arc<Function>,
    key: Result<Key, KeyError>,
    declare: impl FnOnce(&mut Declared),
) -> Looked<R, P> {
    let since = frame::moment();
    let function = function.clone();
    let mut declared = Declared::default();
    let force = key.as_ref().ok().and_then(|key| forced::take(&function, key));
    let mode = match force {
        Some(Force::Uncached) => Mode::Off,
        Some(Force::Refresh) if cache.mode() != Mode::Off => Mode::Refresh,
        _ => cache.mode(),
    };
    // Whatever becomes of this call, a computation that made it depends on what it declares.
    if function.site.build.declares && (mode != Mode::Off || frame::any_active()) {
        declare(&mut declared);
    }
    let (key, problem) = match key {
        Ok(key) => (key, None),
        Err(error) => (KeyEncoder::new().finish(), Some(error.to_string())),
    };
    let span = event::span(&function.path);
    let call = Call { cache, function, key, declared, since, span };
    let pass = |call: Call, reason| Looked::Miss(Pending { call, plan: Plan::Pass { reason }, result: PhantomData });
    if mode == Mode::Off {
        let reason =
            if force.is_some() { Reason::Uncached("it was asked not to be".into()) } else { Reason::Mode(mode) };
        return pass(call, reason);
    }
    let (fingerprint, seed) = match &call.function.standing {
        Standing::Ready { fingerprint, seed } => (*fingerprint, *seed),
        Standing::PassThrough(why) => {
            let why = why.clone();
            call.function.warn_once(&why);
            return pass(call, Reason::Uncached(why));
        }
    };
    if let Some(why) = problem.or_else(|| call.declared.failure.clone()) {
        call.function.warn_once(&why);
        return pass(call, Reason::Uncached(why));
    }
    if frame::is_computing(&call.function, &call.key) {
        return pass(call, Reason::Uncached("it asks for its own result while computing it".into()));
    }
    let digest = digest(&seed, &call.key);
    let (found, missed) = match mode {
        Mode::Refresh => (None, Missed::Mode(mode)),
        _ => match call.find::<R, P>(&digest, &fingerprint) {
            Ok(found) => (Some(found), Missed::Mode(mode)),
            Err(missed) => (None, missed),
        },
    };
    match found {
        Some(found) if mode != Mode::Verify => Looked::Hit(call.hit(found)),
        None if mode == Mode::On && !cache.patience().is_zero() => {
            let wait = Wait::new(cache, (cache.number(), digest), frame::flights());
            Looked::Wait(Waiting::new(call, digest, fingerprint, missed, wait))
        }
        found => {
            let reason = call.reason(missed, &fingerprint);
            if mode == Mode::Only {
                let path = &call.function.path;
                panic!("REMEMO=only, and {path} has no stored result for these arguments: {reason}");
            }
            let differs_from = found.map(|found| found.held);
            let plan = Plan::Store { digest, fingerprint, reason, differs_from, seat: None };
            Looked::Miss(Pending { call, plan, result: PhantomData })
        }
    }
}

/// A result that counts.
pub(crate) struct Found<H> {
    pub(crate) held: H,
    conditions: Option<Box<Conditions>>,
    source: Outcome,
    compute_ns: u64,
    /// What it took to be read.
    reading: Duration,
}

/// Why there is none, as far as the look-up itself can tell.
pub(crate) enum Missed {
    Absent,
    Unusable(Reason),
    Mode(Mode),
}

impl Call {
    /// A call that isn't made, for its companions.
    pub(crate) fn new<T: ?Sized>(
        handle: Handle,
        write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
        declare: impl FnOnce(&mut Declared),
    ) -> Result<Call, KeyError> {
        let cache = handle.static_cache();
        let function = cache.resolve(handle.site());
        let key = encode::<T>(&function, write_key)?;
        let mut declared = Declared::default();
        declare(&mut declared);
        Ok(Call { cache, function, key, declared, since: frame::moment(), span: tracing::Span::none() })
    }

    /// Its result, if one counts.
    pub(crate) fn stored<R, P: Keep<R>>(&self) -> Option<P::Held> {
        let Standing::Ready { fingerprint, seed } = &self.function.standing else { return None };
        if self.cache.mode() == Mode::Off || self.declared.failure.is_some() {
            return None;
        }
        let found = self.find::<R, P>(&digest(seed, &self.key), fingerprint).ok()?;
        if let Some(conditions) = &found.conditions {
            frame::deliver(&self.inheritance(conditions), &self.function, self.since);
        }
        Some(found.held)
    }

    /// Forgets its result.
    pub(crate) fn invalidate(&self) -> Result<bool, StoreError> {
        let Standing::Ready { seed, .. } = &self.function.standing else { return Ok(false) };
        let in_memory = self.function.tier.remove(&self.key);
        Ok(self.cache.store().remove(&digest(seed, &self.key))? || in_memory)
    }

    /// Looks in memory, then in the store.
    pub(crate) fn find<R, P: Keep<R>>(&self, digest: &Digest, fingerprint: &Digest) -> Result<Found<P::Held>, Missed> {
        let now = self.cache.now();
        let mut missed = Missed::Absent;
        if let Some(kept) = self.function.tier.get(&self.key)
            && let Some(value) = held::<P::Held>(&kept)
        {
            match self.check(kept.conditions.as_deref(), now) {
                Ok(()) => {
                    return Ok(Found {
                        held: value.clone(),
                        conditions: kept.conditions.clone(),
                        source: Outcome::MemoryHit,
                        compute_ns: kept.compute_ns,
                        reading: Duration::ZERO,
                    });
                }
                // Another process may have stored a newer one.
                Err(reason) => missed = Missed::Unusable(reason),
            }
        }
        let began = Instant::now();
        let mut record = match self.cache.store().open(digest) {
            Ok(Some(record)) => record,
            Ok(None) => return Err(missed),
            Err(error) => {
                self.cache.warn_once(&error);
                return Err(missed);
            }
        };
        if record.about.function != self.function.name || record.about.fingerprint != *fingerprint {
            return Err(missed);
        }
        let conditions = conditions(&record.about);
        self.check(conditions.as_deref(), now).map_err(Missed::Unusable)?;
        let Decoded { value: held, weight } = match P::decode(&mut record) {
            Ok(decoded) => decoded,
            Err(DecodeError::Absent) => {
                // A damaged one is dropped by being read.
                let _ = self.cache.store().get(digest);
                return Err(missed);
            }
            Err(DecodeError::Undecodable(error)) => {
                // A record that doesn't decode never will.
                let _ = self.cache.store().remove(digest);
                return Err(Missed::Unusable(Reason::Undecodable(error.to_string())));
            }
        };
        self.cache.store().touch(&record.about, now);
        let compute_ns = record.about.compute_ns;
        self.keep(&held, conditions.clone(), compute_ns, weight);
        let reading = began.elapsed();
        Ok(Found { held, conditions, source: Outcome::StoreHit, compute_ns, reading })
    }

    /// Keeps a result in memory, if that has room for it.
    pub(crate) fn keep<H: Clone + Send + Sync + 'static>(
        &self,
        held: &H,
        conditions: Option<Box<Conditions>>,
        compute_ns: u64,
        bytes: u64,
    ) {
        let weight = bytes + std::mem::size_of::<Kept<H>>() as u64;
        if self.function.tier.takes(weight) {
            let kept = Kept { conditions, compute_ns, value: held.clone() };
            self.function.tier.insert(self.key, Arc::new(kept), weight);
        } else {
            // What may be there is older.
            self.function.tier.remove(&self.key);
        }
    }

    /// Whether a stored result still counts.
    fn check(&self, conditions: Option<&Conditions>, now: u64) -> Result<(), Reason> {
        let none = Conditions::default();
        let conditions = conditions.unwrap_or(&none);
        // The attribute's ttl may have become shorter since.
        let own = self.declared.ttl.map(|ttl| expiry(conditions.created, ttl));
        if conditions.expires.into_iter().chain(own).any(|expires| expires <= now) {
            return Err(Reason::Expired);
        }
        if conditions.etag != self.declared.etag {
            return Err(Reason::EtagChanged);
        }
        let mut own = conditions.inputs.iter().filter(|input| input.kind == inputs::OWN);
        let mut declared = self.declared.files.iter();
        loop {
            match (own.next(), declared.next()) {
                (None, None) => break,
                (Some(then), Some(now)) if then == now => {}
                (Some(then), Some(now)) => {
                    return Err(Reason::InputChanged(then.name.clone().min(now.name.clone())));
                }
                (Some(one), None) | (None, Some(one)) => return Err(Reason::InputChanged(one.name.clone())),
            }
        }
        let mut inherited = conditions.inputs.iter().filter(|input| input.kind != inputs::OWN);
        match inherited.find(|input| !inputs::is_unchanged(input)) {
            Some(changed) => Err(Reason::InputChanged(changed.name.clone())),
            None => Ok(()),
        }
    }

    /// What is done about every hit.
    fn hit<H>(&self, found: Found<H>) -> H {
        let Found { held, conditions, source: outcome, compute_ns, reading } = found;
        if let Some(conditions) = &conditions {
            frame::deliver(&self.inheritance(conditions), &self.function, self.since);
        }
        let counters = &self.function.counters;
        if outcome == Outcome::MemoryHit {
            counters.memory_hit(compute_ns);
        } else {
            count(&counters.store_hits, 1);
            count(&counters.store_saved_ns, compute_ns);
            count(&counters.reading_ns, u64::try_from(reading.as_nanos()).unwrap_or(u64::MAX));
            self.function.weigh();
        }
        self.span.record("outcome", "hit");
        if self.cache.hears_of_hits() {
            let took = Duration::from_nanos(compute_ns);
            self.cache.tell(&Event { function: self.function.path.clone(), outcome, took });
        }
        held
    }

    /// What a computation that made this call depends on, given what the result itself depends on.
    pub(crate) fn inheritance(&self, conditions: &Conditions) -> Inherited {
        let mut inherited = Inherited { expires: conditions.expires, ..Inherited::default() };
        let own = self.declared.ttl.map(|ttl| expiry(conditions.created, ttl));
        inherited.add(&Inherited { files: conditions.inputs.clone(), expires: own, unstorable: None });
        if conditions.etag.is_some() {
            // Its current etag is known to nobody who doesn't have its arguments.
            inherited.unstorable = Some(format!("it called {}, which has an etag", self.function.path));
        }
        inherited
    }

    /// Why there was no hit; looks into the store only if somebody wants to hear it.
    fn reason(&self, missed: Missed, fingerprint: &Digest) -> Reason {
        match missed {
            Missed::Mode(mode) => Reason::Mode(mode),
            Missed::Unusable(reason) => reason,
            Missed::Absent if !self.cache.is_observed() && self.cache.mode() != Mode::Only => Reason::Unknown,
            Missed::Absent => self.absent(fingerprint),
        }
    }

    fn absent(&self, fingerprint: &Digest) -> Reason {
        /// Older fingerprints that are looked at.
        const VERSIONS: usize = 8;
        let store = self.cache.store();
        let Ok(manifests) = store.manifests(Some(&self.function.name)) else { return Reason::Unknown };
        let (current, older): (Vec<_>, Vec<_>) = manifests.into_iter().partition(|m| m.fingerprint == *fingerprint);
        let with_these_arguments = older.iter().take(VERSIONS).find(|manifest| {
            let seed = crate::key::function_seed(&self.function.name, &manifest.fingerprint);
            matches!(store.get(&digest(&seed, &self.key)), Ok(Some(_)))
        });
        match (with_these_arguments, current.is_empty(), older.first()) {
            (Some(before), ..) => reason::compare(&before.items, &self.function.manifest()),
            (None, true, None) => Reason::FirstCall,
            _ => Reason::NewArguments,
        }
    }
}

/// What a record says must hold; `None` if nothing.
fn conditions(about: &Metadata) -> Option<Box<Conditions>> {
    if about.expires.is_none() && about.etag.is_none() && about.inputs.is_empty() && about.inherited.is_empty() {
        return None;
    }
    // This release stores nothing that inherits an etag; a record that has one can't be checked, so it counts as expired.
    let expires = if about.inherited.is_empty() { about.expires } else { Some(0) };
    Some(Box::new(Conditions {
        created: about.created,
        expires,
        etag: about.etag.clone(),
        inputs: about.inputs.clone(),
    }))
}

/// When a result from `created` stops to count.
pub(crate) fn expiry(created: u64, ttl: Duration) -> u64 {
    created.saturating_add(u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX))
}
