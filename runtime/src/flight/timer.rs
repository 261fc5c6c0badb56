//! Wakes futures at a time. One thread, which is there only while a future waits.

use std::sync::Mutex;
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::locked;

/// How long a future may sleep beyond its time.
const TICK: Duration = Duration::from_millis(5);

#[derive(Debug)]
struct Timers {
    /// The process whose thread looks after them, if there is one.
    process: Option<u32>,
    sleepers: Vec<(Instant, Waker)>,
}

static TIMERS: Mutex<Timers> = Mutex::new(Timers { process: None, sleepers: Vec::new() });

pub(super) fn wake_at(at: Instant, waker: &Waker) {
    let mut timers = locked(&TIMERS);
    timers.sleepers.push((at, waker.clone()));
    let process = std::process::id();
    if timers.process != Some(process) && thread::Builder::new().name("rememo-timer".into()).spawn(run).is_ok() {
        timers.process = Some(process);
    }
}

fn run() {
    loop {
        let due: Vec<Waker> = {
            let mut timers = locked(&TIMERS);
            if timers.sleepers.is_empty() {
                timers.process = None;
                return;
            }
            let now = Instant::now();
            timers.sleepers.extract_if(.., |(at, _)| *at <= now).map(|(_, waker)| waker).collect()
        };
        due.into_iter().for_each(Waker::wake);
        thread::sleep(TICK);
    }
}
