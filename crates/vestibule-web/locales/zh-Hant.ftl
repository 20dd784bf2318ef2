# 繁體中文 (Chinese, traditional; words of Taiwan). The source is en.ftl.

## On every page

language = 語言
imprint = 法律聲明
privacy = 隱私權
joiner = { "" }

## The invitation

invite-title = 邀請你加入 { $site }
contact-title = { $inviter } 想和你聊天
reset-title = 為 { $address } 設定新密碼
invite-preview = 開啟邀請，加入 { $site }，開始聊天。
contact-preview = 開啟邀請，將 { $inviter } 加入聯絡人。
reset-preview = 開啟連結，設定新密碼。

join-contact = 加入後，{ $inviter } 會自動出現在你的聯絡人中。
join-about = 傳訊息、傳照片、群組聊天，都可以。App 由你自己選。就像電子郵件一樣，你也能和使用其他服務的人聊天。
join-name-kept = 位址 { $address } 已為你保留。
join-places = { $count ->
       *[other] 此連結還可供 { $count } 人使用。
    }

contact-heading = { $inviter } 想和你聊天
contact-invited = { $address } 想將你加入聯絡人。
contact-no-account = 還沒有帳號？安裝一個 App，在 App 裡建立帳號，然後回到本頁。
contact-button = 加入 { $inviter }

reset-heading = 設定新密碼
reset-invited = 此連結僅供 { $address } 使用，請勿轉傳。
reset-button = 設定新密碼
reset-app = 或在 App 中開啟

step-app-hint = 已經有 App 了？直接進行下一步。
step-join = 加入
join-button = 加入 { $site }
step-account = 建立帳號
step-account-hint = 就在瀏覽器裡完成，只需一分鐘。之後用你喜歡的 App 登入即可。
account-button = 建立帳號
device-choice = 選擇裝置
device-ios = iPhone 或 iPad

qr-heading = 在手機上繼續
qr-hint = 用手機相機掃描此行動條碼。
qr-alt = 用於開啟本頁的行動條碼

keep-link = 這份邀請僅供你本人使用。任何拿到連結的人都能使用它，請不要轉傳。
copied = 已複製

## Setting up one app

setup-heading = 設定 { $app }
setup-install = 安裝 { $app }
setup-install-hint = 然後回到本頁。
setup-download = 下載
setup-website = 前往網站
setup-play-hint = 請用 Google Play 按鈕安裝：首次開啟 App 時，它會自動辨識你的邀請。
setup-open = 在 { $app } 中開啟邀請
setup-open-hint = App 裝好後，點一下這個按鈕，然後依 App 的提示操作。
setup-login = 登入
setup-login-hint = 開啟 { $app }，用你的位址和密碼登入。
login-button = 在 App 中找到「{ $button }」。
login-address = 「{ $address }」一欄填寫你的位址。
setup-back = 選擇其他 App

app-conversations = Android 上的經典之選：簡單、安全，可以通話。
app-yaxim = 小巧輕便，舊手機也能用。
app-monal = 適用於 iPhone、iPad 和 Mac，可以通話。
app-snikket = 簡單好用，可以通話。
app-gajim = 功能齊全，可依喜好設定。
app-dino = 清爽簡潔，可以通話。
app-kaidan = 簡單好用，手機和電腦都能用。

## Creating the account

register-title = 在 { $site } 建立帳號
register-heading = 建立帳號
register-lead = 設定使用者名稱和密碼。無論用哪個 App，都可以憑它們登入 { $site }。
username-label = 使用者名稱
username-hint = 你的位址將是「使用者名稱@{ $host }」。可以使用字母、數字、點和連字號。
address-preview = 你的位址：{ $address }
password-label = 密碼
password-hint = 至少 { $count } 個字元。幾個不常見的詞組合起來，好記又難猜。
password-keep = 請記下密碼，或讓瀏覽器儲存：之後無法再查看。
password-show = 顯示密碼
password-suggest = 幫我產生密碼
register-button = 建立帳號

