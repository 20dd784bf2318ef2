# فارسی (Persian). The source is en.ftl.

## On every page

language = زبان
imprint = اطلاعات حقوقی
privacy = حریم خصوصی
joiner = { " " }

## The invitation

invite-title = دعوت به { $site }
contact-title = دعوت به گفت‌وگو از طرف { $inviter }
reset-title = رمز عبور جدید برای { $address }
invite-preview = دعوت‌نامه را باز کنید تا به { $site } بپیوندید و گفت‌وگو را شروع کنید.
contact-preview = دعوت‌نامه را باز کنید تا { $inviter } به مخاطبان شما اضافه شود.
reset-preview = لینک را باز کنید تا رمز عبور جدیدی انتخاب کنید.

join-contact = همین که عضو شوید، { $inviter } در فهرست مخاطبان شما خواهد بود.
join-about = پیام و عکس بفرستید و در گروه‌ها گفت‌وگو کنید، با هر برنامه‌ای که دوست دارید. مثل ایمیل، می‌توانید با کسانی که از سرویس‌های دیگر استفاده می‌کنند هم گفت‌وگو کنید.
join-name-kept = نشانی { $address } برای شما رزرو شده است.
join-places = { $count ->
        [one] { $count } نفر دیگر می‌تواند از این لینک استفاده کند.
       *[other] { $count } نفر دیگر می‌توانند از این لینک استفاده کنند.
    }

contact-heading = { $inviter } می‌خواهد با شما گفت‌وگو کند
contact-invited = { $address } می‌خواهد شما را به مخاطبانش اضافه کند.
contact-no-account = هنوز حساب ندارید؟ برنامه‌ای نصب کنید، در آن حساب بسازید و بعد به این صفحه برگردید.
contact-button = افزودن { $inviter }

reset-heading = رمز عبور جدیدی انتخاب کنید
reset-invited = این لینک فقط برای { $address } است. آن را به کسی ندهید.
reset-button = انتخاب رمز عبور جدید
reset-app = یا در برنامه‌تان باز کنید

step-app-hint = از قبل برنامه دارید؟ پس به مرحلهٔ بعد بروید.
step-join = عضو شوید
join-button = پیوستن به { $site }
step-account = حسابتان را بسازید
step-account-hint = همین‌جا در مرورگر، فقط یک دقیقه طول می‌کشد. بعد با برنامهٔ دلخواهتان وارد می‌شوید.
account-button = ساختن حساب
device-choice = انتخاب دستگاه
device-ios = iPhone یا iPad

qr-heading = در گوشی ادامه دهید
qr-hint = دوربین گوشی را روی این کد بگیرید.
qr-alt = کد QR که این صفحه را باز می‌کند

keep-link = این دعوت‌نامه فقط برای شماست. هر کسی که لینک را داشته باشد می‌تواند از آن استفاده کند؛ آن را به کسی ندهید.
copied = کپی شد

## Setting up one app

setup-heading = راه‌اندازی { $app }
setup-install = { $app } را نصب کنید
setup-install-hint = بعد به این صفحه برگردید.
setup-download = دانلود
setup-website = رفتن به وب‌سایت
setup-play-hint = از دکمهٔ Google Play استفاده کنید؛ برنامه بار اول که باز شود دعوت‌نامهٔ شما را دارد.
setup-open = باز کردن دعوت‌نامه در { $app }
setup-open-hint = وقتی برنامه نصب شد، این دکمه را بزنید. برنامه بقیهٔ راه را نشان می‌دهد.
setup-login = وارد شوید
setup-login-hint = { $app } را باز کنید و با نشانی و رمز عبورتان وارد شوید.
login-button = در برنامه دنبال «{ $button }» بگردید.
login-address = کادر «{ $address }» برای نشانی شماست.
setup-back = انتخاب یک برنامهٔ دیگر

app-conversations = برنامهٔ محبوب و باسابقهٔ Android: ساده، امن، با امکان تماس.
app-yaxim = کوچک و سبک، حتی برای گوشی‌های قدیمی.
app-monal = برای iPhone، iPad و Mac، با امکان تماس.
app-snikket = کار با آن آسان است، با امکان تماس.
app-gajim = پرامکانات و قابل تنظیم.
app-dino = مرتب و ساده، با امکان تماس.
app-kaidan = کار با آن آسان است، برای گوشی و کامپیوتر.

## Creating the account

