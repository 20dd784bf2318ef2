# العربية (Arabic). The source is en.ftl.

## On every page

language = اللغة
imprint = إشعار قانوني
privacy = الخصوصية

## The invitation

invite-title = دعوة للانضمام إلى { $site }
contact-title = دعوة للدردشة من { $inviter }
reset-title = كلمة مرور جديدة للحساب { $address }
invite-preview = افتح الدعوة للانضمام إلى { $site } وبدء الدردشة.
contact-preview = افتح الدعوة لإضافة { $inviter } إلى جهات اتصالك.
reset-preview = افتح الرابط لاختيار كلمة مرور جديدة.

join-heading = انضم إلى { $site }
join-invited-by = لديك دعوة من { $inviter } للدردشة على { $site }.
join-invited = لديك دعوة للدردشة على { $site }.
join-contact = بمجرد انضمامك ستجد { $inviter } ضمن جهات اتصالك.
join-about = اكتب الرسائل وأرسل الصور وتحدّث في المجموعات. اختر التطبيق الذي يعجبك، ويمكنك أيضًا الدردشة مع أشخاص على خوادم أخرى في شبكة XMPP المفتوحة.
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
contact-no-account = ليس لديك حساب بعد؟ اختر تطبيقًا، وأنشئ فيه حسابًا لدى أي مزوّد في شبكة XMPP، ثم عُد إلى هذه الصفحة.
contact-button = إضافة { $inviter }

reset-heading = اختر كلمة مرور جديدة
reset-invited = هذا الرابط مخصّص لصاحب الحساب { $address }.
reset-button = اختيار كلمة مرور جديدة
reset-app = الفتح في تطبيق بدلًا من ذلك

step-app = ثبّت تطبيقًا
step-app-hint = لديك تطبيق بالفعل؟ انتقل إلى الخطوة التالية.
step-join = انضم
step-join-hint = بعد تثبيت التطبيق، عُد إلى هذه الصفحة واضغط على الزر.
join-button = الانضمام إلى { $site }
step-account = أنشئ حسابك
step-account-hint = لن يستغرق ذلك سوى دقيقة، هنا في متصفحك. ثم سجّل الدخول من التطبيق الذي تختاره.
account-button = إنشاء حساب
account-instead = هل تفضّل إنشاء حسابك هنا في المتصفح؟
app-instead = هل لديك تطبيق يمكنه فتح الدعوات؟
device-choice = التطبيقات حسب الجهاز
device-apps = تطبيقات { $device }

qr-heading = تابع على هاتفك
qr-hint = وجّه الكاميرا نحو هذا الرمز.
qr-alt = رمز QR يحتوي على رابط هذه الصفحة

valid-until = هذا الرابط صالح حتى { $time }.
keep-link = هذه الدعوة لك، ويمكن لكل من لديه الرابط أن يستخدمها.
copy-link = نسخ الرابط
copied = تم النسخ

## Setting up one app

setup-heading = إعداد { $app }
setup-install = ثبّت { $app }
setup-install-hint = ثم عُد إلى هذه الصفحة.
setup-download = تنزيل
setup-website = الموقع الإلكتروني
setup-play-hint = إذا تم تثبيت التطبيق من زر Google Play، فسيتعرّف على دعوتك عند فتحه لأول مرة.
setup-open = فتح الدعوة في { $app }
setup-open-hint = بعد تثبيت التطبيق، اضغط على هذا الزر، والتطبيق يتولى الباقي.
setup-login = سجّل الدخول
setup-login-hint = افتح { $app } وسجّل الدخول بعنوانك الجديد وكلمة مرورك.
setup-back = اختيار تطبيق آخر

app-conversations = التطبيق الكلاسيكي على Android: بسيط وآمن ويدعم المكالمات.
app-yaxim = صغير وخفيف، ويناسب الهواتف القديمة أيضًا.
app-monal = لأجهزة iPhone وiPad وMac، ويدعم المكالمات.
app-snikket = سهل الاستخدام، ويدعم المكالمات.
app-gajim = غني بالميزات وقابل للتخصيص.
app-dino = واضح وبسيط، ويدعم المكالمات.
app-kaidan = مريح في الاستخدام، للهواتف والحواسيب.

