-- SPDX-License-Identifier: Apache-2.0
-- Dictations from the first key to the acknowledgement: what is asked of the daemon, and what becomes of the answers.
--
-- A dictation is {place, id?, phase?, stopped?, cancelled?}; it is in `all` until nothing more can come of it.

local client = require("parleq.client")
local config = require("parleq.config")
local ui = require("parleq.ui")
local waiting = require("parleq.waiting")

local M = {}

local all = {}
local early = {} -- what was told of sessions whose ids have not come yet
local starting = 0

local function find(session_id)
  for _, dictation in ipairs(all) do
    if dictation.id == session_id then
      return dictation
    end
  end
end

local function remove(dictation)
  for index, one in ipairs(all) do
    if one == dictation then
      table.remove(all, index)
    end
  end
  ui.status_changed()
end

---Nothing comes of it: no trace is left.
local function drop(dictation)
  dictation.place:forget()
  remove(dictation)
end

---The latest that satisfies a condition.
local function latest(holds)
  for index = #all, 1, -1 do
    if holds(all[index]) then
      return all[index]
    end
  end
end

---The dictation that is recorded, or about to be.
---@return table?
function M.recording()
  return latest(function(dictation)
    return not dictation.stopped and not dictation.cancelled
  end)
end

---@return string
function M.status()
  local texts = config.current.status
  local recording = M.recording()
  if recording and recording.phase == "recording" then -- not before the microphone gives sound: first words would be lost
    return texts.recording
  end
  local under_way = latest(function(dictation)
    return not dictation.cancelled
  end)
  if not under_way then
    return ""
  end
  return under_way.id and not client.is_up() and texts.gone or texts.working
end

-- What comes of one

local NOTHING_SAID = {
  silence = "nothing was said",
  too_short = "that was too short",
  dead_input = "the microphone gave nothing but flat silence: is it muted?",
}

local function delivered(dictation, result)
  if dictation.cancelled then
    return drop(dictation)
  end
  remove(dictation)
  for _, warning in ipairs(result.warnings or {}) do
    ui.warn(warning.message, warning.hint)
  end
  if result.fallback then
    ui.warn(result.fallback.message, result.fallback.hint)
  end
  if result.text == "" then
    dictation.place:forget()
    ui.inform(NOTHING_SAID[result.verdict] or "nothing was said")
  else
    waiting.put(dictation.place, result)
  end
end

local function await_result(dictation)
  client.call("session/result", { session_id = dictation.id }, function(failure, result)
    if not failure then
      delivered(dictation, result)
    elseif failure.reason == "daemon_unreachable" then
      return -- asked again when the daemon is back
    else
      drop(dictation)
      if failure.reason ~= "cancelled" then
        ui.failed(failure)
      elseif not dictation.cancelled then
        ui.inform("the dictation was cancelled elsewhere")
      end
    end
  end, false)
end

local function tell_stop(dictation)
  client.call("session/stop", { session_id = dictation.id }) -- refused where it has ended by itself
end

local function tell_cancel(dictation)
  client.call("session/cancel", { session_id = dictation.id }, function(failure)
    if not failure or failure.reason ~= "daemon_unreachable" then
      drop(dictation)
    end
  end)
end

local function told_of(dictation, method, params)
  if dictation.cancelled then
    return
  elseif method == "session/partial" then
    dictation.place:show(params.stable or "", params.provisional or "")
  elseif method == "session/state" then
    dictation.phase = params.phase
    dictation.stopped = dictation.stopped or params.phase ~= "recording"
    ui.status_changed()
  end
end

local function started(dictation, session_id)
  dictation.id = session_id
  for _, note in ipairs(early) do
    if note.params.session_id == session_id then
      told_of(dictation, note.method, note.params)
    end
  end
  if dictation.cancelled then
    tell_cancel(dictation)
    return
  elseif dictation.ended_early then
    tell_stop(dictation)
  end
  await_result(dictation)
end

