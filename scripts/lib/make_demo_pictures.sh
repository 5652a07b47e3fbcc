# shellcheck shell=bash
# Pictures of the demo clips: each picture_NAME prints one FFmpeg filter graph
# that makes its own frames (a lavfi input) and never ends; the caller cuts it.
#
# Most scenes are painted once, as one large frame, by `paint`, and then moved:
# zoom, pan and hard cuts cost next to nothing, a painted frame per picture
# would take minutes. Nothing draws text, so that no font is needed. Chance
# comes from a hash of the position, never from a random number generator.

# A hash of the pixel (or of a cell of $1 x $2 pixels), 0..1.
readonly grain='mod(abs(sin(X*12.9898+Y*78.233)*43758.5453),1)'
cell() { printf 'mod(abs(sin(floor(X/%s)*12.9898+floor(Y/%s)*78.233)*43758.5453),1)' "$1" "$2"; }

# Masks: 1 inside, 0 outside; in pixels.
disc() { printf 'lt(hypot(X-%s,Y-%s),%s)' "$1" "$2" "$3"; }
ring() { printf 'between(hypot(X-%s,Y-%s),%s,%s)' "$1" "$2" "$3" "$4"; }
oval() { printf 'lt(hypot((X-%s)/%s,(Y-%s)/%s),1)' "$1" "$3" "$2" "$4"; }
box() { printf 'between(X,%s,%s)*between(Y,%s,%s)' "$1" "$(($1 + $3))" "$2" "$(($2 + $4))"; }
below() { printf 'gt(Y,%s)' "$1"; }
stars() { printf 'gt(%s,%s)' "$grain" "$1"; }

# paint W H LAYER...: one frame; a layer is 'mask|red|green|blue', each an
# expression in X and Y; later layers lie on top.
paint() {
    local size="$1x$2" red=0 green=0 blue=0 layer mask r g b
    shift 2
    for layer; do
        IFS='|' read -r mask r g b <<<"$layer"
        red="if($mask,$r,$red)"
        green="if($mask,$g,$green)"
        blue="if($mask,$b,$blue)"
    done
    printf "color=black:s=%s:r=25,trim=end_frame=1,format=gbrp,geq=r='%s':g='%s':b='%s'" \
        "$size" "$red" "$green" "$blue"
}

# Movements; each follows a `paint`.
hold() { printf ',loop=loop=-1:size=1,setpts=N/(%s*TB),fps=%s' "${1:-25}" "${1:-25}"; }
# zoom STEP W H: slowly in, STEP of the size per frame
zoom() { printf ",zoompan=z='1+%s*on':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=9999:s=%sx%s:fps=25" "$1" "$2" "$3"; }
# pan W H X Y: a window over the frame, its corner given in t
pan() { hold && printf ",crop=%s:%s:x='%s':y='%s'" "$1" "$2" "$3" "$4"; }
# jump W H SECONDS DX: hard cuts to another place of the frame every SECONDS,
# drifting DX pixels a second in between
jump() {
    pan "$1" "$2" "mod(floor(t/$3)*457,in_w-out_w-$4*$3)+mod(t,$3)*$4" \
        "mod(floor(t/$3)*211,max(1,in_h-out_h))"
}
# Slides of $1 seconds each: a tall frame with one slide of $2 x $3 below the other.
slides() { pan "$2" "$3" 0 "mod(floor(t/$1),in_h/out_h)*out_h"; }

# --- films -----------------------------------------------------------------

picture_wormhole() {
    paint 960 540 "1|6|8+Y/60|18+Y/30" \
        "$(stars 0.9972)|170+80*$grain|190|230" \
        "$(disc 600 250 190)|if(gt($grain,0.985),240,20)|26|60-hypot(X-600,Y-250)/6" \
        "$(ring 600 250 96 118)|255|200-abs(X-600)/3|110" \
        "$(oval 600 254 250 15)|255|190-abs(X-600)/3|80-abs(X-600)/5" \
        "$(disc 600 250 92)*not($(oval 600 254 250 15))|0|0|0"
    zoom 0.0013 640 360
}

