//! A model of an XMPP server with the bridge: it claims and completes like the bridge, unless a test sets another
//! answer.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use tokio::sync::oneshot;
use vestibule_core::{
    Capabilities, Host, InviteService, Password, PasswordCheck, Principal, Refusal, Registrar,
    RegistrarError, RegistrationRequest, Source, StoreError, TokenRefusal, Username, Via,
};

#[derive(Default)]
pub(crate) struct TestRegistrar {
    pub(super) invite_service: OnceLock<InviteService>,
    answers: Mutex<VecDeque<RegistrarError>>,
    /// The registered usernames and passwords.
    registered: Mutex<Vec<(String, String)>>,
    /// The accounts of the server and their passwords.
    accounts: Mutex<HashMap<String, String>>,
    /// The results of the next logins, for any password.
    log_ins: Mutex<VecDeque<PasswordCheck>>,
    /// What the XMPP server can do, if it is not bridged.
    capabilities: OnceLock<Capabilities>,
    /// The number of login attempts.
    tried: AtomicUsize,
    /// For the next registrations: signals their start, and makes them wait.
    held: Mutex<VecDeque<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

impl TestRegistrar {
    /// Makes the next registration fail with this error.
    pub(crate) fn answers(&self, error: RegistrarError) {
        self.answers.lock().unwrap().push_back(error);
    }

    /// Makes the next registration wait. Returns the signal of its start, and the sender that resumes it.
    pub(crate) fn hold(&self) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((begun, has_begun), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
        self.held.lock().unwrap().push_back((begun, may_go_on));
        (has_begun, go_on)
    }

    /// Limits what the XMPP server can do.
    pub(crate) fn can_only(&self, capabilities: Capabilities) {
        self.capabilities.set(capabilities).unwrap();
    }

    /// Sets the result of the next login.
    pub(crate) fn answers_log_in(&self, answer: PasswordCheck) {
        self.log_ins.lock().unwrap().push_back(answer);
    }

    /// Creates an account, as an app or the administrator does.
    pub(crate) fn has_account(&self, username: &str, password: &str) {
        self.accounts.lock().unwrap().insert(username.to_owned(), password.to_owned());
    }

    /// Deletes an account, as the administrator does.
    pub(crate) fn delete_account(&self, username: &str) {
        self.accounts.lock().unwrap().remove(username);
    }

    pub(crate) fn log_ins_tried(&self) -> usize {
        self.tried.load(Ordering::SeqCst)
    }

    pub(crate) fn registered(&self) -> Vec<(String, String)> {
        self.registered.lock().unwrap().clone()
    }
}

#[async_trait]
impl Registrar for TestRegistrar {
    fn capabilities(&self, _: &Host) -> Capabilities {
        self.capabilities.get().copied().unwrap_or(Capabilities::BRIDGED)
    }

    async fn register(&self, registration: &RegistrationRequest) -> Result<(), RegistrarError> {
        let held = self.held.lock().unwrap().pop_front();
        if let Some((begun, may_go_on)) = held {
            begun.send(()).unwrap();
            may_go_on.await.unwrap();
        }
        if let Some(error) = self.answers.lock().unwrap().pop_front() {
            return Err(error);
        }
        let invite_service = self.invite_service.get().unwrap();
        let by = Principal::Operator { host: registration.host.clone(), source: Source::cli() };
        let (token, username) = (registration.token.expose(), registration.username.clone());
        let (name, password) = (username.to_string(), registration.password.expose().to_owned());
        let refused = |error| match error {
            StoreError::Refused(Refusal::Username(_)) => RegistrarError::UsernameTaken,
            StoreError::Refused(Refusal::Token(TokenRefusal::Busy { .. })) => RegistrarError::Busy,
            _ => RegistrarError::TokenRefused,
        };
        let checked = invite_service.check(&by, token, Some(&username)).await.map_err(refused)?;
        let claim = invite_service.claim(&by, token, Some(username.clone()), Some(&checked.admission)).await;
        let claim = claim.map_err(refused)?;
        let makes_account = checked.invite.kind.makes_account();
        let exists = self.accounts.lock().unwrap().contains_key(&name);
        if exists == makes_account {
            invite_service.store().release(&by, claim.id).await.unwrap();
            let missing = || RegistrarError::UsernameNotAllowed("There is no such account.".to_owned());
            return Err(if exists { RegistrarError::UsernameTaken } else { missing() });
        }
        self.has_account(&name, &password);
        self.registered.lock().unwrap().push((name, password));
        let jid = username.at(&registration.host);
        invite_service.store().complete(&by, claim.id, jid, Via::parse("ibr").unwrap()).await.unwrap();
        Ok(())
    }

    async fn log_in(&self, _: &Host, username: &Username, password: &Password) -> PasswordCheck {
        self.tried.fetch_add(1, Ordering::SeqCst);
        if let Some(answer) = self.log_ins.lock().unwrap().pop_front() {
            return answer;
        }
        let accounts = self.accounts.lock().unwrap();
        let fits = accounts.get(username.as_str()).is_some_and(|known| known == password.expose());
        if fits { PasswordCheck::Accepted } else { PasswordCheck::Rejected }
    }
}
