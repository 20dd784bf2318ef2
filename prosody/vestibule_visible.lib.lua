-- Untrusted text in logs, shells and terminals, escaped as by `vestibule keys list`: control characters, line ends,
-- and characters that are invisible or change the direction of writing are escaped, as `\u{202e}`.

local is_utf8 = require "util.encodings".utf8.valid;

-- Those of crates/vestibule/src/terminal.rs above ASCII: first and last, ascending.
local UNSAFE = {
	{ 0x80, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 };
	{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 };
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 };
	{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff };
};

local SHORT = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" };

local function escape_control(letter)
	return SHORT[letter] or ("\\u{%x}"):format(letter:byte());
end

local function escape_byte(byte)
	return ("\\x%02x"):format(byte:byte());
end

-- Lua 5.1 has no utf8.codepoint.
local function codepoint(letter)
	local first = letter:byte();
	local code = first < 0xe0 and first % 32 or first < 0xf0 and first % 16 or first % 8;
	for at = 2, #letter do code = code * 64 + letter:byte(at) % 64; end
	return code;
end

-- Returns nil if the character is safe.
local function escape_unsafe(letter)
	local code = codepoint(letter);
	for _, range in ipairs(UNSAFE) do
		if code <= range[2] then return code >= range[1] and ("\\u{%x}"):format(code) or nil; end
	end
end

return function (text)
	text = tostring(text):gsub("[%z\1-\31\127]", escape_control);
	if not is_utf8(text) then return (text:gsub("[\128-\255]", escape_byte)); end
	return (text:gsub("[\194-\244][\128-\191]+", escape_unsafe));
end