strength-weak = 容易被猜到
strength-fair = 還可以更好
strength-good = 不錯
strength-strong = 非常好

error-heading = 還差一點：請修改下面標出的內容。
error-title = 錯誤：{ $title }
name-empty = 請設定使用者名稱。
name-invalid = 使用者名稱只能包含字母、數字、點和連字號，不能有空格。
name-invalid-try = 使用者名稱只能包含字母、數字、點和連字號。換成下面的怎麼樣？
name-taken = 這個使用者名稱已有人使用，請換一個。
name-taken-try = 這個使用者名稱已有人使用。換成下面的怎麼樣？
name-not-yours = 這份邀請只能使用使用者名稱 { $username }，請填寫它。
name-refused = 這裡不能使用這個使用者名稱，請換一個。
password-empty = 請設定密碼。
password-short = 太短了：請至少使用 { $count } 個字元。
password-long = 密碼太長。請設定短一些的密碼。
password-weak = 這個密碼容易被猜到。再加一兩個詞吧。
password-forbidden = 密碼中有 App 不支援的字元。請使用字母、數字、符號和空格。
password-refused = 這裡不能使用這個密碼，請換一個。
server-says = 伺服器的回覆：{ $reason }

server-refused-heading = 操作未成功
server-refused = 沒有任何變更，你的邀請仍然有效。請再試一次，或聯絡邀請你的人。
server-away-heading = 請過幾分鐘再試
server-away = 暫時連不上伺服器。沒有任何變更，你的邀請仍然有效。
server-unknown-heading = 不確定是否成功
server-unknown = 伺服器停止回應。請試著用 App 登入。如果不行，過幾分鐘回到本頁再試一次。
form-foreign-heading = 請重新填寫表單
form-foreign = 表單不是從本頁送出的，為安全起見，我們沒有做任何變更。請開啟邀請，在那裡填寫表單。
busy-heading = 現在有人正在用這份邀請註冊
busy = 請一分鐘後再試。
account-exists-heading = 這個位址已經有帳號了
account-exists = 如果 { $address } 是你的，請用 App 登入。如果忘了密碼，請向邀請你的人要一個設定新密碼的連結。
no-account-heading = 沒有這個帳號
no-account = 帳號 { $address } 不存在。請詢問傳連結給你的人。
bound-name-refused-heading = 這裡不能使用這個使用者名稱
bound-name-refused = 這份邀請僅供 { $address } 使用，而這裡不能使用這個使用者名稱。請聯絡邀請你的人重新邀請。
server-setup-heading = 伺服器還沒有準備好
server-setup = 它還沒有設定好接受邀請，再試也沒有用。請告訴傳連結給你的人。沒有任何變更，連結仍然有效。
server-encryption = 此頁面與伺服器的加密設定不一致，在這裡再試也沒有用。請改用 App 開啟連結，並告訴傳連結給你的人。沒有任何變更，連結仍然有效。
server-field = 它要求每個註冊的人提供本頁面無法傳送的資訊：{ $field }。請告訴傳連結給你的人。沒有任何變更，連結仍然有效。

## When the account is there

welcome-title = 歡迎加入 { $site }
youre-in = { $name }，你已加入！
in-contacts = { $inviter } 已在你的聯絡人中。
are-in-groups = { $count ->
       *[other] 你已加入群組：{ $groups }。
    }
your-address = 你的位址
your-password = 你的密碼
copy = 複製
password-shown-once = 密碼只會顯示這一次。
password-yours = 請使用你設定的密碼。
save-card = 儲存為可列印的卡片
say-hello = 打個招呼
write-to = 傳訊息給 { $inviter }
log-in-with = 用 { $app } 登入
other-device = 在其他裝置上也能用
other-device-hint = 在那台裝置上安裝 App，用同樣的位址和密碼登入。有些 App 也可以掃描此行動條碼：
credentials-qr = 含有你的位址和密碼的行動條碼
keep-private = 看到此行動條碼的人都能登入你的帳號。
welcome-login = 開啟 App，用你的位址和密碼登入。
welcome-choose = 選擇 App
welcome-webchat = 在瀏覽器裡聊天

