use rememo::cached;

#[cached]
fn answer(question: &str) -> usize {
    println!("answer: computed");
    question.len()
}

/// Takes until a file is there, so that two processes compute at the same time.
#[cached]
fn slow(wait_for: &str) -> usize {
    println!("slow: computed");
    while !std::path::Path::new(wait_for).exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    1
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (ending, question) = (arguments.next().unwrap(), arguments.next().unwrap());
    if ending == "slow" {
        println!("slow = {}", slow(&question));
        return;
    }
    println!("answer = {}", answer(&question));
    match ending.as_str() {
        "exit" => std::process::exit(3),
        "panic" => panic!("as asked"),
        "abort" => std::process::abort(),
        _ => {}
    }
}
