-- Registration by invite (XEP-0445) and contact requests with invites (XEP-0379). This replaces Prosody's own
-- mod_invites_register on hosts with a `vestibule_key`. mod_invites makes the claims of registrations.

local st = require "util.stanza";

-- Application-specific conditions (RFC 6120 section 8.3.4) of refused tokens. `vestibule doctor` reads the reason.
local BRIDGE = "urn:vestibule:bridge:0";

-- Sends an error with the reason why a token was refused.
local function refuse(event, reason, ...)
	local reply = st.error_reply(event.stanza, ...);
	event.origin.send(reply:tag("bridge", { xmlns = BRIDGE, reason = reason }):up());
	return true;
end

if module:get_option_string("vestibule_key", "") == "" then
	-- Prosody's own tokens are shorter than Vestibule's.
	module:hook("stanza/iq/urn:xmpp:pars:0:preauth", function (event)
		local token = event.stanza.tags[1].attr.token;
		if event.origin.type == "c2s_unauthed" and token and #token == 28 and token:find("^%w+$") then
			return refuse(event, "no-key", "cancel", "forbidden", "The invite token is invalid or expired");
		end
	end, 10);
	return module:require "vestibule_stock" ("invites_register");
end

local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;
local rostermanager = require "core.rostermanager";
local usermanager = require "core.usermanager";

local visible = module:require "vestibule_visible";

local require_encryption = module:get_option_boolean("c2s_require_encryption",
	module:get_option_boolean("require_encryption", true));
local invite_only = module:get_option_boolean("registration_invite_only", true);

local invites;
if prosody.process_type == "prosody" then
	invites = module:depends("invites");
	if invite_only then module:depends("register_ibr"); end
end

-- Clients look for one or the other.
local FEATURES = {
	st.stanza("register", { xmlns = "urn:xmpp:ibr-token:0" }):up();
	st.stanza("register", { xmlns = "urn:xmpp:invite" }):up();
};

module:hook("stream-features", function (event)
	local session = event.origin;
	if session.type ~= "c2s_unauthed" or (require_encryption and not session.secure) then return; end
	for _, feature in ipairs(FEATURES) do event.features:add_child(feature); end
end);

-- Checks a token before registration. Later expiry does not affect this stream.
module:hook("stanza/iq/urn:xmpp:pars:0:preauth", function (event)
	local session, stanza = event.origin, event.stanza;
	if session.type ~= "c2s_unauthed" then
		session.send(st.error_reply(stanza, "cancel", "service-unavailable"));
		return true;
	elseif require_encryption and not session.secure then
		session.send(st.error_reply(stanza, "modify", "policy-violation", "Encryption is required"));
		return true;
	end
	local invite, err, problem = invites.find(stanza.tags[1].attr.token);
	if invite then
		session.validated_invite = invite;
		session.send(st.reply(stanza));
		return true;
	elseif problem and problem.type == "rate-limited" then
		return refuse(event, "rate-limited", "wait", "resource-constraint",
			"There were too many attempts. Please try again in a minute.");
	elseif err == "service-unavailable" then
		return refuse(event, problem.reason or problem.type, "wait", "service-unavailable",
			"Invites cannot be checked right now. Please try again later.");
	end
	return refuse(event, "token", "cancel", "forbidden", "This invite is no longer valid.");
end);

module:hook("user-registering", function (event)
	local invite = event.validated_invite or (event.session and event.session.validated_invite);
	if invite_only and not invite then
		event.allowed = false;
		event.reason = "Registration on this server is through invitation only";
	end
end);

-- The two functions below are those of the replaced module; other modules may call them.
-- luacheck: push ignore 131
function subscribe(host, user_username, contact_username)
	local user_jid, contact_jid = user_username.."@"..host, contact_username.."@"..host;
	rostermanager.set_contact_pending_out(user_username, host, contact_jid);
	rostermanager.set_contact_pending_in(contact_username, host, user_jid);
	rostermanager.subscribed(contact_username, host, user_jid);
	rostermanager.process_inbound_subscription_approval(user_username, host, contact_jid);
end

function subscribe_both(host, user1, user2)
	subscribe(host, user1, user2);
	subscribe(host, user2, user1);
end
-- luacheck: pop

-- Functions of other modules may raise errors, which must not prevent the other settings of a new account.
local function try(what, action, ...)
	local ran, ok, err = pcall(action, ...);
	if not ran then
		module:log("error", "%s: %s", visible(what), visible(ok));
	elseif ok == nil or ok == false then
		module:log("error", "%s: %s", visible(what), visible(err or "refused"));
	end
end

-- Prosody 13 has a list with the primary role first; 0.12 has a set.
local function give_roles(username, roles)
	if not usermanager.set_user_role then
		try("The roles of "..username, function () return module:open_store("roles"):set(username, roles); end);
		return;
	end
	for at, name in ipairs(roles) do
		try(("%s did not get the role %s"):format(username, name),
			at == 1 and usermanager.set_user_role or usermanager.add_user_secondary_role, username, module.host, name);
	end
end

module:hook("user-registered", function (event)
	local invite = event.validated_invite or (event.session and event.session.validated_invite);
	if not invite then return; end
	local username, inviter = event.username, invite.inviter;
	if inviter and not usermanager.user_exists(inviter, module.host) then
		module:log("info", "%s was invited by %s, whose account no longer exists: not added as contacts",
			visible(username), visible(inviter));
	elseif inviter then
		try("The contact of "..username, function ()
			subscribe_both(module.host, inviter, username);
			rostermanager.roster_push(inviter, module.host, username.."@"..module.host);
			return true;
		end);
	end
	local roles = invite.additional_data and invite.additional_data.roles;
	if type(roles) == "table" and next(roles) then give_roles(username, roles); end
end);

-- Approves a contact with an invite, and sends a request back.
local function approve(username, host, contact, stanza)
	if not rostermanager.set_contact_pending_in(username, host, contact, stanza) then return false; end
	if not rostermanager.subscribed(username, host, contact) then return false; end
	rostermanager.roster_push(username, host, contact);
	-- While the user is offline, Prosody uses the roster of a contact on the same server.
	if not rostermanager.is_contact_subscribed(username, host, contact) then
		module:send(st.presence({ type = "subscribed", from = username.."@"..host, to = contact }));
	end
	if not rostermanager.is_user_subscribed(username, host, contact)
	and not rostermanager.is_contact_pending_out(username, host, contact)
	and rostermanager.set_contact_pending_out(username, host, contact) then
		rostermanager.roster_push(username, host, contact);
		module:send(st.presence({ type = "subscribe", from = username.."@"..host, to = contact }));
	end
	return true;
end

-- A contact request with a token. With an invalid token it is an ordinary request.
module:hook("presence/bare", function (event)
	local stanza = event.stanza;
	if stanza.attr.type ~= "subscribe" then return; end
	local preauth = stanza:get_child("preauth", "urn:xmpp:pars:0");
	if not preauth then return; end
	local username, host = jid_split(stanza.attr.to);
	local contact = jid_bare(stanza.attr.from);
	if not username or not usermanager.user_exists(username, host) then return; end
	if rostermanager.is_contact_subscribed(username, host, contact) then return; end
	local invite = invites.get(preauth.attr.token, username);
	if not invite or not invite:claim() then return; end
	if approve(username, host, contact, stanza) then
		invite:complete(contact, "roster");
	else
		invite:release();
	end
end, 1);