picture_cornfield() {
    paint 1200 240 "1|16|20+Y/10|34" \
        "gt(Y,150+20*sin(X/37)+40*$(cell 7 400))|20|38+16*$(cell 7 400)|14" \
        "$(box 220 90 90 80)|34|26|22" "$(box 255 112 16 20)|150|112|36"
    pan 320 240 't*22' 0
    printf ",noise=alls=9:allf=t:all_seed=11,drawbox=c=white@0.55:t=fill:enable='between(t,8,8.12)+between(t,8.4,8.48)',vignette=PI/3.4"
}

picture_engines() {
    local earth beam
    earth=$(disc 520 560 330)
    beam='lt(abs(mod(X+Y*0.35,120)-60),3+(540-Y)/40)'
    paint 960 540 "1|4|7|20" "$(stars 0.9975)|200|210|230" \
        "$(disc 60 60 210)|150+60*sin(Y/13)|100+40*sin(Y/13)|60" \
        "$beam*between(Y,40,300)*between(X,260,760)|90|150|255" \
        "$earth|30+60*gt(sin(X/40)+sin(Y/33+X/90),0.4)|70+60*gt(sin(X/40)+sin(Y/33+X/90),0.4)|130" \
        "$earth*gt($(cell 9 9),0.93)|255|150|50"
    pan 480 270 '180+14*t' '120+8*sin(t)'
}

picture_snow() {
    printf '%s,format=gbrp[scene];' "$(
        paint 480 360 "1|214-Y/8|222-Y/10|234" "gt(Y,250+22*sin(X/90))|246|248|252" \
            "$(box 300 190 90 80)|112|74|66" "lt(abs(X-345),(Y-150)*1.2)*between(Y,150,192)|236|238|244" \
            "$(box 330 216 26 22)|255|214|140" "$(box 96 150 7 120)|60|48|44" \
            "$(disc 99 130 38)|228|232|240" "$(box 190 236 9 30)|150|40|52" "$(disc 194 230 7)|236|200|180"
        hold
    )"
    printf '%s,scroll=vertical=-0.006:horizontal=0.001,split[near][flakes];[flakes]scroll=vertical=-0.004[far];' "$(
        paint 480 360 "1|0|0|0" "gt($(cell 3 3),0.985)|200|200|200"
        hold
    )"
    printf '[scene][near]blend=all_mode=screen[one];[one][far]blend=all_mode=screen'
}

picture_neon_city() {
    paint 1600 900 "1|10|8|22" \
        "gt(Y,200+500*$(cell 130 4000))|18|16|30" \
        "gt(Y,200+500*$(cell 130 4000))*gt($(cell 13 17),0.72)*lt(mod(X,13),8)*lt(mod(Y,17),10)|if(gt($(cell 130 4000),0.6),255,40)|if(gt($(cell 130 4000),0.3),200,60)|if(lt($(cell 130 4000),0.5),255,70)" \
        "$(oval 420 160 130 26)|120|255|140" "$(oval 1180 260 90 20)|255|70|120" \
        "$(box 760 600 60 300)|4|4|6" "$(disc 790 570 34)|210|170|140" "$(box 764 562 54 12)|0|0|0"
    jump 640 360 0.5 420
}

picture_orbit() {
    paint 960 720 "1|3|4|10" "$(stars 0.998)|210|215|230" \
        "$(disc 480 1060 640)|120|170|255" \
        "$(disc 480 1064 630)|if(gt(sin(X/50)+sin(Y/21+X/120),0.5),225,24)|if(gt(sin(X/50)+sin(Y/21+X/120),0.5),230,80+Y/20)|if(gt(sin(X/50)+sin(Y/21+X/120),0.5),238,170)"
    hold
    printf ",rotate='0.05*t':c=black,crop=640:360:160:200[sky];color=0xd8d8d0:s=26x9:r=25,format=yuva420p,rotate='t*1.3':c=none:ow=30:oh=30[junk];"
    printf "color=0xf4f4f4:s=14x18:r=25[suit];[sky][junk]overlay=x='-30+t*70':y='90+t*9'[two];[two][suit]overlay=x='330-t*8':y='120+12*sin(t)'"
}

