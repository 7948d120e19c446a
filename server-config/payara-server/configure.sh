#!/bin/sh
# Configures a running Payara Server for the GenAI connector: thread pool, adapter, pools, resources, keys, monitoring.
# It creates what is missing and sets what differs, so it can be run again at any time.
#
#   COMFYUI_URL=http://gpu-box:8188 LLM_PROVIDER=OPENAI LLM_MODEL=gpt-4.1-mini LLM_API_KEY=sk-... ./configure.sh
#
# --redeploy  deploys the adapter again although there is one, for a new version
# --close     only closes what listens for other machines (closed.asadmin), and says that it takes a restart
# --remove    removes all of it: pools, resources, adapter, keys; with GENAI_NAME only the pools of that name and their keys
#
# The server:      AS_ADMIN_HOST, AS_ADMIN_PORT, AS_ADMIN_USER, AS_ADMIN_PASSWORDFILE, as for asadmin itself
#                  GENAI_TARGET (server): an instance or a deployment group, for which it is run once more
#                  GENAI_HOST (127.0.0.1): with --close, the address of the applications
#                  GENAI_PRODUCT (payara): glassfish for GlassFish, as server-config/glassfish/configure.sh does
# Programs, files: ASADMIN (asadmin), GENAI_RAR, GENAI_METRICS_WAR (none: no /metrics), GENAI_CALLERS (the file callers)
# Which pools:     GENAI_POOLS ("comfyui llm"), GENAI_NAME (none): "eu" makes genai/llm-eu and eis/genai/llm-eu, so that run
#                  after run there can be any number of servers and services
# ComfyUI:         COMFYUI_URL, COMFYUI_API_KEY
# LLM:             LLM_PROVIDER (OPENAI, ANTHROPIC, LOCAL and more, see docs/reference.md), LLM_URL, LLM_MODEL, LLM_API_KEY
# TLS of either:   COMFYUI_ or LLM_ with TRUST_STORE, TRUST_STORE_PASSWORD, KEY_STORE, KEY_STORE_PASSWORD
#
# A variable that is not set leaves its setting as it is; but another LLM_PROVIDER forgets address, model and key of the one
# before, so that no key goes to a service that it is not for. Keys and passwords are stored as password aliases, encrypted;
# neither domain.xml nor any command line shows them.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
asadmin=${ASADMIN:-asadmin}
rar=${GENAI_RAR:-$here/../../adapter/rar/target/genai-connector.rar}
metrics=${GENAI_METRICS_WAR:-$here/../metrics/target/genai-connector-metrics.war}
callers=${GENAI_CALLERS:-$here/callers}
target=${GENAI_TARGET:-server}
name=${GENAI_NAME:+-$GENAI_NAME}
wanted=${GENAI_POOLS:-comfyui llm}
product=${GENAI_PRODUCT:-payara}
pool=resources.connector-connection-pool

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf 'configure.sh: %s\n' "$*" >&2
    exit 1
}

# asadmin for many commands at once ends with success whatever most of them do: what it says decides
run() {
    status=0
    "$asadmin" "$@" >"$work/output" 2>&1 </dev/null || status=$?
    if [ $status -ne 0 ] || grep -qE '^Command .* failed\.' "$work/output"; then
        grep -vE '^Command (.* executed successfully|multimode failed)\.|^resources\.|^configs\.|infocmp' "$work/output" >&2
        fail "not everything could be done, see above; what was done is kept, run this again afterwards"
    fi
}

line_in() { grep -qxF -- "$2" "$work/$1"; }
value_of() { eval "printf '%s' \"\${$1:-}\""; }
command_line() { printf '%s\n' "$*" >>"$work/commands"; }
setting() { printf '%s\n' "$1" >>"$work/settings"; }
current() { sed -n "s|^$1=||p" "$work/current"; }
run_commands() { if [ -s "$work/commands" ]; then run multimode --file "$work/commands"; fi; }

# The next command gets a secret, from a file of properties that it reads together with the administrator's password.
# $1 file of commands, $2 asadmin's name of the secret, $3 secret
with_secret() {
    file=$(mktemp "$work/secret.XXXXXX")
    { cat "${AS_ADMIN_PASSWORDFILE:-/dev/null}"; printf 'AS_ADMIN_%s=%s\n' "$2" "$(printf '%s' "$3" | sed 's/\\/\\\\/g')"; } >"$file"
    printf 'export "AS_ADMIN_PASSWORDFILE=%s"\n' "$file" >>"$work/$1"
}

# $1 alias, $2 secret
store() {
    verb=create
    if line_in aliases "$1"; then verb=update; fi
    with_secret keys ALIASPASSWORD "$2"
    printf '%s-password-alias %s\n' "$verb" "$1" >>"$work/keys"
    printf '%s\n' "$1" >>"$work/aliases"
}

