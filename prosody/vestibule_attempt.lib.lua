-- What has become of a registration that ended without an event of success, and the accounts that failed ones leave.
--
-- Prosody 13 creates an account disabled and without a password, and then sets the password. If that fails, the client
-- gets an error, and the account remains: its username is taken, and nobody can log in.

local saslprep = require "util.encodings".stringprep.saslprep;
local usermanager = require "core.usermanager";

local visible = module:require "vestibule_visible";

local accounts = module:open_store("accounts");

-- Returns whether an account can have this password. What SASLprep (RFC 4013) refuses or empties, no app can log in
-- with.
local function is_usable(password)
	local prepared = saslprep(password);
	return prepared ~= nil and prepared ~= "";
end

local function exists(username)
	return not not usermanager.user_exists(username, module.host);
end

-- Returns whether storage answers. While it does not, Prosody finds no account of any name.
local function is_readable(username)
	-- Some authentication has no such store.
	if not accounts then return true; end
	local ran, account, problem = pcall(accounts.get, accounts, username);
	return ran and (account or not problem) and true or false;
end

-- Returns true if there is certainly no such account, false if there is one, nil if nobody knows now.
local function is_missing(username)
	if exists(username) then return false; end
	if not is_readable(username) then return nil; end
	return not exists(username);
end

local function is_enabled(username)
	return not usermanager.user_is_enabled or usermanager.user_is_enabled(username, module.host) ~= false;
end

-- Returns whether an account was created and its first password never set.
local function is_unfinished(username)
	if not usermanager.get_account_info then return false; end
	local info = usermanager.get_account_info(username, module.host);
	if not info or not info.created or info.created ~= info.password_updated then return false; end
	if info.enabled ~= nil then return info.enabled == false; end
	-- With the storage of plain passwords, which disables no accounts.
	local get_password = rawget(usermanager.get_provider(module.host) or {}, "get_password");
	return get_password ~= nil and get_password(username) == nil;
end

-- Returns false if the account is certainly not the one that the attempt asked for.
local function has_password(username, password)
	if not password then return true; end
	local ran, accepted = pcall(usermanager.test_password, username, module.host, password);
	return not ran or not not accepted;
end

-- Returns "account" if the attempt created one, "remains" if it has failed and left an account, "none" if there is
-- none of it, and "unknown" while storage does not answer.
local function outcome(attempt)
	local username = attempt.username;
	if not attempt.is_new then return "none"; end
	local missing = is_missing(username);
	if missing == nil then return "unknown"; end
	if missing then return "none"; end
	if is_unfinished(username) then return "remains"; end
	-- A disabled account accepts no password. Without an error, somebody disabled it meanwhile.
	if is_enabled(username) and not has_password(username, attempt.password) then
		return is_readable(username) and "none" or "unknown";
	end
	return attempt.has_failed and "remains" or "account";
end

-- Deletes the account that a failed registration has left. Returns whether the username is free.
local function remove(username)
	local jid = visible(username.."@"..module.host);
	local ran, removed, problem = pcall(usermanager.delete_user, username, module.host);
	if is_missing(username) then
		module:log("warn", "The registration of %s failed; the account that it left was deleted", jid);
		return true;
	end
	module:log("error", "The registration of %s failed, and the account that it left cannot be deleted: %s", jid,
		visible(ran and problem or removed));
	return false;
end

return {
	is_usable = is_usable, exists = exists, is_missing = is_missing, is_enabled = is_enabled;
	is_unfinished = is_unfinished, outcome = outcome, remove = remove;
};
