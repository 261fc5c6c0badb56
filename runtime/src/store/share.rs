//! The index for processes that don't own it: the owner answers on a socket.
//!
//! Only the owner can read what it has merged. It listens before it opens the index, so that who starts at the same moment
//! waits for an answer and doesn't compute again what is there. Whoever gets no answer in time goes on without.
//!
//! A request is a letter, a key and a number; an answer is a length, more by one than what follows, which is 0 for nothing.
//! Nothing that comes over the socket is believed: it is a record that checks, or it isn't there.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::directory::Directory;
use super::disk::{Shared, locked};
use super::index::INLINE_LIMIT;
use crate::record::Digest;

/// How long an answer may take: an owner may have to open a large index first.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an owner that didn't answer is left alone.
const SULK: Duration = Duration::from_secs(10);
/// More processes than this get no answer, and go on without.
const MOST_PEERS: usize = 64;
/// No answer is longer.
const LONGEST: usize = INLINE_LIMIT + (1 << 16);

const GET: u8 = b'g';
const TOUCH: u8 = b't';
const MERGE: u8 = b'm';
const RING: u8 = b'r';
const LIST: u8 = b'l';

type Request = [u8; 1 + 32 + 8];

fn request(what: u8, key: &Digest, number: u64) -> Request {
    let mut bytes = [0; 41];
    bytes[0] = what;
    bytes[1..33].copy_from_slice(key);
    bytes[33..].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Where the owner listens. A socket's path must be short, so a long one goes by way of an open directory, where the
/// system has that.
fn with_address<R>(directory: &Directory, action: impl FnOnce(&Path) -> io::Result<R>) -> io::Result<R> {
    const SHORT: usize = 100;
    let path = directory.home.join("socket");
    if path.as_os_str().len() <= SHORT {
        return action(&path);
    }
    let folder = File::open(&directory.home)?;
    action(&PathBuf::from(format!("/proc/self/fd/{}/socket", folder.as_raw_fd())))
}

// ---- the owner's side ----

/// Where others ask for the index, before it is opened.
pub(super) type Listener = UnixListener;

/// Only for who has the lock: the name is taken from whoever had it before. `None` where there are no sockets.
pub(super) fn listen(directory: &Directory) -> Option<Listener> {
    let _ = std::fs::remove_file(directory.home.join("socket"));
    with_address(directory, |path| UnixListener::bind(path))
        .inspect_err(|e| tracing::debug!(target: "rememo", %e, "other processes can't ask for the index"))
        .ok()
}

/// Answers as long as it is there.
#[derive(Debug)]
pub(super) struct Server {
    stop: Arc<AtomicBool>,
    peers: Arc<Mutex<Vec<Peer>>>,
    address: Option<std::os::unix::net::SocketAddr>,
    process: u32,
}

#[derive(Debug)]
struct Peer {
    stream: UnixStream,
    thread: JoinHandle<()>,
}

impl Server {
    pub(super) fn start(shared: &Arc<Shared>, listener: Listener) -> Option<Self> {
        let (stop, peers) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::default()));
        let address = listener.local_addr().ok();
        let (shared, told, known) = (Arc::downgrade(shared), Arc::clone(&stop), Arc::clone(&peers));
        let run = move || accept(&shared, &listener, &told, &known);
        thread::Builder::new().name("rememo-share".into()).spawn(run).ok()?;
        Some(Server { stop, peers, address, process: std::process::id() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A forked child has no such threads to wait for.
            locked(&self.peers).drain(..).for_each(|peer| std::mem::forget(peer.thread));
            return;
        }
        let peers = {
            let mut peers = locked(&self.peers);
            self.stop.store(true, Ordering::Release);
            std::mem::take(&mut *peers)
        };
        // A call of one's own ends the wait for the next. It isn't waited for: where the directory was deleted and made again,
        // the call reaches another listener of that name. The thread holds nothing of the store's.
        if let Some(address) = &self.address {
            drop(UnixStream::connect_addr(address));
        }
        for Peer { stream, thread } in peers {
            let _ = stream.shutdown(std::net::Shutdown::Both);
            let _ = thread.join();
        }
    }
}

fn accept(shared: &Weak<Shared>, listener: &UnixListener, stop: &AtomicBool, peers: &Mutex<Vec<Peer>>) {
    loop {
        let accepted = listener.accept();
        if stop.load(Ordering::Acquire) {
            return;
        }
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, say: not to be tried again at once.
            thread::sleep(Duration::from_millis(100));
            continue;
        };
        let mut peers = locked(peers);
        let Some(shared) = shared.upgrade().filter(|_| !stop.load(Ordering::Acquire)) else { return };
        peers.retain(|peer| !peer.thread.is_finished());
        if peers.len() >= MOST_PEERS {
            continue;
        }
        let Ok(known) = stream.try_clone() else { continue };
        let answer = move || drop(answer_all(&shared, stream));
        if let Ok(thread) = thread::Builder::new().name("rememo-peer".into()).spawn(answer) {
            peers.push(Peer { stream: known, thread });
        }
    }
}