# $1 pool, $2 its connection factory; what it is made with is only there until the settings follow
pool() {
    if ! line_in pools "$1"; then
        command_line "create-connector-connection-pool --raname genai-connector --connectiondefinition $2" \
            "--steadypoolsize 0 --maxpoolsize 5 $1"
    fi
    if ! line_in resources "eis/$1"; then
        command_line "create-connector-resource --target $target --poolname $1 eis/$1"
    elif ! line_in here "eis/$1"; then
        command_line "create-resource-ref --target $target eis/$1"
    fi
}

# $1 application, $2 archive
application() {
    if ! line_in applications "$1"; then
        command_line "deploy --target $target --name $1 $2"
    elif ! line_in deployed "$1"; then
        command_line "create-application-ref --target $target $1"
    fi
}

# $1 pool, $2 property, $3 variable
plain() {
    value=$(value_of "$3")
    if [ -n "$value" ]; then setting "$pool.$1.property.$2=$value"; fi
}

# $1 variable
alias_of() { printf 'genai-%s%s' "$(printf '%s' "$1" | tr '[:upper:]_' '[:lower:]-')" "$name"; }

# the same as plain for secrets
secret() {
    alias=$(alias_of "$3")
    value=$(value_of "$3")
    if [ -n "$value" ]; then
        store "$alias" "$value"
        # the same words, but they mean another secret now
        grep -vF "\${ALIAS=$alias}" "$work/current" >"$work/rest" || :
        mv "$work/rest" "$work/current"
    fi
    if line_in aliases "$alias"; then setting "$pool.$1.property.$2=\${ALIAS=$alias}"; fi
}

# $1 pool, $2 beginning of its variables
transport() {
    secret "$1" apiKey "$2_API_KEY"
    plain "$1" trustStoreFile "$2_TRUST_STORE"
    secret "$1" trustStorePassword "$2_TRUST_STORE_PASSWORD"
    plain "$1" keyStoreFile "$2_KEY_STORE"
    secret "$1" keyStorePassword "$2_KEY_STORE_PASSWORD"
}

# What belongs to the provider before goes, the key first, or a new one would meet the old address in between.
# $1 pool
change_provider() {
    before=$(current "$pool.$1.property.provider")
    if [ -z "${LLM_PROVIDER:-}" ] || [ -z "$before" ] || [ "$before" = "$LLM_PROVIDER" ]; then return; fi
    for property in apiKey apiKeyFile serverUrl model; do
        if grep -q "^$pool.$1.property.$property=" "$work/current"; then command_line "set $pool.$1.property.$property="; fi
        grep -v "^$pool.$1.property.$property=" "$work/current" >"$work/rest" || :
        mv "$work/rest" "$work/current"
    done
    if [ -z "${LLM_API_KEY:-}" ]; then forget "$(alias_of LLM_API_KEY)"; fi
    callers forget_caller
}

# $1 alias, which is deleted after what refers to it
forget() {
    if line_in aliases "$1"; then
        printf 'delete-password-alias %s\n' "$1" >>"$work/last"
        grep -vxF -e "$1" "$work/aliases" >"$work/rest" || :
        mv "$work/rest" "$work/aliases"
    fi
}

# $1 pool, $2 map, $5 variable
forget_caller() {
    map="$pool.$1.security-map.$2."
    if grep -qF "$map" "$work/current"; then
        command_line "delete-connector-security-map --poolname $1 $2"
        grep -vF "$map" "$work/current" >"$work/rest" || :
        mv "$work/rest" "$work/current"
    fi
    if [ -z "$(value_of "$5")" ]; then forget "genai-$2$name"; fi
}

# $1 pool, $2 map, $3 principal or group, $4 who, $5 variable
caller() {
    value=$(value_of "$5")
    if [ -n "$value" ]; then store "genai-$2$name" "$value"; fi
    line_in aliases "genai-$2$name" || fail "$callers: no key for \"$2\"; set $5"
    case $3 in
        principal) who="--principals $4" ;;
        group) who="--usergroups $4" ;;
        *) fail "$callers: \"$3\" must be principal or group" ;;
    esac
    if grep -qF "$pool.$1.security-map.$2." "$work/current"; then return; fi
    with_secret commands MAPPEDPASSWORD "\${ALIAS=genai-$2$name}"
    command_line "create-connector-security-map --poolname $1 $who --mappedusername $2 $2"
}

# The callers of the pools of this run: pool map kind who variable.
callers() {
    grep -v '^#' "$callers" | while read -r in_pool map kind who variable; do
        case " $pools " in *" $in_pool "*) if [ -n "$variable" ]; then "$@" "$in_pool" "$map" "$kind" "$who" "$variable"; fi ;; esac
    done
}