picture_dusk_city() {
    paint 1100 300 "1|250-Y/3|150-Y/4|90+Y/4" "$(disc 700 150 34)|255|226|150" \
        "gt(Y,120+90*$(cell 62 4000))|46|32|56" \
        "gt(Y,120+90*$(cell 62 4000))*gt($(cell 11 14),0.75)*lt(mod(X,11),6)*lt(mod(Y,14),8)|255|206|110" \
        "gt(Y,255)|58+20*sin(Y/2)|52|92" "$(box 515 70 12 150)|46|32|56" "lt(abs(X-521),(Y-24)/6)*between(Y,24,72)|46|32|56"
    pan 320 240 '40+t*34' 40
}

picture_bamboo() {
    paint 1400 420 "1|30+Y/9|70+Y/7|44" \
        "lt(mod(X+6*sin(Y/90)+300*$(cell 4000 9000),46),9)|58|120|52" \
        "lt(mod(X+11*sin(Y/140)+20,83),17)|96+30*cos(mod(X+11*sin(Y/140)+20,83)/4)|158|70" \
        "lt(mod(X+11*sin(Y/140)+20,83),17)*lt(mod(Y+X/9,70),3)|40|84|36" \
        "gt(sin(X/13+Y/29)*sin(Y/9-X/31),0.9)|120|178|84"
    pan 480 270 '(420+410*sin(t*0.9))' '75+60*sin(t*1.7)'
    printf ",drawbox=x=0:y=0:w=iw:h=ih:c=white@0.35:t=fill:enable='lt(mod(t,3),0.08)'"
}

# --- travel and nature -------------------------------------------------------

picture_lake() {
    local ridge='150-46*sin(X/130)-22*sin(X/47)-9*sin(X/19)'
    paint 1200 360 "1|96+Y/2|172+Y/4|240" "$(disc 240 60 26)|255|240|190" \
        "gt(sin(X/90)+sin(Y/14+X/60),1.25)*lt(Y,130)|250|252|255" \
        "gt(Y,$ridge)|58|112+20*sin(X/9)|82" "gt(Y,205)|40+12*sin(Y*1.3+X/40)|140+16*sin(Y*1.3+X/40)|176" \
        "gt(Y,320+8*sin(X/70))|120|170|70" "gt(Y,320+8*sin(X/70))*gt($(cell 6 6),0.92)|240|90|140"
    pan 480 270 't*48' 60
}

picture_alps_at() { # frames a second, seconds, start of the pan
    local peaks='150-abs(mod(X,260)-130)*0.9-abs(mod(X+90,143)-71)*0.4'
    paint 1500 300 "1|110+Y/3|170+Y/5|232" "gt(Y,$peaks)|92|102|122" \
        "gt(Y,$peaks)*lt(Y,$peaks+34+9*sin(X/7))|248|250|255" "gt(Y,206+10*sin(X/80))|74|132|66" \
        "gt(Y,240)|88|84|80" "gt(Y,240)*lt(mod(X,16),5)*lt(Y,252)|60|44|34"
    hold "$1"
    printf ",crop=480:270:x='%s+t*52':y=20,drawbox=x=60:y=188:w=230:h=34:c=0xc81e28:t=fill," "$3"
    printf "drawbox=x=72:y=194:w=200:h=10:c=0xe8f0f8:t=fill,trim=duration=%s,setpts=PTS-STARTPTS" "$2"
}

# Variable frame rate: three stretches of 25, 10 and 5 frames a second, joined.
picture_alps() {
    printf '%s[a];%s[b];%s[c];[a][b][c]concat=n=3:v=1:a=0' "$(picture_alps_at 25 5 0)" \
        "$(picture_alps_at 10 5 260)" "$(picture_alps_at 5 4 520)"
}

picture_caves() {
    paint 1200 360 "1|236-Y/5|206-Y/5|150" "gt(Y,90+14*sin(X/60))|196+20*sin(Y/9)|146+16*sin(Y/9)|88" \
        "lt(mod(X,74),38)*lt(mod(Y+20*sin(X/300),64),44)*between(Y,120,285)|64|40|26" \
        "lt(mod(X,74)-8,22)*gt(mod(X,74),8)*between(mod(Y+20*sin(X/300),64),12,44)*between(Y,120,285)|if(gt($(cell 74 64),0.5),40,190)|if(gt($(cell 74 64),0.5),140,80)|120" \
        "gt(Y,292+16*sin(X/110))|226|184|112" \
        "$(oval 620 284 26 13)|92|60|34" "$(oval 610 270 9 10)|92|60|34" "$(box 636 246 7 34)|92|60|34" "$(box 602 290 5 22)|92|60|34" "$(box 632 290 5 22)|92|60|34"
    pan 480 270 't*40' 60
}

