-- Creates invites from an app by ad-hoc command (XEP-0401). This replaces Prosody's own mod_invites_adhoc on hosts
-- with a `vestibule_key`; its options keep their meaning.

if module:get_option_string("vestibule_key", "") == "" then
	return module:require "vestibule_stock" ("invites_adhoc");
end

local dataforms = require "util.dataforms";
local datetime = require "util.datetime";
local jid_split = require "util.jid".split;
local nodeprep = require "util.encodings".stringprep.nodeprep;
local usermanager = require "core.usermanager";

local new_adhoc = module:require("adhoc").new;

-- Whether members may invite people to register. Contact invites do not depend on it.
local allow_user_invites = module:get_option_boolean("allow_user_invites", false);
local allow_contact_invites = module:get_option_boolean("allow_contact_invites", true);

local FORM_TYPE = "urn:xmpp:invite#invitation";

local invites;
if prosody.process_type == "prosody" then
	invites = module:depends("invites");
end
module:depends("adhoc");

-- Prosody 13 checks permissions, 0.12 roles.
local may_invite;
if module.may then
	module:default_permission(allow_user_invites and "prosody:registered" or "prosody:admin", ":invite-users");
	may_invite = function (data) return module:may(":invite-users", data); end
else
	local allowed_roles = module:get_option_set("allow_user_invites_by_roles");
	local denied_roles = module:get_option_set("deny_user_invites_by_roles");
	local function any(set, roles)
		for role in set or function () end do
			if roles[role] then return true; end
		end
		return false;
	end
	may_invite = function (data)
		local roles = usermanager.get_roles(data.from, module.host);
		if not roles then return allow_user_invites; end
		if roles["prosody:admin"] or any(allowed_roles, roles) then return true; end
		return allow_user_invites and not any(denied_roles, roles);
	end
end

local result_form = dataforms.new({
	title = "The invite";
	{ name = "FORM_TYPE", type = "hidden", value = FORM_TYPE };
	{ name = "uri", type = "text-single", label = "Link for apps" };
	{ name = "landing-url", type = "text-single", label = "Link for the browser; pass this one on" };
	{ name = "expire", type = "text-single", label = "Good until" };
});

local function failed(words)
	return { status = "completed", error = { message = words } };
end

-- Refusals that depend on who invites: a limit is reached, or an operator has stopped the member from inviting.
local REFUSED = { ["resource-constraint"] = "wait", ["not-allowed"] = "cancel" };

local function made(invite, word, sentence)
	if not invite then
		if REFUSED[word] then
			local text = "The invite could not be made: "..(sentence or word)..".";
			return { status = "error", error = { type = REFUSED[word], condition = word, text = text } };
		end
		return failed(word == "service-unavailable"
			and "Invites cannot be made right now. Please try again later."
			or "The invite could not be made: "..(sentence or word)..".");
	end
	return {
		status = "completed";
		result = {
			layout = result_form;
			values = {
				["uri"] = invite.uri;
				["landing-url"] = invite.landing_page;
				["expire"] = datetime.datetime(math.floor(invite.expires));
			};
		};
	};
end

module:provides("adhoc", new_adhoc("Invite somebody", "urn:xmpp:invite#invite", function (_, data)
	local username, host = jid_split(data.from);
	if host ~= module.host then return failed("This is for users of "..module.host.." alone."); end
	return made(invites.create_contact(username, may_invite(data), { source = data.from }));
end, allow_contact_invites and "local_user" or "admin"));

local account_form = dataforms.new({
	title = "An account for somebody";
	instructions = "Everything may be left empty.";
	{ name = "FORM_TYPE", type = "hidden", value = "urn:xmpp:invite#create-account" };
	{ name = "username", type = "text-single", label = "Username, held for whoever is invited" };
	{ name = "roster-subscription", type = "boolean", label = "Become contacts", value = false };
});

module:provides("adhoc", new_adhoc("Invite somebody to an account", "urn:xmpp:invite#create-account",
	function (_, data, state)
		if data.action == "cancel" then return { status = "canceled" }; end
		if not data.form and not state then
			return { status = "executing", actions = { "complete", default = "complete" }, form = account_form }, "asked";
		end
		local wanted = data.form and account_form:data(data.form) or {};
		local username;
		if wanted.username and wanted.username ~= "" then
			username = nodeprep(wanted.username);
			if not username then return failed("This username cannot be used."); end
		end
		local inviter = jid_split(data.from);
		local extra = { source = data.from };
		if wanted["roster-subscription"] then
			return made(invites.create_bound_contact(inviter, username, extra));
		end
		return made(invites.create_account(username, extra));
	end, "admin"));

local reset_form = dataforms.new({
	title = "A new password for somebody";
	{ name = "accountjid", type = "jid-single", required = true, label = "The address of the account" };
});

module:provides("adhoc", new_adhoc("Make a link to set a new password",
	"xmpp:prosody.im/mod_invites_adhoc#password-reset", function (_, data, state)
		if data.action == "cancel" then return { status = "canceled" }; end
		if not data.form and not state then
			return { status = "executing", actions = { "complete", default = "complete" }, form = reset_form }, "asked";
		end
		local username, host = jid_split((data.form and reset_form:data(data.form) or {}).accountjid);
		if not username or host ~= module.host then return failed("Name an account on "..module.host.."."); end
		return made(invites.create_account_reset(username));
	end, "admin"));
