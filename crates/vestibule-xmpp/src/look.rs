//! A first look at a server. Nothing is registered, and nobody logs in.

use tokio::time::timeout;
use vestibule_core::Host;

use crate::{
    features::Features, limits::Limits, names::Names, route::Route, stream::Stream, trouble::Trouble,
};

/// What a server at `address` (`name:port`) offers a client that has not logged in, before encryption.
pub async fn look_at(address: &str, host: &Host, limits: &Limits) -> Result<Features, Trouble> {
    let route = Route::to_look(address).ok_or_else(|| Trouble::NoAddress(address.to_owned()))?;
    look_along(&route, host, &Names::default(), limits).await
}

/// The same at the end of a way, encrypted as that demands.
pub(crate) async fn look_along(
    route: &Route,
    host: &Host,
    names: &Names,
    limits: &Limits,
) -> Result<Features, Trouble> {
    let looking = async {
        let (stream, features) = Stream::begin(route, host, names, limits).await?;
        stream.end().await;
        Ok(features)
    };
    timeout(limits.total, looking).await.unwrap_or(Err(Trouble::Silent))
}
