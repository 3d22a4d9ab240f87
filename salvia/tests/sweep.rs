//! Poll sweep: one disturbance at every poll there is, one run for each.
//!
//! A random program runs on one thread with a paused clock, so the same polls happen again in the
//! next run. They are counted: those of the points in bodies, in place or in storage tasks, and
//! those of the root futures. Then, for each kind of disturbance and each poll, the program runs from
//! scratch and is disturbed there. Every answer has to be the one of the oracle at its revision,
//! every node can be asked afterwards, and nothing outlives the runtime. No luck is involved.
//!
//! Set `SALVIA_SWEEP` to the number of programs, `SALVIA_SEED` to replay one (each violation prints
//! the command).

#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/ask.rs"]
mod ask;
#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/generate.rs"]
mod generate;
#[path = "model/lab.rs"]
mod lab;
#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/limits.rs"]
mod limits;
#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/operation.rs"]
mod operation;
#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/oracle.rs"]
mod oracle;
#[path = "model/program.rs"]
mod program;
#[path = "model/rng.rs"]
mod rng;
#[expect(dead_code, reason = "the model test uses all of it")]
#[path = "model/settings.rs"]
mod settings;
#[path = "model/subject.rs"]
mod subject;

#[path = "sweep/injector.rs"]
mod injector;
#[path = "sweep/kind.rs"]
mod kind;
#[path = "sweep/run.rs"]
mod run;
#[path = "sweep/scene.rs"]
mod scene;
#[path = "sweep/sweeper.rs"]
mod sweeper;
