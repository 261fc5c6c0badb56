fn open() {
    if true {
}

fn next() {}
