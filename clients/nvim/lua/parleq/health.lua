-- SPDX-License-Identifier: Apache-2.0
-- `:checkhealth parleq`: the editor, the socket, and every part that the daemon can try.

local client = require("parleq.client")
local config = require("parleq.config")
local socket = require("parleq.socket")

local M = {}

local PATIENCE_MS = 30000

-- 0.9 knows these by other names only.
local say = vim.health.start and vim.health
  or {
    start = vim.health.report_start,
    ok = vim.health.report_ok,
    info = vim.health.report_info,
    warn = vim.health.report_warn,
    error = vim.health.report_error,
  }

local function advice(hint)
  return hint and hint ~= "" and { hint } or nil
end

---Waits for what a function calls back with.
local function awaited(ask)
  local done, failure, result
  ask(function(...)
    done, failure, result = true, ...
  end)
  vim.wait(PATIENCE_MS, function()
    return done
  end, 10)
  if not done then
    failure = { message = "parleqd does not answer", hint = "it hangs: end that process, then start it again" }
  end
  return failure, result
end

local function daemon_checks()
  local failure, result = awaited(function(callback)
    client.call("doctor/run", {}, callback, false)
  end)
  if failure then
    return say.error(failure.message, advice(failure.hint))
  end
  for _, check in ipairs(result.checks) do
    local line = ("%s: %s"):format(check.check, check.message)
    if check.verdict == "ok" then
      say.ok(line)
    elseif check.verdict == "skipped" then
      say.info(line)
    else
      say[check.verdict == "failed" and "error" or "warn"](line, advice(check.hint))
    end
  end
end

function M.check()
  say.start("parleq: the editor")
  if vim.fn.has("nvim-0.10") == 1 then
    say.ok("Neovim shows partial text within the line")
  elseif vim.fn.has("nvim-0.9") == 1 then
    say.warn("Neovim before 0.10 shows partial text at the end of the line only")
  else
    say.error("Neovim 0.9 or newer is needed")
  end
  say.start("parleq: the daemon")
  say.info("socket: " .. socket.path(config.current.socket))
  local failure = awaited(client.open)
  if failure then
    return say.error(failure.message, advice(failure.hint))
  end
  say.ok(("parleqd %s answers"):format(client.server_version()))
  daemon_checks()
end

return M
