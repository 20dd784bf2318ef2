-- Prosody beside Vestibule, for compose.yaml.
plugin_paths = { "/usr/share/vestibule/prosody" }
data_path = "/var/lib/prosody"
log = { info = "*console" }
-- compose.yaml says how the certificates come here.
certificates = "/etc/prosody/certs"
c2s_require_encryption = true
s2s_require_encryption = true
authentication = "internal_hashed"
allow_registration = true
registration_invite_only = true
modules_enabled = {
	"roster", "saslauth", "tls", "dialback", "disco", "carbons", "pep", "private", "blocklist", "vcard4", "vcard_legacy",
	"limits", "ping", "time", "uptime", "version", "admin_shell", "csi_simple", "smacks", "mam",
	"invites", "invites_adhoc", "invites_register",
}
vestibule_url = "http://vestibule:8280"
VirtualHost(ENV_DOMAIN)
	vestibule_key = ENV_VESTIBULE_KEY
