-- SPDX-License-Identifier: Apache-2.0
-- The settings, and whether they make sense.

local M = {}

local MODES = { "raw", "instant", "polished" }

M.defaults = {
  socket = false, -- path of the daemon's socket; false: where the protocol says
  mode = false, -- "raw", "instant" or "polished"; false: as the daemon is set
  toggle = false, -- keys to map
  hold = false,
  cancel = false,
  partials = true, -- show what is heard while it is said
  connect = true, -- connect as soon as `setup` is called
  status = { recording = "● REC", working = "… parleq", gone = "parleqd?" },
}

M.current = vim.deepcopy(M.defaults)

local function check(settings, defaults, path)
  for name, value in pairs(settings) do
    local default = defaults[name]
    if default == nil then
      error(("parleq: there is no setting %s%s; :help parleq-settings lists them"):format(path, name), 0)
    end
    local wanted = default == false and "string" or type(default)
    if type(value) ~= wanted and not (default == false and value == false) then
      error(("parleq: setting %s%s must be a %s, not a %s"):format(path, name, wanted, type(value)), 0)
    end
    if wanted == "table" then
      check(value, default, path .. name .. ".")
    end
  end
end

---@param settings table what differs from the defaults
function M.set(settings)
  check(settings, M.defaults, "")
  if settings.mode and not vim.tbl_contains(MODES, settings.mode) then
    error(("parleq: setting mode must be one of %s"):format(table.concat(MODES, ", ")), 0)
  end
  M.current = vim.tbl_deep_extend("force", vim.deepcopy(M.defaults), settings)
end

return M