register-title = ساختن حساب در { $site }
register-heading = حسابتان را بسازید
register-lead = نام کاربری و رمز عبوری انتخاب کنید. با آن‌ها می‌توانید در هر برنامه‌ای وارد { $site } شوید.
username-label = نام کاربری
username-hint = نشانی شما همین نام است، بعد علامت @ و بعد { $host }. می‌توانید از حروف، عدد، نقطه و خط تیره استفاده کنید.
address-preview = نشانی شما: { $address }
password-label = رمز عبور
password-hint = دست‌کم { $count } نویسه. چند واژهٔ کم‌کاربرد را راحت به یاد می‌آورید و دیگران سخت حدس می‌زنند.
password-keep = رمز عبور را یادداشت کنید یا در مرورگر ذخیره کنید؛ بعداً نمی‌شود آن را دید.
password-show = نمایش رمز عبور
password-suggest = پیشنهاد رمز عبور
register-button = ساختن حساب

strength-weak = حدس زدنش آسان است
strength-fair = می‌تواند بهتر باشد
strength-good = خوب
strength-strong = خیلی خوب

error-heading = چیزی نمانده: لطفاً موارد مشخص‌شده در پایین را اصلاح کنید.
error-title = خطا: { $title }
name-empty = نام کاربری انتخاب کنید.
name-invalid = نام کاربری فقط می‌تواند حروف، عدد، نقطه و خط تیره داشته باشد، بدون فاصله.
name-invalid-try = نام کاربری فقط می‌تواند حروف، عدد، نقطه و خط تیره داشته باشد. یکی از این‌ها چطور است؟
name-taken = این نام کاربری گرفته شده است. یکی دیگر را امتحان کنید.
name-taken-try = این نام کاربری گرفته شده است. یکی از این‌ها چطور است؟
name-not-yours = این دعوت‌نامه برای نام کاربری { $username } است. لطفاً همان را وارد کنید.
name-refused = این نام کاربری اینجا مجاز نیست. یکی دیگر را امتحان کنید.
password-empty = رمز عبوری انتخاب کنید.
password-short = خیلی کوتاه است: دست‌کم { $count } نویسه وارد کنید.
password-long = خیلی طولانی است: رمز عبور کوتاه‌تری انتخاب کنید.
password-weak = حدس زدن این رمز عبور آسان است. یکی دو واژهٔ دیگر اضافه کنید.
password-forbidden = در رمز عبور نویسه‌ای هست که در برنامه‌ها کار نمی‌کند. از حروف، عدد، علامت و فاصله استفاده کنید.
password-refused = این رمز عبور اینجا مجاز نیست. یکی دیگر را امتحان کنید.
server-says = پاسخ سرور: { $reason }

server-refused-heading = انجام نشد
server-refused = چیزی تغییر نکرده و دعوت‌نامهٔ شما هنوز معتبر است. دوباره امتحان کنید یا از کسی که دعوتتان کرده بپرسید.
server-away-heading = لطفاً چند دقیقهٔ دیگر دوباره امتحان کنید
server-away = الان سرور در دسترس نیست. چیزی تغییر نکرده و دعوت‌نامهٔ شما هنوز معتبر است.
server-unknown-heading = نمی‌دانیم انجام شد یا نه
server-unknown = سرور دیگر پاسخ نمی‌دهد. سعی کنید با برنامه‌تان وارد شوید. اگر نشد، چند دقیقهٔ دیگر به این صفحه برگردید و دوباره امتحان کنید.
form-foreign-heading = لطفاً فرم را دوباره پر کنید
form-foreign = فرم از این صفحه فرستاده نشده بود؛ برای امنیت شما کاری انجام ندادیم. دعوت‌نامه را باز کنید و فرم را همان‌جا پر کنید.
busy-heading = همین حالا کسی دارد با این دعوت‌نامه ثبت‌نام می‌کند
busy = یک دقیقهٔ دیگر دوباره امتحان کنید.
account-exists-heading = این نشانی از قبل حساب دارد
account-exists = اگر { $address } مال شماست، با برنامهٔ خود وارد شوید. اگر رمز عبور را فراموش کرده‌اید، از کسی که دعوتتان کرده لینکی برای رمز عبور جدید بخواهید.
no-account-heading = چنین حسابی وجود ندارد
no-account = حسابی با نشانی { $address } وجود ندارد. از کسی که این لینک را برایتان فرستاده بپرسید.
bound-name-refused-heading = این نام کاربری اینجا مجاز نیست
bound-name-refused = این دعوت‌نامه فقط برای { $address } است و این نام کاربری اینجا مجاز نیست. از کسی که دعوتتان کرده دعوت‌نامهٔ جدید بخواهید.
server-setup-heading = سرور هنوز برای این کار آماده نیست
server-setup = هنوز برای دعوت‌نامه‌ها تنظیم نشده است، پس امتحان دوباره کمکی نمی‌کند. لطفاً به کسی که لینک را برایتان فرستاده خبر دهید. چیزی تغییر نکرده و لینک هنوز معتبر است.
server-encryption = این صفحه و سرور بر سر رمزگذاری توافق ندارند، پس امتحان دوباره در اینجا کمکی نمی‌کند. لینک را در یک برنامه باز کنید و لطفاً به فرستندهٔ آن خبر دهید. چیزی تغییر نکرده و لینک هنوز معتبر است.
server-field = از هر کسی که ثبت‌نام می‌کند چیزی می‌خواهد که این صفحه نمی‌تواند بفرستد: { $field }. لطفاً به کسی که لینک را برایتان فرستاده خبر دهید. چیزی تغییر نکرده و لینک هنوز معتبر است.

