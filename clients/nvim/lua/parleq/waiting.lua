-- SPDX-License-Identifier: Apache-2.0
-- Texts on their last step: put where they belong and acknowledged, or kept by the daemon until somebody asks for them.

local client = require("parleq.client")
local ui = require("parleq.ui")

local M = {}

---Receipts that the daemon has not confirmed, by session: told again after a reconnect, so that no text comes twice.
local receipts = {}
local offered = {} -- sessions of which people have been told

local function acknowledge(session_id)
  local receipt = receipts[session_id]
  client.call("session/acknowledge", { session_id = session_id, receipt = receipt }, function(failure)
    if not failure or failure.reason ~= "daemon_unreachable" then
      receipts[session_id] = nil
    end
  end)
end

local function settle(session_id, status, detail)
  receipts[session_id] = { status = status, detail = detail }
  acknowledge(session_id)
end

---The text as it is inserted: the daemon's settings may want a blank behind it, but for what replaces a selection.
local function text_of(result)
  local blank = result.trailing_space and not result.baseline and result.text:find("%S$")
  return result.text .. (blank and " " or "")
end

---Puts a result where it belongs, and tells the daemon what became of it.
---@param place table
---@param result table
function M.put(place, result)
  local fine, inserted, detail = pcall(place.insert, place, text_of(result))
  if not fine then
    inserted, detail = false, "its buffer does not take it: " .. tostring(inserted)
  end
  if inserted then
    settle(result.session_id, place.kind, "")
  else
    offered[result.session_id] = true
    settle(result.session_id, "failed", detail)
    ui.failed({ message = detail .. ": `:Parleq last` inserts the text at the cursor" })
  end
end

---Tells of finished dictations that nobody of this editor is waiting for.
---@param known fun(session_id: string): table? the dictations under way here
function M.offer(known)
  client.call("session/pending", { all = true }, function(failure, answer)
    local count = 0
    for _, session in ipairs(not failure and answer.sessions or {}) do
      local id = session.session_id
      if not known(id) and not receipts[id] and not offered[id] then
        offered[id] = true
        count = count + 1
      end
    end
    if count > 0 then
      local what = count == 1 and "a dictation waits" or ("%d dictations wait"):format(count)
      ui.inform(what .. ": `:Parleq last` inserts the latest at the cursor")
    end
  end)
end

---@param known fun(session_id: string): table?
function M.connected(known)
  for session_id in pairs(receipts) do
    acknowledge(session_id)
  end
  M.offer(known)
end

---Where the cursor is; where nothing can be inserted, into the unnamed register. Gives the receipt's status.
local function put_here(text)
  local place = vim.bo.buftype == "terminal" and require("parleq.place.terminal").here()
    or require("parleq.place.buffer").at_cursor()
  local fine, inserted = pcall(function()
    return place and place:insert(text)
  end)
  if fine and inserted then
    return place.kind
  end
  vim.fn.setreg('"', text)
  ui.inform("this buffer cannot be changed: the text is in the unnamed register")
  return "read"
end

local taking = false -- a text on its way by `:Parleq last`: pressed twice, the key must not give it twice

local function insert_delivered()
  client.call("history/last", {}, function(failure, entry)
    taking = false
    if failure then
      ui.failed(failure)
    else
      put_here(text_of(entry.result))
    end
  end)
end

---Claims the sessions in turn until one can be had.
local function claim(sessions, index)
  local session = sessions[index]
  if not session then
    return insert_delivered()
  end
  local id = session.session_id
  client.call("session/claim", { session_id = id }, function(refusal)
    if refusal then
      return claim(sessions, index + 1)
    end
    client.call("session/result", { session_id = id }, function(failure, result)
      taking = false
      if failure then
        ui.failed(failure)
      else
        settle(id, put_here(text_of(result)), "")
      end
    end)
  end)
end

---Inserts the latest text that waits, or, where none does, the last one of all.
---@param known fun(session_id: string): table?
function M.insert_latest(known)
  if taking then
    return ui.inform("a text is on its way already")
  end
  taking = true
  client.call("session/pending", { all = true }, function(failure, answer)
    if failure then
      taking = false
      return ui.failed(failure)
    end
    local sessions = vim.tbl_filter(function(session)
      return not known(session.session_id) and not receipts[session.session_id]
    end, answer.sessions)
    table.sort(sessions, function(one, other)
      return one.started > other.started
    end)
    claim(sessions, 1)
  end)
end

return M
