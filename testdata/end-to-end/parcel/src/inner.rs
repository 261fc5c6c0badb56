pub(crate) fn layers() -> u32 {
    3
}