picture_kyoto_map() {
    paint 640 480 "1|238-6*$grain|226-6*$grain|196" "gt(X,430+40*sin(Y/60))|150|186|118" \
        "lt(abs(X-150-30*sin(Y/70)),14)|132|182|214" "lt(mod(X+9,95),3)*lt(X,420)|180|160|130" \
        "lt(mod(Y+30,88),3)*lt(X,420)|180|160|130" \
        "lt(abs(Y-240-60*sin(X/80)),2.4)*lt(mod(X,12),7)|200|60|50" \
        "$(box 452 132 120 12)|200|46|34" "$(box 462 156 100 8)|200|46|34" "$(box 474 144 10 90)|200|46|34" "$(box 540 144 10 90)|200|46|34" \
        "lt(abs(X-300),(Y-70)*0.8)*between(Y,70,100)|70|62|60" "$(box 278 100 44 34)|170|120|84" \
        "$(disc 250 330 16)|236|140|160" "$(disc 280 352 12)|236|140|160"
}

picture_forest() {
    printf '%s[leaves];' "$(
        paint 1000 500 "1|14+Y/30|52+Y/9|20" \
            "gt(sin(X/23+sin(Y/17)*2)*sin(Y/19+sin(X/29)*2),0.2)|30+$grain*20|96+$grain*30|34" \
            "gt(sin(X/13+Y/40)*sin(Y/11-X/50),0.55)|70|150+$grain*30|50" \
            "lt(mod(X+8*sin(Y/50),210),22)|64|48|30" "$(oval 420 300 26 18)|90|210|60" "$(disc 410 288 6)|220|40|30" "$(disc 432 288 6)|220|40|30"
        pan 640 360 '20+t*18' '60+5*sin(t/2)'
    )"
    printf '%s,scroll=vertical=-0.09[rain];[leaves][rain]blend=all_mode=screen' "$(
        paint 640 360 "1|0|0|0" "gt($(cell 2 26),0.985)|60|80|76"
        hold
    )"
}

picture_highland() {
    printf '%s[slope];' "$(
        paint 1000 300 "1|150-Y/4|164-Y/4|190-Y/6" "gt(Y,90-40*sin(X/170)-14*sin(X/31))|222|228|238" \
            "gt(Y,150-30*sin(X/140+1)-8*sin(X/17))|108+40*$(cell 12 8)|106+40*$(cell 12 8)|112+36*$(cell 12 8)"
        pan 480 270 't*9' 20
    )"
    printf "%s,format=yuva420p,colorkey=black:0.01:0,split[cat][kitten];[kitten]scale=42:18[small];" "$(
        paint 96 42 "$(oval 44 22 30 12)|206|200|188" "$(oval 76 16 12 9)|212|206|194" \
            "$(box 22 26 6 15)|196|190|178" "$(box 60 26 6 15)|196|190|178" "lt(abs(Y-20-6*sin(X/7)),3)*lt(X,20)|206|200|188" \
            "gt($(cell 6 5),0.6)*$(oval 44 22 28 10)|70|66|64"
        hold
    )"
    printf "[slope][cat]overlay=x='30+t*26':y='150+3*sin(t*6)'[s];[s][small]overlay=x='-40+t*26':y='176+2*sin(t*8)'"
}

# --- food --------------------------------------------------------------------

picture_braised_pork() {
    paint 960 540 "1|176+14*sin(Y/5+sin(X/90)*3)|116+10*sin(Y/5+sin(X/90)*3)|66" "$(oval 480 280 390 225)|250|248|240" \
        "$(oval 480 280 320 180)|122|36|14" \
        "$(oval 480 270 285 150)*lt(mod(X+9*$(cell 76 62),76),58)*lt(mod(Y,62),46)|196-mod(Y,62)|72-mod(Y,62)/2|28" \
        "$(oval 480 270 285 150)*lt(mod(X,76),58)*between(mod(Y,62),12,19)|246|200|160" \
        "$(oval 480 270 285 150)*between(mod(X,76),8,22)*between(mod(Y,62),3,7)|255|210|150" \
        "$(oval 480 270 285 150)*gt($(cell 9 6),0.965)|80|190|60"
    jump 640 360 3.5 14
}

