//! What else the machine did during a run: other programs, and the hypervisor's other guests. Such work makes
//! rates lower and ratios less certain, so the page says how much of it there was.

use std::fs;
use std::io;

/// From this share on, in the median of all runs, the page warns.
pub(crate) const TOO_MUCH: f64 = 0.05;

/// A watch over the processors during one run.
#[derive(Debug)]
pub(crate) struct Watch {
    servers: Vec<u32>,
    machine: Machine,
    ours: u64,
}

/// Processor time of the whole machine, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Machine {
    all: u64,
    /// Spent outside the kernel, by whomever, or taken by the hypervisor.
    user_and_stolen: u64,
}

impl Watch {
    /// Begins to watch; the processes of the run are `servers`, this one, and the children that it waits for.
    pub(crate) fn begin(servers: &[u32]) -> io::Result<Self> {
        Ok(Self { servers: servers.to_vec(), machine: machine()?, ours: ours(servers)? })
    }

    /// The share of the processors that others took since, 0 to 1. The kernel's own time is left out: most of
    /// it is spent for the run, and it cannot be told for whom the rest is.
    pub(crate) fn end(self) -> io::Result<f64> {
        let now = machine()?;
        let ours = ours(&self.servers)?.saturating_sub(self.ours);
        Ok(share(self.machine, now, ours))
    }
}

fn share(before: Machine, after: Machine, ours: u64) -> f64 {
    let all = after.all.saturating_sub(before.all);
    let others = after.user_and_stolen.saturating_sub(before.user_and_stolen).saturating_sub(ours);
    // Ticks of a run of seconds are far below 2^32.
    let number = |ticks: u64| f64::from(u32::try_from(ticks).unwrap_or(u32::MAX));
    if all == 0 { 0.0 } else { (number(others) / number(all)).min(1.0) }
}

fn machine() -> io::Result<Machine> {
    parse_machine(&fs::read_to_string("/proc/stat")?)
        .ok_or_else(|| io::Error::other("/proc/stat cannot be read"))
}

/// Time outside the kernel: of the servers, of this process, and of its children that have ended (`wrk`).
fn ours(servers: &[u32]) -> io::Result<u64> {
    let read = |path: String| {
        let times = fs::read_to_string(&path).map(|stat| parse_process(&stat))?;
        times.ok_or_else(|| io::Error::other(format!("{path} cannot be read")))
    };
    let (this, children) = read("/proc/self/stat".to_owned())?;
    servers.iter().try_fold(this + children, |sum, server| Ok(sum + read(format!("/proc/{server}/stat"))?.0))
}

fn parse_machine(stat: &str) -> Option<Machine> {
    let ticks: Vec<u64> =
        stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().map_while(|n| n.parse().ok()).collect();
    // What follows `stolen` is contained in the first two.
    let [user, nice, _system, _idle, _waiting, _irq, _softirq, stolen, ..] = ticks.as_slice() else {
        return None;
    };
    Some(Machine { all: ticks.iter().take(8).sum(), user_and_stolen: user + nice + stolen })
}

/// The user time of a process and of its children that were waited for.
fn parse_process(stat: &str) -> Option<(u64, u64)> {
    // The second field is the name, in brackets, and may itself hold blanks and brackets.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some((fields.get(11)?.parse().ok()?, fields.get(13)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_time_of_the_machine() {
        let stat = "cpu  10 1 5 100 4 0 2 3 7 0\ncpu0 5 0 2 50 2 0 1 1 3 0\n";
        assert_eq!(parse_machine(stat), Some(Machine { all: 125, user_and_stolen: 14 }));
        assert_eq!(parse_machine("intr 1 2 3\n"), None);
        assert_eq!(parse_machine(""), None);
    }

    #[test]
    fn reads_the_time_of_a_process() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 5 0 100 1 2";
        assert_eq!(parse_process(stat), Some((250, 30)));
        assert_eq!(parse_process("42 (cut"), None);
    }

    #[test]
    fn what_is_not_ours_is_the_others() {
        let before = Machine { all: 1000, user_and_stolen: 100 };
        let after = Machine { all: 2000, user_and_stolen: 500 };
        assert!((share(before, after, 300) - 0.1).abs() < 1e-9);
        // Clocks are coarse: ours may seem to be more than there was.
        assert!(share(before, after, 600).abs() < 1e-9);
        assert!(share(before, before, 0).abs() < 1e-9);
    }

    #[test]
    fn watches_this_machine() {
        let share = Watch::begin(&[std::process::id()]).unwrap().end().unwrap();
        assert!((0.0..=1.0).contains(&share));
    }
}