---Has a dictation begun by `method`, whose text goes to `place`.
local function begin(place, method, params)
  local dictation = { place = place, stopped = method ~= "session/start" }
  all[#all + 1] = dictation
  ui.status_changed()
  client.open(function(failure)
    if failure or dictation.cancelled then
      drop(dictation)
      return failure and ui.failed(failure)
    end
    starting = starting + 1
    client.call(method, params, function(refusal, answer)
      starting = starting - 1
      if refusal then
        drop(dictation)
        ui.failed(refusal)
      else
        started(dictation, answer.session_id)
      end
      if starting == 0 then
        early = {}
      end
    end)
  end)
end

-- What people want

---A place at the cursor, or nil once it was said why there is none.
local function place_here()
  if vim.bo.buftype == "terminal" then
    return require("parleq.place.terminal").here()
  end
  local place, trouble = require("parleq.place.buffer").at_cursor()
  if not place then
    ui.failed({ message = trouble .. ", so there is no place for a text" })
  end
  return place
end

local function start_recording(place, more)
  local params = {
    source = "microphone",
    deliver = "return",
    on_disconnect = "stop",
    mode = config.current.mode or nil,
    context = place:context(),
  }
  begin(place, "session/start", vim.tbl_extend("force", params, more or {}))
end

local function may_record()
  if M.recording() then
    ui.warn("a dictation is being recorded already", ":Parleq stop ends it, :Parleq cancel gives it up")
  end
  return not M.recording()
end

function M.start()
  local place = may_record() and place_here()
  if place then
    start_recording(place)
  end
end

---@param first integer
---@param last integer
---@param selected boolean
function M.refine(first, last, selected)
  if not may_record() then
    return
  end
  local place, trouble = require("parleq.place.selection").of_lines(first, last, selected)
  if place then
    start_recording(place, { refine = { text = place.before } })
  else
    ui.failed({ message = trouble .. ", so nothing can be refined" })
  end
end

function M.stop()
  local dictation = M.recording()
  if not dictation then
    return ui.inform("no dictation is being recorded here")
  end
  dictation.stopped = true
  ui.status_changed()
  if dictation.id then
    tell_stop(dictation)
  else
    dictation.ended_early = true
  end
end

function M.cancel()
  local dictation = latest(function(dictation)
    return not dictation.cancelled
  end)
  if not dictation then
    return ui.inform("there is nothing to cancel here")
  end
  dictation.cancelled = true
  dictation.place:forget()
  ui.status_changed()
  if dictation.id then
    tell_cancel(dictation)
  end
end

function M.recover()
  local place = place_here()
  if place then
    begin(place, "session/recover", {})
  end
end

function M.last()
  client.open(function(failure)
    if failure then
      return ui.failed(failure)
    end
    waiting.insert_latest(find)
  end)
end

-- The connection

function M.connect()
  client.open(function() end) -- that there is no daemon matters to nobody yet
end

client.on_told = function(method, params)
  local dictation = params.session_id and find(params.session_id)
  if method == "daemon/notice" then
    if params.reason == "resumed" then
      waiting.offer(find)
    elseif dictation or (not params.session_id and M.recording()) then -- such as: the microphone is another one now
      ui.warn(params.message, params.hint)
    end
  elseif dictation then
    told_of(dictation, method, params)
  elseif starting > 0 then
    early[#early + 1] = { method = method, params = params }
  end
end

client.on_lost = function(failure)
  local told = false
  for _, dictation in ipairs(all) do
    if not dictation.stopped then -- the daemon stops it, or has died and finishes it when it is back
      dictation.stopped = true
    end
    told = told or (dictation.id and not dictation.cancelled) -- of one without an id its start tells
  end
  if told then
    ui.warn(failure.message .. "; what was said is kept", failure.hint)
  end
  ui.status_changed()
end

client.on_connected = function()
  for _, dictation in ipairs(vim.list_slice(all)) do
    if dictation.id and dictation.cancelled then
      tell_cancel(dictation)
    elseif dictation.id then
      await_result(dictation)
    end
  end
  waiting.connected(find)
  ui.status_changed()
end

return M
