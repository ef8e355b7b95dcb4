# Pixels against nginx, in turns. To be sourced after java.sh and build.sh, with ROOT set.
#
# nginx is what a shop would put there without us: one worker, an empty GIF, one line of JSON a request in its log,
# buffered. Both are on this machine, and so is what asks them.

PIXEL_PATH='/p.gif?k=demo&e=page_view&url=https%3A%2F%2Fshop.example%2Fp%2F1&vid=0f8fad5b'
PIXEL_PIDS=""

pixel_end() {
  local pid
  # In turn, and only what was started here.
  for pid in $PIXEL_PIDS; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  PIXEL_PIDS=""
}

pixel_tools() {
  local tool missing=""
  for tool in nginx wrk h2load openssl curl; do
    command -v "$tool" >/dev/null || missing="$missing ${tool/h2load/nghttp2-client}"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing" >&2
    # shellcheck disable=SC2086
    { apt-get install -y -q $missing || { apt-get update -q && apt-get install -y -q $missing; }; } >/dev/null
  else
    echo "Needed:$missing; install by your package manager, such as: apt install$missing" >&2
    exit 2
  fi
}

# Ports from $1 on: HTTP/1.1, HTTP/2 without TLS, TLS.
pixel_nginx() {
  local port=$1
  mkdir -p "$dir/nginx"
  cat >"$dir/nginx/nginx.conf" <<CONF
worker_processes 1;
daemon off;
master_process off;
pid $dir/nginx/pid;
error_log $dir/nginx/error.log warn;
events { worker_connections 4096; }
http {
  log_format events escape=json '{"t":"\$msec","ip":"\$remote_addr","q":"\$args","ua":"\$http_user_agent","ref":"\$http_referer"}';
  access_log $dir/nginx/access.log events buffer=64k flush=1s;
  client_body_temp_path $dir/nginx/body;
  proxy_temp_path $dir/nginx/proxy;
  fastcgi_temp_path $dir/nginx/fastcgi;
  uwsgi_temp_path $dir/nginx/uwsgi;
  scgi_temp_path $dir/nginx/scgi;
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:$port backlog=4096;
    listen 127.0.0.1:$((port + 1)) http2 backlog=4096;
    listen 127.0.0.1:$((port + 2)) ssl http2 backlog=4096;
    ssl_certificate $dir/certificate.pem;
    ssl_certificate_key $dir/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    location /p.gif { empty_gif; }
  }
}
CONF
  nginx -c "$dir/nginx/nginx.conf" -p "$dir/nginx" 2>"$dir/nginx/start.log" &
  NGINX_PID=$!
  PIXEL_PIDS="$PIXEL_PIDS $NGINX_PID"
}

# $1 a port for HTTP, the next one for TLS, the one behind for operators; $2 when it answers: synced or written.
pixel_sluice() {
  local port=$1
  # shellcheck disable=SC2086
  SLUICE_COMMIT_ACK=$2 SLUICE_HTTP_TLS_PORT=$((port + 1)) SLUICE_HTTP_TLS_CERTIFICATE=$dir/certificate.pem \
    SLUICE_HTTP_TLS_KEY=$dir/key.pem SLUICE_LOG_LEVEL=warn \
    "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" ${SLUICE_JVM_OPTIONS:-} \
    -cp "$(server_jar):$SERVER_TARGET/lib/*" io.sluice.bootstrap.Main serve \
    --port "$port" --admin-port $((port + 2)) --data "$dir/data-$2" >"$dir/sluice-$2.log" 2>&1 &
  PIXEL_PIDS="$PIXEL_PIDS $!"
  SLUICE_PID=$!
}

pixel_await() {
  local i
  for i in $(seq 200); do
    ! curl -ksf -o /dev/null --max-time 1 "$1" || return 0
    sleep 0.1
  done
  echo "$1 does not answer; the logs are in $dir" >&2
  exit 1
}

# Clock ticks of processor that process $1 has used.
pixel_ticks() {
  sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# Requests a second of one run against the URL $2 by way $1, then ticks a million of process $3.
pixel_run() {
  local way=$1 url=$2 pid=$3 connections=$4 before after out
  before=$(pixel_ticks "$pid")
  case $way in
    h1) out=$(wrk -t1 -c"$connections" -d"${seconds}s" "$url") ;;
    # As many streams on each connection as make the same number in flight.
    h2) out=$(h2load -t1 -c16 -m$((connections / 16)) -D"$seconds" "$url" 2>&1) ;;
    shake) out=$(pixel_handshakes "$url") ;;
  esac
  after=$(pixel_ticks "$pid")
  local rate failed
  case $way in
    h1)
      rate=$(sed -n 's|^Requests/sec: *||p' <<<"$out")
      failed=$(grep -E 'Non-2xx|Socket errors' <<<"$out" || true)
      ;;
    h2)
      rate=$(sed -n 's|^finished in [^,]*, \([0-9.]*\) req/s.*|\1|p' <<<"$out")
      failed=$(sed -n 's/.* \([1-9][0-9]*\) errored.*/errored: \1/p' <<<"$out")
      ;;
    shake) rate=$out failed="" ;;
  esac
  [ -z "$failed" ] || echo "  $url: $failed" >&2
  awk -v rate="$rate" -v ticks=$((after - before)) -v seconds="$seconds" -v hertz="$(getconf CLK_TCK)" \
    'BEGIN { printf "%.0f %.2f\n", rate, ticks / hertz / (rate * seconds) * 1e6 }'
}

