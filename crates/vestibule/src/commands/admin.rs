//! `admin login-link`.

use serde_json::json;
use vestibule_core::Principal;

use crate::{
    bootstrap,
    cli_error::CliError,
    config::Settings,
    fields::{Lists, print_fields},
};

/// Prints a login link.
pub(super) async fn login_link(settings: &Settings, host: Option<&str>, name: &str) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, host).await?;
    let links = bootstrap::remembered_links(settings, &invite_service).await?;
    let Principal::Operator { host, .. } = &by else {
        return Err(CliError::message("a command runs as the operator of a host"));
    };
    let (secret, expires_at) = invite_service.create_login_link(&by, name.trim()).await?;
    let link = format!("{}/admin/login/{}", links.base_of(host), secret.expose());
    if settings.json {
        let view = json!({ "link": link, "expires_at": expires_at.to_string() });
        return Ok(print_fields(&view, Lists::Words, true)?);
    }
    println!("{link}");
    Ok(())
}
