-- The shell's commands: `prosodyctl shell invite ...` of Prosody 13, and `invite:...` in the console of 0.12.

local jid_split = require "util.jid".split;

local has_human_io, human_io = pcall(require, "util.human.io");
local parse_duration = has_human_io and human_io.parse_duration;

local function seconds(text)
	if not text then return nil; end
	local span = parse_duration and parse_duration(text);
	if not span then return nil, "Not a duration: "..text; end
	return span;
end

local function day(time)
	return os.date("%Y-%m-%d %T", math.floor(time));
end

local function describe(invite)
	local username, host = jid_split(invite.jid);
	if invite.type == "roster" then
		return "become a contact of "..invite.jid;
	elseif invite.additional_data.allow_reset then
		return "set a new password for "..invite.additional_data.allow_reset.."@"..host;
	elseif username then
		return "register as "..invite.jid;
	end
	return "register on "..invite.jid;
end

return function (invites, ask)
	local function link_of(invite, err)
		if not invite then return nil, err; end
		return true, invite.landing_page or invite.uri;
	end

	-- The console of 0.12 has one table for all hosts.
	local console = module:shared("/*/admin_shell/env");
	console.invite = {};
	local get_module = require "core.modulemanager".get_module;
	local function on_host(user_jid, make)
		local username, host = jid_split(user_jid);
		local other = get_module(host, "invites");
		if not other then return nil, "There are no invites on this host"; end
		return link_of(make(other, username));
	end
	function console.invite:create_account(user_jid) -- luacheck: ignore 212/self
		return on_host(user_jid, function (other, username) return other.create_account(username); end);
	end
	function console.invite:create_contact(user_jid, allow_registration) -- luacheck: ignore 212/self
		return on_host(user_jid, function (other, username)
			return other.create_contact(username, allow_registration);
		end);
	end

	local function command(name, desc, arg, handler, flags)
		local args = { { name = arg, type = "string" } };
		if arg == "host" and name ~= "list" then args[2] = { name = "token", type = "string" }; end
		module:add_item("shell-command", {
			section = "invite", section_desc = "Make and manage invites", name = name, desc = desc;
			args = args, host_selector = arg, flags = flags, handler = handler;
		});
	end

	command("create_account", "Make an invite to register, with this JID, or with any on this host", "user_jid",
		function (_, user_jid, options)
			options = options or {};
			local ttl, err = seconds(options.expires_after);
			if err then return false, err; end
			local roles = options.role or {};
			if options.admin then table.insert(roles, 1, "prosody:admin"); end
			return link_of(invites.create_account((jid_split(user_jid)), { roles = roles, groups = options.group }, ttl));
		end,
		{
			array_params = { role = true, group = true };
			value_params = { expires_after = true };
			kv_params = { admin = true };
		});

	command("create_reset", "Make a link by which this user sets a new password", "user_jid",
		function (self, user_jid, options)
			local username = jid_split(user_jid);
			if not username then return nil, "Name the account, as in user@host"; end
			local ttl, err = seconds(options and options.expires_after or "1d");
			if not ttl then return nil, err; end
			local invite, problem = invites.create_account_reset(username, ttl);
			if not invite then return nil, problem; end
			self.session.print(invite.landing_page or invite.uri);
			return true, ("Good for %s until %s"):format(user_jid, day(invite.expires));
		end,
		{ value_params = { expires_after = true } });

	command("create_contact", "Make an invite to become a contact of this user", "user_jid",
		function (_, user_jid, options)
			options = options or {};
			local username = jid_split(user_jid);
			if not username then return nil, "Name the user who becomes the contact, as in user@host"; end
			local ttl, err = seconds(options.expires_after);
			if err then return nil, err; end
			return link_of(invites.create_contact(username, options.allow_registration, nil, ttl));
		end,
		{ value_params = { expires_after = true }, kv_params = { allow_registration = true } });

	command("show", "Show an invite by which somebody may register", "host", function (self, _, token)
		local invite, err = invites.get_account_invite_info(token);
		if not invite then return nil, err; end
		local print = self.session.print;
		print("Invite to "..describe(invite));
		print("Created:", day(invite.created_at));
		print("Expires:", day(invite.expires));
		print("Link:", invite.landing_page);
		print("XMPP URI:", invite.uri);
		if invite.additional_data.source then print("Creator:", invite.additional_data.source); end
		-- A note is for whoever manages invites: the check of a token does not tell it.
		local whole = ask("GET", "/v1/invites/"..invite.id);
		if whole and type(whole.note) == "string" then print("Comment:", whole.note); end
		if invite.additional_data.groups then print("Groups:", table.concat(invite.additional_data.groups, ", ")); end
		return true, "It is good";
	end);

	command("delete", "Take an invite back", "host", function (_, _, token)
		local deleted, err = invites.delete_account_invite(token);
		if not deleted then return nil, err; end
		return true, "The invite is revoked";
	end);

	command("list", "List the invites by which somebody may still register", "host", function (self)
		local count = 0;
		for token, invite in invites.pending_account_invites() do
			count = count + 1;
			self.session.print(token, day(invite.expires), describe(invite));
		end
		return true, ("%d pending invites"):format(count);
	end);
end
