-- SPDX-License-Identifier: Apache-2.0
-- Hold a key and speak, in a terminal that does not tell when a key comes up: it repeats while it is held.
--
-- No repetition within FIRST_MS: it was a tap, and the next one ends the recording. After that, a pause of GAP_MS in
-- the repetitions is the release. X11 and the Linux console wait up to 660 ms before the first one, macOS about 500.

local FIRST_MS, GAP_MS = 800, 180

local dictations = require("parleq.dictations")
local uv = vim.uv or vim.loop

local M = {}

local timer
local held = "no" -- "no", "pressed", "repeating", "over": pressed to end a recording

local function after(milliseconds, act)
  timer = timer or assert(uv.new_timer())
  timer:start(milliseconds, 0, vim.schedule_wrap(act))
end

local function released()
  held = "no"
  if dictations.recording() then
    dictations.stop()
  end
end

local function tapped()
  held = "no"
end

---Is nothing known of a key that is down?
---@return boolean
function M.is_up()
  return held == "no"
end

function M.pressed()
  if held ~= "no" then
    held = "repeating"
    after(GAP_MS, released)
  elseif dictations.recording() then -- the second tap
    dictations.stop()
    held = "over"
    after(FIRST_MS, tapped)
  else
    dictations.start()
    held = "pressed"
    after(FIRST_MS, tapped)
  end
end

return M
