-- SPDX-License-Identifier: Apache-2.0
-- The connection to the daemon: made when it is wanted, made again whenever it is lost.
--
-- A failure is {reason, message, hint}; decide on `reason`. Callbacks come outside of |api-fast|.

local config = require("parleq.config")
local socket = require("parleq.socket")
local wire = require("parleq.wire")

local uv = vim.uv or vim.loop

local PROTOCOL = 1
local FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 200, 5000
local TIMEOUT_MS = 10000

---One a process: what was dictated over one connection belongs to the next as well.
local INSTANCE = (
  uv.random(16)
    :gsub(".", function(byte)
      return ("%02x"):format(byte:byte())
    end)
    :gsub("^(%x%x%x%x%x%x%x%x)(%x%x%x%x)%x(%x%x%x)%x(%x%x%x)(%x+)$", "%1-%2-4%3-8%4-%5")
)

local M = {
  instance = INSTANCE,
  ---@type fun(method: string, params: table)
  on_told = function() end,
  on_connected = function() end,
  ---@type fun(failure: table)
  on_lost = function() end,
}

local pipe, up -- the connection, and whether its handshake is done
local server = {}
local waiting, next_id = {}, 1
local openers = {}
local pause_ms, retry = FIRST_PAUSE_MS, nil

local function failure_of(error)
  local data = type(error.data) == "table" and error.data or {}
  local reason = data.reason or (error.code == -32800 and "cancelled") or "bad_request"
  return { reason = reason, message = error.message or "the daemon refused without a message", hint = data.hint }
end

local function gone(message, hint)
  return {
    reason = "daemon_unreachable",
    message = message,
    hint = hint or socket.start_hint(socket.path(config.current.socket)),
  }
end

local function opened(failure)
  local callbacks = openers
  openers = {}
  for _, callback in ipairs(callbacks) do
    callback(failure)
  end
end

local connect

local function try_again()
  retry = retry or assert(uv.new_timer())
  retry:start(pause_ms, 0, function()
    vim.schedule(connect)
  end)
  pause_ms = math.min(2 * pause_ms, LONGEST_PAUSE_MS)
end

---The connection is over, or could not be made.
local function over(failure)
  local was_up = up
  if pipe and not pipe:is_closing() then
    pipe:close()
  end
  pipe, up = nil, false
  local callbacks = waiting
  waiting = {}
  for _, callback in pairs(callbacks) do
    callback(failure)
  end
  -- A daemon of another version stays one: only a person's next act tries again.
  local for_good = failure.reason == "protocol_unsupported"
  if was_up or for_good then
    M.on_lost(failure)
  end
  if not for_good then
    try_again()
  end
  opened(failure)
end

local function send(message)
  local text = wire.encode(message)
  if #text > wire.MAX_BYTES then
    return { reason = "too_large", message = "this is more than the 8 MiB that a message may have" }
  end
  local this = pipe
  this:write(text, function(error)
    if error then
      vim.schedule(function()
        if pipe == this then
          over(gone("parleqd has gone"))
        end
      end)
    end
  end)
end

local function request(method, params, callback, timeout_ms)
  local id = next_id
  next_id = next_id + 1
  local unsent = send({ id = id, method = method, params = next(params) and params or vim.empty_dict() })
  if unsent then
    return callback(unsent)
  end
  waiting[id] = callback
  if timeout_ms then
    vim.defer_fn(function()
      if waiting[id] == callback then -- hung up on, it cannot begin later what nobody waits for any more
        local message = ("parleqd has not answered %s within %d s"):format(method, timeout_ms / 1000)
        over(gone(message, "it hangs: end that process, then start it again"))
      end
    end, timeout_ms)
  end
end

local function answered(message)
  local callback = waiting[message.id]
  waiting[message.id] = nil
  if not callback then
    return
  elseif message.error then
    callback(failure_of(message.error))
  else
    callback(nil, type(message.result) == "table" and message.result or {})
  end
end

local function received(message)
  if message.method and message.id ~= nil then
    send({ id = message.id, error = { code = -32601, message = "this client answers no requests" } })
  elseif message.method then
    M.on_told(message.method, type(message.params) == "table" and message.params or {})
  elseif message.id ~= nil then
    answered(message)
  else
    over(gone("parleqd did not understand a message of this client"))
  end
end

local function read(this, handle)
  local take = wire.reader()
  this:read_start(function(error, chunk)
    local messages, wrong
    if chunk then
      messages, wrong = take(chunk)
    end
    vim.schedule(function()
      for _, message in ipairs(messages or {}) do
        if pipe ~= this then
          return
        end
        handle(message)
      end
      if pipe ~= this then
        return
      elseif wrong then
        over(up and gone("parleqd sent what is no message: " .. wrong) or {
          reason = "protocol_unsupported",
          message = "that is not parleqd: " .. wrong,
        })
      elseif error or not chunk then
        over(gone("parleqd has gone"))
      end
    end)
  end)
end

local function welcomed(failure, answer)
  if not failure and answer.protocol ~= PROTOCOL then
    failure = {
      reason = "protocol_unsupported",
      message = ("parleqd speaks protocol %s, and this plugin %d"):format(tostring(answer.protocol), PROTOCOL),
    }
  end
  if failure then
    if failure.reason == "protocol_unsupported" and (failure.hint or "") == "" then
      failure.hint = "install parleqd and this plugin from one release"
    end
    if pipe then -- else it is over already, and that is what failed
      over(failure)
    end
    return
  end
  server, up, pause_ms = answer.server or {}, true, FIRST_PAUSE_MS
  send({ method = "initialized", params = vim.empty_dict() })
  request("events/subscribe", { topics = { "notice" } }, function() end)
  M.on_connected()
  opened(nil)
end

connect = function()
  if pipe then
    return
  end
  local path = socket.path(config.current.socket)
  local trouble = socket.trouble(path)
  if trouble then
    return over(trouble)
  end
  local this = assert(uv.new_pipe(false))
  pipe = this
  this:connect(path, function(error)
    vim.schedule(function()
      if pipe ~= this then
        return
      elseif error then
        return over(socket.absent(path))
      end
      read(this, received)
      request("initialize", {
        protocol = PROTOCOL,
        client = { name = "parleq.nvim", instance = INSTANCE },
        capabilities = { insert = false, partials = config.current.partials },
      }, welcomed, TIMEOUT_MS)
    end)
  end)
end

---Calls back once there is a connection, or the attempt to make one has failed.
---@param callback fun(failure?: table)
function M.open(callback)
  if up then
    return callback(nil)
  end
  openers[#openers + 1] = callback
  connect()
end

---Without a connection the callback gets its failure at once. Without `timeout_ms`, an answer may take 10 s.
---@param method string
---@param params table
---@param callback? fun(failure?: table, result?: table)
---@param timeout_ms? integer|false false: any time
function M.call(method, params, callback, timeout_ms)
  callback = callback or function() end
  if not up then
    return callback(gone("there is no connection to parleqd"))
  end
  request(method, params, callback, timeout_ms == nil and TIMEOUT_MS or timeout_ms)
end

---@return boolean
function M.is_up()
  return up or false
end

---@return string
function M.server_version()
  return server.version or ""
end

return M