fn answer_all(shared: &Shared, mut stream: UnixStream) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut bytes: Request = [0; 41];
    loop {
        stream.read_exact(&mut bytes)?;
        let (mut key, mut number) = ([0; 32], [0; 8]);
        key.copy_from_slice(&bytes[1..33]);
        number.copy_from_slice(&bytes[33..]);
        match bytes[0] {
            GET => {
                let found = shared.with_index(|index| index.get(&key, <[u8]>::to_vec)).flatten();
                send(&mut stream, found.as_deref())?;
            }
            TOUCH => shared.touch(&key, u64::from_be_bytes(number)),
            RING => shared.bell.ring(),
            MERGE => {
                // What failed here is tried again by the merger, which says so.
                let _ = shared.merge();
                send(&mut stream, None)?;
            }
            LIST => {
                let mut sent = Ok(());
                let listed = shared.with_index(|index| {
                    index.each(|key, bytes| {
                        sent = stream.write_all(key).and_then(|()| send(&mut stream, Some(bytes)));
                        sent.is_ok()
                    })
                });
                sent?;
                if listed.is_none() {
                    return Err(io::Error::other("the index is closed"));
                }
                stream.write_all(&[0; 32])?;
                send(&mut stream, None)?;
            }
            _ => return Err(io::Error::other("no such request")),
        }
    }
}

fn send(stream: &mut UnixStream, bytes: Option<&[u8]>) -> io::Result<()> {
    let Some(bytes) = bytes else { return stream.write_all(&[0; 4]) };
    let length = u32::try_from(bytes.len() + 1).map_err(io::Error::other)?;
    let mut message = Vec::with_capacity(4 + bytes.len());
    message.extend_from_slice(&length.to_be_bytes());
    message.extend_from_slice(bytes);
    stream.write_all(&message)
}

// ---- the others' side ----

/// The way to whoever owns the index.
#[derive(Debug, Default)]
pub(super) struct Owner {
    /// Connections, and the process that made them: a fork must not read its parent's answers.
    idle: Mutex<Vec<(u32, UnixStream)>>,
    /// Not to be asked before then.
    sulking: Mutex<Option<Instant>>,
}

/// What asking came to.
#[derive(Debug)]
pub(super) enum Answer<T> {
    Given(T),
    /// Nobody answers: there may be no owner now.
    Nobody,
    /// Nobody did a moment ago.
    NotAsked,
}

impl Owner {
    /// The bytes under a key.
    pub(super) fn get(&self, directory: &Directory, key: &Digest) -> Answer<Option<Vec<u8>>> {
        self.ask(directory, &request(GET, key, 0), receive)
    }

    /// Has all merged that was published before.
    pub(super) fn merge(&self, directory: &Directory) {
        self.ask(directory, &request(MERGE, &[0; 32], 0), receive);
    }

    /// Says that something was published.
    pub(super) fn ring(&self, directory: &Directory) {
        self.ask(directory, &request(RING, &[0; 32], 0), |_| Ok(()));
    }

    /// Says that a record was used.
    pub(super) fn touch(&self, directory: &Directory, key: &Digest, now: u64) {
        self.ask(directory, &request(TOUCH, key, now), |_| Ok(()));
    }

    /// Shows every key and its bytes.
    pub(super) fn each(&self, directory: &Directory, look: &mut dyn FnMut(&Digest, &[u8])) -> Answer<()> {
        self.ask(directory, &request(LIST, &[0; 32], 0), |stream| {
            let mut stream = io::BufReader::new(stream);
            loop {
                let mut key = [0; 32];
                stream.read_exact(&mut key)?;
                match receive(&mut stream)? {
                    Some(bytes) => look(&key, &bytes),
                    None => return Ok(()),
                }
            }
        })
    }

    fn ask<T>(
        &self,
        directory: &Directory,
        request: &Request,
        mut receive: impl FnMut(&mut UnixStream) -> io::Result<T>,
    ) -> Answer<T> {
        if locked(&self.sulking).is_some_and(|until| Instant::now() < until) {
            return Answer::NotAsked;
        }
        // A connection that was made before may be to an owner that is gone by now.
        let process = std::process::id();
        let idle = locked(&self.idle).pop().filter(|(made_by, _)| *made_by == process).map(|(_, stream)| stream);
        let mut tries = idle.into_iter().map(Ok).chain([()].map(|()| connect(directory)));
        let mut late = false;
        while let Some(Ok(mut stream)) = tries.next() {
            match stream.write_all(request).and_then(|()| receive(&mut stream)) {
                Ok(answer) => {
                    locked(&self.idle).push((process, stream));
                    return Answer::Given(answer);
                }
                Err(e) => late |= matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut),
            }
        }
        locked(&self.idle).clear();
        if late {
            self.leave_alone();
        }
        Answer::Nobody
    }

    /// Asks no more for a while.
    pub(super) fn leave_alone(&self) {
        *locked(&self.sulking) = Some(Instant::now() + SULK);
    }
}

fn connect(directory: &Directory) -> io::Result<UnixStream> {
    let stream = with_address(directory, |path| UnixStream::connect(path))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn receive(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    match (u32::from_be_bytes(length) as usize).checked_sub(1) {
        None => Ok(None),
        Some(length) if length > LONGEST => Err(io::Error::other("an answer that is too long")),
        Some(length) => {
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes)?;
            Ok(Some(bytes))
        }
    }
}
