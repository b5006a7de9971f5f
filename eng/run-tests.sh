#!/usr/bin/env bash
# Runs the test programs of a build, says how long each took, and ends with the line 'N passed, N failed'.
# usage: run-tests.sh ARTIFACTS [--all] [PROJECT…]     --all adds the long tests, which are marked Explicit
#        (Explicit, or a class with the trait Length=long: the same contract on storage in memory, which is run on PostgreSQL every time)
#        run-tests.sh --check [--all] [PROJECT…]       only says what is wrong with the arguments
set -euo pipefail
artifacts=$1; shift
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests" && pwd)
mapfile -t known < <(find "$tests" -name '*.Tests.csproj' -printf '%f\n' | sed 's/^StellarPay\.//; s/\.Tests\.csproj$//' | sort)

explicit=off names=() without=(-trait- Length=long)
for argument in "$@"; do
  if [ "$argument" = --all ]; then
    explicit=on without=()
  elif [[ " ${known[*]} " == *" $argument "* ]]; then
    names+=("$argument")
  else
    echo "stellarpay: there is no test project '$argument'; test takes --all and any of ${known[*]}." >&2
    exit 2
  fi
done
[ "$artifacts" != --check ] || exit 0

# The two that fill both processors first, beside each other. What starts and kills processes after them, with nothing beside it but, one
# by one and giving way to it, those that take seconds: it waits for much, and leaves a third of the machine to them.
rank() { case $1 in Frontdoor) echo 1 ;; Grains) echo 2 ;; EndToEnd) echo 3 ;; *) echo 5 ;; esac; }
gives_way() { [ "$(rank "$1")" -eq 5 ] && echo "nice -n 10" || true; }
if [ ${#names[@]} -eq 0 ]; then
  mapfile -t names < <(for name in "${known[@]}"; do echo "$(rank "$name") $name"; done | sort | cut -d' ' -f2)
fi

# Programs that live for seconds gain nothing from profiles of themselves, and pay a fifth of their time for them.
export DOTNET_TieredPGO=0
# Nor by pages that are never writable and executable at once: each compiled method costs several calls of the kernel by that.
export DOTNET_EnableWriteXorExecute=0
# Nor by compiling a method anew, optimized, once it was called thirty times: what is called 12,288 (hexadecimal 3000) times still is.
export DOTNET_TC_CallCountThreshold=3000

out=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$out"' EXIT

# One server for all of them. It ends by itself when this script does.
if [ -z "${STELLARPAY_TEST_POSTGRES:-}" ]; then
  coproc SERVER { exec "$tests/../eng/test-postgres.sh"; }
  read -r said port <&"${SERVER[0]}" || true
  # Without a server each program that needs one says what is wrong.
  [ "$said" != ready ] || export STELLARPAY_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Database=postgres;Username=stellarpay"
fi

start() { # NAME
  local TIMEFORMAT='%R %U %S' status=0
  { time $(gives_way "$1") dotnet "$artifacts/bin/StellarPay.$1.Tests/release/StellarPay.$1.Tests.dll" -noColor -explicit "$explicit" "${without[@]}" \
    >"$out/$1.log" 2>&1 </dev/null || status=$?; } 2>"$out/$1.time"
  echo "$status" >"$out/$1.status"
}

passed=0 failed=0 skipped=0 table=() failures=()
report() { # NAME
  local name=$1 status real user system summary total errors fails skips idle bad
  read -r status <"$out/$name.status"
  read -r real user system <"$out/$name.time"
  summary=$(grep -E 'Total: [0-9]+, Errors:' "$out/$name.log" | tail -n 1 || true)
  number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
  echo "== $name"
  grep -vE '^  (Discover|Discovered|Starting|Finished)|^xUnit.net v3' "$out/$name.log" || true
  total=$(number Total)
  # Each failed test with what it says, to be repeated at the end, where whoever sees only that finds it.
  failures+=("$(awk '/ \[FAIL\]$/ { left = 30 } / \[SKIP\]$/ { left = 0 } left-- > 0 { print substr($0, 1, 500) }' "$out/$name.log")")
  if [ -z "$total" ]; then
    echo "$name did not finish (exit code $status)"
    failed=$((failed + 1))
    failures+=("$name did not finish (exit code $status): $(tail -n 20 "$out/$name.log")")
    table+=("$(printf '%-12s did not finish' "$name")")
    return
  fi
  errors=$(number Errors) fails=$(number Failed) skips=$(number Skipped) idle=$(number 'Not Run')
  bad=$((fails + errors))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + total - fails - skips - ${idle:-0})) failed=$((failed + bad)) skipped=$((skipped + skips))
  table+=("$(printf '%-12s %4d passed, %d failed  %6.1f s, of processor time %6.1f s' "$name" \
    $((total - fails - skips - ${idle:-0})) "$bad" "$real" "$(awk "BEGIN { print $user + $system }")")")
}

# Two at a time, each with the output to itself.
began=$SECONDS
declare -A running=()
finish_one() {
  local ended
  wait -n -p ended "${!running[@]}" || true
  report "${running[$ended]}"
  unset "running[$ended]"
}
for name in "${names[@]}"; do
  # Beside the one that starts at most one other runs; what starts processes waits until none of the first two does.
  others=1
  if [ "$(rank "$name")" -eq 3 ]; then others=0; fi
  while [ ${#running[@]} -gt "$others" ]; do finish_one; done
  start "$name" & running[$!]=$name
done
while [ ${#running[@]} -gt 0 ]; do finish_one; done

echo "== Time"
printf '%s\n' "${table[@]}" "all: $((SECONDS - began)) s"
if [ "$failed" -gt 0 ]; then
  echo "== Failed"
  printf '%s\n' "${failures[@]}" | sed '/^$/d'
fi
if [ $((passed + failed)) -eq 0 ]; then echo "no test ran"; failed=1; fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
