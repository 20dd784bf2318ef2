//! Races: many claimers, released at once, for the few uses of one invite. Over-use must not be, so one makes
//! the measurement fail.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::{JoinError, JoinSet};
use vestibule_e2e::http::token_of;
use vestibule_e2e::{CliOutput, HarnessError, Vestibule};

use super::lab::Lab;
use crate::client::{Answer, Connection};
use crate::error::BenchError;
use crate::store::HOST;

/// Claimers in each race.
pub(crate) const CLAIMERS: usize = 16;
/// Races that run at the same time.
const TRACKS: usize = 4;
/// How often the invites of each half may be used.
pub(crate) const USES: [u32; 2] = [1, 3];

/// What came of all races.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Races {
    /// The races.
    pub held: u64,
    /// Claims that were granted, and completed.
    pub granted: u64,
    /// Claims that were refused, by the name of the problem.
    pub refused: BTreeMap<String, u64>,
    /// Claims granted beyond what an invite allows.
    pub over: u64,
    /// Uses that nobody was given, although more claimed than there were.
    pub kept_back: u64,
    /// Completions that said they went beyond what the invite allows.
    pub over_completed: u64,
    /// How long all of it took.
    pub time: Duration,
}

/// One invite to race for.
#[derive(Clone, Debug)]
struct Prize {
    token: String,
    uses: u32,
}

/// What came of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Granted { over_use: bool },
    Refused(String),
}

/// Runs races on a copy of an empty store. One use too many, or one too few, is an error.
pub(crate) fn measure(lab: &Lab<'_>) -> Result<Races, BenchError> {
    let (store, _) = lab.store("races", 0)?;
    let running = lab.serve(&store)?;
    eprintln!("{} races of {CLAIMERS}", lab.plan.races);
    let mut halves = Vec::new();
    for uses in USES {
        halves.push(prizes(&running.server, uses, lab.plan.races / 2)?);
    }
    let prizes: Vec<Prize> = halves.concat();
    let start = Instant::now();
    let all = run_all(running.server.addr(), store.key.clone(), prizes);
    let mut races = lab.runtime.block_on(all)?;
    races.time = start.elapsed();
    let kept = running.kill_and(|server| kept(server))?;
    races.judge(kept)?;
    Ok(races)
}

/// Mints invites for so many uses.
fn prizes(server: &Vestibule, uses: u32, count: u32) -> Result<Vec<Prize>, BenchError> {
    let (uses_text, count) = (uses.to_string(), count.to_string());
    let args = ["invites", "create", HOST, "--uses", &uses_text, "--count", &count];
    let output = succeeded("invites create", server.cli(&args)?)?;
    let prize = |link| Prize { token: token_of(link).to_owned(), uses };
    Ok(output.stdout.lines().map(prize).collect())
}

/// What the store knows after SIGKILL: uses spent, and uses spent beyond what the invites allow.
fn kept(server: &Vestibule) -> Result<(u64, u64), BenchError> {
    let output = succeeded("invites list", server.cli(&["invites", "list", HOST, "--json"])?)?;
    let invites = output.json().unwrap_or_default();
    let number = |invite: &Value, field: &str| invite.get(field).and_then(Value::as_u64).unwrap_or_default();
    let invites = invites.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    Ok(invites.fold((0, 0), |(spent, over), invite| {
        let (uses, most) = (number(invite, "uses"), number(invite, "max_uses"));
        (spent + uses, over + uses.saturating_sub(most))
    }))
}

fn succeeded(command: &str, output: CliOutput) -> Result<CliOutput, BenchError> {
    if output.success() {
        return Ok(output);
    }
    Err(HarnessError::Command { command: command.to_owned(), output: output.to_string() }.into())
}

async fn run_all(addr: SocketAddr, key: String, prizes: Vec<Prize>) -> Result<Races, BenchError> {
    let mut tracks = JoinSet::new();
    for share in prizes.chunks(prizes.len().div_ceil(TRACKS).max(1)) {
        tracks.spawn(run_track(addr, key.clone(), share.into()));
    }
    let mut races = Races::default();
    while let Some(done) = tracks.join_next().await {
        races.add(&done.map_err(|error| failed(&error))??);
    }
    Ok(races)
}

/// One race after the other, with the same claimers.
async fn run_track(addr: SocketAddr, key: String, prizes: Arc<[Prize]>) -> Result<Races, BenchError> {
    let start = Arc::new(Barrier::new(CLAIMERS));
    let mut claimers = JoinSet::new();
    for number in 0..CLAIMERS {
        claimers.spawn(claimer(addr, key.clone(), number, Arc::clone(&prizes), Arc::clone(&start)));
    }
    // Should one fail, the others, which wait for it, end with the set.
    let mut seen = Vec::new();
    while let Some(done) = claimers.join_next().await {
        seen.push(done.map_err(|error| failed(&error))??);
    }
    let mut races = Races::default();
    for (number, prize) in prizes.iter().enumerate() {
        races.count(prize.uses, seen.iter().filter_map(|seen| seen.get(number)));
    }
    Ok(races)
}

