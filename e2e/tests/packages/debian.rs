//! The life of the Debian package.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::vestibule_binary;

use super::common::eventually;
use super::machine::BootedDebian;
use super::{is_disabled, script, succeeds};

const CONFIG: &str = "/etc/vestibule/vestibule.toml";
const OBSOLETE: &str = "/usr/share/vestibule/prosody/vestibule_obsolete.lib.lua";
const URL: &str = "http://127.0.0.1:8280";
const LIMIT: Duration = Duration::from_secs(30);

/// Builds the package, and one of an older version: with another default configuration, and with a file that the
/// newer one no longer has.
fn packages(directory: &Path) {
    let binary = vestibule_binary().unwrap();
    let (older, newer) = (directory.join("older.deb"), directory.join("newer.deb"));
    script("deb.sh", &[&binary, &newer]);
    let tree = directory.join("older");
    let mut unpack = Command::new("dpkg-deb");
    unpack.arg("--raw-extract").args([&newer, &tree]);
    succeeds(unpack);
    let edit = |path: &str, from: &str, to: &str| {
        let path = tree.join(path.trim_start_matches('/'));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{}", path.display());
        fs::write(path, text.replace(from, to)).unwrap();
    };
    edit("DEBIAN/control", "\nVersion: ", "\nVersion: 0~");
    edit(CONFIG, "# Configuration of Vestibule.", "# Configuration of an older Vestibule.");
    fs::write(tree.join(OBSOLETE.trim_start_matches('/')), "-- vestibule").unwrap();
    let mut build = Command::new("dpkg-deb");
    build.args(["--root-owner-group", "-Znone", "--build"]).args([&tree, &older]);
    succeeds(build);
    fs::remove_dir_all(tree).unwrap();
}

/// Returns the main process of the running service.
fn running(machine: &BootedDebian) -> String {
    machine.done("vestibule health");
    assert_eq!(machine.property("ActiveState"), "active");
    machine.property("MainPID")
}

/// Asserts that the page of a link opens with this status, and returns it.
fn page(machine: &BootedDebian, link: &str, status: &str) -> String {
    let path = link.strip_prefix("https://example.com").expect(link);
    let answer = machine.curl(&["-w", "\n%{http_code}", &format!("{URL}{path}")]);
    let (text, found) = answer.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(found, status, "{link}: {text}");
    text.to_owned()
}

/// Creates an invite with a key, over HTTP.
fn created(machine: &BootedDebian, key: &str) -> String {
    let bearer = format!("Authorization: Bearer {key}");
    let url = format!("{URL}/invites_api");
    let link = machine.curl(&["-o", "/dev/null", "-w", "%header{location}", "-H", &bearer, &url]);
    link.trim().to_owned()
}

#[test]
fn the_package_lives_through_install_reload_kill_upgrade_and_purge() {
    if is_disabled() {
        return;
    }
    let directory = TempDir::new().unwrap();
    packages(directory.path());
    let machine = BootedDebian::boot(directory.path());
    let key = install(&machine);
    let link = created(&machine, &key);
    page(&machine, &link, "200");
    is_confined(&machine);
    has_whole_pages(&machine);
    reloads(&machine, &link);
    survives_a_kill(&machine, &link, &key);
    upgrades(&machine, &link);
    belongs_to_its_user(&machine);
    takes_credentials(&machine, &link);
    leaves(&machine, &link);
}

/// After the installation and one edit, the service starts; returns a key.
fn install(machine: &BootedDebian) -> String {
    let output = machine.done("dpkg --install /packages/older.deb");
    assert!(output.contains("name your XMPP domain") && output.contains("systemctl start"), "{output}");
    assert_eq!(machine.property("UnitFileState"), "enabled");
    assert_eq!(machine.property("ActiveState"), "inactive");

    let failed = machine.run("systemctl start vestibule");
    assert!(!failed.success(), "{failed}");
    assert_eq!(machine.property("ExecMainStatus"), "78");
    assert_eq!(
        (machine.property("ActiveState"), machine.property("NRestarts")),
        ("failed".into(), "0".into())
    );
    let log = machine.done("journalctl --no-pager --output cat --priority err -u vestibule");
    assert!(log.contains("no host is configured") && !log.contains("<3>"), "{log}");

    machine.done(&format!(
        "sed -i -e 's/^#public_url/public_url/' -e 's/^#\\[hosts/[hosts/' {CONFIG} && systemctl start vestibule"
    ));
    // `Type=notify`: it is ready as soon as the start has ended.
    running(machine);
    machine.done("vestibule keys create example.com Portal")
}

/// The process has no rights, and the unit is as hard as promised.
fn is_confined(machine: &BootedDebian) {
    let pid = machine.property("MainPID");
    let status = machine.done(&format!("cat /proc/{pid}/status"));
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name} in {status}")).trim().to_owned()
    };
    for capabilities in ["CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"] {
        assert_eq!(field(capabilities), "0000000000000000", "{capabilities}");
    }
    assert_eq!((field("NoNewPrivs").as_str(), field("Seccomp").as_str()), ("1", "2"));
    let user = machine.done("id -u vestibule");
    assert!(field("Uid").split_whitespace().all(|id| id == user) && user != "0", "{status}");
    assert_eq!(machine.done("stat -c '%a %U' /var/lib/vestibule"), "700 vestibule");
    machine.done("systemd-analyze verify --man=no vestibule.service");
    machine.done("systemd-analyze security --offline=true --threshold=15 vestibule.service");
    assert_eq!(machine.done("stat -c %a /usr/share/vestibule/prosody/mod_invites.lua"), "644");
}

