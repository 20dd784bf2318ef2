//! What the bridge costs a registration through Prosody, next to the same Prosody with its own invites, and while
//! Vestibule hangs.

use std::time::{Duration, Instant};

use clap::Args;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Version, Vestibule};

use crate::error::Result;
use crate::options::{Bench, CommonArgs};
use crate::report::Report;
use crate::stats::quantile;
use crate::store::HOST;

/// Timeout of pings while Vestibule hangs.
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// The options of the measurement of the bridge.
#[derive(Args, Clone, Debug)]
pub(crate) struct BridgeArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Registrations on each server, in turns
    #[arg(long, value_name = "N", default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..=2000))]
    registrations: u32,
}

/// Milliseconds of each registration on one server.
#[derive(Debug, Default)]
struct Times {
    preauth: Vec<f64>,
    whole: Vec<f64>,
}

/// Measures both versions, and writes or prints the page.
pub(crate) fn run(args: &BridgeArgs) -> Result<()> {
    let bench = args.common.prepare("bench/RESULTS-bridge.md", false)?;
    let count = if bench.quick { 3 } else { args.registrations };
    let (mut times, mut pings) = (Vec::new(), Vec::new());
    for (name, version) in [("0.12", Version::V012), ("13", Version::V13)] {
        eprintln!("Prosody {name}");
        let (bridged, stock, ping) = measure(version, &bench, count)?;
        times.push(row(name, "preauth", &bridged.preauth, &stock.preauth));
        times.push(row(name, "registration", &bridged.whole, &stock.whole));
        pings.push(vec![name.to_owned(), format!("{ping:.2}")]);
    }
    let mut report = Report::new("Results of the bridge");
    let text = format!(
        "A preauth and a whole registration (preauth, then account) on loopback, {count} on each server, in turns, \
         in milliseconds. Vestibule has a claim on disk before it answers; Prosody does not wait for the disk."
    );
    let columns =
        ["Prosody", "", "bridge: median", "p99", "stock: median", "p99", "added: median", "added: p99"];
    report.section("Registrations", &text, &columns, &times);
    let text = "The slowest of 100 pings of a member while a token waits for a Vestibule that is stopped.";
    report.section("Outage", text, &["Prosody", "slowest ping, ms"], &pings);
    report.finish(&bench, None)
}

fn row(version: &str, what: &str, bridged: &[f64], stock: &[f64]) -> Vec<String> {
    let at = |values: &[f64], share| quantile(values.iter().copied(), share).unwrap_or(f64::NAN);
    let [a, b, c, d] = [at(bridged, 0.5), at(bridged, 0.99), at(stock, 0.5), at(stock, 0.99)];
    let figures = [a, b, c, d, a - c, b - d].map(|figure| format!("{figure:.2}"));
    [version.to_owned(), what.to_owned()].into_iter().chain(figures).collect()
}

fn measure(version: Version, bench: &Bench, count: u32) -> Result<(Times, Times, f64)> {
    let mut vestibule = Vestibule::builder().binary(&bench.binary).start()?;
    let key = vestibule.create_key_with(HOST, &["Prosody", "--scope", "bridge"])?;
    let prosody = || Prosody::builder().version(version).log_level("info");
    let (bridged, stock) = (prosody().bridge(&vestibule.url(), &key).start()?, prosody().invites().start()?);
    let links = vestibule.cli(&["invites", "create", HOST, "--count", &(count + 1).to_string()])?;
    let token = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
    let tokens: Vec<String> = links.stdout.split_whitespace().map(token).collect();
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    for (number, token) in tokens.iter().skip(1).enumerate() {
        let other = stock_token(&stock)?;
        // Each server goes first equally often.
        if number % 2 == 0 {
            register(&bridged, token, number, &mut ours)?;
        }
        register(&stock, &other, number, &mut theirs)?;
        if number % 2 == 1 {
            register(&bridged, token, number, &mut ours)?;
        }
    }
    let unused = tokens.first().ok_or("no invite was created")?;
    let ping = ping_while_hanging(&mut vestibule, &bridged, unused)?;
    Ok((ours, theirs, ping))
}

/// An invite of Prosody's own.
fn stock_token(prosody: &Prosody) -> Result<String> {
    let args: &[&str] = match prosody.version() {
        Version::V012 => &["mod_invites", "generate", HOST],
        Version::V13 => &["shell", "invite", "create_account", HOST],
    };
    let output = prosody.ctl(args)?;
    let token = output.stdout.split("preauth=").nth(1).unwrap_or_default();
    Ok(token.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or_default().to_owned())
}

fn register(prosody: &Prosody, token: &str, number: usize, times: &mut Times) -> Result<()> {
    let mut stream = Stream::open(prosody.c2s_addr(), HOST)?;
    let begun = Instant::now();
    let admitted = stream.preauth(token)?;
    let preauth = begun.elapsed();
    let made = stream.register(&format!("guest{number}"), "secret")?;
    let whole = begun.elapsed();
    if !admitted.is_ok() || !made.is_ok() {
        return Err(format!("a registration failed: {admitted:?}, then {made:?}").into());
    }
    times.preauth.push(preauth.as_secs_f64() * 1e3);
    times.whole.push(whole.as_secs_f64() * 1e3);
    Ok(())
}

/// The slowest ping of a member, in milliseconds, while a token waits for a Vestibule that hangs.
fn ping_while_hanging(vestibule: &mut Vestibule, prosody: &Prosody, token: &str) -> Result<f64> {
    prosody.add_account("member", "secret")?;
    let mut member = Stream::open(prosody.c2s_addr(), HOST)?;
    member.login("member", "secret")?;
    let mut guest = Stream::open(prosody.c2s_addr(), HOST)?;
    vestibule.pause();
    let asked = guest.ask("set", &format!("<preauth xmlns='urn:xmpp:pars:0' token='{token}'/>"))?;
    let mut slowest = 0.0_f64;
    for _ in 0..100 {
        let begun = Instant::now();
        member.ping(PING_TIMEOUT)?;
        slowest = slowest.max(begun.elapsed().as_secs_f64() * 1e3);
    }
    vestibule.resume();
    guest.answer(&asked, PING_TIMEOUT)?;
    Ok(slowest)
}
