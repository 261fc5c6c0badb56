//! Large pages for large values: most of the time that reading one takes is the system's, giving memory page by page.
//!
//! The one module with unsafe code, and its proof. It only ever asks: nothing depends on the answer.

/// From so many bytes on it is worth asking, as numpy does for its arrays.
const LARGE: usize = 4 << 20;

/// Asks for large pages where these elements lie, which nobody has written to yet.
pub(crate) fn prefer_large<T>(place: &mut [T]) {
    if size_of_val(place) >= LARGE {
        advise(place);
    }
}

#[cfg(target_os = "linux")]
fn advise<T>(place: &mut [T]) {
    /// The advice is for whole pages; a start that isn't on a page of this system is refused, and no harm done.
    const PAGE: usize = 4096;
    let start = place.as_mut_ptr().cast::<u8>();
    let skip = start.align_offset(PAGE);
    let whole = size_of_val(place).saturating_sub(skip) / PAGE * PAGE;
    if whole == 0 {
        return;
    }
    // Safety: the range lies within `place`, which is borrowed exclusively: `skip` bytes from its start, and no further than
    // its end. `MADV_HUGEPAGE` reads and writes nothing there; it says how the system may back the pages, not what they
    // hold, so a slice of any type stays what it was. Whatever comes back, even an error, changes nothing.
    #[expect(unsafe_code, reason = "the system's call takes an address")]
    unsafe {
        libc::madvise(start.add(skip).cast(), whole, libc::MADV_HUGEPAGE);
    }
}

#[cfg(not(target_os = "linux"))]
fn advise<T>(_: &mut [T]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_there_stays_as_it_is() {
        let mut numbers: Vec<u32> = (0..3 << 20).collect();
        prefer_large(&mut numbers);
        prefer_large(&mut numbers[1..2 << 20]);
        prefer_large(&mut numbers[..3]);
        assert!(numbers.iter().enumerate().all(|(i, n)| i as u32 == *n));
        prefer_large(Vec::<u8>::with_capacity(64 << 20).spare_capacity_mut());
    }
}
