// The common emoji by Slack's names; a name not listed here stays as it was written.

const NAMES = `
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 exclamation ❗ heavy_exclamation_mark ❗ grey_exclamation ❕ question ❓ grey_question ❔
bangbang ‼️ interrobang ⁉️ information_source ℹ️ octagonal_sign 🛑 rotating_light 🚨 sos 🆘 new 🆕 ok 🆗 free 🆓 up 🆙
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣
white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
lock 🔒 unlock 🔓 closed_lock_with_key 🔐 lock_with_ink_pen 🔏 key 🔑 old_key 🗝️ shield 🛡️ link 🔗 name_badge 📛
email 📧 e-mail 📧 envelope ✉️ envelope_with_arrow 📩 incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 mailbox 📫
mailbox_with_mail 📬 postbox 📮 paperclip 📎 paperclips 🖇️ pushpin 📌 round_pushpin 📍 bookmark 🔖 label 🏷️
page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ file_folder 📁 open_file_folder 📂
card_index 📇 card_file_box 🗃️ file_cabinet 🗄️ wastebasket 🗑️ scroll 📜 ledger 📒 notebook 📓 book 📖 books 📚 newspaper 📰
mag 🔍 mag_right 🔎 eyes 👀 eye 👁️ bulb 💡 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭
clock1 🕐 clock3 🕒 clock9 🕘 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️
calendar 📆 date 📅 spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊
computer 💻 desktop_computer 🖥️ keyboard ⌨️ mouse_three_button 🖱️ printer 🖨️ iphone 📱 calling 📲 phone ☎️ telephone ☎️ telephone_receiver 📞
floppy_disk 💾 cd 💿 satellite 🛰️ globe_with_meridians 🌐 earth_asia 🌏 signal_strength 📶 battery 🔋 electric_plug 🔌
camera 📷 camera_with_flash 📸 frame_with_picture 🖼️ tv 📺 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ nut_and_bolt 🔩 toolbox 🧰
robot_face 🤖 construction 🚧 construction_worker 👷 technologist 🧑‍💻 office 🏢 office_worker 🧑‍💼 house 🏠 hospital 🏥 bank 🏦
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️
arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 fast_forward ⏩ rewind ⏪ arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️
zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 raised_hand ✋ hand ✋ raised_hands 🙌 wave 👋 pray 🙏 clap 👏 muscle 💪 handshake 🤝
point_right 👉 point_left 👈 point_up ☝️ point_up_2 👆 point_down 👇 writing_hand ✍️ bow 🙇 man-bowing 🙇‍♂️ woman-bowing 🙇‍♀️
raising_hand 🙋 no_good 🙅 ok_woman 🙆 information_desk_person 💁 shrug 🤷 facepalm 🤦 bust_in_silhouette 👤 busts_in_silhouette 👥 ear 👂
smile 😄 smiley 😃 grinning 😀 grin 😁 blush 😊 slightly_smiling_face 🙂 wink 😉 relieved 😌 joy 😂 sweat_smile 😅 laughing 😆 heart_eyes 😍
thinking_face 🤔 neutral_face 😐 expressionless 😑 no_mouth 😶 confused 😕 worried 😟 slightly_frowning_face 🙁 disappointed 😞 cry 😢 sob 😭
scream 😱 sweat 😓 cold_sweat 😰 tired_face 😫 weary 😩 angry 😠 rage 😡 sleeping 😴 sunglasses 😎 nerd_face 🤓 hugging_face 🤗 face_with_monocle 🧐
heart ❤️ green_heart 💚 blue_heart 💙 yellow_heart 💛 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟 tada 🎉 confetti_ball 🎊 fire 🔥 boom 💥 zap ⚡
100 💯 rocket 🚀 trophy 🏆 medal 🏅 gift 🎁 dart 🎯 checkered_flag 🏁 triangular_flag_on_post 🚩 jp 🇯🇵 flag-jp 🇯🇵 us 🇺🇸 flag-us 🇺🇸 gb 🇬🇧
sunny ☀️ cloud ☁️ umbrella ☔ snowman ⛄ rainbow 🌈 seedling 🌱 four_leaf_clover 🍀 cherry_blossom 🌸 coffee ☕ tea 🍵 bento 🍱 beer 🍺
airplane ✈️ train 🚆 bullettrain_side 🚄 car 🚗 hotel 🏨 ticket 🎫 package 📦 credit_card 💳 moneybag 💰 yen 💴 receipt 🧾
heavy_plus_sign ➕ heavy_minus_sign ➖ small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷 black_small_square ▪️ white_small_square ▫️
copyright ©️ registered ®️ tm ™️ recycle ♻️ beginner 🔰 white_flower 💮 congratulations ㊗️ secret ㊙️ u7121 🈚 u7981 🈲 u7533 🈸
`;

const EMOJI = new Map();
const pairs = NAMES.trim().split(/\s+/);
for (let index = 0; index + 1 < pairs.length; index += 2) EMOJI.set(pairs[index], pairs[index + 1]);

/** A whole shortcode at the place where a sticky search stands. */
export const SHORTCODE = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/y;

/** The emoji of that name, or null. */
export function emoji(name) {
  return EMOJI.get(name) || null;
}

/** A plain text in which the shortcodes that we know are emoji. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g, (whole, name) => emoji(name) || whole);
}
