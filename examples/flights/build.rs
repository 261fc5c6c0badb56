//! All that a crate's build script has to do: fingerprint each cached function and what it reaches.

fn main() {
    rememo_build::fingerprint();
}
