//! XML namespaces.

/// RFC 6120 section 4.8.1: the stream.
pub(crate) const STREAM: &str = "http://etherx.jabber.org/streams";
/// RFC 6120 section 4.8.2: stanzas between client and server.
pub(crate) const CLIENT: &str = "jabber:client";
/// RFC 6120 section 5.
pub(crate) const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
/// RFC 6120 section 6.
pub(crate) const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
/// RFC 6120 section 8.3: stanza errors.
pub(crate) const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// XEP-0379 and XEP-0445: the preauth element.
pub(crate) const PREAUTH: &str = "urn:xmpp:pars:0";
/// XEP-0077.
pub(crate) const REGISTER: &str = "jabber:iq:register";
/// RFC 6120 section 7.
pub(crate) const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// XEP-0050: ad-hoc commands.
pub(crate) const COMMANDS: &str = "http://jabber.org/protocol/commands";
/// XEP-0092: the name and version of the software.
pub(crate) const VERSION: &str = "jabber:iq:version";
/// XEP-0030: the items of an entity.
pub(crate) const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// XEP-0133: the type of the forms, and the beginning of the nodes.
pub(crate) const ADMIN: &str = "http://jabber.org/protocol/admin";
/// XEP-0004: forms.
pub(crate) const DATA: &str = "jabber:x:data";
/// The bridge in Prosody: why a token was refused.
pub(crate) const BRIDGE: &str = "urn:vestibule:bridge:0";
