//! How processes end, and several of them at once.

use std::process::{Command, Stdio};

use crate::project::{Project, alone, prints, succeeds};

fn built() -> (Project, impl Fn(&str, &str) -> Command) {
    let project = Project::new("endings");
    {
        let _alone = alone();
        succeeds(&mut project.cargo(["build", "--quiet"]));
        // Of this copy alone, so that it can run while others are built.
        let name = format!("endings{}", std::env::consts::EXE_SUFFIX);
        std::fs::copy(project.program("endings").get_program(), project.path(&name)).expect("a copy of the program");
    }
    let program = project.path(&format!("endings{}", std::env::consts::EXE_SUFFIX));
    let (root, cache) = (project.root(), project.cache());
    let run = move |ending: &str, argument: &str| {
        let mut command = Command::new(&program);
        command.args([ending, argument]).current_dir(&root).env("REMEMO_DIR", &cache).env_remove("REMEMO");
        command
    };
    (project, run)
}

#[test]
fn the_last_result_survives_every_ending_of_the_process() {
    let (_project, run) = built();
    for (number, ending) in ["return", "exit", "panic", "abort"].into_iter().enumerate() {
        let question = "?".repeat(number + 1);
        let output = run(ending, &question).output().expect("the program starts");
        assert_eq!(output.status.success(), ending == "return", "{output:?}");
        assert_eq!(prints(&output), [format!("answer = {} (computed)", number + 1)], "{ending}");
        let output = succeeds(&mut run("return", &question));
        assert_eq!(prints(&output), [format!("answer = {} (hit)", number + 1)], "after {ending}");
    }
}

#[test]
fn a_second_process_works_while_the_first_one_runs_and_what_it_stores_stays() {
    let (project, run) = built();
    let signal = project.path("signal");
    let mut first = run("slow", &signal.display().to_string()).stdout(Stdio::piped()).spawn().expect("a first process");
    assert_eq!(prints(&succeeds(&mut run("return", "why"))), ["answer = 3 (computed)"]);
    assert_eq!(prints(&succeeds(&mut run("return", "why"))), ["answer = 3 (hit)"]);
    assert!(first.try_wait().expect("its state").is_none(), "the first process still computes");
    std::fs::write(&signal, "").expect("a signal");
    assert_eq!(prints(&first.wait_with_output().expect("it ends")), ["slow = 1 (computed)"]);
    assert_eq!(prints(&succeeds(&mut run("slow", &signal.display().to_string()))), ["slow = 1 (hit)"]);
    assert_eq!(prints(&succeeds(&mut run("return", "why"))), ["answer = 3 (hit)"]);
}
