# Different pixels of many shops, visitors and pages, the same each time but for their times: a line each with the path, the
# browser and the page, between tabs. Variables: count, shops, and now in seconds.

function pick(n) { return int(rand() * n) }
function hex(n,    text) { while (n-- > 0) text = text substr("0123456789abcdef", 1 + pick(16), 1); return text }
function encoded(text) { gsub(/%/, "%25", text); gsub(/:/, "%3A", text); gsub(/\//, "%2F", text); gsub(/\?/, "%3F", text)
  gsub(/=/, "%3D", text); gsub(/\+/, "%2B", text); return text }
BEGIN {
  srand(1)
  split("iPhone; CPU iPhone OS 18_6 like Mac OS X|Linux; Android 10; K|Windows NT 10.0; Win64; x64|" \
    "Macintosh; Intel Mac OS X 10_15_7|iPad; CPU OS 18_6 like Mac OS X|X11; Linux x86_64", systems, "|")
  split("AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1|" \
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36|" \
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36|" \
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15|" \
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1|" \
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", engines, "|")
  split("heavy basic linen merino nordic oak pearl quilted silk vintage walnut winter", first, " ")
  split("glove bottle rug vase lamp mug scarf shelf towel teapot wallet sneaker", second, " ")
  split("page_view page_view page_view product_view product_view click add_to_cart search", events, " ")
  split("1440x900 390x844 412x915 1920x1080 768x1024 1536x864", sizes, " ")
  for (i = 0; i < count; i++) {
    # Some shops have much more than others.
    shop = sprintf("shop-%04d", int(shops * rand() * rand() * rand()))
    page = "https://" shop ".example/p/" first[1 + pick(12)] "-" second[1 + pick(12)] "-" pick(800)
    from = rand() < 0.5 ? "https://www.bing.com/" : "https://" shop ".example/c/" second[1 + pick(12)] "?page=" pick(20)
    b = 1 + pick(6)
    printf "/p.gif?k=%s&id=e-%s&e=%s&ts=%d%03d&url=%s&ref=%s&aid=%s&sid=%s&vp=%s\tMozilla/5.0 (%s) %s\t%s\n", shop, hex(12),
      events[1 + pick(8)], now - pick(60), pick(1000), encoded(page), encoded(from), hex(16), hex(12), sizes[1 + pick(6)],
      systems[b], engines[b], page
  }
}
