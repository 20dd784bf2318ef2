# 日本語 (Japanese). The source is en.ftl.

## On every page

language = 言語
imprint = 運営者情報
privacy = プライバシー
joiner = { "" }

## The invitation

invite-title = { $site }への招待
contact-title = { $inviter }さんからチャットのお誘いです
reset-title = { $address }の新しいパスワード
invite-preview = 招待を開いて{ $site }に参加し、チャットを始めましょう。
contact-preview = 招待を開いて、{ $inviter }さんを連絡先に追加しましょう。
reset-preview = リンクを開いて、新しいパスワードを設定してください。

join-contact = 参加すると、{ $inviter }さんがあなたの連絡先に入ります。
join-about = メッセージや写真を送ったり、グループで話したりできます。アプリは好きなものを選べます。メールと同じように、ほかのサービスを使っている人とも話せます。
join-name-kept = アドレス{ $address }を確保してあります。
join-places = { $count ->
       *[other] このリンクはあと{ $count }人が使えます。
    }

contact-heading = { $inviter }さんからチャットのお誘いです
contact-invited = { $address }から、連絡先への追加リクエストが届いています。
contact-no-account = アカウントをまだお持ちでない場合は、アプリを入手してアカウントを作り、このページに戻ってください。
contact-button = { $inviter }さんを追加

reset-heading = 新しいパスワードの設定
reset-invited = このリンクは{ $address }専用です。ほかの人に渡さないでください。
reset-button = 新しいパスワードを設定
reset-app = またはアプリで開く

step-app-hint = すでにお持ちの場合は、次のステップへ進んでください。
step-join = 参加
join-button = { $site }に参加
step-account = アカウントを作成
step-account-hint = このブラウザで1分ほどでできます。そのあと、好きなアプリでログインします。
account-button = アカウントを作成
device-choice = 端末を選ぶ
device-ios = iPhoneまたはiPad

qr-heading = スマートフォンで続ける
qr-hint = スマートフォンのカメラをこのコードに向けてください。
qr-alt = このページを開くQRコード

keep-link = この招待はあなた専用です。リンクを知っている人は誰でも使えるため、ほかの人に渡さないでください。
copied = コピーしました

## Setting up one app

setup-heading = { $app }の設定
setup-install = { $app }をインストール
setup-install-hint = そのあと、このページに戻ってください。
setup-download = ダウンロード
setup-website = ウェブサイトを開く
setup-play-hint = Google Playのボタンからインストールすると、初めて開いたときに招待が読み込まれます。
setup-open = { $app }で招待を開く
setup-open-hint = アプリをインストールしたら、このボタンをタップしてください。あとはアプリの案内に沿って進めてください。
setup-login = ログイン
setup-login-hint = { $app }を開き、アドレスとパスワードでログインしてください。
login-button = アプリで「{ $button }」を探してください。
login-address = 「{ $address }」の欄にはアドレスを入力してください。
setup-back = 別のアプリを選ぶ

app-conversations = Androidの定番。シンプルで安全、通話もできます。
app-yaxim = 小さくて軽く、古いスマートフォンでも使えます。
app-monal = iPhone、iPad、Mac向け。通話もできます。
app-snikket = 使いやすく、通話もできます。
app-gajim = 多機能で、自分好みに設定できます。
app-dino = すっきりシンプル。通話もできます。
app-kaidan = 親しみやすく、スマートフォンでもパソコンでも使えます。

## Creating the account

register-title = { $site }のアカウントを作成
register-heading = アカウントを作成
register-lead = ユーザー名とパスワードを決めてください。{ $site }では、どのアプリでも同じものを使えます。
username-label = ユーザー名
username-hint = アドレスは「ユーザー名@{ $host }」になります。文字、数字、ピリオド、ハイフンが使えます。
address-preview = あなたのアドレス：{ $address }
password-label = パスワード
password-hint = { $count }文字以上。あまり使われない単語をいくつか並べると、覚えやすく、推測されにくくなります。
password-keep = パスワードはメモするか、ブラウザに保存してください。あとから確認することはできません。
password-show = パスワードを表示
password-suggest = パスワードを提案
register-button = アカウントを作成