## Creating the account

register-title = إنشاء حساب على { $site }
register-heading = أنشئ حسابك
register-lead = اختر اسمًا وكلمة مرور. يمكنك استخدامهما على { $site } مع أي تطبيق.
username-label = اسم المستخدم
username-hint = يتكوّن عنوانك من هذا الاسم ثم علامة @ ثم { $host }. يمكنك استخدام الحروف والأرقام والنقاط والشرطات.
address-preview = عنوانك: { $address }
password-label = كلمة المرور
password-hint = الحد الأدنى لعدد الأحرف: { $count }. بضع كلمات غير شائعة يسهل تذكّرها ويصعب تخمينها.
password-keep = اكتب كلمة المرور في مكان آمن أو احفظها في متصفحك، فلن يمكن عرضها مرة أخرى.
password-show = إظهار كلمة المرور
password-suggest = اقتراح كلمة مرور
register-button = إنشاء الحساب

strength-weak = سهلة التخمين
strength-fair = يمكن تحسينها
strength-good = جيدة
strength-strong = جيدة جدًا

error-heading = أوشكت على الانتهاء: صحّح ما هو محدّد أدناه.
error-title = خطأ: { $title }
name-empty = اختر اسمًا من فضلك.
name-invalid = لا يمكن استخدام هذا كاسم مستخدم. استخدم الحروف والأرقام والنقاط والشرطات، من دون مسافات.
name-invalid-try = يمكن أن يحتوي اسم المستخدم على حروف وأرقام ونقاط وشرطات فقط. ما رأيك في أحد هذه الأسماء؟
name-taken = هذا الاسم مستخدم بالفعل. اختر اسمًا آخر من فضلك.
name-taken-try = اسم المستخدم هذا محجوز. ما رأيك في أحد هذه الأسماء؟
name-not-yours = هذه الدعوة باسم { $username }. استخدم هذا الاسم من فضلك.
name-refused = الخادم لا يسمح بهذا الاسم. اختر اسمًا آخر من فضلك.
password-empty = اختر كلمة مرور من فضلك.
password-short = كلمة المرور قصيرة جدًا. الحد الأدنى لعدد الأحرف: { $count }.
password-long = كلمة المرور طويلة جدًا. الحد الأقصى لعدد الأحرف: { $count }.
password-weak = من السهل تخمين كلمة المرور هذه. أضف كلمة أو كلمتين.
password-forbidden = في كلمة المرور رمز لا تستطيع التطبيقات إرساله. استخدم الحروف والأرقام والعلامات والمسافات.
password-refused = الخادم لا يسمح بكلمة المرور هذه. اختر كلمة مرور أخرى من فضلك.
server-says = رد الخادم: { $reason }

