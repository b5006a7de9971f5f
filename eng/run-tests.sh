#!/usr/bin/env bash
# Runs each test program of a build and ends with the line 'N passed, N failed'. usage: run-tests.sh ARTIFACTS [PROJECT…]
set -euo pipefail
artifacts=$1; shift
passed=0 failed=0 skipped=0 code=0
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(find tests -name '*.Tests.csproj' -printf '%f\n' | sed 's/^StellarPay\.//; s/\.Tests\.csproj$//' | sort)
log=$(mktemp); trap 'rm -f "$log"' EXIT
for name in "${names[@]}"; do
  program=$artifacts/bin/StellarPay.$name.Tests/release/StellarPay.$name.Tests.dll
  echo "== $name"
  status=0
  dotnet "$program" -noColor >"$log" 2>&1 || status=$?
  grep -vE '^  (Discover|Discovered|Starting|Finished)' "$log" || true
  summary=$(grep -E 'Total: [0-9]+, Errors:' "$log" | tail -n 1 || true)
  number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
  total=$(number Total); errors=$(number Errors); fails=$(number Failed); skips=$(number Skipped)
  if [ -z "$total" ]; then echo "$name did not finish (exit code $status)"; failed=$((failed + 1)); code=1; continue; fi
  bad=$((fails + errors))
  [ "$status" -eq 0 ] || { code=1; [ "$bad" -gt 0 ] || bad=1; }
  passed=$((passed + total - fails - skips)); failed=$((failed + bad)); skipped=$((skipped + skips))
done
[ "$failed" -eq 0 ] || code=1
[ $((passed + failed)) -gt 0 ] || { echo "no test ran"; code=1; }
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit $code
