//! The image, run by podman without a daemon.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use vestibule_e2e::CliOutput;

use super::common::eventually;
use super::{SCRIPT, succeeds};

/// Containers and images in a directory of their own.
struct Podman {
    directory: TempDir,
}

impl Podman {
    fn command(&self, args: &[&str]) -> Command {
        let path = |name: &str| self.directory.path().join(name);
        let mut podman = Command::new("podman");
        podman.arg("--root").arg(path("storage")).arg("--runroot").arg(path("run"));
        podman.args(["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none"]);
        // crun of Debian 12 refuses the mixed control groups of some build machines.
        podman.args(["--runtime", "runc"]).args(args);
        podman
    }

    fn run(&self, args: &[&str]) -> CliOutput {
        CliOutput::within(SCRIPT, self.command(args)).unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        succeeds(self.command(args)).text().to_owned()
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _ = CliOutput::within(SCRIPT, self.command(&["rm", "--all", "--force", "--volumes"]));
    }
}

/// The options of compose.yaml. The limits are those that a build machine without `CAP_SYS_RESOURCE` can set.
const CONFINED: [&str; 9] = [
    "--network=none",
    "--read-only",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--ulimit=nofile=1024:1024",
    "--ulimit=nproc=1000:1000",
    "--env=VESTIBULE_HOST=example.com",
    "--env=VESTIBULE_PUBLIC_URL=https://example.com",
    "--volume=data:/var/lib/vestibule",
];

/// The image serves as an ordinary user without rights, reports its health, and keeps its data in the volume.
pub(crate) fn serves(archive: &Path) {
    let podman = Podman { directory: TempDir::new().unwrap() };
    podman.done(&["load", "--quiet", "--input", archive.to_str().unwrap()]);
    let version = env!("CARGO_PKG_VERSION");
    let image = format!("localhost/vestibule:{version}");

    podman.done(&[&["run", "--detach", "--name", "v"], &CONFINED[..], &[&image]].concat());
    let health = ["exec", "v", "/usr/bin/vestibule", "health"];
    eventually("the service is healthy", SCRIPT, || podman.run(&health).success());
    let link = podman.done(&["exec", "v", "vestibule", "invites", "create", "example.com"]);
    assert!(link.starts_with("https://example.com/invite/"), "{link}");
    let top = podman.done(&["top", "v", "user", "capeff", "seccomp"]);
    assert!(top.contains("vestibule") && top.contains("none"), "{top}");
    let stopped = podman.done(&["stop", "--time", "15", "v"]);
    assert_eq!(podman.done(&["inspect", "--format", "{{.State.ExitCode}}", "v"]), "0", "{stopped}");
    let unhealthy = podman.run(&[&["run", "--rm"], &CONFINED[..], &[&image, "health"]].concat());
    assert_eq!(unhealthy.code(), Some(1), "{unhealthy}");
    assert!(unhealthy.stderr.contains("cannot be reached"), "{unhealthy}");

    // A new container with the same volume has the data.
    podman.done(&["rm", "v"]);
    podman.done(&[&["run", "--detach", "--name", "w"], &CONFINED[..], &[&image]].concat());
    eventually("the service is healthy", SCRIPT, || {
        podman.run(&["exec", "w", "vestibule", "health"]).success()
    });
    assert!(podman.done(&["exec", "w", "vestibule", "invites", "list", "example.com"]).lines().count() >= 1);
    writes_the_bridge(&podman, &image);
}

/// As the service `bridge` of compose.yaml does.
fn writes_the_bridge(podman: &Podman, image: &str) {
    let modules = podman.directory.path().join("modules");
    std::fs::create_dir(&modules).unwrap();
    let volume = format!("{}:/modules", modules.display());
    let limits = ["--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000", "--user=0:0"];
    podman.done(
        &[&["run", "--rm", "--volume", &volume], &limits[..], &[image, "prosody", "install", "/modules"]]
            .concat(),
    );
    assert!(modules.join("mod_invites.lua").exists());
}