server-refused-heading = لم تنجح العملية
server-refused = لم يتغيّر شيء، وما زالت دعوتك صالحة. حاول مرة أخرى، أو اسأل من دعاك.
server-away-heading = حاول مرة أخرى بعد بضع دقائق
server-away = لا يمكن الوصول إلى الخادم الآن. لم يتغيّر شيء، وما زالت دعوتك صالحة.
server-unknown-heading = لا نعرف هل نجحت العملية
server-unknown = توقف الخادم عن الرد في اللحظة الأخيرة. جرّب تسجيل الدخول من تطبيقك. إن لم ينجح ذلك، فعُد إلى هذه الصفحة بعد بضع دقائق وحاول مرة أخرى.
form-foreign-heading = أرسل النموذج مرة أخرى من فضلك
form-foreign = لم يُرسَل النموذج من هذه الصفحة، لذلك لم يتغيّر شيء. افتح دعوتك من جديد واملأ النموذج هناك.
busy-heading = هناك من يسجّل بهذه الدعوة الآن
busy = حاول مرة أخرى بعد دقيقة.
account-exists-heading = لهذا العنوان حساب بالفعل
account-exists = إن كان العنوان { $address } لك، فسجّل الدخول من تطبيقك. وإن نسيت كلمة المرور، فاطلب ممن دعاك رابطًا لاختيار كلمة مرور جديدة.
no-account-heading = لا يوجد حساب كهذا
no-account = لا يوجد حساب بالعنوان { $address }. اسأل من أرسل إليك هذا الرابط.
bound-name-refused-heading = الخادم لا يقبل هذا الاسم
bound-name-refused = هذه الدعوة مخصّصة للعنوان { $address } وحده، والخادم لا يسمح بهذا الاسم. اطلب دعوة جديدة ممن دعاك.
server-setup-heading = الخادم ليس جاهزًا لهذا بعد
server-setup = لم يُضبط بعد لاستقبال الدعوات، فلن تفيد المحاولة مرة أخرى. أخبر من أرسل إليك الرابط من فضلك. لم يتغيّر شيء، وما زال الرابط صالحًا.
server-encryption = لا تتفق هذه الصفحة مع الخادم على التشفير، فلن تفيد المحاولة هنا مرة أخرى. افتح الرابط في تطبيق، وأخبر من أرسله إليك من فضلك. لم يتغيّر شيء، وما زال الرابط صالحًا.
server-field = يطلب ممن يسجّل شيئًا لا تستطيع هذه الصفحة إرساله: { $field }. أخبر من أرسل إليك الرابط من فضلك. لم يتغيّر شيء، وما زال الرابط صالحًا.

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
reset-form-lead = لحسابك { $address }.
reset-form-button = حفظ كلمة المرور الجديدة
reset-done-heading = تم حفظ كلمة مرورك الجديدة
reset-done = من الآن فصاعدًا، سجّل الدخول إلى { $address } بكلمة المرور الجديدة. ستطلبها منك تطبيقاتك.

## When an invitation does not work

unknown-heading = لم يتم العثور على الدعوة
unknown-what = هذه الدعوة غير معروفة هنا. ربما لم يُنسخ الرابط كاملًا.
expired-heading = انتهت صلاحية الدعوة
expired-what = كانت هذه الدعوة صالحة لمدة محدودة، وقد انتهت.
used-heading = سبق استخدام الدعوة
used-what = انضم شخص ما بهذه الدعوة، وربما تكون أنت.
used-advice = إن كنت أنت من انضم، فافتح تطبيقك وسجّل الدخول بكلمة المرور التي اخترتها أول مرة. وإلا فاطلب رابطًا جديدًا ممن دعاك.
revoked-heading = تم سحب الدعوة
revoked-what = أُلغيت هذه الدعوة ولم تعد صالحة.
new-link-advice = اطلب رابطًا جديدًا ممن دعاك.
reset-expired-heading = انتهت صلاحية الرابط
reset-expired-what = روابط كلمة المرور الجديدة صالحة لمدة محدودة فقط.
reset-used-heading = سبق استخدام الرابط
reset-used-what = عُيّنت كلمة مرور جديدة بهذا الرابط، وربما تكون أنت من فعل ذلك.
reset-used-advice = إن كنت أنت، فسجّل الدخول بكلمة المرور التي اخترتها أول مرة. وإلا فاطلب رابطًا جديدًا ممن أعطاك هذا الرابط.
reset-revoked-heading = لم يعد الرابط صالحًا
reset-revoked-what = ربما أُرسل إليك رابط أحدث. إن كان كذلك، فاستخدمه.
reset-new-link-advice = اطلب رابطًا جديدًا ممن أعطاك هذا الرابط.

missing-heading = لا شيء هنا
missing-what = لا توجد صفحة على هذا العنوان.
missing-advice = إن وصلت إلى هنا من دعوة، فتأكد من نسخ الرابط كاملًا.

wait-heading = انتظر لحظة من فضلك
wait-what = وصلت من شبكتك طلبات كثيرة لدعوات غير معروفة هنا.
wait-advice = أعد تحميل هذه الصفحة بعد دقيقة. إن وصلت إلى هنا من دعوة، فتأكد من نسخ الرابط كاملًا.

trouble-heading = حاول مرة أخرى
trouble-what = لا يمكن فتح دعوتك الآن، لكنها لم تُفقد.
trouble-advice = أعد تحميل هذه الصفحة بعد دقيقة.