## When the account is there

welcome-title = به { $site } خوش آمدید
youre-in = عضو شدید، { $name }!
in-contacts = { $inviter } در فهرست مخاطبان شماست.
are-in-groups = { $count ->
        [one] در گروه { $groups } هستید.
       *[other] در گروه‌های { $groups } هستید.
    }
your-address = نشانی شما
your-password = رمز عبور شما
copy = کپی
password-shown-once = رمز عبور فقط همین یک بار نمایش داده می‌شود.
password-yours = از رمز عبوری که انتخاب کردید استفاده کنید.
save-card = ذخیره به شکل کارت برای چاپ
say-hello = سلام کنید
write-to = پیام به { $inviter }
log-in-with = ورود با { $app }
other-device = در دستگاه دیگر هم
other-device-hint = آنجا برنامه‌ای نصب کنید و با همین نشانی و رمز عبور وارد شوید. بعضی برنامه‌ها می‌توانند به‌جای آن این کد را اسکن کنند:
credentials-qr = کد QR با نشانی و رمز عبور شما
keep-private = هر کسی که این کد را ببیند می‌تواند وارد حساب شما شود.
welcome-login = برنامه را باز کنید و با نشانی و رمز عبورتان وارد شوید.
welcome-choose = برنامه‌ای انتخاب کنید
welcome-webchat = گفت‌وگو در مرورگر

reset-form-heading = رمز عبور جدید
reset-form-lead = برای حساب { $address }
reset-form-button = ذخیرهٔ رمز عبور
reset-done-heading = رمز عبور شما عوض شد
reset-done = از این پس برای { $address } از رمز عبور جدید استفاده کنید. برنامه‌هایتان آن را از شما می‌خواهند.

## When an invitation does not work

unknown-heading = دعوت‌نامه پیدا نشد
unknown-what = چنین دعوت‌نامه‌ای اینجا وجود ندارد. شاید لینک کامل کپی نشده باشد.
expired-heading = مهلت دعوت‌نامه تمام شده است
expired-what = این دعوت‌نامه فقط مدت محدودی اعتبار داشت.
used-heading = این دعوت‌نامه قبلاً استفاده شده است
used-what = کسی با این دعوت‌نامه عضو شده است. شما بودید؟
used-advice = اگر خودتان بودید، برنامه را باز کنید و با رمز عبوری که بار اول انتخاب کردید وارد شوید. وگرنه از کسی که دعوتتان کرده دعوت‌نامهٔ جدید بخواهید.
revoked-heading = دعوت‌نامه لغو شده است
revoked-what = این دعوت‌نامه دیگر معتبر نیست.
new-link-advice = از کسی که دعوتتان کرده دعوت‌نامهٔ جدید بخواهید.
reset-expired-heading = مهلت لینک تمام شده است
reset-expired-what = لینک‌های رمز عبور جدید فقط مدت محدودی اعتبار دارند.
reset-used-heading = این لینک قبلاً استفاده شده است
reset-used-what = با این لینک رمز عبور جدیدی گذاشته شده است. شما بودید؟
reset-used-advice = اگر خودتان بودید، با رمز عبوری که بار اول انتخاب کردید وارد شوید. وگرنه از همان جایی که این لینک را گرفته‌اید لینک جدید بخواهید.
reset-revoked-heading = این لینک دیگر معتبر نیست
reset-revoked-what = شاید لینک جدیدتری برایتان فرستاده شده باشد. در این صورت از آن استفاده کنید.
reset-new-link-advice = از همان جایی که این لینک را گرفته‌اید لینک جدید بخواهید.
invited-by = { $inviter } شما را به { $site } دعوت کرده است.
ask-again = درخواست دعوت‌نامهٔ جدید از { $inviter }
ask-again-operator = درخواست دعوت‌نامهٔ جدید
ask-again-reset = درخواست لینک جدید
asked-heading = درخواست شما را رساندیم
asked = همین که دعوت‌نامهٔ شما تمدید شود، همین لینک دوباره کار می‌کند.
asked-reset = همین که لینک شما تمدید شود، دوباره کار می‌کند.

