// Which package has the names, predicates decide; a glob of one may bring the name of the next.
#[cfg(one)]
use std::one as backend;
#[cfg(two)]
use two as backend;
#[cfg(three)]
use three as backend;
#[cfg(four)]
use four as backend;

use backend::*;
use backend::{deflate, inflate};

pub fn compress() {
    deflate(inflate());
}
