# shellcheck shell=bash
# Sounds of the demo clips: each sound_NAME prints one FFmpeg filter graph that
# makes mono sound at 44100 Hz (a lavfi input) and never ends; the caller cuts
# it and lays speech over it. `speech` makes the spoken words from subtitles.

# evaluate EXPRESSION: the sound of an expression in t (seconds), -1..1.
# random(5) is the only source of noise: its state starts at 0, so it repeats.
evaluate() { printf "aevalsrc='%s':s=44100" "$1"; }

# melody STEP DECAY GAIN NOTE...: one struck note every STEP seconds, over and
# over; a note is a MIDI number (69 = 440 Hz), 0 a rest. Each note starts its
# sine at phase 0, with two overtones, and dies away by exp(-DECAY t).
melody() {
    local step=$1 decay=$2 gain=$3 pick=0 i=0 hertz
    shift 3
    for hertz in $(printf '%s\n' "$@" | LC_ALL=C awk '{ printf "%.3f\n", $1 ? 440 * 2 ^ (($1 - 69) / 12) : 0 }'); do
        pick="if(eq(ld(0),$i),$hertz,$pick)"
        i=$((i + 1))
    done
    printf 'st(0,mod(floor(t/%s),%s));st(1,%s);st(2,mod(t,%s));' "$step" "$i" "$pick" "$step"
    printf '%s*exp(-%s*ld(2))*min(1,ld(2)*150)*' "$gain" "$decay"
    printf '(sin(2*PI*ld(1)*ld(2))+0.35*sin(4*PI*ld(1)*ld(2))+0.15*sin(6*PI*ld(1)*ld(2)))'
}

# mix GRAPH...: graphs one over the other.
mix() {
    local i=0 labels='' graph
    for graph; do
        printf '%s[part%d];' "$graph" "$i"
        labels+="[part$i]"
        i=$((i + 1))
    done
    printf '%samix=inputs=%d:normalize=0' "$labels" "$i"
}

noise() { printf 'anoisesrc=c=%s:a=%s:seed=%s:r=44100' "$1" "$2" "$3"; }

sound_none() { printf 'anullsrc=r=44100:cl=mono'; }

# films
sound_space() { # organ: slow chords
    mix "$(evaluate "$(melody 4 0.15 0.16 45 41 48 43)")" "$(evaluate "$(melody 4 0.15 0.12 60 57 64 62)")" \
        "$(evaluate "$(melody 2 0.5 0.10 76 72 79 74 81 76)")"
}
sound_tension() { # a heartbeat, almost nothing, then a burst
    mix "$(evaluate '0.08*sin(2*PI*52*mod(t,1.1))*exp(-14*mod(t,1.1))')" \
        "$(evaluate 'if(between(t,8,8.7),(random(5)-0.5)*exp(-3*(t-8)),0)')" "$(noise brown 0.006 3)"
}
sound_engines() { # rumble, drums, low brass
    mix "$(noise brown 0.35 9)" "$(evaluate "$(melody 1 1.2 0.22 38 38 41 36)")" \
        "$(evaluate '0.5*sin(2*PI*48*mod(t,1))*exp(-6*mod(t,1))+0.14*(random(5)-0.5)*exp(-16*mod(t+0.5,1))')"
}
sound_piano() {
    mix "$(evaluate "$(melody 0.5 2.2 0.22 72 76 79 76 71 74 79 74 69 72 76 72 67 71 74 71)")" \
        "$(evaluate "$(melody 2 0.8 0.20 48 43 45 40)")"
}
sound_chase() { # four on the floor, noise bursts
    mix "$(evaluate '0.5*sin(2*PI*55*mod(t,0.375))*exp(-14*mod(t,0.375))+0.4*(random(5)-0.5)*exp(-28*mod(t+0.1875,0.375))')" \
        "$(evaluate "$(melody 0.1875 6 0.22 40 40 52 40 43 40 55 50)")" \
        "$(evaluate 'if(lt(mod(t,2.5),0.3),0.7*(random(5)-0.5)*exp(-8*mod(t,2.5)),0)')"
}
sound_waltz() {
    mix "$(evaluate "$(melody 0.4 3 0.2 76 0 72 74 0 71 72 69 67)")" "$(evaluate "$(melody 0.4 4 0.18 48 60 60 43 59 59)")"
}
sound_swords() { # plucked strings and a drum
    mix "$(evaluate "$(melody 0.3 4 0.26 62 65 67 69 72 69 67 65 62 60 57 60)")" \
        "$(evaluate '0.4*sin(2*PI*70*mod(t,0.6))*exp(-10*mod(t,0.6))')"
}

# travel and nature
sound_guitar() { mix "$(evaluate "$(melody 0.33 3 0.24 64 67 71 67 62 66 69 66 60 64 67 64)")" "$(noise pink 0.02 21)"; }
sound_train() {
    mix "$(noise brown 0.3 5)" \
        "$(evaluate '0.5*(random(5)-0.5)*(exp(-30*mod(t,0.8))+exp(-30*mod(t+0.64,0.8)))')"
}
sound_desert() { # reed over wind
    mix "$(evaluate "$(melody 0.75 0.9 0.2 62 63 66 67 69 67 66 63)")" "$(noise brown 0.12 8),tremolo=f=0.3:d=0.8"
}
sound_rain() { mix "$(noise white 0.05 2)" "$(evaluate '0.3*sin(2*PI*2600*mod(t,0.73))*exp(-40*mod(t,0.73))')"; }
sound_wind() { printf '%s,tremolo=f=0.25:d=0.9' "$(noise pink 0.25 6)"; }
sound_waves() { printf '%s,tremolo=f=0.2:d=0.95' "$(noise brown 0.5 4)"; }