reset-form-heading = 新密碼
reset-form-lead = 帳號：{ $address }
reset-form-button = 儲存密碼
reset-done-heading = 密碼已變更
reset-done = 從現在起，{ $address } 請使用新密碼。你的 App 會要求你輸入它。

## When an invitation does not work

unknown-heading = 找不到邀請
unknown-what = 連結可能不完整。請檢查是否複製了整個連結。
expired-heading = 邀請已過期
expired-what = 邀請只在一段時間內有效。
used-heading = 邀請已被使用
used-what = 已經有人用這份邀請加入了。是你嗎？
used-advice = 如果是你，請開啟 App，用你最初設定的密碼登入。如果不是，請聯絡邀請你的人重新邀請。
revoked-heading = 邀請已撤回
revoked-what = 這份邀請已失效。
new-link-advice = 請聯絡邀請你的人重新邀請。
reset-expired-heading = 連結已過期
reset-expired-what = 設定新密碼的連結只在有限的時間內有效。
reset-used-heading = 連結已被使用
reset-used-what = 已經有人用這個連結設定了新密碼。是你嗎？
reset-used-advice = 如果是你，請用你最初設定的密碼登入。如果不是，請向給你連結的人要一個新的。
reset-revoked-heading = 連結已失效
reset-revoked-what = 也許你收到了更新的連結，請改用那個。
reset-new-link-advice = 請向給你連結的人要一個新的。
invited-by = { $inviter } 邀請你加入 { $site }。
ask-again = 請 { $inviter } 重新邀請
ask-again-operator = 請求重新邀請
ask-again-reset = 請求新連結
asked-heading = 已轉達你的請求
asked = 邀請更新後，這個連結就能再次使用。
asked-reset = 連結更新後就能再次使用。

already-joined = 我已加入
joined-heading = 是你嗎？那你已加入！
joined = 有人用這份邀請加入了。如果是你，請在 App 裡繼續聊天，本頁可以關閉。
joined-not-you = 不是你？
not-joined-heading = 還沒有看到
not-joined = 目前還沒有人用這份邀請加入。請先完成帳號建立，再檢查一次。
check-again = 再檢查一次
back-to-invitation = 返回邀請

missing-heading = 找不到頁面
missing-what = 這個網址沒有對應的頁面。
missing-advice = 如果你是從邀請連結來的，請檢查連結是否複製完整。

wait-heading = 請稍候片刻
wait-what = 你所在的網路開啟了太多錯誤的邀請連結。
wait-advice = 請過一分鐘重新整理本頁。如果你是從邀請連結來的，請檢查連結是否複製完整。

trouble-heading = 發生了一點問題
trouble-what = 暫時打不開你的邀請，但邀請沒有遺失。
trouble-advice = 請過一分鐘重新整理本頁。
try-again = 重試

## The first page, redesigned

invited-by-heading = { $inviter } 邀請你來聊天
invited-heading = 邀請你來 { $site } 聊天
invited-by-title = { $inviter } 邀請你加入 { $site }
promise-free = 免費
promise-no-phone = 不需要手機號碼
promise-no-ads = 沒有廣告
get-app = 取得 { $app }
app-costs = 在此商店需付費
app-for-device = 適用於 { $device } 的 App
in-browser = 在瀏覽器中使用，不需要 App
installed-open = 已安裝？開啟邀請
nothing-happens = 點了沒反應？
other-ways = 使用其他 App、其他裝置或瀏覽器
works-once-until = 僅限你本人 · 有效期限至 { $date }
works-many-until = { $count ->
       *[other] 還可供 { $count } 人使用 · 有效期限至 { $date }
    }
