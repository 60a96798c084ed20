-- SPDX-License-Identifier: Apache-2.0
-- What users and other plugins call.

local config = require("parleq.config")
local dictations = require("parleq.dictations")

local M = {}

---Changes settings, maps the keys that they name, and connects in the background.
---@param settings? table see |parleq-settings|
function M.setup(settings)
  config.set(settings or {})
  for _, action in ipairs({ "toggle", "hold", "cancel" }) do
    local key = config.current[action]
    if key then
      vim.keymap.set({ "n", "i", "x", "t" }, key, M[action], { desc = "parleq: " .. action })
    end
  end
  if config.current.connect then
    vim.schedule(dictations.connect)
  end
end

---Begins a dictation; its text will go where the cursor is now.
function M.start()
  dictations.start()
end

---Ends the recording; the text comes.
function M.stop()
  dictations.stop()
end

---Begins a dictation, or ends the one that is recorded.
function M.toggle()
  if dictations.recording() then
    dictations.stop()
  else
    dictations.start()
  end
end

---For a key that is held: see |parleq-hold|.
function M.hold()
  require("parleq.hold").pressed()
end

---Gives the latest dictation up.
function M.cancel()
  dictations.cancel()
end

---Inserts the latest text that waits, or the last one of all, where the cursor is.
function M.last()
  dictations.last()
end

---Recognises the last recording once more; the text goes where the cursor is.
function M.recover()
  dictations.recover()
end

---Has lines changed as is spoken until `stop`.
---@param first integer
---@param last integer
---@param selected? boolean only the characters that were selected last, if these are their lines
function M.refine(first, last, selected)
  dictations.refine(first, last, selected or false)
end

---Tries every part.
function M.doctor()
  vim.cmd.checkhealth("parleq")
end

---A few characters for the status line; "" while nothing is under way.
---@return string
function M.status()
  return dictations.status()
end

return M