strength-weak = 推測されやすい
strength-fair = もう少し工夫できます
strength-good = よい
strength-strong = とてもよい

error-heading = あと少しです。下の印のついた項目を直してください。
error-title = エラー：{ $title }
name-empty = ユーザー名を決めてください。
name-invalid = ユーザー名に使えるのは、文字、数字、ピリオド、ハイフンだけです。スペースは使えません。
name-invalid-try = ユーザー名に使えるのは、文字、数字、ピリオド、ハイフンだけです。こちらはいかがですか？
name-taken = このユーザー名はすでに使われています。別のものをお試しください。
name-taken-try = このユーザー名はすでに使われています。こちらはいかがですか？
name-not-yours = この招待はユーザー名「{ $username }」専用です。このユーザー名を使ってください。
name-refused = このユーザー名はここでは使えません。別のものをお試しください。
password-empty = パスワードを決めてください。
password-short = 短すぎます。{ $count }文字以上にしてください。
password-long = 長すぎます。もっと短いパスワードにしてください。
password-weak = このパスワードは推測されやすいです。単語をあと1つか2つ加えてください。
password-forbidden = アプリで使えない文字が含まれています。文字、数字、記号、スペースを使ってください。
password-refused = このパスワードはここでは使えません。別のものをお試しください。
server-says = サーバーの応答：{ $reason }

server-refused-heading = うまくいきませんでした
server-refused = 何も変更されておらず、招待はまだ有効です。もう一度試すか、招待してくれた人に聞いてください。
server-away-heading = 数分後にもう一度お試しください
server-away = 現在、サーバーにつながりません。何も変更されておらず、招待はまだ有効です。
server-unknown-heading = うまくいったかどうか確認できません
server-unknown = サーバーが応答しなくなりました。アプリでログインしてみてください。できない場合は、数分後にこのページに戻って、もう一度お試しください。
form-foreign-heading = もう一度入力してください
form-foreign = このページから送信されたものではないため、安全のため何も変更していません。招待を開き、そこで入力してください。
busy-heading = 今、ほかの人がこの招待で登録しています
busy = 1分後にもう一度お試しください。
account-exists-heading = このアドレスのアカウントはすでにあります
account-exists = { $address }がご自身のものであれば、アプリでログインしてください。パスワードを忘れた場合は、招待してくれた人に新しいパスワードを設定するリンクをもらってください。
no-account-heading = そのアカウントはありません
no-account = { $address }というアカウントはありません。このリンクを送ってくれた人に聞いてください。
bound-name-refused-heading = このユーザー名はここでは使えません
bound-name-refused = この招待は{ $address }専用ですが、このユーザー名はここでは使えません。招待してくれた人に新しい招待をお願いしてください。
server-setup-heading = サーバーの準備がまだできていません
server-setup = 招待を受け付ける設定がまだないため、もう一度試しても登録できません。リンクを送ってくれた人に知らせてください。何も変更されておらず、リンクはまだ有効です。
server-encryption = このページとサーバーの暗号化の設定が合わないため、ここでもう一度試しても登録できません。代わりにアプリでリンクを開き、送ってくれた人に知らせてください。何も変更されておらず、リンクはまだ有効です。
server-field = 登録する人全員に、このページから送れない情報を求めています：{ $field }。リンクを送ってくれた人に知らせてください。何も変更されておらず、リンクはまだ有効です。

## When the account is there

welcome-title = { $site }へようこそ
youre-in = { $name }さん、参加が完了しました！
in-contacts = { $inviter }さんはすでに連絡先に入っています。
are-in-groups = { $count ->
       *[other] グループ「{ $groups }」に入っています。
    }
your-address = あなたのアドレス
your-password = あなたのパスワード
copy = コピー
password-shown-once = パスワードが表示されるのは今回だけです。
password-yours = ご自分で決めたパスワードを使ってください。
save-card = 印刷用カードとして保存
say-hello = あいさつしてみましょう
write-to = { $inviter }さんにメッセージを送る
log-in-with = { $app }でログイン
other-device = 別の端末でも
other-device-hint = その端末にアプリをインストールし、同じアドレスとパスワードでログインしてください。このコードを読み取れるアプリもあります：
credentials-qr = アドレスとパスワードを含むQRコード
keep-private = このコードを見た人は誰でも、あなたのアカウントにログインできます。
welcome-login = アプリを開き、アドレスとパスワードでログインしてください。
welcome-choose = アプリを選ぶ
welcome-webchat = ブラウザでチャット