# New connections with a whole handshake each and one request, a second.
pixel_handshakes() {
  local out
  out=$(wrk -t1 -c16 -d"${seconds}s" -H 'Connection: close' "$1")
  sed -n 's|^Requests/sec: *||p' <<<"$out"
}

pixel_median() {
  sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# One row: name, way, connections, goal, URL and process of Sluice, of nginx.
pixel_row() {
  local name=$1 way=$2 connections=$3 goal=$4 ours=$5 our_pid=$6 theirs=$7 their_pid=$8 round
  local a="$dir/$name-ours" b="$dir/$name-theirs" our_rate their_rate ratio
  : >"$a" && : >"$b"
  for round in $(seq "$rounds"); do
    # Turn and turn about, so that neither always comes second.
    if [ $((round % 2)) -eq 0 ]; then
      pixel_run "$way" "$theirs" "$their_pid" "$connections" >>"$b"
      pixel_run "$way" "$ours" "$our_pid" "$connections" >>"$a"
    else
      pixel_run "$way" "$ours" "$our_pid" "$connections" >>"$a"
      pixel_run "$way" "$theirs" "$their_pid" "$connections" >>"$b"
    fi
  done
  our_rate=$(cut -d' ' -f1 "$a" | pixel_median)
  their_rate=$(cut -d' ' -f1 "$b" | pixel_median)
  ratio=$(awk -v a="$our_rate" -v b="$their_rate" 'BEGIN { printf "%.2f", a / b }')
  printf '%-22s %10.0f %10.0f %6s   %6s %6s\n' "$name" "$our_rate" "$their_rate" "$ratio" \
    "$(cut -d' ' -f2 "$a" | pixel_median)" "$(cut -d' ' -f2 "$b" | pixel_median)"
  echo "RESULT name=$name value=$our_rate unit=requests/s nginx=$their_rate ratio=$ratio goal=$goal met=$(
    awk -v r="$ratio" -v g="$goal" 'BEGIN { print (r >= g ? "yes" : "no") }'
  ) cpu=$(cut -d' ' -f2 "$a" | pixel_median) nginx_cpu=$(cut -d' ' -f2 "$b" | pixel_median)" >>"$dir/results"
}

bench_pixel() {
  trap pixel_end EXIT
  trap 'exit 130' INT TERM
  pixel_tools
  mkdir -p "$dir"
  rm -rf "$dir"/data-* "$dir"/*-ours "$dir"/*-theirs "$dir/results"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" \
    -out "$dir/certificate.pem" -days 2 -subj /CN=localhost 2>/dev/null
  local base=${PIXEL_PORT:-18400}
  pixel_nginx "$base"
  pixel_sluice $((base + 10)) synced
  local synced=$SLUICE_PID
  pixel_sluice $((base + 20)) written
  local written=$SLUICE_PID
  local n="http://127.0.0.1:$base$PIXEL_PATH" nh2="http://127.0.0.1:$((base + 1))$PIXEL_PATH"
  local ntls="https://127.0.0.1:$((base + 2))$PIXEL_PATH"
  local s="http://127.0.0.1:$((base + 10))$PIXEL_PATH" stls="https://127.0.0.1:$((base + 11))$PIXEL_PATH"
  local w="http://127.0.0.1:$((base + 20))$PIXEL_PATH" url
  for url in "$n" "$ntls" "$s" "$stls" "$w"; do pixel_await "$url"; done
  local warm=$seconds
  seconds=$warmup
  for url in "$s" "$w" "$n" "$stls" "$ntls"; do wrk -t1 -c64 -d"${seconds}s" "$url" >/dev/null; done
  for url in "$s" "$stls" "$nh2" "$ntls"; do h2load -t1 -c16 -m16 -D"$seconds" "$url" >/dev/null 2>&1; done
  seconds=$warm
  nginx -v 2>&1 | sed 's/^/against /'
  echo "$(nproc) processors; $rounds rounds of $seconds s, in turns; medians; CPU in seconds a million requests"
  printf '%-22s %10s %10s %6s   %6s %6s\n' "" sluice/s nginx/s ratio cpu nginx
  pixel_row pixel-c256 h1 256 1.0 "$s" "$synced" "$n" "$NGINX_PID"
  pixel_row pixel-c64 h1 64 0.8 "$s" "$synced" "$n" "$NGINX_PID"
  pixel_row pixel-written-c64 h1 64 1.0 "$w" "$written" "$n" "$NGINX_PID"
  pixel_row pixel-h2 h2 256 1.0 "$s" "$synced" "$nh2" "$NGINX_PID"
  pixel_row pixel-tls h1 256 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  pixel_row pixel-tls-h2 h2 256 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  pixel_row tls-handshakes shake 16 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  cat "$dir/results"
}
