# 简体中文 (Chinese, simplified). The source is en.ftl.

## On every page

language = 语言
imprint = 法律声明
privacy = 隐私
joiner = { "" }

## The invitation

invite-title = 邀请你加入 { $site }
contact-title = { $inviter } 想和你聊天
reset-title = 为 { $address } 设置新密码
invite-preview = 打开邀请，加入 { $site }，开始聊天。
contact-preview = 打开邀请，将 { $inviter } 添加为联系人。
reset-preview = 打开链接，设置新密码。

join-contact = 加入后，{ $inviter } 会自动出现在你的联系人中。
join-about = 发消息、发图片、群聊，都可以。应用由你自己选。就像电子邮件一样，你也能和使用其他服务的人聊天。
join-name-kept = 地址 { $address } 已为你保留。
join-places = { $count ->
       *[other] 此链接还可供 { $count } 人使用。
    }

contact-heading = { $inviter } 想和你聊天
contact-invited = { $address } 想添加你为联系人。
contact-no-account = 还没有账号？安装一个应用，在应用里创建账号，然后回到本页。
contact-button = 添加 { $inviter }

reset-heading = 设置新密码
reset-invited = 此链接仅供 { $address } 使用，请勿转发。
reset-button = 设置新密码
reset-app = 或在应用中打开

step-app-hint = 已经有应用了？直接进行下一步。
step-join = 加入
join-button = 加入 { $site }
step-account = 创建账号
step-account-hint = 就在浏览器里完成，只需一分钟。之后用你喜欢的应用登录即可。
account-button = 创建账号
device-choice = 选择设备
device-ios = iPhone 或 iPad

qr-heading = 在手机上继续
qr-hint = 用手机相机扫描此二维码。
qr-alt = 用于打开本页的二维码

keep-link = 这份邀请仅供你本人使用。任何拿到链接的人都能使用它，请不要转发。
copied = 已复制

## Setting up one app

setup-heading = 设置 { $app }
setup-install = 安装 { $app }
setup-install-hint = 然后回到本页。
setup-download = 下载
setup-website = 前往网站
setup-play-hint = 请用 Google Play 按钮安装：首次打开应用时，它会自动识别你的邀请。
setup-open = 在 { $app } 中打开邀请
setup-open-hint = 应用装好后，点一下这个按钮，然后按应用的提示操作。
setup-login = 登录
setup-login-hint = 打开 { $app }，用你的地址和密码登录。
login-button = 在应用中找到“{ $button }”。
login-address = “{ $address }”一栏填写你的地址。
setup-back = 选择其他应用

app-conversations = Android 上的经典之选：简单、安全，支持通话。
app-yaxim = 小巧轻便，旧手机也能用。
app-monal = 适用于 iPhone、iPad 和 Mac，支持通话。
app-snikket = 简单易用，支持通话。
app-gajim = 功能齐全，可按喜好设置。
app-dino = 清爽简洁，支持通话。
app-kaidan = 亲切易用，手机和电脑都能用。

## Creating the account

register-title = 在 { $site } 创建账号
register-heading = 创建账号
register-lead = 设置用户名和密码。无论用哪个应用，都可以凭它们登录 { $site }。
username-label = 用户名
username-hint = 你的地址将是“用户名@{ $host }”。可以使用字母、数字、点和短横线。
address-preview = 你的地址：{ $address }
password-label = 密码
password-hint = 至少 { $count } 个字符。几个不常见的词组合起来，好记又难猜。
password-keep = 请记下密码，或让浏览器保存：之后无法再查看。
password-show = 显示密码
password-suggest = 帮我生成密码
register-button = 创建账号

strength-weak = 容易被猜到
strength-fair = 还可以更好
strength-good = 不错
strength-strong = 非常好

error-heading = 还差一点：请修改下面标出的内容。
error-title = 错误：{ $title }
name-empty = 请设置用户名。
name-invalid = 用户名只能包含字母、数字、点和短横线，不能有空格。
name-invalid-try = 用户名只能包含字母、数字、点和短横线。换成下面的怎么样？
name-taken = 这个用户名已被使用，请换一个。
name-taken-try = 这个用户名已被使用。换成下面的怎么样？
name-not-yours = 这份邀请只能使用用户名 { $username }，请填写它。
name-refused = 这里不能使用这个用户名，请换一个。
password-empty = 请设置密码。
password-short = 太短了：请至少使用 { $count } 个字符。
password-long = 密码太长。请设置短一些的密码。
password-weak = 这个密码容易被猜到。再加一两个词吧。
password-forbidden = 密码中有应用不支持的字符。请使用字母、数字、符号和空格。
password-refused = 这里不能使用这个密码，请换一个。
server-says = 服务器的回复：{ $reason }

