//! Four processes share a directory, and one after another is killed at a random moment, in the middle of a merge included.
//!
//! What a cached function returned and the cache said was stored must be there afterwards, right, and no call may fail.
//! `cargo test` kills a few times. All of it:
//!
//! ```text
//! REMEMO_KILLS=1000 cargo test --release -p rememo-call-tests --test kills -- --nocapture
//! ```

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rememo::{Cache, Outcome, cached};

const TASK: &str = "REMEMO_TEST_KILLS_TASK";
const FOLDER: &str = "REMEMO_TEST_KILLS_FOLDER";
const PROCESSES: u64 = 4;
const RESULTS_PER_KILL: u64 = 20;

static CURRENT: Mutex<Option<&'static Cache>> = Mutex::new(None);
/// The last call's result was stored, or had been.
static STORED: AtomicBool = AtomicBool::new(false);

fn current() -> &'static Cache {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner).expect("a cache was chosen")
}

fn switch(folder: &Path) {
    let cache: &'static Cache = Box::leak(Box::new(Cache::builder().dir(folder.join(".rememo")).build()));
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(cache);
    cache.observe(|event| {
        let stored = match &event.outcome {
            Outcome::Computed { unstored, .. } => unstored.is_none(),
            _ => true,
        };
        STORED.store(stored, Ordering::SeqCst);
    });
}

fn mix(mut n: u64) -> u64 {
    n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The one right result: mostly small, some large enough for a file of its own.
fn right(n: u64) -> Vec<u32> {
    let size = match mix(n) % 40 {
        0 => 30_000,
        1..4 => 1_000,
        more => more,
    };
    (0..size).map(|i| mix(n.wrapping_mul(1_000_003) + i) as u32).collect()
}

#[cached(cache = current())]
fn value(n: u64) -> Vec<u32> {
    right(n)
}

/// One of the four. Calls with arguments that are new as often as with ones that any of the four may have stored.
fn work(process: u64, from: u64) {
    let mut out = std::io::stdout().lock();
    let mut say = |text: String| drop(out.write_all(text.as_bytes()));
    say("\n".into());
    let mut next = from;
    let mut random = mix(from ^ (process << 40));
    loop {
        random = mix(random.wrapping_add(1));
        let n = if random.is_multiple_of(2) {
            next += 1;
            next * PROCESSES + process
        } else {
            random / 2 % (next * PROCESSES + PROCESSES)
        };
        let result = value(n);
        if result != right(n) {
            say(format!("wrong {n}\n"));
        } else if STORED.load(Ordering::SeqCst) {
            // One write: a kill must not cut a line in two.
            say(format!("stored {n} {next}\n"));
        } else {
            say(format!("unstored {n}\n"));
        }
        thread::sleep(Duration::from_micros(300));
    }
}

#[test]
fn this_binary_is_also_the_other_process() {
    let (Ok(task), Ok(folder)) = (env::var(TASK), env::var(FOLDER)) else { return };
    let (process, from) = task.split_once(' ').expect("two numbers");
    switch(Path::new(&folder));
    work(process.parse().unwrap(), from.parse().unwrap());
}

struct Worker {
    child: Child,
    reader: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    stored: BTreeSet<u64>,
    next: [u64; PROCESSES as usize],
    complaints: Vec<String>,
    lines: u64,
}

fn locked(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(folder: &Path, process: u64, heard: &Arc<Mutex<Heard>>) -> Worker {
    let from = locked(heard).next[process as usize];
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["this_binary_is_also_the_other_process", "--exact", "--nocapture", "--test-threads=1"])
        .env(TASK, format!("{process} {from}"))
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let heard = Arc::clone(heard);
    let reader = thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let mut heard = locked(&heard);
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["stored", n, next] => {
                    heard.lines += 1;
                    heard.stored.insert(n.parse().unwrap());
                    heard.next[process as usize] = next.parse().unwrap();
                }
                ["wrong" | "unstored", _] => heard.complaints.push(line),
                _ => {}
            }
        }
        let mut said = String::new();
        let _ = err.read_to_string(&mut said);
        if !said.is_empty() {
            locked(&heard).complaints.push(said);
        }
    });
    Worker { child, reader }
}

