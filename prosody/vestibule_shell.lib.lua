-- The shell's commands: `prosodyctl shell invite ...` of Prosody 13, and `invite:...` in the console of 0.12. Their
-- output is that of the replaced module, because programs parse it; only reasons of refusals are added.

local jid_split = require "util.jid".split;

local visible = module:require "vestibule_visible";

local has_human_io, human_io = pcall(require, "util.human.io");
local parse_duration = has_human_io and human_io.parse_duration;

local SECTION = "Create and manage invitations";
-- Our tokens are longer than Prosody's, and tables cut long values off.
local TOKEN_WIDTH = 28;

-- Returns a lifetime in seconds, nothing without one, or nil and the error.
local function lifetime(text)
	if not text then return nil; end
	local seconds = parse_duration(text);
	if not seconds then return nil, "Unable to parse duration: "..text; end
	return seconds;
end

local function reason(word, sentence)
	if word == "no-token" then return "Supply the token of an invite"; end
	return sentence or word;
end

local function link_of(invite, word, sentence)
	if not invite then return nil, reason(word, sentence); end
	return true, invite.landing_page or invite.uri;
end

-- One table for all hosts, including those without the bridge.
local function add_console_commands()
	local get_module = require "core.modulemanager".get_module;
	local console = module:shared("/*/admin_shell/env");
	console.invite = {};
	local function on_host(user_jid, make)
		local username, host = jid_split(user_jid);
		local invites, err = get_module(host, "invites");
		if not invites then return nil, err or "mod_invites not loaded on this host"; end
		return link_of(make(invites, username));
	end
	function console.invite:create_account(user_jid) -- luacheck: ignore 212/self
		return on_host(user_jid, function (invites, username) return invites.create_account(username); end);
	end
	function console.invite:create_contact(user_jid, allow_registration) -- luacheck: ignore 212/self
		return on_host(user_jid, function (invites, username)
			return invites.create_contact(username, allow_registration);
		end);
	end
end

-- The text of an invite in the list.
local function summary(invite)
	local username, host = jid_split(invite.jid);
	if invite.type == "roster" then
		return "Contact with "..invite.jid;
	elseif invite.additional_data and invite.additional_data.allow_reset then
		return "Password reset for "..invite.additional_data.allow_reset.."@"..host;
	elseif username then
		return "Register on "..host.." with username "..username;
	end
	return "Register on "..host;
end

local function headline(invite)
	local username, host = jid_split(invite.jid);
	if invite.type == "roster" then
		return "Invitation to register and become a contact of "..invite.jid;
	elseif invite.additional_data and invite.additional_data.allow_reset then
		return "Password reset for "..invite.additional_data.allow_reset.."@"..host;
	elseif username then
		return "Invitation to register on "..host.." with username '"..username.."'";
	end
	return "Invitation to register on "..host;
end

local function show(session, invite)
	local function print(title, text)
		if text then session.print(title, visible(text)); else session.print(visible(title)); end
	end
	print(headline(invite));
	print("Created:", os.date("%Y-%m-%d %T", invite.created_at));
	print("Expires:", os.date("%Y-%m-%d %T", invite.expires));
	print("");
	if invite.uri then print("XMPP URI:", invite.uri); end
	if invite.landing_page then print("Web link:", invite.landing_page); end
	local data = invite.additional_data;
	if not data then return; end
	print("");
	local roles, groups = data.roles or {}, data.groups;
	if roles[1] then print("Role:", roles[1]); end
	if roles[2] then print("Secondary roles:", table.concat(roles, ", ", 2, #roles)); end
	if groups then print("Groups:", table.concat(groups, ", ")); end
	if data.note then print("Comment:", data.note); end
end

local function list(invites, session)
	local function column(title, width, mapper)
		return { title = title, key = "invite", width = width, mapper = mapper };
	end
	local row = human_io.table({
		column("Token", TOKEN_WIDTH, function (invite) return invite.token; end);
		column("Expires", 20, function (invite) return os.date("%Y-%m-%dT%T", invite.expires); end);
		column("Description", "100%", function (invite) return visible(summary(invite)); end);
	}, session.width);
	session.print(row());
	local count, trouble = 0, nil;
	for _, invite in invites.each_pending_invite(function (problem) trouble = problem; end) do
		count = count + 1;
		session.print(row({ invite = invite }));
	end
	if trouble then return nil, "The list is incomplete: "..(trouble.detail or trouble.title); end
	return true, ("%d pending invites"):format(count);
end

return function (invites)
	add_console_commands();
	if not parse_duration then return; end

	local function command(name, desc, args, flags, handler)
		for at, arg in ipairs(args) do args[at] = { name = arg, type = "string" }; end
		module:add_item("shell-command", {
			section = "invite", section_desc = SECTION, name = name, desc = desc;
			args = args, host_selector = args[1].name, flags = flags, handler = handler;
		});
	end

	command("create_account",
		"Create an invitation to make an account on this server with the specified JID"
			.." (supply only a hostname to allow any username)", { "user_jid" }, {
			array_params = { role = true, group = true };
			value_params = { expires_after = true };
			kv_params = { admin = true };
		}, function (_, user_jid, options)
			options = options or {};
			local ttl, err = lifetime(options.expires_after);
			if err then return false, err; end
			local roles = options.role or {};
			-- First, since the order on the command line is not known.
			if options.admin then table.insert(roles, 1, "prosody:admin"); end
			return link_of(invites.create_account((jid_split(user_jid)), {
				roles = roles, groups = options.group or {};
			}, ttl));
		end);

	command("create_reset", "Create a password reset link for the specified user", { "user_jid" },
		{ value_params = { expires_after = true } }, function (self, user_jid, options)
			local username = jid_split(user_jid);
			if not username then
				return nil, "Supply the JID of the account you want to generate a password reset for";
			end
			local ttl, err = lifetime(options and options.expires_after or "1d");
			if not ttl then return nil, err; end
			local invite, word, sentence = invites.create_account_reset(username, ttl);
			if not invite then return nil, reason(word, sentence); end
			self.session.print(invite.landing_page or invite.uri);
			return true, ("Password reset link for %s valid until %s"):format(user_jid,
				os.date("%Y-%m-%d %T", invite.expires));
		end);

	command("create_contact", "Create an invitation to become contacts with the specified user", { "user_jid" }, {
			value_params = { expires_after = true };
			kv_params = { allow_registration = true };
		}, function (_, user_jid, options)
			options = options or {};
			local username = jid_split(user_jid);
			if not username then
				return nil, "Supply the JID of the account you want the recipient to become a contact of";
			end
			local ttl, err = lifetime(options.expires_after);
			if err then return nil, err; end
			return link_of(invites.create_contact(username, options.allow_registration, nil, ttl));
		end);

	command("show", "Show details of an account invitation token", { "host", "token" }, nil,
		function (self, _, token)
			local invite, word, sentence = invites.get_account_invite_info(token);
			if not invite then return nil, reason(word, sentence); end
			show(self.session, invite);
			return true, "Invitation valid";
		end);

	command("delete", "Delete/revoke an invitation token", { "host", "token" }, nil, function (_, _, token)
		local deleted, word, sentence = invites.delete_account_invite(token);
		if not deleted then return nil, reason(word, sentence); end
		return true, "Invitation deleted";
	end);

	command("list", "List pending invitations which allow account registration", { "host" }, nil, function (self)
		return list(invites, self.session);
	end);
end
