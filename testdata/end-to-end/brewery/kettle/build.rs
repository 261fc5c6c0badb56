fn main() {
    rememo_build::fingerprint();
}