# The lines of a command file for the pools of this run and the configurations of the target.
settings_of() {
    sed -n 's/^set //p' "$1" | while read -r line; do
        case $line in
            *connection-pool.genai/comfyui.*) case " $wanted " in *' comfyui '*) ;; *) continue ;; esac ;;
            *connection-pool.genai/llm.*) case " $wanted " in *' llm '*) ;; *) continue ;; esac ;;
        esac
        for config in $configurations; do
            printf '%s\n' "$line" | sed "s|^configs\.config\.server-config\.|configs.config.$config.|
                s|\.genai/\([a-z]*\)\.|.genai/\1$name.|; s|\.poolName=genai/\(.*\)|.poolName=genai/\1$name|"
        done
    done | awk '!seen[$0]++'
}

# What GlassFish has of the settings that close; without its orb-listener-1 the first transaction would wait for a minute.
of_glassfish() {
    grep -v 'server-header\|jms-service' | sed 's/\(orb-listener-1\)\.enabled=false/\1.address=127.0.0.1/' | while read -r line; do
        key=${line%%=*}
        if grep -qF -- "${key%.*}." "$work/current"; then printf '%s\n' "$line"; fi
    done
}

set_what_differs() { grep -vxF -f "$work/current" "$work/settings" | sed 's/^/set /' >>"$work/commands" || :; }

action=configure
redeploy=false
case ${1:-} in
    '') ;;
    --redeploy) redeploy=true ;;
    --close | --remove) action=${1#--} ;;
    *) fail "the options are --redeploy, --close and --remove, not $1" ;;
esac
case $product in payara | glassfish) ;; *) fail "GENAI_PRODUCT may be payara or glassfish, not \"$product\"" ;; esac
case ${GENAI_NAME:-} in *[!A-Za-z0-9_-]*) fail "GENAI_NAME may have letters, digits, _ and -, not \"$GENAI_NAME\"" ;; esac
pools=
for kind in $wanted; do
    case $kind in comfyui | llm) pools="$pools genai/$kind$name" ;; *) fail "GENAI_POOLS may name comfyui and llm, not \"$kind\"" ;; esac
done
command -v "$asadmin" >/dev/null || fail "$asadmin is missing: name the asadmin of the application server with ASADMIN"
[ $action != configure ] || [ -f "$rar" ] || fail "$rar is missing: build it (./mvnw package), or name it with GENAI_RAR"

# 1. What is there?
configurations=server-config
if [ "$target" != server ]; then
    run list-instances "$target"
    instances=$(sed -n 's/^\([^ ]*\)  *\(not \)\{0,1\}running.*/\1/p' "$work/output")
    [ -n "$instances" ] || fail "GENAI_TARGET: no instance in \"$target\""
    configurations=
    for instance in $instances; do
        run get "servers.server.$instance.config-ref"
        configurations="$configurations $(sed -n 's/^servers\.server\..*\.config-ref=//p' "$work/output")"
    done
fi
printf 'list-%s\n' resource-adapter-configs 'applications domain' "applications $target" connector-connection-pools \
    'connector-resources domain' "connector-resources $target" password-aliases >"$work/commands"
for part in resources $(printf 'configs.config.%s ' $configurations); do command_line "get $part.*"; done
run multimode --file "$work/commands"
for list in configs applications deployed pools resources here aliases current keys settings last; do : >"$work/$list"; done
awk -v dir="$work" '
    BEGIN { split("configs applications deployed pools resources here aliases current", list); n = 1 }
    /^Command list-.* executed/ { n++; next }
    n < 8 { sub(/ .*/, "") }
    { print >(dir "/" list[n]) }' "$work/output"
: >"$work/commands"

if [ $action = close ]; then
    settings_of "$here/closed.asadmin" | if [ $product = payara ]; then cat; else of_glassfish; fi | sed "s|\(http-listener-[12]\.address\)=.*|\1=${GENAI_HOST:-127.0.0.1}|" >"$work/settings"
    set_what_differs
    run_commands
    echo 'GenAI connector: closed to other machines as soon as the server has been restarted (asadmin restart-domain).'
    exit
fi

