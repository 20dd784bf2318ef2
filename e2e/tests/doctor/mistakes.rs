//! Mistakes that an operator made in one day with a real Prosody. `doctor` fails on each of them, and names its cause
//! and its remedy. With `--nocapture` the tests print a table of them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vestibule_e2e::{
    Certificate, CliOutput, Prosody, ProsodyBuilder, ReverseProxy, Version, vestibule_binary,
    vestibule_command,
};

use crate::common::{HOST, eventually};
use crate::fixture::{Fixture, named, relay_with_date};
use crate::test_server::{MODULES, bridged, says, unused_addr};
use crate::versions::on_both_versions;

on_both_versions!(
    a_mistyped_secret,
    a_wrong_port,
    plugin_paths_twice,
    a_key_without_scopes,
    the_key_of_another_host,
    https_to_the_plain_port,
    a_deleted_key,
    an_expired_key,
    the_address_of_another_server,
    a_missing_module,
    only_the_id_of_a_key,
    no_key,
    a_misspelt_option,
    back_to_prosodys_own_modules,
);

fn a_mistyped_secret(version: Version) {
    let fixture = Fixture::new();
    let key = format!("{}/{}", fixture.id(), "x".repeat(36));
    let texts = [fixture.id(), "the part after the slash is wrong", "--scope bridge", "restart Prosody"];
    named("M1 secret mistyped", &fixture.with_key(version, &key), "FAIL bridge: ", &texts);
}

fn a_wrong_port(version: Version) {
    let fixture = Fixture::new();
    let output = fixture.with_url(version, &format!("http://{}", unused_addr()));
    let url = format!("set vestibule_url = \"{}\"", fixture.0.server.url());
    let texts = ["reaches nothing at its vestibule_url", &url];
    named("M2 wrong port in vestibule_url", &output, "FAIL bridge: ", &texts);
}

fn plugin_paths_twice(version: Version) {
    let fixture = Fixture::new();
    let prosody = bridged(&fixture.0.server.url(), &fixture.0.key).version(version);
    let prosody = prosody.config("plugin_paths = { \"/usr/local/lib/prosody/modules\" }").start().unwrap();
    let texts = ["Vestibule's are not loaded", "last assignment of plugin_paths", "restart Prosody"];
    named("M3 plugin_paths twice", &fixture.doctor(&prosody), "FAIL bridge: ", &texts);
}

fn a_key_without_scopes(version: Version) {
    let fixture = Fixture::new();
    let key = fixture.0.server.create_key_with(HOST, &["Weak", "--scope", "invites:create"]).unwrap();
    let texts = [key.split('/').next().unwrap(), "lacks the scope redeem", "--scope bridge"];
    named("M4 key with invites:create only", &fixture.with_key(version, &key), "FAIL bridge: ", &texts);
}

fn the_key_of_another_host(version: Version) {
    let fixture = Fixture::new();
    let key = fixture.0.server.create_key_with("other.example", &["Prosody", "--scope", "bridge"]).unwrap();
    let texts = [key.split('/').next().unwrap(), "of other.example", "give it a key of this host"];
    named("M5 key of the other host", &fixture.with_key(version, &key), "FAIL bridge: ", &texts);
}

#[test]
fn vestibule_is_down() {
    let mut fixture = Fixture::new();
    let prosody = fixture.0.prosody(&["invites", "invites_register"]);
    fixture.0.server.terminate().unwrap();
    let texts = ["nothing answers at", "start `vestibule serve`"];
    named("M6 Vestibule down", &fixture.doctor(&prosody), "FAIL service: ", &texts);
}

fn https_to_the_plain_port(version: Version) {
    let fixture = Fixture::new();
    let output = fixture.with_url(version, &fixture.0.server.url().replace("http://", "https://"));
    let url = format!("set vestibule_url = \"{}\"", fixture.0.server.url());
    let texts = ["begins with https://", "speaks plain HTTP", &url];
    named("M7 https:// to the plain port", &output, "FAIL bridge: ", &texts);
}

#[test]
fn another_client_port() {
    let fixture = Fixture::new();
    let texts = ["no connection", "c2s in [hosts.\"localhost\".xmpp], or --c2s"];
    let output = fixture.0.doctor(HOST, &["--c2s", &unused_addr()]);
    named("M8 c2s on another port", &output, "FAIL XMPP server: ", &texts);
}

