//! The build hook, as every user has it.

fn main() {
    rememo_build::fingerprint();
}