picture_bread() {
    paint 960 540 "1|226+8*$grain|206+8*$grain|176" "gt(Y,420)|150|108|70" \
        "$(oval 480 300 300 160)|214-abs(Y-240)/4|146-abs(Y-240)/4|70" \
        "$(oval 480 300 300 160)*lt(abs(mod(X+Y/2,92)-46-10*sin(Y/30)),7)|246|222|170" \
        "$(oval 480 300 296 156)*gt($(cell 3 3),0.93)|250|236|206" "$(disc 130 130 70)|240|240|236" "$(disc 130 130 58)|250|244|222"
    zoom 0.0012 640 360
}

picture_mapo() {
    paint 900 520 "1|64|44|34" "$(oval 450 270 380 230)|26|24|26" "$(oval 450 270 340 200)|204+20*sin(X/17)*sin(Y/13)|40+20*sin(X/17)*sin(Y/13)|12" \
        "$(oval 450 265 300 165)*lt(mod(X+20*$(cell 900 70),84),52)*lt(mod(Y+14*$(cell 84 900),70),44)|250|238|214" \
        "$(oval 450 265 310 180)*gt($(cell 8 8),0.94)|92|52|30" "$(oval 450 265 310 180)*gt($(cell 7 5),0.965)|70|190|60"
    pan 480 270 '210+150*sin(t/2)' '125+90*cos(t/2)'
}

picture_curry() {
    paint 1100 620 "1|236|196|86" "$(disc 520 310 270)|40|70|130" "$(disc 520 310 240)|150+30*sin(X/21)*sin(Y/17)|190+26*sin(X/21)*sin(Y/17)|92" \
        "$(disc 520 310 220)*gt($(cell 44 36),0.74)*lt(mod(X,44),32)*lt(mod(Y,36),24)|244|226|190" \
        "$(disc 520 310 225)*gt($(cell 30 9),0.93)|214|32|30" "$(disc 520 310 225)*gt($(cell 17 21),0.93)|34|116|44" \
        "lt(abs(X-930+Y/5),14)|120|78|44"
    jump 480 270 0.9 90
}

# --- lessons: still slides -----------------------------------------------------

picture_lens() {
    paint 640 640 "1|4|5|12" "$(stars 0.9965)|190|200|220" "$(ring 320 320 70 190)|10|14|40" \
        "$(ring 320 320 70 190)*gt(mod(atan2(Y-320,X-320)*9+hypot(X-320,Y-320)/9,3),1.9)|255-hypot(X-320,Y-320)/2|150-hypot(X-320,Y-320)/2|40" \
        "$(ring 320 320 74 82)|255|236|190" "$(disc 320 320 70)|0|0|0"
    hold
    printf ",rotate='t/4':c=black,crop=480:270"
}

picture_whiteboard() {
    local virus antibody
    virus="lt(hypot(mod(X,210)-105,mod(Y,270)-120),34+8*gt(sin(12*atan2(mod(Y,270)-120,mod(X,210)-105)),0.3))"
    antibody="lt(abs(abs(mod(X,120)-60)-max(0,70-mod(Y,135))*0.7),5)*between(mod(Y,135),24,116)"
    paint 480 810 "1|246|247|244" "between(mod(Y,270),18,30)*between(X,30,260)|40|60|110" \
        "$virus*lt(Y,270)|206|54|48" "$antibody*between(Y,310,540)|44|110|190" \
        "between(Y,540,810)*lt(hypot(mod(X,160)-80,Y-690),46)|150|206|150" "between(Y,540,810)*lt(hypot(mod(X,160)-80,Y-690),18)|70|110|160" \
        "between(mod(Y,270),244,248)*lt(mod(X,14),9)|120|120|120"
    slides 4.3 480 270
}

