//! Computing, and what is done with the result.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::call::{Call, Pending, Plan, expiry};
use crate::codec::Comparison;
use crate::companion::InsertError;
use crate::event::{Event, Outcome};
use crate::flight::End;
use crate::frame::{self, Computation, Entered, Inherited};
use crate::function::{Conditions, Standing, digest};
use crate::inputs;
use crate::mode::Mode;
use crate::record::{Digest, Metadata};
use crate::results::{Encoded, How, Keep};
use crate::stats::count;
use crate::store::{Manifest, StoreError, Writing};

/// A computation that has begun. If it ends without a result (a panic, a future that is dropped), what it has inherited
/// still goes to whoever called it.
pub(crate) struct Running<R, P: Keep<R>> {
    call: Call,
    plan: Option<Plan<P::Held>>,
    computation: Option<Computation>,
    began: Instant,
    created: u64,
    result: PhantomData<fn() -> R>,
}

impl<R, P: Keep<R>> Pending<R, P> {
    /// Computes the result. For the attribute alone.
    pub fn compute(self, body: impl FnOnce() -> R) -> R {
        let running = self.begin();
        let result = {
            let _entered = running.enter();
            let _span = running.call.span.enter();
            body()
        };
        running.finish(&result);
        result
    }

    pub(crate) fn begin(self) -> Running<R, P> {
        let Pending { call, plan, .. } = self;
        // A call that passes through needs no frame: what it inherits goes to the computations around it directly.
        call.span.record("outcome", "computed");
        let computation = match &plan {
            Plan::Pass { .. } => None,
            Plan::Store { seat, .. } => {
                let flight = seat.as_ref().map(|seat| seat.flight().clone());
                Some(Computation::begin(call.function.clone(), call.key, flight))
            }
        };
        let created = call.cache.now();
        Running { call, plan: Some(plan), computation, began: Instant::now(), created, result: PhantomData }
    }
}

impl<R, P: Keep<R>> Running<R, P> {
    pub(crate) fn span(&self) -> &tracing::Span {
        &self.call.span
    }

    pub(crate) fn enter(&self) -> Option<Entered> {
        self.computation.as_ref().map(Computation::enter)
    }

    /// Stores the result, tells what happened, and hands on what the result depends on.
    pub(crate) fn finish(mut self, result: &R) {
        let took = self.began.elapsed();
        let Some(plan) = self.plan.take() else { return };
        let counters = &self.call.function.counters;
        count(&counters.computed_ns, nanos(took));
        let (reason, unstored) = match plan {
            Plan::Pass { reason } => {
                count(&counters.uncached, 1);
                (reason, None)
            }
            Plan::Store { digest, fingerprint, reason, differs_from, seat } => {
                count(&counters.misses, 1);
                self.verify(differs_from, result, took);
                let conditions = self.conditions();
                let unstored = match conditions {
                    Ok(conditions) => store::<R, P>(&self.call, result, &digest, &fingerprint, conditions, took).err(),
                    Err(why) => Some(why),
                };
                if let Some(seat) = seat {
                    // Where only the store failed, those who wait find it in memory.
                    let kept = unstored.is_none() || self.call.function.tier.get(&self.call.key).is_some();
                    seat.finish(if kept { End::Stored } else { End::Unstored });
                }
                (reason, unstored)
            }
        };
        if self.call.cache.is_observed() {
            let outcome = Outcome::Computed { reason, unstored };
            self.call.cache.tell(&Event { function: self.call.function.path.clone(), outcome, took });
        }
    }

    /// What the result depends on, once it is there; an error if it can't be stored.
    fn conditions(&self) -> Result<Conditions, String> {
        let declared = &self.call.declared;
        if let Some(changed) = declared.files.iter().find(|input| !inputs::is_unchanged(input)) {
            return Err(format!("{} changed while it was computed", changed.name));
        }
        let inherited = self.inherited();
        if let Some(why) = inherited.unstorable {
            return Err(why);
        }
        let own = declared.ttl.map(|ttl| expiry(self.created, ttl));
        let mut inputs = declared.files.clone();
        inputs.extend(inherited.files);
        Ok(Conditions {
            created: self.created,
            expires: own.into_iter().chain(inherited.expires).min(),
            etag: declared.etag.clone(),
            inputs,
        })
    }

    fn inherited(&self) -> Inherited {
        self.computation.as_ref().map(Computation::inherited).unwrap_or_default()
    }

