//! Apps that are killed in the middle of a sale, at any moment: an app that finds the snapshot afterwards tells the truth,
//! and a sale without a snapshot was not performed. Beside every second app another process works on the same store, and
//! resumes whatever it finds there, again and again, before the kill and after it.
//!
//! The app is this test's own program, started again with a variable that makes it sell. `SALEKIT_PROFILE=long` kills
//! 10,000 of them, `SALEKIT_KILLS` any number, `SALEKIT_SEED` repeats a seed.

mod rival;

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use salekit_core::{Charge, DirectoryStore, SaleClient, SaleClientConfig, SaleOutcome, SnapshotStore};
use salekit_sandbox::{
    Cardholder, CheckTiming, Dice, Entry, Observation, Sandbox, SandboxConfig, Script, TokenExtension,
};
use tokio::{process::Command, sync::broadcast::Receiver, task::JoinSet, time};
use url::Url;

use crate::support::{MACHINE, Truth, Verdicts, config, count, finish, request, seed};
use rival::{Rival, work_beside};

/// Where the app finds what it needs: gateway, merchant, certificate file, store, serial number, security code.
const APP: &str = "SALEKIT_TEST_APP";
/// Apps that are killed at the same time, each with a sandbox of its own, so that every observation is of one app.
const LANES: usize = 6;
/// A sale takes about this long on a machine with nothing else to do.
const USUAL: Duration = Duration::from_millis(400);
const CODES: [&str; 8] = ["123", "123", "321", "321", "322", "116", "555", "323"];

/// Not a test of its own, so not run as one: the app that is killed.
#[test]
#[ignore = "the app that the other test starts and kills"]
fn app_that_is_killed() {
    let parts = std::env::var(APP).expect("this is run by the other test of this file");
    let parts: Vec<&str> = parts.split('\n').collect();
    let [gateway, merchant, ca_file, store, serial, code] = parts[..] else {
        panic!("{parts:?}")
    };
    let ca_pem = std::fs::read_to_string(ca_file).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let config = config(&Url::parse(gateway).unwrap(), &Url::parse(merchant).unwrap(), &ca_pem);
        let client = SaleClient::new(config.with_store_directory(store)).unwrap();
        let sale = client.start(request(serial, code)).unwrap();
        finish(&sale, &Cardholder::trusting(&ca_pem).unwrap()).await;
    });
}

/// When an app is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    After(Duration),
    /// At the n-th message that a server of its sandbox sees or sends.
    Message {
        number: u64,
        later: Duration,
    },
}

impl Moment {
    fn of(dice: &mut Dice) -> Self {
        if dice.chance(500) {
            return Self::After(Duration::from_micros(dice.below(USUAL.as_micros() as u64 * 3 / 2)));
        }
        Self::Message {
            number: dice.below(22),
            later: Duration::from_micros(dice.below(3_000)),
        }
    }
}

/// What one killed app's merchant offers, and when the gateway asks it: check sale that comes late leaves more time to
/// be killed before it, and to void the invoice.
fn parties_of(dice: &mut Dice) -> (TokenExtension, CheckTiming) {
    let merchants = [
        TokenExtension::WithVoid,
        TokenExtension::WithVoid,
        TokenExtension::TokensOnly,
        TokenExtension::Off,
    ];
    let timing = match dice.below(4) {
        0 => CheckTiming::BeforeAnswer,
        1 => CheckTiming::Late(Duration::from_millis(dice.below(300))),
        _ => CheckTiming::AfterAnswer,
    };
    (*dice.pick(&merchants).unwrap(), timing)
}