picture_code() {
    local line='mod(Y,20)'
    paint 640 1080 "1|30|32|40" "lt(X,34)|22|24|30" \
        "between($line,6,13)*gt(X,48)*lt(X,90+360*$(cell 4000 20))*lt(mod(Y,360),190)|if(gt($(cell 64 20),0.6),120,210)|if(gt($(cell 64 20),0.3),190,120)|if(gt($(cell 64 20),0.5),110,220)" \
        "between(mod(Y,360),240,290)*lt(mod(X-60,64),60)*between(X,60,570)|60|70|96" \
        "between(mod(Y,360),240,290)*between(mod(X-60,64),4,56)*gt($(cell 640 360)*8,floor((X-60)/64)-1)*between(X,60,570)|240|180|70" \
        "between(mod(Y,360),206,238)*lt(abs(X-220-mod(floor(Y/360)*128,256)),2)|250|90|90" \
        "between(mod(Y,360),228,240)*lt(abs(X-220-mod(floor(Y/360)*128,256)),240-mod(Y,360))|250|90|90"
    slides 4.3 640 360
}

picture_chart() {
    paint 480 270 "1|250|250|248" "lt(X,30)|238|238|236" "between(mod(Y,16),6,10)*between(Y,14,76)*between(X,46,90+200*$(cell 4000 16))|if(gt($(cell 50 16),0.5),50,200)|90|150" \
        "$(box 60 90 3 150)|60|60|60" "$(box 60 238 380 3)|60|60|60"
    hold 15
    local i heights=(50 96 70 128 38 110)
    for i in 0 1 2 3 4 5; do
        printf ",drawbox=x=%d:y=%d:w=40:h=%d:c=0x3a78c8:t=fill:enable='gt(t,%d)'" $((80 + i * 60)) \
            $((238 - heights[i])) "${heights[i]}" $((3 + i))
    done
}

picture_grid() {
    paint 720 720 "1|16|20|30" "lt(mod(X,45),2)+lt(mod(Y,45),2)|44|84|120" "lt(abs(X-360),2)+lt(abs(Y-360),2)|200|210|220" \
        "between(X,360,495)*lt(abs(Y-360),4)|250|210|60" "between(Y,225,360)*lt(abs(X-360),4)|240|90|140" \
        "between(X,360,450)*between(Y,270,360)|60|110|80"
    hold
    printf ",rotate='if(lt(mod(t,7),3),0,(mod(t,7)-3)*0.2)':c=0x10141e,crop=480:360"
}

# --- music, sport -------------------------------------------------------------

picture_piano() {
    local i key
    paint 560 320 "1|250|250|246" "lt(Y,60)|70|40|26" "lt(mod(X,40),2)*gt(Y,60)|90|90|90" \
        "lt(mod(X+12,40),24)*between(Y,60,200)*not(between(mod(floor((X+12)/40),7),0,0)+between(mod(floor((X+12)/40),7),3,3))|16|16|18"
    hold
    local chords=("0 2 4" "4 6 8" "5 7 9" "3 5 7") # C, G, A minor, F in white keys
    local colours=(0xe8a030 0x40a0e0 0x60b060 0xd06090)
    for i in 0 1 2 3; do
        for key in ${chords[i]}; do
            printf ",drawbox=x=%d:y=214:w=34:h=92:c=%s:t=fill:enable='between(t,%d,%s)'" $((key * 40 + 4)) \
                "${colours[i]}" $((i * 3)) "$((i * 3 + 2)).8"
        done
    done
}

# Frames of their own: the lanes run towards the eye.
picture_track() {
    printf "color=black:s=320x240:r=12,format=gbrp,geq="
    printf "r='if(lt(Y,90),120+Y,if(lt(abs(mod((X-160)*60/(Y-60)+400,50)-25),1.6),250,196-12*lt(mod(900/(Y-80)+N,6),3)))':"
    printf "g='if(lt(Y,90),if(gt(Y,74),150,180+Y/2),if(lt(abs(mod((X-160)*60/(Y-60)+400,50)-25),1.6),250,74))':"
    printf "b='if(lt(Y,90),if(gt(Y,74),90,235),if(lt(abs(mod((X-160)*60/(Y-60)+400,50)-25),1.6),250,54))',scale=480:360[track];"
    printf "color=0x1e50b4:s=36x60:r=12[shirt];color=0xd2a078:s=24x24:r=12[head];"
    printf "[track][shirt]overlay=x='222+6*sin(t*9)':y='170+10*abs(sin(t*9))'[s];[s][head]overlay=x='228+6*sin(t*9)':y='144+10*abs(sin(t*9))'"
}

