//! A small disk and a data directory whose permissions can be changed.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_binary};

/// An environment variable that skips these tests where mounting or changing the user is not permitted.
const NO_MOUNT: &str = "VESTIBULE_E2E_NO_MOUNT";
const SIZE: &str = "size=12m";
/// The IDs of `nobody` and `nogroup` on Debian.
const NOBODY: u32 = 65534;

/// Returns whether the variable is set; tests are not skipped for other reasons.
fn is_disabled() -> bool {
    let off = std::env::var_os(NO_MOUNT).is_some();
    if off {
        eprintln!("skipped: {NO_MOUNT} is set");
    }
    off
}

/// A small file system in memory, unmounted on drop.
pub(crate) struct SmallDisk {
    directory: TempDir,
}

impl SmallDisk {
    /// Returns `None` if these tests are disabled.
    pub(crate) fn mount() -> Option<Self> {
        Self::mount_of(SIZE)
    }

    /// Like [`Self::mount`], with another size.
    pub(crate) fn mount_of(size: &str) -> Option<Self> {
        if is_disabled() {
            return None;
        }
        let directory = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", size, "vestibule-e2e"]).arg(directory.path());
        let output = CliOutput::of(mount).unwrap();
        assert!(
            output.success(),
            "this test mounts a small disk and needs root (set {NO_MOUNT}=1 to skip): {output}"
        );
        Some(Self { directory })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Fills the disk.
    pub(crate) fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        for block in [vec![0_u8; 64 << 10], vec![0_u8; 1 << 10]] {
            while filler.write_all(&block).is_ok() {}
        }
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.directory.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, because the server may still use it.
        let _ = Command::new("umount").arg("--lazy").arg(self.directory.path()).status();
    }
}

/// A data directory of `nobody` whose write permission can be changed.
pub(crate) struct Locked {
    directory: TempDir,
    binary: PathBuf,
}

impl Locked {
    /// Returns `None` if these tests are disabled.
    pub(crate) fn new() -> Option<Self> {
        if is_disabled() {
            return None;
        }
        let directory = TempDir::new().unwrap();
        // `nobody` needs access to the directory and to the binary.
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let binary = directory.path().join("vestibule");
        // Not copied by this process: a child that another test starts meanwhile would inherit the open file, and
        // a program that is open for writing cannot be run ("text file busy").
        let mut copy = Command::new("cp");
        copy.arg(vestibule_binary().unwrap()).arg(&binary);
        let output = CliOutput::of(copy).unwrap();
        assert!(output.success(), "{output}");
        fs::create_dir(directory.path().join("data")).unwrap();
        Some(Self { directory, binary })
    }

    pub(crate) fn server(&self, wrapper: &[&str]) -> Vestibule {
        let builder = Vestibule::builder().binary(&self.binary).data_dir(self.data());
        builder.wrapper(wrapper).start().unwrap()
    }

    /// Returns a command that runs the binary as `nobody`, because permissions do not apply to root.
    pub(crate) fn as_nobody() -> [&'static str; 4] {
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }

    /// Removes the write permission from the directory and its files.
    pub(crate) fn lock(&self) {
        self.each(|path, is_dir| {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("this test changes owners and needs root");
            fs::set_permissions(path, Permissions::from_mode(if is_dir { 0o555 } else { 0o400 })).unwrap();
        });
    }

    /// Restores the write permission.
    pub(crate) fn unlock(&self) {
        self.each(|path, is_dir| {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            fs::set_permissions(path, Permissions::from_mode(if is_dir { 0o755 } else { 0o600 })).unwrap();
        });
    }

    fn each(&self, change: impl Fn(&Path, bool)) {
        change(&self.data(), true);
        for entry in fs::read_dir(self.data()).unwrap() {
            change(&entry.unwrap().path(), false);
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }
}