/// Which process has the index, as it says itself.
fn owner(folder: &Path) -> Option<u32> {
    fs::read_to_string(folder.join(".rememo/v1/lock")).ok()?.trim().parse().ok()
}

fn is_merging(folder: &Path) -> bool {
    fs::read_dir(folder.join(".rememo/v1/merging")).is_ok_and(|mut entries| entries.next().is_some())
}

/// How many kills were of the owner of the index, and how many of those in the middle of a merge.
#[derive(Debug, Default)]
struct Kills {
    all: u64,
    owner: u64,
    merging: u64,
}

fn kill_at_random(folder: &Path, kills: u64) -> (Kills, Heard) {
    let heard = Arc::new(Mutex::new(Heard::default()));
    let mut workers: Vec<Option<Worker>> = (0..PROCESSES).map(|i| Some(start(folder, i, &heard))).collect();
    let mut done = Kills::default();
    let mut random = 7;
    while done.all < kills {
        random = mix(random + 1);
        thread::sleep(Duration::from_micros(20_000 + random % 100_000));
        // However slow the machine is: they have done something since the last kill.
        let patience = Instant::now() + Duration::from_secs(20);
        while locked(&heard).stored.len() as u64 <= RESULTS_PER_KILL * (done.all + 1) && Instant::now() < patience {
            thread::sleep(Duration::from_millis(2));
        }
        // Every third kill waits a little for a merge and takes whoever does it.
        let mut victim = (random >> 32) % PROCESSES;
        if done.all.is_multiple_of(3) {
            let patience = Instant::now() + Duration::from_millis(200);
            while !is_merging(folder) && Instant::now() < patience {
                thread::sleep(Duration::from_micros(200));
            }
            let owner = owner(folder);
            let place = workers.iter().position(|w| w.as_ref().map(|w| w.child.id()) == owner);
            victim = place.map_or(victim, |place| place as u64);
        }
        let Worker { mut child, reader } = workers[victim as usize].take().unwrap();
        let was_owner = owner(folder) == Some(child.id());
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(
            status.code().is_none(),
            "a process ended before it was killed: {status}; {:?}",
            locked(&heard).complaints
        );
        done.owner += u64::from(was_owner);
        // What it had claimed for its merge and not finished.
        done.merging += u64::from(was_owner && is_merging(folder));
        done.all += 1;
        reader.join().unwrap();
        workers[victim as usize] = Some(start(folder, victim, &heard));
    }
    for Worker { mut child, reader } in workers.into_iter().flatten() {
        child.kill().unwrap();
        child.wait().unwrap();
        reader.join().unwrap();
    }
    (done, std::mem::take(&mut *locked(&heard)))
}

#[test]
fn no_kill_costs_a_stored_result_and_no_result_is_wrong() {
    if env::var_os(TASK).is_some() {
        return;
    }
    let kills: u64 = env::var("REMEMO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    // On a disk, not in memory: what a kill leaves behind is the file system's business.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (done, heard) = kill_at_random(folder.path(), kills);
    assert_eq!(heard.complaints, [] as [String; 0]);

    switch(folder.path());
    let (mut lost, mut wrong) = (Vec::new(), Vec::new());
    for n in &heard.stored {
        match value_cache(*n).peek() {
            None => lost.push(*n),
            Some(found) if found != right(*n) => wrong.push(*n),
            Some(_) => {}
        }
    }
    println!(
        "{} kills of {PROCESSES} processes ({} of the owner of the index, {} of them in the middle of a merge); {} calls \
         answered, {} different results stored: {} lost, {} wrong, 0 calls failed",
        done.all,
        done.owner,
        done.merging,
        heard.lines,
        heard.stored.len(),
        lost.len(),
        wrong.len()
    );
    assert_eq!((lost, wrong), (Vec::new(), Vec::new()));
    assert!(heard.stored.len() as u64 > RESULTS_PER_KILL * kills, "they hardly worked");
    assert!(done.merging > 0, "no kill hit a merge");
}
