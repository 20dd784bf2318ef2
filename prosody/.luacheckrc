-- What Prosody gives its modules; nothing else is global.
std = "min"
codes = true
max_line_length = 120
read_globals = { "prosody", "hosts" }
globals = { "module" }
-- Modules export their functions as globals of their own.
files["mod_invites.lua"] = { globals = {
	"create_account", "create_account_reset", "create_contact", "create_group", "pending_account_invites",
	"get_account_invite_info", "delete_account_invite", "get", "use", "find", "create_bound_contact", "each_pending_invite",
} }
files["mod_invites_register.lua"] = { globals = { "subscribe", "subscribe_both" } }