picture_goal() {
    printf '%s[pitch];' "$(
        paint 1200 360 "1|60|140+16*gt(mod(X,120),60)|58" "lt(Y,120)|80+90*$(cell 6 6)|70+60*$(cell 6 7)|90+90*$(cell 7 6)" \
            "$(box 380 70 240 130)*(lt(mod(X,10),1)+lt(mod(Y,10),1))|230|230|230" \
            "$(box 374 66 8 138)|255|255|255" "$(box 618 66 8 138)|255|255|255" "$(box 374 62 252 8)|255|255|255" \
            "lt(abs(Y-204),2)|250|250|250" "$(box 484 120 26 64)|250|200|30" "$(disc 497 108 12)|210|160|120" "$(box 462 124 70 10)|250|200|30"
        pan 480 270 '270+60*sin(t*1.3)+330*gt(mod(t,7),5)' 40
    )"
    printf "color=white:s=14x14:r=25[ball];[pitch][ball]overlay=x='60+mod(t,2.4)*120':y='250-mod(t,2.4)*70'"
}

# --- news, games, comedy, history ----------------------------------------------

picture_news() {
    local ticker=",drawbox=x=0:y=300:w=iw:h=28:c=0xc01020:t=fill,drawbox=x=0:y=328:w=iw:h=32:c=0xf0f0f0:t=fill"
    paint 640 1080 "1|18+Y/30|50|120" "lt(mod(X+Y,90),3)|40|90|170" \
        "between(Y,0,360)*$(oval 320 330 150 130)|30|34|60" "$(disc 320 150 56)|222|180|150" "between(Y,94,150)*$(disc 320 140 58)|30|22|20" \
        "$(box 400 60 190 130)|90|170|220" \
        "between(Y,360,720)|90+Y/12|150+Y/14|225" "between(Y,360,720)*lt(abs(X-320),20)*between(Y,430,600)|240|240|240" \
        "between(Y,600,680)*lt(abs(X-320),30-(Y-600)/3)|255|170|40" \
        "between(Y,720,1080)|30|40|50" "between(Y,780,960)*between(X,180,430)|60|70|80" "between(Y,800,940)*between(X,190,420)|70|210|110" "between(Y,840,900)*between(X,430,448)|60|70|80"
    slides 4 640 360
    printf '%s' "$ticker"
}

picture_ocean() {
    printf "color=black:s=240x135:r=15,format=gbrp,geq="
    printf "r='if(lt(Y,40),180,if(lt(abs(Y-78-9*sin(X/30+N/14)),2.4),240,14+14*sin(Y/3+X/20+N/6)+if(gt(%s,0.985),120,0)))':" "$(cell 4 4)"
    printf "g='if(lt(Y,40),206,if(lt(abs(Y-78-9*sin(X/30+N/14)),2.4),130,96+26*sin(Y/3+X/20+N/6)))':"
    printf "b='if(lt(Y,40),232,if(lt(abs(Y-78-9*sin(X/30+N/14)),2.4),30,150+26*sin(Y/3+X/20+N/6)))',scale=480:270:flags=bilinear,"
    printf "drawbox=x=0:y=226:w=iw:h=22:c=0x1040a0:t=fill,drawbox=x=0:y=248:w=iw:h=22:c=0xf0f0f0:t=fill"
}

# Games are painted small and enlarged without smoothing: they stay in blocks.
picture_castle() {
    printf "color=black:s=80x45:r=12,format=gbrp,geq="
    local wall='(between(X,26,54)*gt(Y,20)+(between(X,22,29)+between(X,51,58))*gt(Y,12)+between(X,37,43)*gt(Y,8))'
    local lit='lt(mod(X,5),2)*lt(mod(Y,6),2)*gt(Y,13)*lt(Y,32)'
    printf "r='if(gt(Y,36),if(gt(Y,38),104,70)+24*%s,if(gt(%s,0),if(%s,255,118+26*%s),60+50*sin(N/40)))':" "$grain" "$wall" "$lit" "$grain"
    printf "g='if(gt(Y,36),if(gt(Y,38),70,160)+24*%s,if(gt(%s,0),if(%s,190+60*sin(N/5+X),118+26*%s),110+60*sin(N/40)))':" "$grain" "$wall" "$lit" "$grain"
    printf "b='if(gt(Y,36),40,if(gt(%s,0),if(%s,70,124+26*%s),190+60*sin(N/40)))',scale=640:360:flags=neighbor" "$wall" "$lit" "$grain"
}

