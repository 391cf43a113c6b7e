//! Installs what suites need while those before them run: the network is idle while Rust is compiled. And compiles what takes
//! long: a processor is idle while tests wait. Each need is set up by `scripts/setup NEED`, one after the other, and a suite
//! waits for its own.
//!
//! It is only earlier, not necessary: what is missing then is installed by the suite itself, which also tells why it cannot.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{failure::Failure, process::Run, project::Project};

/// Something that suites need, besides Rust. In the order in which it is first needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Shell,
    Browser,
    Guide,
    Java,
    Jars,
    AndroidX,
    Swift,
    Cross,
    /// This machine's library as it is shipped.
    Library,
    /// What is shipped, compiled for phones.
    Phones,
}

impl Need {
    /// The name that `scripts/setup` knows it by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Browser => "browser",
            Self::Guide => "guide",
            Self::Java => "java",
            Self::Jars => "jars",
            Self::AndroidX => "androidx",
            Self::Swift => "swift",
            Self::Cross => "cross",
            Self::Library => "library",
            Self::Phones => "phones",
        }
    }
}

/// What is being set up.
#[derive(Debug)]
pub(super) struct SetUp {
    shared: Arc<Shared>,
    log: PathBuf,
    worker: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Whether each need was set up. One that is missing here is not finished.
    finished: Mutex<BTreeMap<Need, bool>>,
    changed: Condvar,
}

impl SetUp {
    /// Begins to set up `needs`. What that prints goes to a file, target/setup.log.
    pub(super) fn begin(project: &Project, needs: impl IntoIterator<Item = Need>) -> Result<Self, Failure> {
        let mut needs: Vec<Need> = needs.into_iter().collect();
        needs.sort_unstable();
        needs.dedup();
        let shared = Arc::new(Shared::default());
        let log = project.target().join("setup.log");
        let worker = if needs.is_empty() {
            None
        } else {
            fs::create_dir_all(project.target()).map_err(Failure::file(project.target()))?;
            let out = File::create(&log).map_err(Failure::file(&log))?;
            let script = project.path("scripts/setup");
            let root = project.root().to_path_buf();
            Some(Self::work(Arc::clone(&shared), needs, move |need| {
                // The suite that runs goes first; one that waits leaves the whole machine to this.
                let command = Run::line("nice -n 10").arg(&script).arg(need.name());
                let mut command = command.within(&root).command();
                let outputs = out.try_clone().and_then(|out| Ok((out.try_clone()?, out)));
                outputs
                    .and_then(|(one, two)| command.stdout(Stdio::from(one)).stderr(Stdio::from(two)).status())
                    .is_ok_and(|status| status.success())
            }))
        };
        Ok(Self { shared, log, worker })
    }

    fn work(shared: Arc<Shared>, needs: Vec<Need>, set_up: impl Fn(Need) -> bool + Send + 'static) -> JoinHandle<()> {
        thread::spawn(move || {
            for need in needs {
                let done = set_up(need);
                shared
                    .finished
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(need, done);
                shared.changed.notify_all();
            }
        })
    }

    /// Waits until each of `needs` was tried. Those that failed.
    pub(super) fn wait(&self, needs: &[Need]) -> Vec<Need> {
        let mut finished = self.shared.finished.lock().unwrap_or_else(PoisonError::into_inner);
        while self.worker.is_some() && needs.iter().any(|need| !finished.contains_key(need)) {
            finished = self
                .shared
                .changed
                .wait(finished)
                .unwrap_or_else(PoisonError::into_inner);
        }
        needs
            .iter()
            .copied()
            .filter(|need| finished.get(need) == Some(&false))
            .collect()
    }

    /// What was printed so far.
    pub(super) fn said(&self) -> String {
        fs::read(&self.log)
            .map(|said| String::from_utf8_lossy(&said).into_owned())
            .unwrap_or_default()
    }

    /// Waits for the rest, which no suite may leave behind half done.
    pub(super) fn finish(mut self) {
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_suite_waits_for_its_own_needs_only() {
        let (finish_swift, swift) = mpsc::channel::<()>();
        let shared = Arc::new(Shared::default());
        let worker = SetUp::work(
            Arc::clone(&shared),
            vec![Need::Java, Need::Swift],
            move |need| match need {
                Need::Swift => swift.recv().is_ok(),
                _ => false,
            },
        );
        let set_up = SetUp {
            shared,
            log: PathBuf::new(),
            worker: Some(worker),
        };
        // Swift is not finished, and cannot be yet.
        assert_eq!(set_up.wait(&[Need::Java]), [Need::Java]);
        finish_swift.send(()).unwrap();
        assert_eq!(set_up.wait(&[Need::Java, Need::Swift]), [Need::Java]);
        set_up.finish();
    }

    #[test]
    fn what_is_not_set_up_is_not_waited_for() {
        let set_up = SetUp {
            shared: Arc::default(),
            log: PathBuf::new(),
            worker: None,
        };
        assert_eq!(set_up.wait(&[Need::Cross]), []);
    }
}