reset-form-heading = 新しいパスワード
reset-form-lead = アカウント：{ $address }
reset-form-button = パスワードを保存
reset-done-heading = パスワードを変更しました
reset-done = これからは、{ $address }には新しいパスワードをお使いください。アプリで入力を求められます。

## When an invitation does not work

unknown-heading = 招待が見つかりません
unknown-what = リンクの一部が欠けているかもしれません。最後までコピーされているかご確認ください。
expired-heading = 招待の期限が切れました
expired-what = この招待は期限つきでした。
used-heading = この招待は使用済みです
used-what = すでに誰かがこの招待で参加しています。ご自身ではありませんか？
used-advice = ご自身の場合は、アプリを開き、最初に決めたパスワードでログインしてください。そうでない場合は、招待してくれた人に新しい招待をお願いしてください。
revoked-heading = 招待が取り消されました
revoked-what = この招待はもう使えません。
new-link-advice = 招待してくれた人に新しい招待をお願いしてください。
reset-expired-heading = リンクの期限が切れました
reset-expired-what = 新しいパスワードを設定するリンクには期限があります。
reset-used-heading = このリンクは使用済みです
reset-used-what = すでにこのリンクで新しいパスワードが設定されています。ご自身ではありませんか？
reset-used-advice = ご自身の場合は、最初に決めたパスワードでログインしてください。そうでない場合は、このリンクをくれた人に新しいリンクをもらってください。
reset-revoked-heading = このリンクはもう使えません
reset-revoked-what = 新しいリンクが届いているかもしれません。その場合は、そちらをお使いください。
reset-new-link-advice = このリンクをくれた人に新しいリンクをもらってください。
invited-by = { $inviter }さんから{ $site }への招待です。
ask-again = { $inviter }さんに新しい招待をお願いする
ask-again-operator = 新しい招待をお願いする
ask-again-reset = 新しいリンクをお願いする
asked-heading = ご希望を伝えました
asked = 招待が更新されると、このリンクがまた使えるようになります。
asked-reset = リンクが更新されると、また使えるようになります。

already-joined = すでに参加しました
joined-heading = ご自身ですか？それなら参加完了です！
joined = 誰かがこの招待で参加しました。ご自身の場合は、アプリで続きをお楽しみください。このページは閉じてもかまいません。
joined-not-you = ご自身ではありませんか？
not-joined-heading = まだ確認できません
not-joined = この招待ではまだ誰も参加していません。アカウントの作成を終えてから、もう一度確認してください。
check-again = もう一度確認する
back-to-invitation = 招待に戻る

missing-heading = ページが見つかりません
missing-what = このアドレスにページはありません。
missing-advice = 招待から来た場合は、リンクが最後までコピーされているかご確認ください。

wait-heading = 少しお待ちください
wait-what = お使いのネットワークから、正しくない招待リンクが何度も開かれました。
wait-advice = 1分後にこのページを再読み込みしてください。招待から来た場合は、リンクが最後までコピーされているかご確認ください。

trouble-heading = 問題が発生しました
trouble-what = 現在、招待を開けません。招待がなくなったわけではありません。
trouble-advice = 1分後にこのページを再読み込みしてください。
try-again = もう一度試す

## The first page, redesigned

invited-by-heading = { $inviter }さんからチャットへの招待です
invited-heading = { $site }でのチャットに招待されています
invited-by-title = { $inviter }さんから{ $site }への招待です
promise-free = 無料
promise-no-phone = 電話番号不要
promise-no-ads = 広告なし
get-app = { $app }を入手
app-costs = このストアでは有料です
app-for-device = { $device }向けのアプリ
in-browser = アプリを使わず、ブラウザで
installed-open = インストール済みの場合は招待を開く
nothing-happens = タップしても何も起きない場合
other-ways = 別のアプリ、別の端末、ブラウザで参加
works-once-until = あなた専用 · { $date }まで有効
works-many-until = { $count ->
       *[other] あと{ $count }人が参加可能 · { $date }まで有効
    }