works-for-all-until = 任何拿到此連結的人都可使用 · 有效期限至 { $date }
expires-soon = 請儘快使用：有效期限只到 { $date }。
in-groups = { $count ->
       *[other] 你將加入群組：{ $groups }。
    }
rescue-install = 只有裝好 { $app }，按鈕才有作用。請先安裝，然後回到本頁，點「開啟邀請」。
rescue-in-app = 你是在其他 App（例如聊天 App）裡開啟本頁的嗎？請改用瀏覽器：點螢幕角落的選單，再點「在瀏覽器中開啟」。
rescue-paste = 或者複製這個位址，貼到 App 裡：
rescue-browser = 或者暫時不裝 App，在瀏覽器裡建立帳號。
show-qr = 在另一支手機或平板上？用它的相機對準此行動條碼。
who-runs = 誰在營運這項服務？
list-separator = 、
app-siskin = 功能豐富，支援通話。
front-link = 邀請連結
front-open = 開啟邀請
front-account = 已有帳號？
to-front = 前往首頁
sheet-print = 列印
help-someone = 在幫別人設定？列印一份說明
front-what = 在 { $site } 和家人、朋友聊天。
front-invitation = 加入需要邀請。請已在這裡的人傳一份邀請給你。
front-have-link = 已有邀請？請再次開啟連結，或掃描行動條碼。
sheet-title = 開始用 { $site } 聊天
sheet-for = 給幫忙設定的人
sheet-step-install = 安裝 { $app }。
sheet-step-scan = 用手機相機掃描此行動條碼，開啟頁面。
sheet-step-open = 點「開啟邀請」，然後設定使用者名稱和密碼。
sheet-step-first = 傳第一則訊息給 { $inviter }。
sheet-address = 位址
sheet-password = 密碼
sheet-help = 需要幫助時聯絡誰

console-heading = { $site } 的管理
console-overview = 總覽
console-invites = 邀請
console-new = 新邀請
console-sessions = 已登入的瀏覽器
console-log-in = 登入
console-log-out = 登出
console-login-heading = 登入管理頁面
console-login-what = 此連結只能使用一次。只有當它是您自己建立的時才使用。
console-link-over-heading = 此登入連結已失效
console-link-over-what = 登入連結在 15 分鐘內可使用一次。
console-out-heading = 您尚未登入
console-out-what = 登入在 12 小時後或 30 分鐘未使用後結束。
console-how = 在伺服器上執行此指令可建立登入連結：
console-old-form-heading = 此頁面開啟的時間過長
console-old-form-what = 沒有任何變更。請返回，重新載入頁面後再試一次。
console-pending = 有效
console-used = 已使用
console-expired = 已過期
console-revoked = 已撤回
console-all = 全部
console-asked = 請求新連結
console-pending-count = 有效的邀請
console-asked-count = 請求新連結
console-joined-count = 最近七天加入
console-joined = 已加入
console-nobody = 還沒有人。
console-empty = 這裡沒有邀請。
console-search = 在您的備註中搜尋
console-show = 顯示
console-older = 更早
console-by = 邀請人：
console-until = 有效期至
console-kind = 用途
console-account = 新帳號
console-account-and-contact = 新帳號和聯絡人
console-contact = 聯絡人
console-password-reset = 新密碼
console-for = 給誰的？只有您看得到。
console-username = 使用者名稱（僅新密碼需要）
console-message = 給對方的幾句話（選填）
console-uses = 供多少人使用？
console-days = 有效多少天？
console-make = 建立邀請
console-wrong = 請檢查您輸入的內容。
console-code = 連結的 QR 碼
console-preview = 查看對方看到的頁面
console-print = 列印單頁
console-made = 建立於
console-extend = 延長七天
console-revoke = 撤回
console-restore = 重新生效
console-since = 開始於
console-last-used = 上次使用
console-this-browser = 此瀏覽器
console-end = 在那裡登出
