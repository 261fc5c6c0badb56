use std::path::Path;
use std::time::Duration;

fn main() {
    pause("before-the-hook");
    rememo_build::fingerprint();
    pause("after-the-hook");
}

/// Holds the build up while there is a file of that name, and says so.
fn pause(name: &str) {
    let hold = Path::new("pauses").join(name);
    if hold.exists() {
        std::fs::write(hold.with_extension("reached"), "").unwrap();
        while hold.exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
