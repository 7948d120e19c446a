#!/bin/sh
# Configures a server of Open Liberty for the GenAI connector: puts the adapter, its configuration and the values of its
# variables in place. A running server takes changes of them by itself. It can be run again at any time.
#
#   LIBERTY_SERVER=/opt/wlp/usr/servers/defaultServer \
#       COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./configure.sh
#
# --remove   removes all of it
#
# Run it as the user who runs Open Liberty: nobody else can read what it writes.
#
# The server:   LIBERTY_SERVER, the directory with server.xml
# Files:        GENAI_RAR
# ComfyUI:      COMFYUI_URL, COMFYUI_API_KEY
# LLM:          LLM_PROVIDER (OPENAI, ANTHROPIC, LOCAL and more, see docs/reference.md), LLM_URL, LLM_MODEL, LLM_API_KEY
#
# A variable that is not set leaves its value as it is; but another LLM_PROVIDER forgets address, model and key of the one
# before, so that no key goes to a service that it is not for. The values are files of the directory "variables", which only
# their owner can read.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
names='comfyui.url comfyui.api.key llm.provider llm.url llm.model llm.api.key'

fail() {
    printf 'configure.sh: %s\n' "$*" >&2
    exit 1
}

server=${LIBERTY_SERVER:-}
[ -n "$server" ] || fail 'name the directory with server.xml by LIBERTY_SERVER'
[ -f "$server/server.xml" ] || fail "$server has no server.xml: LIBERTY_SERVER must be the directory of a server"
overrides=$server/configDropins/overrides
variables=$server/variables

# Replaces a file at once, and only if it differs: Open Liberty takes a file that changes as a change of its content.
# $1 new content in a file, $2 file
put() {
    if ! cmp -s "$1" "$2"; then
        cp "$1" "$server/genai-connector.new"
        mv "$server/genai-connector.new" "$2"
    fi
}

# $1 variable; Open Liberty would only say so when a connection is made
check_address() {
    eval "value=\${$1:-}"
    case $value in '' | http://?* | https://?*) ;; *) fail "$1 must begin with http:// or https://, not \"$value\"" ;; esac
}

# The names are those of the table in docs/reference.md; without that file the first call tells. Open Liberty would only say so when a
# connection is made.
check_provider() {
    [ -n "${LLM_PROVIDER:-}" ] && [ -f "$here/../../docs/reference.md" ] || return 0
    sed -n '/<!-- begin providers -->/,/<!-- end providers -->/s/^| `\([A-Z_]*\)` .*/\1/p' "$here/../../docs/reference.md" |
        grep -xF -e "$LLM_PROVIDER" >/dev/null ||
        fail "LLM_PROVIDER may be OPENAI, ANTHROPIC, LOCAL or another name in docs/reference.md, not \"$LLM_PROVIDER\""
}

case ${1:-} in
    '')
        [ -f "$rar" ] || fail "$rar is missing: build it (./mvnw package), or name it with GENAI_RAR"
        check_address COMFYUI_URL
        check_address LLM_URL
        check_provider
        ;;
    --remove)
        rm -f "$overrides/genai-connector.xml" "$server/genai-connector.rar"
        for name in $names; do rm -f "$variables/$name"; done
        echo 'GenAI connector: removed.'
        exit
        ;;
    *) fail "the option is --remove, not $1" ;;
esac

mkdir -p "$overrides" "$variables"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

if [ -n "${LLM_PROVIDER:-}" ] && [ -f "$variables/llm.provider" ] && [ "$(cat "$variables/llm.provider")" != "$LLM_PROVIDER" ]; then
    rm -f "$variables/llm.api.key" "$variables/llm.url" "$variables/llm.model"
fi
for name in $names; do
    eval "value=\${$(printf '%s' "$name" | tr '[:lower:].' '[:upper:]_'):-}"
    if [ -n "$value" ]; then
        printf '%s' "$value" >"$work/value"
        put "$work/value" "$variables/$name"
    fi
done
if [ -f "$server/genai-connector.rar" ] && ! cmp -s "$rar" "$server/genai-connector.rar"; then
    echo 'GenAI connector: another version; stop Open Liberty, delete the directory workarea of the server, and start it.'
fi
put "$rar" "$server/genai-connector.rar"
put "$here/genai-connector.xml" "$overrides/genai-connector.xml"
echo 'GenAI connector: configured; eis/genai/comfyui and eis/genai/llm are there as soon as the log says J2CA7001I.'