already-joined = قبلاً عضو شده‌ام
joined-heading = شما بودید؟ پس عضو شدید!
joined = کسی با این دعوت‌نامه عضو شده است. اگر شما بودید، گفت‌وگو را در برنامهٔ خود ادامه دهید؛ می‌توانید این صفحه را ببندید.
joined-not-you = شما نبودید؟
not-joined-heading = هنوز چیزی نمی‌بینیم
not-joined = تا حالا کسی با این دعوت‌نامه عضو نشده است. ساختن حساب را تمام کنید و دوباره بررسی کنید.
check-again = بررسی دوباره
back-to-invitation = بازگشت به دعوت‌نامه

missing-heading = صفحه پیدا نشد
missing-what = در این نشانی صفحه‌ای وجود ندارد.
missing-advice = اگر با دعوت‌نامه آمده‌اید، مطمئن شوید که لینک کامل کپی شده است.

wait-heading = لطفاً کمی صبر کنید
wait-what = از شبکهٔ شما لینک‌های دعوت نادرست زیادی باز شده است.
wait-advice = یک دقیقهٔ دیگر این صفحه را دوباره باز کنید. اگر با دعوت‌نامه آمده‌اید، مطمئن شوید که لینک کامل کپی شده است.

trouble-heading = مشکلی پیش آمد
trouble-what = الان نمی‌توانیم دعوت‌نامهٔ شما را باز کنیم، اما از بین نرفته است.
trouble-advice = یک دقیقهٔ دیگر این صفحه را دوباره باز کنید.
try-again = تلاش دوباره

## The first page, redesigned

invited-by-heading = { $inviter } شما را به گفت‌وگو دعوت می‌کند
invited-heading = شما به گفت‌وگو در { $site } دعوت شده‌اید
invited-by-title = { $inviter } شما را به { $site } دعوت می‌کند
promise-free = رایگان
promise-no-phone = بدون شمارهٔ تلفن
promise-no-ads = بدون تبلیغات
get-app = دریافت { $app }
app-costs = در این فروشگاه پولی است
app-for-device = برنامهٔ { $device }
in-browser = در مرورگر، بدون برنامه
installed-open = نصب کرده‌اید؟ دعوت‌نامه را باز کنید
nothing-happens = دکمه را می‌زنید و اتفاقی نمی‌افتد؟
other-ways = برنامه‌ای دیگر، دستگاهی دیگر یا در مرورگر
works-once-until = فقط برای شما · تا { $date } معتبر است
works-many-until = { $count ->
        [one] برای { $count } نفر دیگر · تا { $date } معتبر است
       *[other] برای { $count } نفر دیگر · تا { $date } معتبر است
    }
works-for-all-until = برای هر کسی که این لینک را دارد · تا { $date } معتبر است
expires-soon = صبر نکنید: فقط تا { $date } معتبر است.
in-groups = { $count ->
        [one] در گروه { $groups } خواهید بود.
       *[other] در گروه‌های { $groups } خواهید بود.
    }