server-refused-heading = 操作未成功
server-refused = 没有任何改动，你的邀请仍然有效。请再试一次，或联系邀请你的人。
server-away-heading = 请过几分钟再试
server-away = 暂时连接不上服务器。没有任何改动，你的邀请仍然有效。
server-unknown-heading = 不确定是否成功
server-unknown = 服务器停止了响应。请试着用应用登录。如果不行，过几分钟回到本页再试一次。
form-foreign-heading = 请重新填写表单
form-foreign = 表单不是从本页提交的，为安全起见，我们没有做任何改动。请打开邀请，在那里填写表单。
busy-heading = 现在有人正在用这份邀请注册
busy = 请一分钟后再试。
account-exists-heading = 这个地址已经有账号了
account-exists = 如果 { $address } 是你的，请用应用登录。如果忘了密码，请向邀请你的人要一个设置新密码的链接。
no-account-heading = 没有这个账号
no-account = 账号 { $address } 不存在。请询问给你发送链接的人。
bound-name-refused-heading = 这里不能使用这个用户名
bound-name-refused = 这份邀请仅供 { $address } 使用，而这里不能使用这个用户名。请联系邀请你的人重新邀请。
server-setup-heading = 服务器还没有准备好
server-setup = 它还没有设置好接受邀请，再试也没有用。请告诉给你发送链接的人。没有任何改动，链接仍然有效。
server-encryption = 此页面与服务器的加密设置不一致，在这里再试也没有用。请改用应用打开链接，并告诉给你发送链接的人。没有任何改动，链接仍然有效。
server-field = 它要求每个注册的人提供本页面无法发送的信息：{ $field }。请告诉给你发送链接的人。没有任何改动，链接仍然有效。

## When the account is there

welcome-title = 欢迎加入 { $site }
youre-in = { $name }，你已加入！
in-contacts = { $inviter } 已在你的联系人中。
are-in-groups = { $count ->
       *[other] 你已加入群组：{ $groups }。
    }
your-address = 你的地址
your-password = 你的密码
copy = 复制
password-shown-once = 密码只显示这一次。
password-yours = 请使用你设置的密码。
save-card = 保存为可打印的卡片
say-hello = 打个招呼
write-to = 给 { $inviter } 发消息
log-in-with = 用 { $app } 登录
other-device = 在其他设备上也能用
other-device-hint = 在那台设备上安装应用，用同样的地址和密码登录。有些应用也可以扫描此二维码：
credentials-qr = 含有你的地址和密码的二维码
keep-private = 看到此二维码的人都能登录你的账号。
welcome-login = 打开应用，用你的地址和密码登录。
welcome-choose = 选择应用
welcome-webchat = 在浏览器里聊天

reset-form-heading = 新密码
reset-form-lead = 账号：{ $address }
reset-form-button = 保存密码
reset-done-heading = 密码已更改
reset-done = 从现在起，{ $address } 请使用新密码。你的应用会要求你输入它。

## When an invitation does not work

unknown-heading = 找不到邀请
unknown-what = 链接可能不完整。请检查是否复制了整个链接。
expired-heading = 邀请已过期
expired-what = 邀请只在一段时间内有效。
used-heading = 邀请已被使用
used-what = 已经有人用这份邀请加入了。是你吗？
used-advice = 如果是你，请打开应用，用你最初设置的密码登录。如果不是，请联系邀请你的人重新邀请。
revoked-heading = 邀请已撤回
revoked-what = 这份邀请已失效。
new-link-advice = 请联系邀请你的人重新邀请。
reset-expired-heading = 链接已过期
reset-expired-what = 设置新密码的链接只在有限的时间内有效。
reset-used-heading = 链接已被使用
reset-used-what = 已经有人用这个链接设置了新密码。是你吗？
reset-used-advice = 如果是你，请用你最初设置的密码登录。如果不是，请向给你链接的人要一个新的。
reset-revoked-heading = 链接已失效
reset-revoked-what = 也许你收到了更新的链接，请改用那个。
reset-new-link-advice = 请向给你链接的人要一个新的。
invited-by = { $inviter } 邀请你加入 { $site }。
ask-again = 请 { $inviter } 重新邀请
ask-again-operator = 请求重新邀请
ask-again-reset = 请求新链接
asked-heading = 已转达你的请求
asked = 邀请更新后，这个链接就能再次使用。
asked-reset = 链接更新后就能再次使用。

already-joined = 我已加入
joined-heading = 是你吗？那你已加入！
joined = 有人用这份邀请加入了。如果是你，请在应用里继续聊天，本页可以关闭。
joined-not-you = 不是你？
not-joined-heading = 还没有看到
not-joined = 目前还没有人用这份邀请加入。请先完成账号创建，再检查一次。
check-again = 再检查一次
back-to-invitation = 返回邀请

missing-heading = 找不到页面
missing-what = 这个网址没有对应的页面。
missing-advice = 如果你是从邀请链接来的，请检查链接是否复制完整。

