# العربية (Arabic). The source is en.ftl.

## On every page

language = اللغة
imprint = إشعار قانوني
privacy = الخصوصية
joiner = { " " }

## The invitation

invite-title = دعوة للانضمام إلى { $site }
contact-title = دعوة للدردشة من { $inviter }
reset-title = كلمة مرور جديدة للحساب { $address }
invite-preview = افتح الدعوة للانضمام إلى { $site } وبدء الدردشة.
contact-preview = افتح الدعوة لإضافة { $inviter } إلى جهات اتصالك.
reset-preview = افتح الرابط لاختيار كلمة مرور جديدة.

join-contact = بمجرد انضمامك ستجد { $inviter } ضمن جهات اتصالك.
join-about = أرسل الرسائل والصور وتحدّث في المجموعات، بالتطبيق الذي يعجبك. وكما في البريد الإلكتروني، يمكنك مراسلة من يستخدمون خدمات أخرى أيضًا.
join-name-kept = العنوان { $address } محجوز لك.
join-places = { $count ->
        [zero] لم يعد بإمكان أحد استخدام هذا الرابط.
        [one] ما زال بإمكان شخص واحد آخر استخدام هذا الرابط.
        [two] ما زال بإمكان شخصين آخرين استخدام هذا الرابط.
        [few] ما زال بإمكان { $count } أشخاص آخرين استخدام هذا الرابط.
        [many] ما زال بإمكان { $count } شخصًا آخر استخدام هذا الرابط.
       *[other] ما زال بإمكان { $count } شخص آخر استخدام هذا الرابط.
    }

contact-heading = دعوة للدردشة من { $inviter }
contact-invited = لديك طلب من { $address } للإضافة إلى جهات اتصالك.
contact-no-account = ليس لديك حساب بعد؟ ثبّت تطبيقًا، وأنشئ فيه حسابًا، ثم عُد إلى هذه الصفحة.
contact-button = إضافة { $inviter }

reset-heading = اختر كلمة مرور جديدة
reset-invited = هذا الرابط مخصّص للحساب { $address } فقط. لا تشاركه مع أحد.
reset-button = اختيار كلمة مرور جديدة
reset-app = أو افتحه في تطبيقك

step-app-hint = لديك تطبيق بالفعل؟ انتقل إلى الخطوة التالية.
step-join = انضم
join-button = الانضمام إلى { $site }
step-account = أنشئ حسابك
step-account-hint = لن يستغرق ذلك سوى دقيقة، هنا في متصفحك. ثم سجّل الدخول من التطبيق الذي تختاره.
account-button = إنشاء حساب
device-choice = اختر جهازك
device-ios = iPhone أو iPad

qr-heading = تابع على هاتفك
qr-hint = وجّه كاميرا هاتفك نحو هذا الرمز.
qr-alt = رمز QR يفتح هذه الصفحة

keep-link = هذه الدعوة لك وحدك. يمكن لكل من لديه الرابط أن يستخدمها، فلا تشاركه.
copied = تم النسخ

## Setting up one app

setup-heading = إعداد { $app }
setup-install = ثبّت { $app }
setup-install-hint = ثم عُد إلى هذه الصفحة.
setup-download = تنزيل
setup-website = زيارة الموقع
setup-play-hint = استخدم زر Google Play، وسيجد التطبيق دعوتك عند فتحه لأول مرة.
setup-open = فتح الدعوة في { $app }
setup-open-hint = بعد تثبيت التطبيق، اضغط على هذا الزر. سيرشدك التطبيق إلى بقية الخطوات.
setup-login = سجّل الدخول
setup-login-hint = افتح { $app } وسجّل الدخول بعنوانك وكلمة مرورك.
login-button = ابحث في التطبيق عن «{ $button }».
login-address = الحقل «{ $address }» مخصّص لعنوانك.
setup-back = اختيار تطبيق آخر

app-conversations = التطبيق الكلاسيكي على Android: بسيط وآمن ويدعم المكالمات.
app-yaxim = صغير وخفيف، ويناسب الهواتف القديمة أيضًا.
app-monal = لأجهزة iPhone وiPad وMac، ويدعم المكالمات.
app-snikket = سهل الاستخدام، ويدعم المكالمات.
app-gajim = غني بالميزات وقابل للتخصيص.
app-dino = واضح وبسيط، ويدعم المكالمات.
app-kaidan = سهل الاستخدام، للهواتف وأجهزة الكمبيوتر.