works-for-all-until = このリンクを知っている人なら誰でも · { $date }まで有効
expires-soon = お早めにどうぞ。{ $date }までしか使えません。
in-groups = { $count ->
       *[other] グループ「{ $groups }」に入ります。
    }
rescue-install = このボタンは、{ $app }がインストールされている場合にだけ動作します。インストールしてからこのページに戻り、「招待を開く」をタップしてください。
rescue-in-app = メッセージアプリなど、別のアプリの中でこのページを開いていませんか？画面の隅のメニューをタップし、「ブラウザで開く」を選んで、ブラウザで開いてください。
rescue-paste = または、このアドレスをコピーしてアプリに貼り付けてください：
rescue-browser = または、アプリは後回しにして、ブラウザでアカウントを作ってください。
show-qr = 別のスマートフォンやタブレットで使う場合は、そのカメラをこのコードに向けてください。
who-runs = 運営者について
list-separator = 、
app-siskin = 多機能で、通話もできます。
front-link = 招待のリンク
front-open = 招待を開く
front-account = アカウントをお持ちですか？
to-front = トップページへ
sheet-print = 印刷
help-someone = ほかの人の設定を手伝う場合は、説明書を印刷
front-what = { $site }で、家族や友だちとチャットしましょう。
front-invitation = 参加するには招待が必要です。すでに参加している人に、招待を送ってもらってください。
front-have-link = 招待をお持ちですか？もう一度リンクを開くか、コードを読み取ってください。
sheet-title = { $site }でチャットを始めるには
sheet-for = お手伝いする方へ
sheet-step-install = { $app }をインストールします。
sheet-step-scan = スマートフォンのカメラでこのコードを読み取り、ページを開きます。
sheet-step-open = 「招待を開く」をタップし、ユーザー名とパスワードを決めます。
sheet-step-first = { $inviter }さんに最初のメッセージを送ります。
sheet-address = アドレス
sheet-password = パスワード
sheet-help = 困ったときの連絡先

console-heading = { $site } の管理
console-overview = 概要
console-invites = 招待
console-new = 新しい招待
console-sessions = ログイン中のブラウザー
console-log-in = ログイン
console-log-out = ログアウト
console-login-heading = 管理画面にログイン
console-login-what = このリンクは一度だけ使えます。ご自分で作成した場合にだけ使ってください。
console-link-over-heading = このログインリンクはもう使えません
console-link-over-what = ログインリンクは 15 分以内に一度だけ使えます。
console-out-heading = ログインしていません
console-out-what = ログインは 12 時間後、または 30 分間操作がないと終了します。
console-how = サーバーで次のコマンドを実行すると、ログインリンクができます。
console-old-form-heading = このページは長く開かれたままでした
console-old-form-what = 何も変更されていません。戻ってページを再読み込みし、もう一度お試しください。
console-pending = 有効
console-used = 使用済み
console-expired = 期限切れ
console-revoked = 取り消し済み
console-all = すべて
console-asked = 新しいリンクを希望
console-pending-count = 有効な招待
console-asked-count = 新しいリンクの希望
console-joined-count = この七日間に参加した人
console-joined = 参加した人
console-nobody = まだいません。
console-empty = ここに招待はありません。
console-search = メモを検索
console-show = 表示
console-older = 以前のもの
console-by = 招待した人:
console-until = 期限:
console-kind = 目的
console-account = 新しいアカウント
console-account-and-contact = 新しいアカウントと連絡先
console-contact = 連絡先
console-password-reset = 新しいパスワード
console-for = 誰のためですか。これはあなただけに見えます。
console-username = ユーザー名 (新しいパスワードの場合だけ必要)
console-message = 相手へのひとこと (任意)
console-uses = 何人用ですか
console-days = 何日間有効にしますか
console-make = 招待を作成
console-wrong = 入力内容を確認してください。
console-code = リンクの QR コード
console-preview = 相手に見える画面を見る
console-print = 用紙を印刷
console-made = 作成:
console-extend = 七日間延長
console-revoke = 取り消す
console-restore = 再び有効にする
console-since = 開始:
console-last-used = 最終使用:
console-this-browser = このブラウザー
console-end = そちらをログアウト