    /// Compares what was stored with what was computed, under `REMEMO=verify`.
    fn verify(&self, stored: Option<P::Held>, result: &R, took: Duration) {
        let Some(stored) = stored else { return };
        let same = P::held(result)
            .is_some_and(|fresh| matches!(P::compare(&stored, fresh), Ok(Comparison::Same | Comparison::Reordered)));
        if !same {
            count(&self.call.function.counters.differences, 1);
            let event = Event { function: self.call.function.path.clone(), outcome: Outcome::Differs, took };
            crate::event::warn(&event.to_string());
            self.call.cache.tell(&event);
        }
    }
}

/// Stores a result; an error says why not.
fn store<R, P: Keep<R>>(
    call: &Call,
    result: &R,
    digest: &Digest,
    fingerprint: &Digest,
    conditions: Conditions,
    took: Duration,
) -> Result<(), String> {
    let function = &call.function;
    let Some(held) = P::held(result) else { return Err("only success is stored".into()) };
    let checked = function.site.build.debug_assertions && !function.round_trip_checked.swap(true, Ordering::Relaxed);
    let compression = function.site.build.compress.unwrap_or_else(|| call.cache.compression());
    let Encoded { codec, content } = P::encode(held, How { checked, compression }).map_err(|error| {
        let why = error.to_string();
        function.warn_once(&why);
        why
    })?;
    let store = call.cache.store();
    if function.first_store() {
        let manifest = Manifest::new(&*function.name, *fingerprint, conditions.created, function.manifest());
        if let Err(error) = store.put_manifest(&manifest) {
            call.cache.warn_once(&error);
        }
    }
    let mut about = Metadata::default();
    about.function.clone_from(&function.name);
    about.fingerprint = *fingerprint;
    about.key = *digest;
    about.created = conditions.created;
    about.accessed = conditions.created;
    about.expires = conditions.expires;
    about.compute_ns = nanos(took);
    about.etag.clone_from(&conditions.etag);
    about.inputs.clone_from(&conditions.inputs);
    about.codec = codec;
    let unconditional = Conditions { created: conditions.created, ..Conditions::default() } == conditions;
    let kept = (!unconditional).then(|| Box::new(conditions));
    let writing = Writing::new(&about, content);
    let stored = store.write(&writing);
    let bytes = writing.weight();
    if let Err(StoreError::Unencodable(error)) = &stored {
        let why = error.to_string();
        function.warn_once(&why);
        return Err(why);
    }
    // Memory too where the store fails: it serves this process.
    call.keep(held, kept, nanos(took), bytes);
    stored.map_err(|error| {
        call.cache.warn_once(&error);
        error.to_string()
    })?;
    count(&function.counters.stored, 1);
    count(&function.counters.stored_bytes, bytes);
    Ok(())
}

impl Call {
    /// Stores a result that somebody else computed.
    pub(crate) fn insert<R, P: Keep<R>>(&self, result: &R) -> Result<(), InsertError> {
        let not_cached = InsertError::NotCached;
        let (fingerprint, seed) = match &self.function.standing {
            Standing::Ready { fingerprint, seed } => (fingerprint, seed),
            Standing::PassThrough(why) => return Err(not_cached(why.clone())),
        };
        if self.cache.mode() == Mode::Off {
            return Err(not_cached("the mode is off".into()));
        }
        if let Some(why) = &self.declared.failure {
            return Err(not_cached(why.clone()));
        }
        let created = self.cache.now();
        let conditions = Conditions {
            created,
            expires: self.declared.ttl.map(|ttl| expiry(created, ttl)),
            etag: self.declared.etag.clone(),
            inputs: self.declared.files.clone(),
        };
        store::<R, P>(self, result, &digest(seed, &self.key), fingerprint, conditions, Duration::ZERO)
            .map_err(InsertError::NotStored)
    }
}

impl<R, P: Keep<R>> Drop for Running<R, P> {
    fn drop(&mut self) {
        let mut inherited = self.inherited();
        // Its own frame first: it can't inherit from itself.
        drop(self.computation.take());
        if !frame::any_active() {
            return;
        }
        let declared = &self.call.declared;
        let own = Conditions {
            created: self.created,
            expires: None,
            etag: declared.etag.clone(),
            inputs: declared.files.clone(),
        };
        inherited.add(&self.call.inheritance(&own));
        if inherited.unstorable.is_none()
            && let Some(why) = unreliable(&self.call, &declared.files)
        {
            inherited.unstorable = Some(why);
        }
        frame::deliver(&inherited, &self.call.function, self.call.since);
    }
}

/// Why whoever made the call can't rely on the declared files, if so.
fn unreliable(call: &Call, files: &[crate::record::Input]) -> Option<String> {
    if let Some(why) = &call.declared.failure {
        return Some(format!("it called {}: {why}", call.function.path));
    }
    let changed = files.iter().find(|input| !inputs::is_unchanged(input))?;
    Some(format!("{} changed while {} was computed", changed.name, call.function.path))
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
