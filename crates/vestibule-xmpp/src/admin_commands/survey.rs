//! Inspection of the commands that an administrator has.

use tokio::time::timeout;
use vestibule_core::AccountsError;

use super::{AdminCommands, unavailable};
use crate::{ns, sanitize::sanitize, stream::Stream, stream_error::StreamError, xml::Element};

const VERSION_ID: &str = "vestibule-7";
const COMMANDS_ID: &str = "vestibule-8";

/// The commands without which registrations or resets fail.
const NEEDED: [&str; 3] = ["add-user", "change-user-password", "user-stats"];

/// What an administrator's account can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminSurvey {
    /// Name and version of the server (XEP-0092), if it tells.
    pub software: Option<String>,
    /// Commands that are needed and not offered.
    pub missing: Vec<&'static str>,
}

impl AdminCommands {
    /// The account, for reports.
    pub fn address(&self) -> String {
        self.admin.at(&self.host).to_string()
    }

    /// Logs in and lists the commands. Nothing is changed.
    pub async fn survey(&self) -> Result<AdminSurvey, AccountsError> {
        let surveying = async {
            let mut stream = self.log_in().await?;
            let software = software(&mut stream).await.map_err(|error| unavailable(&error))?;
            let offered = commands(&mut stream).await.map_err(|error| unavailable(&error))?;
            stream.end().await;
            let is_missing = |name: &&str| !offered.contains(&format!("{}#{name}", ns::ADMIN));
            Ok(AdminSurvey { software, missing: NEEDED.into_iter().filter(is_missing).collect() })
        };
        let late = AccountsError::Unavailable(StreamError::Silent.to_string());
        timeout(self.limits.total, surveying).await.unwrap_or(Err(late))
    }
}

async fn software(stream: &mut Stream) -> Result<Option<String>, StreamError> {
    let request = format!(
        "<iq type='get' id='{VERSION_ID}' to='{}'><query xmlns='{}'/></iq>",
        stream.host(),
        ns::VERSION
    );
    stream.send(&request).await?;
    let answer = stream.answer(VERSION_ID).await?;
    let query = answer.child("query", ns::VERSION);
    let text = |name: &str| query?.child(name, ns::VERSION).map(|child| child.text.clone());
    Ok(text("name").map(|name| sanitize(&format!("{name} {}", text("version").unwrap_or_default()))))
}

/// The nodes of the commands that the account may use (XEP-0050 section 3.1).
async fn commands(stream: &mut Stream) -> Result<Vec<String>, StreamError> {
    let request = format!(
        "<iq type='get' id='{COMMANDS_ID}' to='{}'><query xmlns='{}' node='{}'/></iq>",
        stream.host(),
        ns::DISCO_ITEMS,
        ns::COMMANDS
    );
    stream.send(&request).await?;
    let answer = stream.answer(COMMANDS_ID).await?;
    let items: &[Element] =
        answer.child("query", ns::DISCO_ITEMS).map_or(&[], |query| query.children.as_slice());
    Ok(items.iter().filter_map(|item| item.attr("node").map(str::to_owned)).collect())
}