## Creating the account

register-title = إنشاء حساب على { $site }
register-heading = أنشئ حسابك
register-lead = اختر اسم مستخدم وكلمة مرور. يمكنك استخدامهما على { $site } مع أي تطبيق.
username-label = اسم المستخدم
username-hint = يتكوّن عنوانك من هذا الاسم ثم علامة @ ثم { $host }. يمكنك استخدام الحروف والأرقام والنقاط والشرطات.
address-preview = عنوانك: { $address }
password-label = كلمة المرور
password-hint = الحد الأدنى لعدد الأحرف: { $count }. بضع كلمات غير شائعة يسهل تذكّرها ويصعب تخمينها.
password-keep = دوّن كلمة المرور أو احفظها في متصفحك، فلن نتمكن من عرضها مرة أخرى.
password-show = إظهار كلمة المرور
password-suggest = اقتراح كلمة مرور
register-button = إنشاء الحساب

strength-weak = سهلة التخمين
strength-fair = يمكن تحسينها
strength-good = جيدة
strength-strong = جيدة جدًا

error-heading = أوشكت على الانتهاء: صحّح ما هو محدّد أدناه.
error-title = خطأ: { $title }
name-empty = اختر اسم مستخدم.
name-invalid = يمكن أن يحتوي اسم المستخدم على حروف وأرقام ونقاط وشرطات فقط، من دون مسافات.
name-invalid-try = يمكن أن يحتوي اسم المستخدم على حروف وأرقام ونقاط وشرطات فقط. ما رأيك في أحد هذه الأسماء؟
name-taken = اسم المستخدم هذا محجوز. جرّب اسمًا آخر.
name-taken-try = اسم المستخدم هذا محجوز. ما رأيك في أحد هذه الأسماء؟
name-not-yours = هذه الدعوة مخصّصة لاسم المستخدم { $username }. استخدم هذا الاسم.
name-refused = لا يمكن استخدام هذا الاسم هنا. جرّب اسمًا آخر.
password-empty = اختر كلمة مرور.
password-short = كلمة المرور قصيرة جدًا. الحد الأدنى لعدد الأحرف: { $count }.
password-long = كلمة المرور طويلة جدًا. اختر كلمة مرور أقصر.
password-weak = من السهل تخمين كلمة المرور هذه. أضف كلمة أو كلمتين.
password-forbidden = في كلمة المرور رمز لا يعمل في التطبيقات. استخدم الحروف والأرقام والرموز والمسافات.
password-refused = لا يمكن استخدام كلمة المرور هذه هنا. جرّب كلمة مرور أخرى.
server-says = رد الخادم: { $reason }

server-refused-heading = لم تنجح العملية
server-refused = لم يتغيّر شيء، وما زالت دعوتك صالحة. حاول مرة أخرى، أو اسأل من أرسل إليك الدعوة.
server-away-heading = حاول مرة أخرى بعد بضع دقائق
server-away = لا يمكن الوصول إلى الخادم الآن. لم يتغيّر شيء، وما زالت دعوتك صالحة.
server-unknown-heading = لا نعرف هل نجحت العملية
server-unknown = توقف الخادم عن الرد. جرّب تسجيل الدخول من تطبيقك. إن لم ينجح ذلك، فعُد إلى هذه الصفحة بعد بضع دقائق وحاول مرة أخرى.
form-foreign-heading = املأ النموذج مرة أخرى
form-foreign = لم يُرسَل من هذه الصفحة، لذلك لم نغيّر شيئًا حفاظًا على أمانك. افتح دعوتك واملأ النموذج هناك.
busy-heading = هناك من يسجّل بهذه الدعوة الآن
busy = حاول مرة أخرى بعد دقيقة.
account-exists-heading = لهذا العنوان حساب بالفعل
account-exists = إن كان العنوان { $address } لك، فسجّل الدخول من تطبيقك. وإن نسيت كلمة المرور، فاطلب ممن أرسل إليك الدعوة رابطًا لاختيار كلمة مرور جديدة.
no-account-heading = لا يوجد حساب كهذا
no-account = لا يوجد حساب بالعنوان { $address }. اسأل من أرسل إليك هذا الرابط.
bound-name-refused-heading = لا يمكن استخدام اسم المستخدم هذا هنا
bound-name-refused = هذه الدعوة مخصّصة للعنوان { $address } وحده، ولا يمكن استخدام هذا الاسم هنا. اطلب دعوة جديدة ممن أرسل إليك هذه.
server-setup-heading = الخادم ليس جاهزًا لهذا بعد
server-setup = لم يُضبط بعد لاستقبال الدعوات، فلن تفيد المحاولة مرة أخرى. أخبر من أرسل إليك الرابط. لم يتغيّر شيء، وما زال الرابط صالحًا.
server-encryption = لا تتفق هذه الصفحة مع الخادم على التشفير، فلن تفيد المحاولة هنا مرة أخرى. افتح الرابط في تطبيق، وأخبر من أرسله إليك. لم يتغيّر شيء، وما زال الرابط صالحًا.
server-field = يطلب ممن يسجّل شيئًا لا تستطيع هذه الصفحة إرساله: { $field }. أخبر من أرسل إليك الرابط. لم يتغيّر شيء، وما زال الرابط صالحًا.