if [ $action = remove ]; then
    # every pool of the adapter, also those made by hand; the server's own option for that leaves some
    sed -n "s|^$pool\.\(.*\)\.resource-adapter-name=genai-connector\$|\1|p" "$work/current" >"$work/old"
    if [ -n "$name" ]; then printf '%s\n' $pools | grep -xF -f "$work/old" >"$work/rest" || :; mv "$work/rest" "$work/old"; fi
    while read -r old; do
        sed -n "s|^resources\.connector-resource\.\(.*\)\.pool-name=$old\$|\1|p" "$work/current" | while read -r resource; do
            if line_in here "$resource"; then command_line "delete-resource-ref --target $target $resource"; fi
            if [ "$target" = server ]; then command_line "delete-connector-resource --target domain $resource"; fi
        done
        if [ "$target" = server ]; then command_line "delete-connector-connection-pool $old"; fi
    done <"$work/old"
    if [ "$target" != server ]; then
        for each in genai-connector-metrics genai-connector; do
            if [ -z "$name" ] && line_in deployed $each; then command_line "delete-application-ref --target $target $each"; fi
        done
    elif [ -z "$name" ]; then
        sed -n 's|^resources\.admin-object-resource\.\(.*\)\.res-adapter=genai-connector$|delete-admin-object \1|p' \
            "$work/current" >>"$work/commands"
        for each in genai-connector-metrics genai-connector; do
            if line_in applications $each; then command_line "undeploy --target domain $each"; fi
        done
        if line_in configs genai-connector; then command_line delete-resource-adapter-config genai-connector; fi
        grep '^genai-' "$work/aliases" | sed 's/^/delete-password-alias /' >>"$work/last" || :
    else
        for kind in $wanted; do
            for each in API_KEY TRUST_STORE_PASSWORD KEY_STORE_PASSWORD; do
                forget "$(alias_of "$(printf '%s' "$kind" | tr '[:lower:]' '[:upper:]')_$each")"
            done
        done
        : >"$work/current" # the maps of callers go with their pools
        callers forget_caller
    fi
    for config in $configurations; do
        if [ -z "$name" ] && line_in current "configs.config.$config.thread-pools.thread-pool.genai-threads.name=genai-threads"; then
            command_line "delete-threadpool --target $config genai-threads"
        fi
    done
    cat "$work/last" >>"$work/commands"
    run_commands
    echo 'GenAI connector: removed.'
    exit
fi

# 2. What is missing. The adapter's configuration comes before the adapter, or it would be started twice.
# GlassFish finds a thread pool only after a restart, and until then gives the adapter no Work Manager: there it takes the default.
threads=
if [ $product = payara ]; then
    threads='--threadpoolid genai-threads'
    for config in $configurations; do
        if ! line_in current "configs.config.$config.thread-pools.thread-pool.genai-threads.name=genai-threads"; then
            command_line "create-threadpool --target $config genai-threads"
        fi
    done
fi
line_in configs genai-connector || command_line "create-resource-adapter-config $threads genai-connector"
if [ $redeploy = true ] && line_in applications genai-connector; then
    command_line "deploy --target $target --force=true --name genai-connector $rar"
else
    application genai-connector "$rar"
fi
# only with AMX do applications see what the server counts of its pools
for config in $configurations; do
    if [ $product = payara ] && ! line_in current "configs.config.$config.amx-configuration.enabled=true"; then
        command_line "set-amx-enabled --enabled=true --dynamic=true --target $config"
    fi
done
for each in $pools; do
    case $each in
        genai/comfyui*) pool "$each" org.genaiconnector.comfyui.ComfyUiConnectionFactory ;;
        *) pool "$each" org.genaiconnector.llm.LlmConnectionFactory ;;
    esac
done
# GlassFish has no MicroProfile Metrics
if [ $product = payara ] && [ -f "$metrics" ]; then application genai-connector-metrics "$metrics"; fi

# 3. What differs.
# Each changed property recreates the pool: the address comes first, so that no new key is sent to an old address.
for each in $pools; do
    case $each in
        genai/comfyui*) plain "$each" serverUrl COMFYUI_URL ;;
        *)
            change_provider "$each"
            plain "$each" provider LLM_PROVIDER
            plain "$each" serverUrl LLM_URL
            plain "$each" model LLM_MODEL
            ;;
    esac
done
settings_of "$here/pools.asadmin" | if [ $product = payara ]; then cat; else grep -v genai-threads; fi >>"$work/settings"
for each in $pools; do
    case $each in
        genai/comfyui*) transport "$each" COMFYUI ;;
        *) transport "$each" LLM ;;
    esac
done
set_what_differs
callers caller
cat "$work/last" >>"$work/commands"

# 4. Does it work?
if [ "$target" = server ]; then
    for each in $pools; do command_line "ping-connection-pool $each"; done
fi
cat "$work/commands" >>"$work/keys"
mv "$work/keys" "$work/commands"
run_commands
if [ "$target" != server ]; then
    echo "GenAI connector: configured for $target; whether the services answer, only that server's own calls show."
    exit
fi
case $pools in
    *comfyui*llm* | *llm*comfyui*) who='ComfyUI and the LLM service answer' ;;
    *comfyui*) who='ComfyUI answers' ;;
    *) who='the LLM service answers' ;;
esac
printf 'GenAI connector: configured; %s.\n' "$who"
