-- SPDX-License-Identifier: Apache-2.0
-- A text for a place that takes one line. A control character would be a command there: a line's end runs what stands
-- before it.

-- As bytes: those of ASCII, and those that UTF-8 writes in two (U+0080 to U+009F).
local CONTROL = { "%c+", "\194[\128-\159]" }

---@param text string
---@return string line without control characters
return function(text)
  for _, pattern in ipairs(CONTROL) do
    text = text:gsub(pattern .. "$", ""):gsub(pattern, " ")
  end
  return text
end