## When the account is there

welcome-title = مرحبًا بك في { $site }
youre-in = تم انضمامك يا { $name }!
in-contacts = ستجد { $inviter } ضمن جهات اتصالك.
are-in-groups = { $count ->
        [zero] أنت في المجموعات: { $groups }.
        [one] أنت في المجموعة { $groups }.
        [two] أنت في المجموعتين { $groups }.
        [few] أنت في المجموعات { $groups }.
        [many] أنت في المجموعات { $groups }.
       *[other] أنت في المجموعات { $groups }.
    }
your-address = عنوانك
your-password = كلمة مرورك
copy = نسخ
password-shown-once = تظهر كلمة المرور هذه المرة فقط.
password-yours = استخدم كلمة المرور التي اخترتها.
save-card = حفظ كبطاقة للطباعة
say-hello = ألقِ التحية
write-to = مراسلة { $inviter }
log-in-with = تسجيل الدخول باستخدام { $app }
other-device = على جهاز آخر أيضًا
other-device-hint = ثبّت تطبيقًا على ذلك الجهاز وسجّل الدخول بالعنوان نفسه وكلمة المرور نفسها. يمكن لبعض التطبيقات مسح هذا الرمز بدلًا من ذلك:
credentials-qr = رمز QR يحتوي على عنوانك وكلمة مرورك
keep-private = كل من يرى هذا الرمز يمكنه الدخول إلى حسابك.
welcome-login = افتح التطبيق وسجّل الدخول بعنوانك وكلمة مرورك.
welcome-choose = اختر تطبيقًا
welcome-webchat = الدردشة في المتصفح

reset-form-heading = كلمة مرور جديدة
reset-form-lead = لحسابك { $address }
reset-form-button = حفظ كلمة المرور
reset-done-heading = تم تغيير كلمة المرور
reset-done = من الآن فصاعدًا، استخدم كلمة المرور الجديدة للحساب { $address }. ستطلبها منك تطبيقاتك.

## When an invitation does not work

unknown-heading = لم يتم العثور على الدعوة
unknown-what = ربما نُسخ جزء من الرابط فقط. تأكد من نسخه كاملًا.
expired-heading = انتهت صلاحية الدعوة
expired-what = كانت هذه الدعوة صالحة لمدة محدودة فقط.
used-heading = سبق استخدام الدعوة
used-what = سبق أن انضم شخص بهذه الدعوة. هل كنت أنت؟
used-advice = إن كنت أنت، فافتح تطبيقك وسجّل الدخول بكلمة المرور التي اخترتها أول مرة. وإلا فاطلب دعوة جديدة ممن أرسل إليك هذه.
revoked-heading = أُلغيت الدعوة
revoked-what = لم تعد صالحة.
new-link-advice = اطلب دعوة جديدة ممن أرسل إليك هذه.
reset-expired-heading = انتهت صلاحية الرابط
reset-expired-what = روابط كلمة المرور الجديدة صالحة لمدة محدودة فقط.
reset-used-heading = سبق استخدام الرابط
reset-used-what = عُيّنت كلمة مرور جديدة بهذا الرابط من قبل. هل كنت أنت؟
reset-used-advice = إن كنت أنت، فسجّل الدخول بكلمة المرور التي اخترتها أول مرة. وإلا فاطلب رابطًا جديدًا ممن أعطاك هذا الرابط.
reset-revoked-heading = لم يعد الرابط صالحًا
reset-revoked-what = ربما أُرسل إليك رابط أحدث. إن كان كذلك، فاستخدمه.
reset-new-link-advice = اطلب رابطًا جديدًا ممن أعطاك هذا الرابط.
invited-by = هذه الدعوة إلى { $site } من { $inviter }.
ask-again = طلب دعوة جديدة من { $inviter }
ask-again-operator = طلب دعوة جديدة
ask-again-reset = طلب رابط جديد
asked-heading = أوصلنا طلبك
asked = ما إن تُجدَّد دعوتك حتى يعمل هذا الرابط نفسه من جديد.
asked-reset = ما إن يُجدَّد رابطك حتى يعمل من جديد.

