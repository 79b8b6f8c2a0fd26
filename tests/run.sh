# Part of ./palio: the tests, with what they need. Ends with one line "N passed, N failed".
# shellcheck shell=bash disable=SC2154  # top, state and the functions are the launcher's

# What tests use that a fresh machine lacks; asked for together, so that one apt run brings all.
bring_test_packages() {
    local missing=()
    command -v python3 >/dev/null || missing+=(python3)
    python3 -c 'import numpy' 2>/dev/null || /usr/bin/python3 -c 'import numpy' 2>/dev/null || missing+=(python3-numpy)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    if ! $fast; then
        command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
        command -v skopeo >/dev/null || missing+=(skopeo)
    fi
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
}

# count NAME LOG STATUS PATTERN… : adds what a test program said to the totals.
count_dotnet() {
    local name=$1 log=$2 status=$3 ok bad skipped
    ok=$(sed -n 's/^ *succeeded: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    bad=$(sed -n 's/^ *failed: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    skipped=$(sed -n 's/^ *skipped: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    # Exit code 8: there are no tests in it.
    if [ "$status" -eq 8 ]; then
        ok=0 bad=0
    elif [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then
        bad=1 # it crashed, or could not start
    fi
    tell "$name" "${ok:-0}" "${bad:-0}" "$log"
    [ "${skipped:-0}" -eq 0 ] || say "$name: ${skipped} skipped"
}

count_python() {
    local name=$1 log=$2 status=$3 all bad
    all=$(sed -n 's/^Ran \([0-9]*\) test.*/\1/p' "$log" | tail -n 1)
    bad=$(sed -n 's/^FAILED (\(.*\))$/\1/p' "$log" | tr ',' '\n' | sed -n 's/.*\(failures\|errors\|unexpected successes\)=\([0-9]*\).*/\2/p' | awk '{n += $1} END {print n + 0}')
    [ "$status" -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    all=${all:-0}
    tell "$name" $((all > bad ? all - bad : 0)) "${bad:-0}" "$log"
}

tell() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    printf '%-28s %5d passed %5d failed\n' "$1" "$2" "$3"
    if [ "$3" -gt 0 ]; then
        grep -v '^ *$' "$4" | tail -n 80
        printf '(all of it: %s)\n' "$4"
    fi
}

run_dotnet_tests() {
    local name=$1 log=$state/test-$1.log status=0
    local filter=()
    ! $fast || filter=(--filter-not-trait needs=engine --filter-not-trait needs=browser)
    "$top/artifacts/bin/$name/release/$name" --progress off --no-ansi "${filter[@]}" >"$log" 2>&1 </dev/null || status=$?
    count_dotnet "$name" "$log" "$status"
}

run_python_tests() {
    local name=$1 folder=$2 log=$state/test-$1.log status=0
    shift 2
    (cd "$top/$folder" && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$top/sdk/python" python3 -m unittest "$@") >"$log" 2>&1 </dev/null || status=$?
    count_python "$name" "$log" "$status"
}

run_tests() {
    local fast=false wanted=() passed=0 failed=0 argument
    for argument in "$@"; do
        case $argument in
            --fast) fast=true ;;
            -h | --help) printf 'palio test [--fast] [PROJECT …]\n  --fast    without what needs a container engine or a browser\n'; return ;;
            -*) fail "palio test: '$argument' is not an option; see palio test --help" ;;
            *) wanted+=("$argument") ;;
        esac
    done

    is_wanted() {
        [ ${#wanted[@]} -eq 0 ] && return
        local one
        for one in "${wanted[@]}"; do
            case ${1,,} in *"${one,,}"*) return ;; esac
        done
        return 1
    }

    bring_test_packages
    $fast || bring_engine
    build_solution
    build_referee
    $fast || bring_images cartpole-python

    local project name
    for project in "$top"/tests/*/*.csproj; do
        name=$(basename "$project" .csproj)
        if $fast && [ "$name" = Palio.EndToEnd.Tests ]; then
            continue
        fi
        ! is_wanted "$name" || run_dotnet_tests "$name"
    done
    ! is_wanted python-sdk || run_python_tests python-sdk sdk/python discover -s tests -t .
    ! is_wanted starter-cartpole-python || run_python_tests starter-cartpole-python starters/cartpole-python discover -s tests -t .

    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || exit 1
}