picture_platform() {
    local ground='gt(Y,30-6*gt(mod(floor((X+N*1.5)/14)*37,5),2)+40*gt(mod(floor((X+N*1.5)/9)*53,11),9))'
    local hero='between(X,18,21)*between(Y,20-12*abs(sin(N/7)),24-12*abs(sin(N/7)))'
    local coin='lt(mod(X+N*1.5,17),2)*between(Y,14,15)'
    printf "color=black:s=64x36:r=25,format=gbrp,geq="
    printf "r='if(%s,230,if(%s,255,if(%s,176,92+40*mod(floor(N/60),4))))':" "$hero" "$coin" "$ground"
    printf "g='if(%s,40,if(%s,220,if(%s,100+40*lt(mod(Y,4),1),148-36*mod(floor(N/60),4))))':" "$hero" "$coin" "$ground"
    printf "b='if(%s,60,if(%s,40,if(%s,50,252-40*mod(floor(N/60),4))))',scale=640:360:flags=neighbor" "$hero" "$coin" "$ground"
}

picture_stage() {
    printf '%s[wall];' "$(
        paint 640 360 "1|30|10|12" "gt(mod(X+26*mod(floor(Y/18),2),52),3)*gt(mod(Y,18),2)*lt(Y,290)|104-hypot(X-320,Y-180)/5|44-hypot(X-320,Y-180)/10|36-hypot(X-320,Y-180)/10" \
            "$(oval 320 318 190 36)|230|206|160" "$(box 372 150 4 170)|190|190|200" "$(disc 374 146 8)|60|60|66"
        hold
    )"
    printf "color=0x2850a0:s=54x110:r=25[body];color=0xdcaa82:s=34x38:r=25[face];"
    printf "[wall][body]overlay=x='290+16*sin(t*1.7)':y=196[b];[b][face]overlay=x='300+16*sin(t*1.7)':y='158+3*sin(t*7)'"
}

picture_silent_film() {
    printf '%s,fps=16[room];' "$(
        paint 400 300 "1|176|176|176" "lt(mod(X,40),20)*lt(Y,210)|164|164|164" "gt(Y,210)|92|92|92" "$(box 40 150 150 16)|60|60|60" "$(box 56 166 10 70)|60|60|60" "$(box 164 166 10 70)|60|60|60" \
            "lt(abs(X-300),24-(Y-190)/5)*between(Y,190,240)|70|70|70" "lt(abs(X-300-10*sin(Y/9)),4)*between(Y,110,190)|50|50|50" \
            "$(oval 280 120 26 10)|40|40|40" "$(oval 322 104 26 10)|40|40|40" "$(oval 300 90 12 24)|44|44|44"
        hold
    )"
    printf "color=0x202020:s=30x90:r=16[coat];color=0xd0d0d0:s=24x26:r=16[face];color=0x101010:s=30x8:r=16[hat];"
    printf "[room][coat]overlay=x='60+60*abs(sin(t))':y=140[c];[c][face]overlay=x='63+60*abs(sin(t))':y=114[f];"
    printf "[f][hat]overlay=x='60+60*abs(sin(t))':y='108-10*gt(mod(t,4),3)',hue=s=0,noise=alls=14:allf=t:all_seed=5,vignette"
}

picture_road() {
    paint 1000 360 "1|150|190|220" "gt(Y,110)|122|150|70" "gt(Y,170)|150-20*gt($(cell 26 14),0.5)|146-20*gt($(cell 26 14),0.5)|138" \
        "gt(Y,204)|176+30*$grain|160+30*$grain|130" "gt(Y,244)|128+50*$(cell 13 11)|120+50*$(cell 13 11)|112+40*$(cell 13 11)" "gt(Y,300)|110|78|46"
    pan 480 270 't*30' 60
}
