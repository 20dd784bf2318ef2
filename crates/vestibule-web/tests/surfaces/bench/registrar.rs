//! An XMPP server that asks us about tokens, in short: it claims and completes as the bridge does, unless a test wants
//! it to answer something else.

use std::{
    collections::VecDeque,
    sync::{Mutex, OnceLock},
};

use async_trait::async_trait;
use tokio::sync::oneshot;
use vestibule_core::{
    Application, Authority, Desk, Refusal, Registrar, RegistrarError, Source, StoreError, Via,
};

#[derive(Default)]
pub(crate) struct TestRegistrar {
    pub(super) desk: OnceLock<Desk>,
    answers: Mutex<VecDeque<RegistrarError>>,
    /// Who was registered, with which password.
    registered: Mutex<Vec<(String, String)>>,
    /// Held for one application: it says that it has begun, and waits until it may go on.
    held: Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

impl TestRegistrar {
    /// The next application gets this answer, and nothing is made.
    pub(crate) fn answers(&self, error: RegistrarError) {
        self.answers.lock().unwrap().push_back(error);
    }

    /// Holds the next application up. Answers what tells that it has begun, and what lets it go on.
    pub(crate) fn hold(&self) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((begun, has_begun), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
        *self.held.lock().unwrap() = Some((begun, may_go_on));
        (has_begun, go_on)
    }

    pub(crate) fn registered(&self) -> Vec<(String, String)> {
        self.registered.lock().unwrap().clone()
    }
}

#[async_trait]
impl Registrar for TestRegistrar {
    async fn register(&self, application: &Application) -> Result<(), RegistrarError> {
        let held = self.held.lock().unwrap().take();
        if let Some((begun, may_go_on)) = held {
            begun.send(()).unwrap();
            may_go_on.await.unwrap();
        }
        if let Some(error) = self.answers.lock().unwrap().pop_front() {
            return Err(error);
        }
        let desk = self.desk.get().unwrap();
        let by = Authority::Operator { host: application.host.clone(), source: Source::cli() };
        let (token, username) = (application.token.expose(), application.username.clone());
        let exists = self.registered().iter().any(|(name, _)| *name == username.as_str());
        let claim =
            desk.claim(&by, token, Some(username.clone()), None).await.map_err(|error| match error {
                StoreError::Refused(Refusal::Username(_)) => RegistrarError::UsernameTaken,
                _ => RegistrarError::TokenRefused,
            })?;
        if exists && application_makes_account(desk, token).await {
            desk.store().release(&by, claim.id).await.unwrap();
            return Err(RegistrarError::UsernameTaken);
        }
        let entry = (username.to_string(), application.password.expose().to_owned());
        self.registered.lock().unwrap().push(entry);
        let jid = username.at(&application.host);
        desk.store().complete(&by, claim.id, jid, Via::parse("ibr").unwrap()).await.unwrap();
        Ok(())
    }
}

async fn application_makes_account(desk: &Desk, token: &str) -> bool {
    desk.find(token).await.unwrap().unwrap().0.kind.makes_account()
}
