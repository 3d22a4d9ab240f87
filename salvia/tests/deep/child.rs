//! Running a scenario in a child process, and hearing how it ended.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Set in a child, to the name of the test whose scenario it runs.
const SCENARIO: &str = "SALVIA_DEEP_SCENARIO";

/// What a child says last. A name that fits no test would end well too, and have shown nothing.
const DONE: &str = "deep: done";

/// What begins a line the parent passes on.
const SAID: &str = "deep: ";

/// So long a child may take. It ends what hangs or has gone quadratic, and is no measure of anything.
const PATIENCE: Duration = Duration::from_secs(900);

/// What a worker of tokio has unless it is told otherwise.
const STACK: usize = 2 * 1024 * 1024;

/// The body of a test: runs `scenario` in a task of a pool, in a process of its own, and fails if that fails.
pub(crate) fn in_a_child<F, Fut>(scenario: F)
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    if let Err(story) = outcome(scenario, PATIENCE) {
        panic!("{story}");
    }
}

/// How the child ended; in the child, does not come back. `scenario` is a closure of the test, whose name is in its type's.
fn outcome<F, Fut>(scenario: F, patience: Duration) -> Result<(), String>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let path = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    let test = path.split_once("::").map_or(path, |(_, test)| test);
    if std::env::var(SCENARIO).is_ok_and(|wanted| wanted == test) {
        play(scenario());
        println!("\n{DONE}");
        std::process::exit(0);
    }
    // One at a time: a million of anything is enough for a machine.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    watch_over(test, patience)
}

/// In the child: the scenario, on workers with two megabytes of stack, as this thread has.
fn play(scenario: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| {
        // The parent never writes. When this ends it is gone, and nobody would end a child that hangs.
        let _ = std::io::stdin().read(&mut [0]);
        std::process::abort();
    });
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .expect("threads can be had");
    let mut whole = Lap::begin();
    tokio
        .block_on(tokio.spawn(scenario))
        .expect("the scenario holds");
    drop(tokio);
    whole.end("all of it");
}

/// In the parent: starts the child and waits for its end.
fn watch_over(test: &str, patience: Duration) -> Result<(), String> {
    let mut child = Command::new(std::env::current_exe().expect("this binary is somewhere"))
        .args([test, "--exact", "--nocapture"])
        .env(SCENARIO, test)
        .env_remove("RUST_MIN_STACK")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this binary can be run");
    let (told, tidings) = mpsc::channel();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    pass_on(stdout.expect("it is piped"), told.clone());
    pass_on(stderr.expect("it is piped"), told);

    let end = Instant::now() + patience;
    let (mut done, mut words) = (false, String::new());
    let in_time = loop {
        // Both pipes are closed when the child has ended.
        let left = end.saturating_duration_since(Instant::now());
        match tidings.recv_timeout(left) {
            Ok(line) if line == DONE => done = true,
            Ok(line) if line.starts_with(SAID) => println!("{test}: {}", &line[SAID.len()..]),
            Ok(line) => words = words + &line + "\n",
            Err(mpsc::RecvTimeoutError::Disconnected) => break true,
            Err(mpsc::RecvTimeoutError::Timeout) => break false,
        }
    };
    if !in_time {
        // It may have ended in this moment, which is as good.
        let _ = child.kill();
    }
    let status = child.wait().expect("the child was started");
    match (in_time, status.success() && done) {
        (true, true) => Ok(()),
        (true, false) => Err(format!("{test}: {status}, said:\n{words}")),
        (false, _) => Err(format!("{test}: not done in {patience:?}, said:\n{words}")),
    }
}

/// Sends each line that comes out of a pipe.
fn pass_on(pipe: impl Read + Send + 'static, told: Sender<String>) {
    std::thread::spawn(move || {
        let lines = BufReader::new(pipe).lines().map_while(Result::ok);
        for line in lines {
            if told.send(line).is_err() {
                return;
            }
        }
    });
}

/// Says how long a part of a scenario took, and how much memory the process had at most by then.
pub(crate) struct Lap(Instant);

impl Lap {
    pub(crate) fn begin() -> Self {
        Lap(Instant::now())
    }

    /// Ends one part and begins the next.
    pub(crate) fn end(&mut self, part: &str) {
        let took = self.0.elapsed();
        // Its own line: the harness leaves the name of the test on the one before.
        println!("\n{SAID}{part}: {took:.2?}, peak {}", peak());
        self.0 = Instant::now();
    }
}

/// The most memory this process has had; not every system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".into(), |size| size.trim().into())
}

/// The testing is tested: a child whose stack overflows is an error here, with what it said.
#[test]
fn a_stack_that_overflows_is_one_red_test() {
    fn sink(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 64]);
        if depth == u64::MAX {
            return 0;
        }
        sink(depth + 1) + frame[7]
    }
    let story = outcome(|| async { assert_ne!(sink(1), 1) }, PATIENCE);
    let story = story.expect_err("no stack is that large");
    assert!(story.contains("overflowed its stack"), "{story}");
}

/// And one whose assertion fails.
#[test]
fn a_scenario_that_fails_is_one_red_test() {
    let story = outcome(|| async { panic!("on purpose") }, PATIENCE);
    let story = story.expect_err("it panics");
    assert!(story.contains("on purpose"), "{story}");
}

/// And one that never ends.
#[test]
fn a_scenario_that_hangs_is_one_red_test() {
    let story = outcome(
        || async { std::future::pending().await },
        Duration::from_secs(3),
    );
    let story = story.expect_err("it never ends");
    assert!(story.contains("not done"), "{story}");
}
