-- Requests of a file of lines, made beforehand, so that each costs the client no more than one that is always the same.
-- Arguments: the file, with path, browser and page between tabs; what Connection says.

local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, agent, page = line:match("([^\t]*)\t([^\t]*)\t(.*)")
    requests[#requests + 1] = wrk.format("GET", path, {
      ["User-Agent"] = agent,
      ["Accept"] = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
      ["Accept-Language"] = "en-US,en;q=0.5",
      ["Accept-Encoding"] = "gzip, deflate, br, zstd",
      ["Referer"] = page,
      ["Connection"] = args[2],
    })
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
