//! A disk that can be filled, and a data directory that can be locked.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_binary};

/// Set where neither mounting nor changing the user is allowed: these tests are skipped then.
const NO_MOUNT: &str = "VESTIBULE_E2E_NO_MOUNT";
const SIZE: &str = "size=12m";
/// `nobody` and `nogroup` on Debian.
const NOBODY: u32 = 65534;

/// Whether these tests were switched off; they are never skipped for any other reason.
fn switched_off() -> bool {
    let off = std::env::var_os(NO_MOUNT).is_some();
    if off {
        eprintln!("skipped: {NO_MOUNT} is set");
    }
    off
}

/// A small file system of its own in memory, unmounted when dropped.
pub(crate) struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// `None` where the tests that need it were switched off.
    pub(crate) fn mount() -> Option<Self> {
        Self::mount_of(SIZE)
    }

    /// The same of another size.
    pub(crate) fn mount_of(size: &str) -> Option<Self> {
        if switched_off() {
            return None;
        }
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", size, "vestibule-e2e"]).arg(folder.path());
        let output = CliOutput::of(mount).unwrap();
        assert!(output.success(), "this test mounts a small disk, as root (or set {NO_MOUNT}=1): {output}");
        Some(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room that is left.
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
        self.folder.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Detached: the server on it may still be ending.
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

/// A data directory that belongs to `nobody`, who may or may not write there.
pub(crate) struct Locked {
    folder: TempDir,
    binary: PathBuf,
}

impl Locked {
    /// `None` where the tests that need it were switched off.
    pub(crate) fn new() -> Option<Self> {
        if switched_off() {
            return None;
        }
        let folder = TempDir::new().unwrap();
        // `nobody` must be able to reach both the folder and the binary.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let binary = folder.path().join("vestibule");
        // Not copied by this process: a child that another test starts meanwhile would inherit the open
        // file, and a program that is open for writing cannot be run ("text file busy").
        let mut copy = Command::new("cp");
        copy.arg(vestibule_binary().unwrap()).arg(&binary);
        let output = CliOutput::of(copy).unwrap();
        assert!(output.success(), "{output}");
        fs::create_dir(folder.path().join("data")).unwrap();
        Some(Self { folder, binary })
    }

    pub(crate) fn server(&self, wrapper: &[&str]) -> Vestibule {
        let builder = Vestibule::builder().binary(&self.binary).data_dir(self.data());
        builder.wrapper(wrapper).start().unwrap()
    }

    /// Words that run the binary as a user whom permissions bind; they do not bind root.
    pub(crate) fn as_nobody() -> [&'static str; 4] {
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }

    /// Takes the right to write from everything in the folder, and from the folder.
    pub(crate) fn lock(&self) {
        self.each(|path, is_dir| {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("this test changes owners, as root");
            fs::set_permissions(path, Permissions::from_mode(if is_dir { 0o555 } else { 0o400 })).unwrap();
        });
    }

    /// Gives it back.
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
        self.folder.path().join("data")
    }
}