fn a_deleted_key(version: Version) {
    let fixture = Fixture::new();
    let prosody = bridged(&fixture.0.server.url(), &fixture.0.key).version(version).start().unwrap();
    fixture.0.server.create_key_with(HOST, &["New", "--scope", "bridge"]).unwrap();
    assert!(fixture.0.server.cli(&["keys", "delete", HOST, fixture.id()]).unwrap().success());
    let texts = [
        "a key that is not accepted",
        "it is mistyped, or was deleted",
        "restart Prosody, or run config:reload()",
    ];
    named(
        "M9 new key, old deleted, Prosody not restarted",
        &fixture.doctor(&prosody),
        "FAIL bridge: ",
        &texts,
    );
}

#[test]
fn a_wrong_clock() {
    let fixture = Fixture::new();
    let url = relay_with_date(fixture.0.server.addr(), "Fri, 01 Jan 2016 00:00:00 GMT");
    let args = ["doctor", HOST, "--c2s", &unused_addr(), "--url", &url];
    let texts = ["seconds apart", "claims, which live a minute, end too early or too late", "timedatectl"];
    named("M10 clock of 2016", &fixture.0.server.cli(&args).unwrap(), "FAIL clock: ", &texts);
}

fn an_expired_key(version: Version) {
    let fixture = Fixture::new();
    let key =
        fixture.0.server.create_key_with(HOST, &["Short", "--scope", "bridge", "--expires", "1s"]).unwrap();
    let prosody = bridged(&fixture.0.server.url(), &key).version(version).start().unwrap();
    let mut output = fixture.doctor(&prosody);
    eventually("the key is expired", Duration::from_secs(30), || {
        output = fixture.doctor(&prosody);
        !output.success()
    });
    let texts = [key.split('/').next().unwrap(), "which expired at 20", "--scope bridge"];
    named("M11 key expired", &output, "FAIL bridge: ", &texts);
}

#[test]
fn no_data_directory() {
    let directory = TempDir::new().unwrap();
    let mut command = vestibule_command(&["doctor", HOST, "--c2s", &unused_addr()]).unwrap();
    command.current_dir(directory.path());
    let texts = ["there is no database at", "vestibule-data", "--data-dir"];
    named("M12 doctor without --data-dir", &CliOutput::of(command).unwrap(), "FAIL database: ", &texts);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "doctor creates nothing");
}

/// The other half of M12: the service listens where only its own options say.
#[test]
fn the_listen_address_of_the_service_is_found_with_the_data_directory_alone() {
    let fixture = Fixture::new();
    let prosody = fixture.0.prosody(&["invites", "invites_register"]);
    let c2s = prosody.c2s_addr().to_string();
    let output = fixture.0.server.cli(&["doctor", HOST, "--c2s", &c2s]).unwrap();
    says(&output, "ok   service: ", &[&fixture.0.server.url()]);
    assert_eq!(output.code(), Some(0), "{output}");
}

#[test]
fn doctor_as_another_user() {
    let fixture = Fixture::new();
    let directory = TempDir::new().unwrap();
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    let binary = directory.path().join("vestibule");
    let mut copy = Command::new("cp");
    copy.arg(vestibule_binary().unwrap()).arg(&binary);
    assert!(CliOutput::of(copy).unwrap().success());
    // As /var/lib/vestibule: the directory can be found, its files cannot be read.
    let data = fixture.0.server.data_dir();
    fs::set_permissions(data.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary);
    command.args(["doctor", HOST, "--c2s", &unused_addr(), "--data-dir"]).arg(data);
    command.current_dir(directory.path());
    let texts = ["ermission denied", data.to_str().unwrap(), "run doctor as the user of the service"];
    named("M13 doctor as another user", &CliOutput::of(command).unwrap(), "FAIL database: ", &texts);
}

fn the_address_of_another_server(version: Version) {
    let fixture = Fixture::new();
    let web = ReverseProxy::nginx("location / { return 404; }\n").unwrap();
    let url = format!("set vestibule_url = \"{}\"", fixture.0.server.url());
    let texts = ["another program answers at its vestibule_url", &url];
    let output = fixture.with_url(version, &web.url());
    named("M14 vestibule_url is another web server's port", &output, "FAIL bridge: ", &texts);
}

fn a_missing_module(version: Version) {
    let fixture = Fixture::new();
    let prosody = fixture.0.prosody_with(&["invites"], |builder| builder.version(version));
    let texts = ["is not offered", "\"invites_register\" to modules_enabled of VirtualHost \"localhost\""];
    named("M15 invites_register missing", &fixture.doctor(&prosody), "FAIL registration: ", &texts);
}

