//! What the kernel knows about a running process: resident memory, processor time, bytes written.

use std::fs;
use std::io;
use std::time::Duration;

/// Processor time is counted in hundredths of a second on every Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// Resident memory in KiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// All of it (`VmRSS`).
    pub resident: u64,
    /// The most that it ever was (`VmHWM`).
    pub peak: u64,
    /// The process's own (`RssAnon`).
    pub anonymous: u64,
    /// Files mapped into it, its program among them (`RssFile`): the kernel may drop these at any time.
    pub file: u64,
}

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Time on a processor, its own and the kernel's for it.
    pub processor: Duration,
    /// Bytes that it caused to be sent to the disk.
    pub written: u64,
}

/// The resident memory of process `pid`.
pub(crate) fn memory(pid: u32) -> io::Result<Memory> {
    parse_status(&fs::read_to_string(format!("/proc/{pid}/status"))?)
        .ok_or_else(|| io::Error::other(format!("/proc/{pid}/status holds no memory figures")))
}

/// The processor time and the writes of process `pid`.
pub(crate) fn usage(pid: u32) -> io::Result<Usage> {
    let processor = parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat"))?)
        .ok_or_else(|| io::Error::other(format!("/proc/{pid}/stat cannot be read")))?;
    let io = fs::read_to_string(format!("/proc/{pid}/io"))?;
    let written = field(&io, "write_bytes:").unwrap_or_default();
    Ok(Usage { processor, written })
}

fn parse_status(status: &str) -> Option<Memory> {
    Some(Memory {
        resident: field(status, "VmRSS:")?,
        peak: field(status, "VmHWM:")?,
        anonymous: field(status, "RssAnon:")?,
        file: field(status, "RssFile:")?,
    })
}

fn parse_stat(stat: &str) -> Option<Duration> {
    // The second field is the name, in brackets, and may itself hold blanks and brackets.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let kernel: u32 = fields.next()?.parse().ok()?;
    TICK.checked_mul(user.checked_add(kernel)?)
}

/// The number in the line of `text` that begins with `name`.
pub(crate) fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_memory_figures() {
        let status = "Name:\tvestibule\nVmHWM:\t   20480 kB\nVmRSS:\t   18432 kB\nRssAnon:\t    8192 kB\n\
                      RssFile:\t   10240 kB\nRssShmem:\t       0 kB\n";
        let memory = parse_status(status).unwrap();
        assert_eq!(memory, Memory { resident: 18_432, peak: 20_480, anonymous: 8192, file: 10_240 });
        assert_eq!(parse_status("Name:\tkthreadd\n"), None);
    }

    #[test]
    fn reads_processor_time_whatever_the_name_holds() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 5 0 100 1 2";
        assert_eq!(parse_stat(stat), Some(Duration::from_secs(3)));
        assert_eq!(parse_stat("42 (cut"), None);
        assert_eq!(parse_stat("42 (cut) S 1"), None);
    }

    #[test]
    fn reads_this_very_process() {
        let me = std::process::id();
        let memory = memory(me).unwrap();
        assert!(memory.resident > 0 && memory.peak >= memory.anonymous);
        usage(me).unwrap();
    }
}