# food
sound_sizzle() { printf '%s,highpass=f=3000,tremolo=f=7:d=0.3' "$(noise white 0.12 12)"; }
sound_kitchen() { mix "$(evaluate "$(melody 0.25 6 0.14 67 71 74 71 69 72 76 72)")" "$(sound_sizzle)"; }

# lessons, news, sport
sound_soft() { evaluate "$(melody 1.5 0.7 0.12 60 67 64 69)"; }
sound_jingle() { evaluate "if(lt(t,1.2),1,0.12)*($(melody 0.2 5 0.3 72 76 79 84 79 84))"; }
sound_steps() {
    mix "$(evaluate '0.5*(random(5)-0.5)*exp(-45*mod(t,0.33))+0.3*sin(2*PI*80*mod(t,0.33))*exp(-30*mod(t,0.33))')" \
        "$(evaluate "$(melody 0.33 3 0.14 57 60 64 60 55 59 62 59)")"
}
sound_crowd() {
    mix "$(noise pink 0.3 14),bandpass=f=700:w=900,tremolo=f=0.35:d=0.7" \
        "$(evaluate 'if(lt(mod(t,4.8),0.5),0.3*sin(2*PI*2900*t+9*sin(2*PI*35*t)),0)')"
}

# music, games, comedy
sound_guqin() { # slow plucked fifths, each note bent a little, long in dying
    evaluate "$(melody 1.25 1.1 0.34 50 57 62 60 57 55 50 53 57 62 64 62)*(1+0.12*sin(2*PI*5*t))"
}
sound_chords() { # C, G, A minor, F, three seconds each, as the keys show
    mix "$(evaluate "$(melody 3 0.9 0.2 60 67 69 65)")" "$(evaluate "$(melody 3 0.9 0.2 64 71 72 69)")" \
        "$(evaluate "$(melody 3 0.9 0.2 67 74 76 72)")"
}
sound_chip() { # square waves
    evaluate "0.16*gt($(melody 0.125 0 1 72 79 76 84 72 79 76 83 69 76 72 81 67 74 71 79),0)-0.08"
}
sound_chip_slow() { evaluate "0.12*gt($(melody 0.25 0 1 60 64 67 72 67 64 57 60 64 69 64 60),0)-0.06"; }
sound_laughter() { # a room that laughs after each line
    printf "%s,bandpass=f=1100:w=1400,volume='if(between(mod(t,4.2),3.2,4.2),1,0.06)*(0.6+0.4*sin(2*PI*6*t))':eval=frame" \
        "$(noise pink 0.9 17)"
}

# --- speech ------------------------------------------------------------------

# The encoding of a subtitle file of ours: one of three.
charset_of() {
    if [[ $(head -c 2 "$1" | od -An -tx1) == ' ff fe' ]]; then
        printf UTF-16
    elif iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1; then
        printf UTF-8
    else
        printf GBK
    fi
}

# cues FILE: 'start_ms<TAB>end_ms<TAB>text' per subtitle, whatever its format.
cues() {
    local format=${1##*.}
    iconv -f "$(charset_of "$1")" -t UTF-8 "$1" |
        ffmpeg -v error -f "${format/#vtt/webvtt}" -i - -f srt - | LC_ALL=C awk '
        function ms(time, part) { split(time, part, /[:,]/); return ((part[1] * 60 + part[2]) * 60 + part[3]) * 1000 + part[4] }
        / --> / { start = ms($1); end = ms($3); text = ""; next }
        /^[0-9]+\r?$/ && text == "" { next }
        /^\r?$/ { if (text != "") print start "\t" end "\t" text; text = ""; next }
        { gsub(/<[^>]*>|\{[^}]*\}|\r/, ""); text = text (text == "" ? "" : " ") $0 }
        END { if (text != "") print start "\t" end "\t" text }'
}

# speech VOICE SUBTITLES WORKDIR OUT.wav: every cue is spoken at its time; a
# line too long for its slot is spoken faster, at most twice.
speech() {
    local voice=$1 words=$2 work=$3 out=$4 start end text length pace n=0
    local inputs=() graph='' labels=''
    while IFS=$'\t' read -r start end text; do
        espeak-ng -v "$voice" -s 190 -w "$work/line$n.wav" -- "$text" </dev/null
        length=$(($(stat -c %s "$work/line$n.wav") * 1000 / 44100)) # 22050 Hz, 16 bit
        pace=$((length * 100 / (end - start)))
        pace=$((pace < 100 ? 100 : pace > 200 ? 200 : pace))
        inputs+=(-i "$work/line$n.wav")
        graph+="[$n:a]atempo=${pace}e-2,adelay=${start}[line$n];"
        labels+="[line$n]"
        n=$((n + 1))
    done < <(cues "$words")
    ffmpeg -nostdin -v error -y "${inputs[@]}" -filter_complex \
        "$graph${labels}amix=inputs=$n:normalize=0:duration=longest" -ar 44100 -fflags +bitexact "$out"
}