/// Takes part in every race, and completes each claim that it is granted, while others still claim.
async fn claimer(
    addr: SocketAddr,
    key: String,
    number: usize,
    prizes: Arc<[Prize]>,
    start: Arc<Barrier>,
) -> Result<Vec<Outcome>, BenchError> {
    let mut connection = Connection::open(addr, &key).await?;
    let mut seen = Vec::new();
    for prize in prizes.iter() {
        let username = format!("{}-{number}", prize.token.to_ascii_lowercase());
        let body = json!({ "token": prize.token, "username": username });
        start.wait().await;
        let answer = connection.post("/v1/redemptions", &body).await?;
        seen.push(if answer.status == 201 {
            let path = format!("/v1/redemptions/{}/complete", answer.text("claim"));
            let jid = json!({ "jid": format!("{username}@{HOST}") });
            let done = connection.post(&path, &jid).await?.expect(200, "a completion")?;
            Outcome::Granted { over_use: done.body.get("over_use") != Some(&Value::Bool(false)) }
        } else {
            Outcome::Refused(name_of(&answer))
        });
    }
    Ok(seen)
}

/// The name of a problem, or the status of what is none.
fn name_of(answer: &Answer) -> String {
    let name = answer.text("type").strip_prefix("urn:vestibule:problem:");
    name.map_or_else(|| answer.status.to_string(), str::to_owned)
}

fn failed(error: &JoinError) -> BenchError {
    BenchError::Call { what: "a race".to_owned(), why: error.to_string() }
}

impl Races {
    /// Counts one race for an invite with so many uses.
    fn count<'a>(&mut self, uses: u32, outcomes: impl Iterator<Item = &'a Outcome>) {
        let (mut granted, mut claimed) = (0, 0);
        for outcome in outcomes {
            claimed += 1;
            match outcome {
                Outcome::Granted { over_use } => {
                    granted += 1;
                    self.over_completed += u64::from(*over_use);
                }
                Outcome::Refused(name) => *self.refused.entry(name.clone()).or_default() += 1,
            }
        }
        let right = u64::from(uses).min(claimed);
        self.held += 1;
        self.granted += granted;
        self.over += granted.saturating_sub(right);
        self.kept_back += right.saturating_sub(granted);
    }

    fn add(&mut self, other: &Self) {
        self.held += other.held;
        self.granted += other.granted;
        self.over += other.over;
        self.kept_back += other.kept_back;
        self.over_completed += other.over_completed;
        for (name, count) in &other.refused {
            *self.refused.entry(name.clone()).or_default() += count;
        }
    }

    /// Fails unless every use went to exactly one claimer; `spent` and `over` are what the store knows.
    fn judge(&self, (spent, over): (u64, u64)) -> Result<(), BenchError> {
        let Self { granted, over: given, kept_back, over_completed, .. } = self;
        if spent == *granted && [*given, *kept_back, *over_completed, over] == [0; 4] {
            return Ok(());
        }
        Err(BenchError::Races(format!(
            "{granted} claims were granted, {given} of them too many, {kept_back} too few; {over_completed} \
             completions went too far; the store has {spent} uses, {over} of them too many"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WON: Outcome = Outcome::Granted { over_use: false };

    fn lost() -> Outcome {
        Outcome::Refused("token-used".to_owned())
    }

    #[test]
    fn a_fair_race_is_in_order() {
        let mut races = Races::default();
        races.count(1, [lost(), WON, lost()].iter());
        races.count(3, [WON, WON, lost(), WON].iter());
        races.count(3, [WON, WON].iter());
        let mut sum = Races::default();
        sum.add(&races);
        assert_eq!(sum, races);
        assert_eq!((sum.held, sum.granted, sum.refused["token-used"]), (3, 6, 3));
        assert!(sum.judge((6, 0)).is_ok());
        assert!(sum.judge((5, 0)).is_err() && sum.judge((6, 1)).is_err());
    }

    #[test]
    fn a_use_too_many_or_too_few_is_not() {
        for (uses, outcomes) in [
            (1, [WON, WON]),
            (1, [lost(), lost()]),
            (2, [WON, lost()]),
            (2, [WON, Outcome::Granted { over_use: true }]),
        ] {
            let mut races = Races::default();
            races.count(uses, outcomes.iter());
            assert!(races.judge((races.granted, 0)).is_err(), "{uses} {outcomes:?}");
        }
    }
}
