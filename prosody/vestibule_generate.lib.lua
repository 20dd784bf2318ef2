-- `prosodyctl mod_invites generate HOST ...`, with the messages of Prosody 0.12.

local modulemanager = require "core.modulemanager";
local nodeprep = require "util.encodings".stringprep.nodeprep;

local USAGE = [[
usage: prosodyctl mod_invites generate HOST
       prosodyctl mod_invites generate HOST --reset USERNAME
       prosodyctl mod_invites generate HOST [--admin] [--role ROLE] [--group GROUPID]...

  --reset USERNAME  a link by which this user sets a new password
  --admin           the new user is an administrator: the same as --role prosody:admin
  --role ROLE       the new user gets this role; the last one counts
  --group GROUPID   the new user joins this group; may be given more than once]];

local function misused(words)
	if words then print(words); end
	print(USAGE);
	return 2;
end

-- Returns the requested invite, or nil and an exit status.
local function read(arg)
	local wanted = { groups = {} };
	local at = 1;
	local function value(what)
		at = at + 1;
		if not arg[at] or arg[at] == "" then return nil, misused("Please supply "..what); end
		return arg[at];
	end
	while arg[at] do
		local word, err = arg[at], nil;
		if word == "--reset" then
			local name;
			name, err = value("the username to make a reset link for");
			wanted.reset = name and nodeprep(name);
			if name and not wanted.reset then err = misused("This is no username: "..name); end
		elseif word == "--admin" then
			wanted.role = "prosody:admin";
		elseif word == "--role" then
			wanted.role, err = value("a role");
		elseif word == "--group" or word == "-g" then
			local group;
			group, err = value("a group");
			table.insert(wanted.groups, group);
		else
			err = misused(word ~= "--help" and word ~= "-h" and "unexpected argument: "..word or nil);
		end
		if err then return nil, err; end
		at = at + 1;
	end
	if wanted.reset and (wanted.role or #wanted.groups > 0) then
		return nil, misused("--reset does not go with the other options");
	end
	return wanted;
end

return function (invites, arg)
	if table.remove(arg, 1) ~= "generate" or not arg[1] then return misused(); end
	local host = table.remove(arg, 1);
	if not prosody.hosts[host] then
		print("Error: please supply a valid host");
		return 1;
	end
	module.host = host; -- luacheck: ignore 122/module
	local wanted, status = read(arg);
	if not wanted then return status; end
	-- If another module has a page for invites, the link is that page.
	local page = module:get_option_string("invites_page_module", "invites_page");
	if modulemanager.get_modules_for_host(host):contains(page) then module:depends(page); end
	local invite, word, sentence;
	if wanted.reset then
		invite, word, sentence = invites.create_account_reset(wanted.reset);
	else
		local roles = wanted.role and { [wanted.role] = true } or nil;
		invite, word, sentence = invites.create_account(nil, { roles = roles, groups = wanted.groups });
	end
	if not invite then
		print("Error: no invite was made: "..(sentence or word));
		return 1;
	end
	print(invite.landing_page or invite.uri);
	return 0;
end