fn only_the_id_of_a_key(version: Version) {
    let fixture = Fixture::new();
    let output = fixture.with_key(version, fixture.id());
    let texts = ["vestibule_key is not of the form ID/SECRET", "--scope bridge"];
    named("M16 only the ID as key", &output, "FAIL bridge: ", &texts);
}

#[test]
fn a_renewed_certificate() {
    let fixture = Fixture::new();
    let (old, new) = (Certificate::new(HOST, true).unwrap(), Certificate::new(HOST, true).unwrap());
    let prosody = fixture.0.prosody_with(&["invites", "invites_register"], |builder| builder.encrypted(&new));
    let file = fixture.0.configured(&format!(
        "c2s = \"{}\"\ncert_sha256 = \"{}\"\n",
        prosody.c2s_addr(),
        old.fingerprint()
    ));
    let output = fixture.0.doctor(HOST, &["--config", file.to_str().unwrap()]);
    let texts = ["no trusted encryption", "cert_sha256 in [hosts.\"localhost\".xmpp]"];
    named("M17 certificate renewed, cert_sha256 old", &output, "FAIL XMPP server: ", &texts);
}

/// Returns a Prosody with the bridge's modules and without a key.
fn without_key(version: Version) -> ProsodyBuilder {
    let prosody = Prosody::builder().version(version).plugin_path(Path::new(MODULES));
    prosody.module("invites").module("invites_register")
}

fn no_key(version: Version) {
    let fixture = Fixture::new();
    let texts = ["no vestibule_key", "set vestibule_key below VirtualHost \"localhost\"", "--scope bridge"];
    let output = fixture.doctor(&without_key(version).start().unwrap());
    named("M18 no vestibule_key", &output, "FAIL bridge: ", &texts);
}

#[test]
fn an_unreadable_directory_of_modules() {
    let fixture = Fixture::new();
    let directory = TempDir::new().unwrap();
    for file in fs::read_dir(MODULES).unwrap() {
        let path = file.unwrap().path();
        fs::copy(&path, directory.path().join(path.file_name().unwrap())).unwrap();
    }
    fs::set_permissions(directory.path(), Permissions::from_mode(0o700)).unwrap();
    let prosody = Prosody::builder()
        .as_nobody()
        .plugin_path(directory.path())
        .module("invites")
        .module("invites_register")
        .config(&format!("vestibule_url = \"{}\"", fixture.0.server.url()))
        .config(&format!("vestibule_key = \"{}\"", fixture.0.key));
    let output = fixture.doctor(&prosody.start().unwrap());
    let texts = ["Vestibule's are not loaded", "the user that runs Prosody must be able to read it"];
    named("M19 directory of modules unreadable for Prosody", &output, "FAIL bridge: ", &texts);
}

fn a_misspelt_option(version: Version) {
    let fixture = Fixture::new();
    let prosody = without_key(version).host_config(&format!("vestibul_key = \"{}\"", fixture.0.key));
    let texts = ["no vestibule_key", "check the spelling"];
    named("M20 option misspelt", &fixture.doctor(&prosody.start().unwrap()), "FAIL bridge: ", &texts);
}

#[test]
fn a_web_server_that_does_not_pass_invites_on() {
    let fixture = Fixture::new();
    let block = format!("location /static/ {{ proxy_pass {}; }}\n", fixture.0.server.url());
    let web = ReverseProxy::nginx(&block).unwrap();
    let output = fixture.0.doctor(HOST, &["--public-url", &web.url()]);
    let remedy = format!("pass /invite/ and /static/ on to {}", fixture.0.server.url());
    let texts = ["does not pass /invite/ to Vestibule", "status 404", &remedy];
    named("M21 nginx does not pass /invite/", &output, "FAIL public URL: ", &texts);
}

fn back_to_prosodys_own_modules(version: Version) {
    let fixture = Fixture::new();
    // The bridge has worked, and its key was used.
    let before = fixture.with_key(version, &fixture.0.key.clone());
    says(&before, "ok   bridge: ", &["asks this service"]);
    let stock = Prosody::builder().version(version).module("invites").module("invites_register");
    let texts = ["its own modules answer, and Vestibule's are not loaded", "plugin_paths"];
    named(
        "M22 gone back to stock modules",
        &fixture.doctor(&stock.start().unwrap()),
        "FAIL bridge: ",
        &texts,
    );
}