/// What became of one killed app.
struct Killed {
    serial: String,
    merchant: TokenExtension,
    lane: usize,
    /// Whether it had ended by itself before.
    was_done: bool,
    /// The outcome that its snapshot led to, and where it stood; `None` without a snapshot.
    resumed: Option<(&'static str, SaleOutcome)>,
    rival: Rival,
}

struct Lane {
    sandbox: Sandbox,
    ca_file: PathBuf,
    directory: PathBuf,
    number: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_app_leaves_the_truth_behind() {
    let _machine = MACHINE.write().await;
    let seed = seed();
    let kills = count("SALEKIT_KILLS", 500, 10_000);
    let directory = std::env::temp_dir().join(format!("salekit-kill-{seed:016x}"));
    std::fs::create_dir_all(&directory).unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let began = time::Instant::now();
    let mut running = JoinSet::new();
    for number in 0..LANES {
        let ca_file = directory.join(format!("ca-{number}.pem"));
        let config = SandboxConfig::default()
            .immediate()
            .processing_delay(Duration::from_millis(20))
            .challenge_timeout(Duration::from_secs(10))
            .ca_file(ca_file.clone());
        let lane = Arc::new(Lane {
            sandbox: Sandbox::start(config).await.unwrap(),
            ca_file,
            directory: directory.clone(),
            number,
        });
        running.spawn(run_lane(lane, Arc::clone(&next), kills, Dice::new(seed)));
    }
    let lanes = running.join_all().await;

    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    let (mut killed_in_time, mut rivals) = (0, (0, 0));
    for (lane, killed) in &lanes {
        // What apps were once answered holds for ever, so it is compared with the end.
        lane.sandbox.ledger().settled().await;
        let entries = lane.sandbox.ledger().entries();
        for entry in &entries {
            verdicts.entry(entry, 1);
        }
        for killed in killed.iter().inspect(|killed| assert_eq!(killed.lane, lane.number)) {
            let mut of_app = entries
                .iter()
                .filter(|entry| entry.device_serial_number == killed.serial);
            let entry = of_app.next();
            if of_app.next().is_some() {
                verdicts.wrong(format!("{} performed two sales", killed.serial));
            }
            killed_in_time += u64::from(!killed.was_done);
            rivals.0 += killed.rival.refusals;
            rivals.1 += killed.rival.outcomes.len();
            judge(killed, entry, &mut verdicts, &mut counts);
        }
    }
    let (refusals, told) = rivals;
    println!("second processes: refused a sale that runs {refusals} times, told {told} outcomes");
    assert!(
        refusals >= kills / 20 && told >= kills / 20,
        "they were never there in time"
    );
    println!("{kills} kills in {:.1} s, seed {seed}", began.elapsed().as_secs_f64());
    for (what, count) in &counts {
        println!("    {what:<96} {count:>6}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
    verdicts.end("killed apps", killed_in_time);
    assert_eq!(counts.values().sum::<usize>(), kills);
}

fn judge(killed: &Killed, entry: Option<&Entry>, verdicts: &mut Verdicts, counts: &mut BTreeMap<String, usize>) {
    let truth = Truth::of(entry, killed.merchant);
    for outcome in &killed.rival.outcomes {
        verdicts.told(outcome, truth);
    }
    let performed = match entry {
        Some(entry) if entry.performs_received == 0 => "not performed, void".to_owned(),
        Some(entry) if entry.is_void => format!("performed, void, {:?}", entry.state),
        Some(entry) => format!("performed, {:?}", entry.state),
        None => "not performed".to_owned(),
    };
    let what = match &killed.resumed {
        None => {
            verdicts.told_nothing(entry);
            "no snapshot".to_owned()
        }
        Some((stood, outcome)) => {
            verdicts.told(outcome, truth);
            // Nothing stood in the way.
            verdicts.told_again(outcome, truth, || killed.serial.clone());
            let before = if killed.was_done { "ended" } else { "killed" };
            format!("{before} at {stood}: {}", outcome.name())
        }
    };
    let merchant = match killed.merchant {
        TokenExtension::WithVoid => "voids",
        TokenExtension::TokensOnly => "knows tokens",
        TokenExtension::Off => "cannot be asked",
    };
    *counts
        .entry(format!("merchant {merchant}; {what} ({performed})"))
        .or_default() += 1;
}

type Finished = (Arc<Lane>, Vec<Killed>);

async fn run_lane(lane: Arc<Lane>, next: Arc<AtomicUsize>, kills: usize, dice: Dice) -> Finished {
    let mut resuming = JoinSet::new();
    let mut old_invoices = HashSet::new();
    let mut observations = lane.sandbox.observe();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= kills {
            break;
        }
        let mut dice = dice.nth(number as u64);
        let serial = format!("killed-{number}");
        let store = lane.directory.join(&serial);
        let code = dice.pick(&CODES).copied().unwrap();
        let moment = Moment::of(&mut dice);
        let (merchant, timing) = parties_of(&mut dice);
        let script = Script::new().token_extension(merchant).check_timing(timing);
        lane.sandbox.script(&serial, script);
        let stop = Arc::new(AtomicBool::new(false));
        let rival = dice.chance(500).then(|| {
            let (lane, store, stop) = (Arc::clone(&lane), store.clone(), Arc::clone(&stop));
            tokio::spawn(work_beside(lane, store, stop))
        });
        let was_done = run_and_kill(
            &lane,
            &serial,
            &store,
            code,
            moment,
            &mut observations,
            &mut old_invoices,
        )
        .await;
        let lane = Arc::clone(&lane);
        resuming.spawn(async move {
            stop.store(true, Ordering::Relaxed);
            let rival = match rival {
                Some(rival) => rival.await.unwrap(),
                None => Rival::default(),
            };
            let killed = resume(lane, serial, store, (merchant, was_done)).await;
            Killed { rival, ..killed }
        });
    }
    (lane, resuming.join_all().await)
}

/// Starts an app and kills it. Answers whether it had ended before.
async fn run_and_kill(
    lane: &Lane,
    serial: &str,
    store: &Path,
    code: &str,
    moment: Moment,
    observations: &mut Receiver<Observation>,
    old_invoices: &mut HashSet<String>,
) -> bool {
    // What is seen of apps that were killed before does not count.
    while let Ok(seen) = observations.try_recv() {
        old_invoices.extend(seen.invoice_id);
    }
    let parts = [
        lane.sandbox.gateway_url().as_str(),
        lane.sandbox.merchant_url().as_str(),
        lane.ca_file.to_str().unwrap(),
        store.to_str().unwrap(),
        serial,
        code,
    ];
    let mut app = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::app_that_is_killed"])
        .env(APP, parts.join("\n"))
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let moment = async {
        match moment {
            Moment::After(time) => {
                // Counted from its first message: how long a program takes to start says nothing.
                let _ = observations.recv().await;
                time::sleep(time).await;
            }
            Moment::Message { number, later } => {
                let mut left = number;
                loop {
                    let Ok(seen) = observations.recv().await else { continue };
                    if seen.invoice_id.is_some_and(|invoice| old_invoices.contains(&invoice)) {
                        continue;
                    }
                    if left == 0 {
                        break;
                    }
                    left -= 1;
                }
                time::sleep(later).await;
            }
        }
    };
    tokio::select! {
        () = moment => {
            app.kill().await.unwrap();
            false
        }
        ended = app.wait() => {
            assert!(ended.unwrap().success());
            true
        }
    }
}

/// Another app, with the same store: what does it find?
async fn resume(
    lane: Arc<Lane>,
    serial: String,
    store: PathBuf,
    (merchant, was_done): (TokenExtension, bool),
) -> Killed {
    let sandbox = &lane.sandbox;
    let config: SaleClientConfig = config(sandbox.gateway_url(), sandbox.merchant_url(), sandbox.ca_pem());
    let client = SaleClient::new(config.with_store_directory(&store)).unwrap();
    let pending = client.pending().await.unwrap();
    assert_eq!(pending.damaged, [], "a kill leaves no damaged snapshot");
    assert!(pending.sales.len() <= 1);
    let resumed = match pending.sales.first() {
        None => None,
        Some(found) => {
            let sale = client.resume(&found.id).await.unwrap();
            let outcome = finish(&sale, &Cardholder::trusting(sandbox.ca_pem()).unwrap()).await;
            if outcome.charge() == Charge::Unknown {
                client.forget(&found.id).await.unwrap();
            } else {
                client.acknowledge(&found.id).await.unwrap();
            }
            let left = DirectoryStore::new(&store).list().unwrap();
            assert!(left.iter().all(|id| id.as_str() == "0".repeat(32)), "{left:?}");
            Some((found.state.name(), outcome))
        }
    };
    Killed {
        serial,
        merchant,
        lane: lane.number,
        was_done,
        resumed,
        rival: Rival::default(),
    }
}
