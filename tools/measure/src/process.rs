//! What this process has used, as the system counts it.

use std::{collections::HashMap, fs, io, time::Duration};

use rustix::time::{ClockId, clock_gettime};

use crate::failure::Failure;

/// CPU time of all threads, those that ended too.
pub(crate) fn cpu() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = Duration::from_secs(used.tv_sec.try_into().unwrap_or_default());
    seconds + Duration::from_nanos(used.tv_nsec.try_into().unwrap_or_default())
}

/// Memory in use, in KiB.
pub(crate) fn memory_kib() -> Result<u64, Failure> {
    status("/proc/self/status", "VmRSS:")
}

/// The most memory in use since [`forget_peak`], in KiB.
pub(crate) fn peak_kib() -> Result<u64, Failure> {
    status("/proc/self/status", "VmHWM:")
}

/// Lets the peak begin anew at what is in use now.
pub(crate) fn forget_peak() -> io::Result<()> {
    fs::write("/proc/self/clear_refs", "5")
}

/// How often each thread but the main one has left the CPU, to wait or because its time was up: as often it was woken.
pub(crate) fn switches() -> Result<HashMap<u32, u64>, Failure> {
    let mut switches = HashMap::new();
    for thread in threads()? {
        let file = format!("/proc/self/task/{thread}/status");
        // One that ends in between has left no figures.
        if let (Ok(waited), Ok(preempted)) = (
            status(&file, "voluntary_ctxt_switches:"),
            status(&file, "nonvoluntary_ctxt_switches:"),
        ) {
            switches.insert(thread, waited + preempted);
        }
    }
    Ok(switches)
}

/// Wake-ups between two readings of [`switches`]. A thread that ended woke up for it.
pub(crate) fn wake_ups(before: &HashMap<u32, u64>, after: &HashMap<u32, u64>) -> u64 {
    let ended = before.keys().filter(|thread| !after.contains_key(thread)).count();
    let woken = after
        .iter()
        .map(|(thread, now)| now - before.get(thread).copied().unwrap_or_default());
    woken.sum::<u64>() + u64::try_from(ended).unwrap_or(u64::MAX)
}

/// The threads besides the main one.
pub(crate) fn threads() -> Result<Vec<u32>, Failure> {
    let mut threads = Vec::new();
    for entry in fs::read_dir("/proc/self/task")? {
        let thread = entry?.file_name().to_string_lossy().parse()?;
        if thread != std::process::id() {
            threads.push(thread);
        }
    }
    Ok(threads)
}

fn status(file: &str, field: &str) -> Result<u64, Failure> {
    let status = fs::read_to_string(file)?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|line| line.split_whitespace().next());
    let number = number.ok_or_else(|| format!("no {field} in {file}"))?;
    Ok(number.parse()?)
}