rescue-install = این دکمه فقط وقتی کار می‌کند که { $app } نصب شده باشد. آن را نصب کنید، به این صفحه برگردید و «دعوت‌نامه را باز کنید» را بزنید.
rescue-in-app = این صفحه را داخل برنامهٔ دیگری، مثل یک پیام‌رسان، باز کرده‌اید؟ آن را در مرورگر باز کنید: منوی گوشهٔ صفحه و بعد «باز کردن در مرورگر» را بزنید.
rescue-paste = یا این نشانی را کپی کنید و در برنامه بچسبانید:
rescue-browser = یا فعلاً برنامه را کنار بگذارید و حسابتان را در مرورگر بسازید.
show-qr = در گوشی یا تبلت دیگری؟ دوربینش را روی این کد بگیرید.
who-runs = این سرویس را چه کسی اداره می‌کند؟
list-separator = { "، " }
app-siskin = پرامکانات، با تماس.
front-link = لینک دعوت‌نامهٔ شما
front-open = باز کردن دعوت‌نامه
front-account = حساب دارید؟
to-front = رفتن به صفحهٔ اصلی
sheet-print = چاپ
help-someone = این را برای کس دیگری راه می‌اندازید؟ برگهٔ راهنما را چاپ کنید
front-what = در { $site } با خانواده و دوستانتان گفت‌وگو کنید.
front-invitation = با دعوت‌نامه می‌توانید عضو شوید. از کسی که اینجا عضو است بخواهید برایتان یکی بفرستد.
front-have-link = دعوت‌نامه دارید؟ لینک آن را دوباره باز کنید یا کدش را اسکن کنید.
sheet-title = شروع گفت‌وگو در { $site }
sheet-for = برای کسی که کمک می‌کند
sheet-step-install = { $app } را نصب کنید.
sheet-step-scan = این کد را با دوربین گوشی اسکن کنید و صفحه را باز کنید.
sheet-step-open = «دعوت‌نامه را باز کنید» را بزنید و بعد نام کاربری و رمز عبوری انتخاب کنید.
sheet-step-first = اولین پیام را به { $inviter } بفرستید.
sheet-address = نشانی
sheet-password = رمز عبور
sheet-help = برای کمک با چه کسی تماس بگیرید

console-heading = مدیریت { $site }
console-overview = نمای کلی
console-invites = دعوت‌ها
console-new = دعوت تازه
console-sessions = مرورگرهای واردشده
console-log-in = ورود
console-log-out = خروج
console-login-heading = ورود به مدیریت
console-login-what = این پیوند یک بار کار می‌کند. فقط اگر خودتان آن را ساخته‌اید از آن استفاده کنید.
console-link-over-heading = این پیوند ورود دیگر کار نمی‌کند
console-link-over-what = پیوند ورود یک بار و تا ۱۵ دقیقه کار می‌کند.
console-out-heading = وارد نشده‌اید
console-out-what = نشست پس از ۱۲ ساعت، یا پس از ۳۰ دقیقه بی‌استفادگی، پایان می‌یابد.
console-how = این فرمان روی سرور پیوند ورود می‌سازد:
console-old-form-heading = این صفحه بیش از حد باز مانده بود
console-old-form-what = چیزی تغییر نکرد. برگردید، صفحه را دوباره باز کنید و باز امتحان کنید.
console-pending = باز
console-used = استفاده‌شده
console-expired = منقضی
console-revoked = پس‌گرفته
console-all = همه
console-asked = پیوند تازه می‌خواهد
console-pending-count = دعوت‌های باز
console-asked-count = درخواست‌های پیوند تازه
console-joined-count = پیوسته در هفت روز گذشته
console-joined = پیوسته‌ها
console-nobody = هنوز هیچ‌کس.
console-empty = اینجا دعوتی نیست.
console-search = جست‌وجو در یادداشت‌های شما
console-show = نمایش
console-older = قدیمی‌تر
console-by = از
console-until = تا
console-kind = برای چه؟
console-account = حساب تازه
console-account-and-contact = حساب تازه و مخاطب
console-contact = مخاطب
console-password-reset = گذرواژهٔ تازه
console-for = برای چه کسی است؟ فقط شما این را می‌بینید.
console-username = نام کاربری (فقط برای گذرواژهٔ تازه لازم است)
console-message = چند کلمه به این شخص (اختیاری)
console-uses = برای چند نفر؟
console-days = چند روز معتبر باشد؟
console-make = ساختن دعوت
console-wrong = لطفاً آنچه را نوشته‌اید بررسی کنید.
console-code = کد QR پیوند
console-preview = ببینید آن شخص چه می‌بیند
console-print = چاپ یک برگه
console-made = ساخته‌شده در
console-extend = هفت روز بیشتر
console-revoke = پس گرفتن
console-restore = دوباره معتبر کردن
console-since = از
console-last-used = آخرین استفاده
console-this-browser = همین مرورگر
console-end = خروج از آنجا