already-joined = سبق أن انضممت
joined-heading = هل كنت أنت؟ إذن تم انضمامك!
joined = انضم شخص بهذه الدعوة. إن كنت أنت، فتابع الدردشة في تطبيقك، ويمكنك إغلاق هذه الصفحة.
joined-not-you = لم تكن أنت؟
not-joined-heading = لا نرى ذلك بعد
not-joined = لم ينضم أحد بهذه الدعوة حتى الآن. أكمل إنشاء حسابك ثم تحقق مرة أخرى.
check-again = تحقق مرة أخرى
back-to-invitation = العودة إلى الدعوة

missing-heading = الصفحة غير موجودة
missing-what = لا توجد صفحة على هذا العنوان.
missing-advice = إن وصلت إلى هنا من دعوة، فتأكد من نسخ الرابط كاملًا.

wait-heading = انتظر لحظة
wait-what = فُتحت من شبكتك روابط دعوات كثيرة غير صحيحة.
wait-advice = أعد تحميل هذه الصفحة بعد دقيقة. إن وصلت إلى هنا من دعوة، فتأكد من نسخ الرابط كاملًا.

trouble-heading = حدث خطأ ما
trouble-what = لا يمكننا فتح دعوتك الآن، لكنها لم تُفقد.
trouble-advice = أعد تحميل هذه الصفحة بعد دقيقة.
try-again = حاول مرة أخرى

## The first page, redesigned

invited-by-heading = لديك دعوة للدردشة من { $inviter }
invited-heading = لديك دعوة للدردشة على { $site }
invited-by-title = لديك دعوة إلى { $site } من { $inviter }
promise-free = مجاني
promise-no-phone = من دون رقم هاتف
promise-no-ads = من دون إعلانات
get-app = تنزيل { $app }
app-costs = مدفوع في هذا المتجر
app-for-device = التطبيق لأجهزة { $device }
in-browser = في المتصفح، من دون تطبيق
installed-open = مثبّت بالفعل؟ افتح الدعوة
nothing-happens = لا يحدث شيء عند الضغط؟
other-ways = تطبيق آخر أو جهاز آخر أو في المتصفح
works-once-until = لك وحدك · صالحة حتى { $date }
works-many-until = { $count ->
        [zero] لم يعد فيها مكان · صالحة حتى { $date }
        [one] لشخص واحد آخر · صالحة حتى { $date }
        [two] لشخصين آخرين · صالحة حتى { $date }
        [few] لعدد { $count } أشخاص آخرين · صالحة حتى { $date }
        [many] لعدد { $count } شخصًا آخر · صالحة حتى { $date }
       *[other] لعدد { $count } شخص آخر · صالحة حتى { $date }
    }
works-for-all-until = لكل من لديه هذا الرابط · صالحة حتى { $date }
expires-soon = لا تنتظر: صالحة حتى { $date } فقط.
in-groups = { $count ->
        [zero] ستكون في المجموعات: { $groups }.
        [one] ستكون في المجموعة { $groups }.
        [two] ستكون في المجموعتين { $groups }.
        [few] ستكون في المجموعات { $groups }.
        [many] ستكون في المجموعات { $groups }.
       *[other] ستكون في المجموعات { $groups }.
    }