/// A reload shows new settings on the same process; an invalid file changes nothing.
fn reloads(machine: &BootedDebian, link: &str) {
    let pid = running(machine);
    machine.done(&format!(
        "sed -i 's/^#site_name = .*/site_name = \"The Choir\"/' {CONFIG} && systemctl reload vestibule"
    ));
    eventually("the new name is shown", LIMIT, || page(machine, link, "200").contains("The Choir"));
    machine.done(&format!(
        "cp {CONFIG} /root/good && echo 'nonsense = 1' >> {CONFIG} && systemctl reload vestibule"
    ));
    eventually("the error is reported", LIMIT, || {
        machine.property("StatusText").contains("was not reloaded")
    });
    assert!(machine.property("StatusText").contains("nonsense"), "{}", machine.property("StatusText"));
    assert!(page(machine, link, "200").contains("The Choir"));
    machine.done(&format!("cp /root/good {CONFIG} && systemctl reload vestibule"));
    eventually("the file is good again", LIMIT, || machine.property("StatusText").ends_with("was reloaded"));
    assert_eq!(running(machine), pid, "the same process");
}

fn survives_a_kill(machine: &BootedDebian, link: &str, key: &str) {
    let pid = running(machine);
    machine.done("systemctl kill --signal KILL vestibule");
    eventually("the service is restarted", LIMIT, || machine.run("vestibule health").success());
    assert_ne!(running(machine), pid);
    page(machine, link, "200");
    page(machine, &created(machine, key), "200");
}

/// An upgrade restarts the service, and keeps the data and the operator's configuration. A stopped service stays
/// stopped.
fn upgrades(machine: &BootedDebian, link: &str) {
    let pid = running(machine);
    let install = "dpkg --force-confdef --force-confold --install /packages/newer.deb";
    let output = machine.done(install);
    assert!(!output.contains("Next steps"), "{output}");
    assert_ne!(running(machine), pid, "the new program runs");
    assert!(page(machine, link, "200").contains("The Choir"));
    machine.done(&format!("test ! -e {OBSOLETE} && test -e {CONFIG}.dpkg-dist"));
    machine.done("systemctl stop vestibule");
    machine.done(install);
    assert_eq!(machine.property("ActiveState"), "inactive");
}

/// Commands of root on a stopped service leave files that the service can use.
fn belongs_to_its_user(machine: &BootedDebian) {
    let link = machine.done("vestibule invites create example.com");
    let foreign = machine.done("find /var/lib/vestibule ! -user vestibule");
    assert_eq!(foreign, "", "all files belong to the service");
    machine.done("systemctl start vestibule");
    running(machine);
    page(machine, &link, "200");
}

/// The seal key can be a credential, as in the example: the service then reads it from no file of its own.
fn takes_credentials(machine: &BootedDebian, link: &str) {
    machine.done(
        "set -e; systemctl stop vestibule; mv /var/lib/vestibule/seal.key /etc/vestibule/seal.key; \
         chown root:root /etc/vestibule/seal.key; chmod 400 /etc/vestibule/seal.key; \
         mkdir /etc/systemd/system/vestibule.service.d; \
         grep -v -i database /usr/share/doc/vestibule/examples/credentials.conf \
         > /etc/systemd/system/vestibule.service.d/credentials.conf; \
         systemctl daemon-reload; systemctl start vestibule",
    );
    running(machine);
    page(machine, link, "200");
}

/// The pages are complete without mdBook.
fn has_whole_pages(machine: &BootedDebian) {
    machine.done("! grep -rF '{{#include' /usr/share/doc/vestibule");
    machine.done("grep -q 'proxy_pass' /usr/share/doc/vestibule/proxies.md");
}

/// Removal keeps data and configuration, purge deletes both.
fn leaves(machine: &BootedDebian, link: &str) {
    machine.done("dpkg --remove vestibule");
    machine.done("test ! -e /usr/bin/vestibule && test \"$(systemctl is-active vestibule)\" != active");
    machine.done(&format!("test -e {CONFIG} && test -e /var/lib/vestibule/vestibule.db"));
    machine.done("dpkg --install /packages/newer.deb && systemctl start vestibule");
    page(machine, link, "200");
    // Purged while it is unpacked, but not configured.
    machine.done("dpkg --unpack /packages/newer.deb && systemctl is-active vestibule");
    machine.done("dpkg --purge vestibule");
    machine.done("test \"$(systemctl is-active vestibule)\" != active");
    machine.done(&format!("test ! -e {CONFIG} && test ! -e /var/lib/vestibule"));
    assert_eq!(machine.property("LoadState"), "not-found");
    assert_eq!(machine.done("find /etc/systemd/system -type l -name vestibule.service"), "");
}