wait-heading = 请稍等片刻
wait-what = 你所在的网络打开了太多错误的邀请链接。
wait-advice = 请过一分钟刷新本页。如果你是从邀请链接来的，请检查链接是否复制完整。

trouble-heading = 出了点问题
trouble-what = 暂时打不开你的邀请，但邀请没有丢失。
trouble-advice = 请过一分钟刷新本页。
try-again = 重试

## The first page, redesigned

invited-by-heading = { $inviter } 邀请你来聊天
invited-heading = 邀请你来 { $site } 聊天
invited-by-title = { $inviter } 邀请你加入 { $site }
promise-free = 免费
promise-no-phone = 无需手机号
promise-no-ads = 无广告
get-app = 获取 { $app }
app-costs = 在此商店需付费
app-for-device = 适用于 { $device } 的应用
in-browser = 在浏览器中使用，无需应用
installed-open = 已安装？打开邀请
nothing-happens = 点了没反应？
other-ways = 用其他应用、其他设备或浏览器
works-once-until = 仅限你本人 · 有效期至 { $date }
works-many-until = { $count ->
       *[other] 还可供 { $count } 人使用 · 有效期至 { $date }
    }
works-for-all-until = 任何拿到此链接的人都可使用 · 有效期至 { $date }
expires-soon = 请尽快使用：有效期只到 { $date }。
in-groups = { $count ->
       *[other] 你将加入群组：{ $groups }。
    }
rescue-install = 只有装好 { $app }，按钮才有效。请先安装，然后回到本页，点“打开邀请”。
rescue-in-app = 你是在其他应用（例如聊天应用）里打开本页的吗？请改用浏览器：点屏幕角上的菜单，再点“在浏览器中打开”。
rescue-paste = 或者复制这个地址，粘贴到应用里：
rescue-browser = 或者暂时不装应用，在浏览器里创建账号。
show-qr = 在另一部手机或平板上？用它的相机对准此二维码。
who-runs = 谁在运营这项服务？
list-separator = 、
app-siskin = 功能丰富，支持通话。
front-link = 邀请链接
front-open = 打开邀请
front-account = 已有账号？
to-front = 前往首页
sheet-print = 打印
help-someone = 在帮别人设置？打印一份说明
front-what = 在 { $site } 和家人、朋友聊天。
front-invitation = 加入需要邀请。请让已在这里的人发一份邀请给你。
front-have-link = 已有邀请？请再次打开链接，或扫描二维码。
sheet-title = 开始用 { $site } 聊天
sheet-for = 给帮忙设置的人
sheet-step-install = 安装 { $app }。
sheet-step-scan = 用手机相机扫描此二维码，打开页面。
sheet-step-open = 点“打开邀请”，然后设置用户名和密码。
sheet-step-first = 给 { $inviter } 发第一条消息。
sheet-address = 地址
sheet-password = 密码
sheet-help = 需要帮助时联系谁

console-heading = { $site } 的管理
console-overview = 概览
console-invites = 邀请
console-new = 新邀请
console-sessions = 已登录的浏览器
console-log-in = 登录
console-log-out = 退出登录
console-login-heading = 登录管理页面
console-login-what = 此链接只能使用一次。只有当它是您自己创建的时才使用。
console-link-over-heading = 此登录链接已失效
console-link-over-what = 登录链接在 15 分钟内可使用一次。
console-out-heading = 您尚未登录
console-out-what = 登录在 12 小时后或 30 分钟未使用后结束。
console-how = 在服务器上运行此命令可创建登录链接：
console-old-form-heading = 此页面打开的时间过长
console-old-form-what = 没有任何更改。请返回，刷新页面后重试。
console-pending = 有效
console-used = 已使用
console-expired = 已过期
console-revoked = 已撤回
console-all = 全部
console-asked = 请求新链接
console-pending-count = 有效的邀请
console-asked-count = 请求新链接
console-joined-count = 最近七天加入
console-joined = 已加入
console-nobody = 还没有人。
console-empty = 这里没有邀请。
console-search = 在您的备注中搜索
console-show = 显示
console-older = 更早
console-by = 邀请人：
console-until = 有效期至
console-kind = 用途
console-account = 新账号
console-account-and-contact = 新账号和联系人
console-contact = 联系人
console-password-reset = 新密码
console-for = 给谁的？只有您能看到。
console-username = 用户名（仅新密码需要）
console-message = 给对方的几句话（可选）
console-uses = 供多少人使用？
console-days = 有效多少天？
console-make = 创建邀请
console-wrong = 请检查您输入的内容。
console-code = 链接的二维码
console-preview = 查看对方看到的页面
console-print = 打印单页
console-made = 创建于
console-extend = 延长七天
console-revoke = 撤回
console-restore = 重新生效
console-since = 开始于
console-last-used = 上次使用
console-this-browser = 此浏览器
console-end = 在那里退出登录
