-- SPDX-License-Identifier: Apache-2.0
-- Where the daemon's socket is (PROTOCOL.md), and whether it may be used.

local uv = vim.uv or vim.loop

local M = {}

local function is_linux()
  return uv.os_uname().sysname == "Linux"
end

local function own_folder()
  local name = "parleq-" .. uv.getuid()
  if is_linux() then
    return "/dev/shm/" .. name
  end
  local temporary = os.getenv("TMPDIR") or ""
  return ((temporary ~= "" and temporary or "/tmp"):gsub("/+$", "")) .. "/" .. name
end

---@param configured string|false
---@return string
function M.path(configured)
  local named = configured and vim.fs.normalize(configured) or os.getenv("PARLEQ_SOCKET") or ""
  if named ~= "" then
    return named
  end
  local runtime = os.getenv("XDG_RUNTIME_DIR") or ""
  if runtime:sub(1, 1) == "/" then
    return runtime:gsub("/+$", "") .. "/parleq/parleqd.sock"
  end
  return own_folder() .. "/parleqd.sock"
end

---What is wrong with a path before anything is sent there.
---@param path string
---@return table? failure
function M.trouble(path)
  -- unix(7), unix(4): so many bytes does an address hold, the closing NUL included; libuv would cut the rest off.
  local limit = is_linux() and 108 or 104
  if #path >= limit then
    return {
      reason = "socket_unusable",
      message = ("the socket path takes %d bytes, and at most %d may be: %s"):format(#path + 1, limit, path),
      hint = "set PARLEQ_SOCKET to a shorter one",
    }
  end
  local found = uv.fs_stat(path)
  if not found then
    return M.absent(path)
  end
  if found.uid ~= uv.getuid() then
    return {
      reason = "socket_unusable",
      message = ("%s belongs to user id %d, not to you"):format(path, found.uid),
      hint = "set PARLEQ_SOCKET to the socket of your own daemon",
    }
  end
end

---How a daemon is started that listens there.
---@param path string
---@return string
function M.start_hint(path)
  local usual = path == M.path(false) and (os.getenv("PARLEQ_SOCKET") or "") == ""
  local word = path:find("[^%w/._-]") and vim.fn.shellescape(path) or path
  return ("start it with `parleqd%s`"):format(usual and "" or " --socket " .. word)
end

---@param path string
---@return table failure
function M.absent(path)
  return { reason = "daemon_unreachable", message = "no parleqd answers at " .. path, hint = M.start_hint(path) }
end

return M