rescue-install = لا يعمل الزر إلا إذا كان { $app } مثبّتًا. ثبّت التطبيق، ثم عُد إلى هذه الصفحة واضغط على «افتح الدعوة».
rescue-in-app = هل فتحت هذه الصفحة داخل تطبيق آخر، مثل تطبيق مراسلة؟ افتحها في متصفحك: اضغط على القائمة في زاوية الشاشة، ثم على «فتح في المتصفح».
rescue-paste = أو انسخ هذا العنوان والصقه في التطبيق:
rescue-browser = أو أجّل التطبيق الآن وأنشئ حسابك في المتصفح.
show-qr = على هاتف آخر أو جهاز لوحي؟ وجّه كاميرته نحو هذا الرمز.
who-runs = من يدير هذه الخدمة؟
list-separator = { "، " }
app-siskin = غني بالمزايا، مع المكالمات.
front-link = رابط دعوتك
front-open = فتح الدعوة
front-account = لديك حساب بالفعل؟
to-front = الانتقال إلى الصفحة الرئيسية
sheet-print = طباعة
help-someone = هل تساعد شخصًا آخر؟ اطبع ورقة الخطوات
front-what = دردش مع عائلتك وأصدقائك على { $site }.
front-invitation = يمكنك الانضمام بدعوة. اطلب من شخص موجود هنا أن يرسل إليك واحدة.
front-have-link = لديك دعوة؟ افتح رابطها مرة أخرى أو امسح رمزها.
sheet-title = بدء الدردشة على { $site }
sheet-for = للشخص الذي يساعد
sheet-step-install = ثبّت { $app }.
sheet-step-scan = امسح هذا الرمز بكاميرا الهاتف وافتح الصفحة.
sheet-step-open = اضغط على «افتح الدعوة»، ثم اختر اسم مستخدم وكلمة مرور.
sheet-step-first = أرسل أول رسالة إلى { $inviter }.
sheet-address = العنوان
sheet-password = كلمة المرور
sheet-help = بمن تتصل عند الحاجة إلى المساعدة

console-heading = إدارة { $site }
console-overview = نظرة عامة
console-invites = الدعوات
console-new = دعوة جديدة
console-sessions = المتصفحات المسجَّل دخولها
console-log-in = تسجيل الدخول
console-log-out = تسجيل الخروج
console-login-heading = تسجيل الدخول إلى الإدارة
console-login-what = يعمل هذا الرابط مرة واحدة. استخدمه فقط إذا أنشأته بنفسك.
console-link-over-heading = لم يعد رابط الدخول هذا يعمل
console-link-over-what = يعمل رابط الدخول مرة واحدة خلال 15 دقيقة.
console-out-heading = لم تسجّل الدخول
console-out-what = تنتهي الجلسة بعد 12 ساعة، أو بعد 30 دقيقة دون استخدام.
console-how = ينشئ هذا الأمر على الخادم رابط دخول:
console-old-form-heading = بقيت هذه الصفحة مفتوحة مدة طويلة
console-old-form-what = لم يتغير شيء. ارجع وأعد تحميل الصفحة ثم حاول مرة أخرى.
console-pending = مفتوحة
console-used = مستخدمة
console-expired = منتهية
console-revoked = مسحوبة
console-all = الكل
console-asked = يطلب رابطًا جديدًا
console-pending-count = الدعوات المفتوحة
console-asked-count = طلبات رابط جديد
console-joined-count = انضموا في الأيام السبعة الأخيرة
console-joined = انضموا
console-nobody = لا أحد بعد.
console-empty = لا توجد دعوات هنا.
console-search = البحث في ملاحظاتك
console-show = عرض
console-older = الأقدم
console-by = من
console-until = حتى
console-kind = لأي غرض؟
console-account = حساب جديد
console-account-and-contact = حساب جديد وجهة اتصال
console-contact = جهة اتصال
console-password-reset = كلمة مرور جديدة
console-for = لمن هي؟ أنت وحدك ترى هذا.
console-username = اسم المستخدم (لازم لكلمة مرور جديدة فقط)
console-message = بضع كلمات للشخص (اختياري)
console-uses = لكم شخص؟
console-days = كم يومًا تبقى صالحة؟
console-make = إنشاء الدعوة
console-wrong = يرجى مراجعة ما كتبته.
console-code = رمز QR للرابط
console-preview = شاهد ما سيراه الشخص
console-print = طباعة ورقة
console-made = أُنشئت
console-extend = سبعة أيام أخرى
console-revoke = سحب
console-restore = إعادة التفعيل
console-since = منذ
console-last-used = آخر استخدام
console-this-browser = هذا المتصفح
console-end = تسجيل الخروج هناك
