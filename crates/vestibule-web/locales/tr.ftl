# Türkçe (Turkish). The source is en.ftl.

## On every page

language = Dil
imprint = Yasal bilgiler
privacy = Gizlilik
joiner = { " " }

## The invitation

invite-title = { $site } daveti
contact-title = { $inviter } sizinle sohbet etmek istiyor
reset-title = { $address } için yeni şifre
invite-preview = { $site } platformuna katılıp yazışmaya başlamak için daveti açın.
contact-preview = { $inviter } kişisini kişilerinize eklemek için daveti açın.
reset-preview = Yeni bir şifre belirlemek için bağlantıyı açın.

join-contact = Katıldığınızda { $inviter } kişileriniz arasında olacak.
join-about = Beğendiğiniz uygulamayla mesaj ve fotoğraf gönderin, gruplarda konuşun. E-postada olduğu gibi başka hizmetleri kullananlara da yazabilirsiniz.
join-name-kept = { $address } adresi sizin için ayrıldı.
join-places = { $count ->
        [one] Bu bağlantıyı bir kişi daha kullanabilir.
       *[other] Bu bağlantıyı { $count } kişi daha kullanabilir.
    }

contact-heading = { $inviter } sizinle sohbet etmek istiyor
contact-invited = { $address } sizi kişilerine eklemek istiyor.
contact-no-account = Henüz hesabınız yok mu? Bir uygulama yükleyin, uygulamada hesap oluşturun, sonra bu sayfaya dönün.
contact-button = { $inviter } kişisini ekle

reset-heading = Yeni şifre belirleyin
reset-invited = Bu bağlantı yalnızca { $address } içindir. Kimseyle paylaşmayın.
reset-button = Yeni şifre belirle
reset-app = Bunun yerine uygulamada aç

step-app-hint = Zaten bir uygulamanız var mı? O zaman sonraki adıma geçin.
step-join = Katılın
join-button = { $site } platformuna katıl
step-account = Hesabınızı oluşturun
step-account-hint = Burada, tarayıcınızda bir dakikada biter. Sonra dilediğiniz uygulamayla giriş yaparsınız.
account-button = Hesap oluştur
device-choice = Cihaz seçimi
device-ios = iPhone veya iPad

qr-heading = Telefonunuzda devam edin
qr-hint = Telefonunuzun kamerasını bu koda tutun.
qr-alt = Bu sayfayı açan QR kodu

keep-link = Bu davet yalnızca sizin için. Bağlantıya sahip olan herkes kullanabilir, bu yüzden paylaşmayın.
copied = Kopyalandı

## Setting up one app

setup-heading = { $app } kurulumu
setup-install = { $app } uygulamasını yükleyin
setup-install-hint = Sonra bu sayfaya dönün.
setup-download = İndir
setup-website = Web sitesine git
setup-play-hint = Google Play düğmesini kullanın: uygulama ilk açılışta davetinizi tanır.
setup-open = Daveti { $app } ile aç
setup-open-hint = Uygulama yüklenince bu düğmeye dokunun. Uygulama kalan adımlarda size yol gösterir.
setup-login = Giriş yapın
setup-login-hint = { $app } uygulamasını açın, adresiniz ve şifrenizle giriş yapın.
login-button = Uygulamada “{ $button }” yazısını arayın.
login-address = “{ $address }” alanı adresiniz içindir.
setup-back = Başka bir uygulama seç

app-conversations = Android’in klasiği: sade ve güvenli; arama da yapabilirsiniz.
app-yaxim = Küçük ve hafif, eski telefonlar için de uygun.
app-monal = iPhone, iPad ve Mac için; arama da yapabilirsiniz.
app-snikket = Kullanımı kolay; arama da yapabilirsiniz.
app-gajim = Özellikleri zengin, dilediğiniz gibi ayarlanabilir.
app-dino = Temiz ve sade; arama da yapabilirsiniz.
app-kaidan = Kullanımı kolay; telefonlar ve bilgisayarlar için.

## Creating the account

register-title = { $site } için hesap oluşturun
register-heading = Hesabınızı oluşturun
register-lead = Bir kullanıcı adı ve şifre belirleyin. { $site } için her uygulamada bunları kullanabilirsiniz.
username-label = Kullanıcı adı
username-hint = Adresiniz kullaniciadi@{ $host } olacak. Harf, rakam, nokta ve tire kullanabilirsiniz.
address-preview = Adresiniz: { $address }
password-label = Şifre
password-hint = En az { $count } karakter. Az rastlanan birkaç sözcüğü hatırlamak kolay, tahmin etmek zordur.
password-keep = Şifreyi bir yere yazın ya da tarayıcınıza kaydedin: sonradan görüntülenemez.
password-show = Şifreyi göster
password-suggest = Şifre öner
register-button = Hesap oluştur

strength-weak = Tahmin etmesi kolay
strength-fair = Daha iyi olabilir
strength-good = İyi
strength-strong = Çok iyi

error-heading = Az kaldı: lütfen aşağıda işaretli yerleri düzeltin.
error-title = Hata: { $title }
name-empty = Bir kullanıcı adı belirleyin.
name-invalid = Kullanıcı adında yalnızca harf, rakam, nokta ve tire olabilir; boşluk olamaz.
name-invalid-try = Kullanıcı adında yalnızca harf, rakam, nokta ve tire olabilir. Şunlardan birine ne dersiniz?
name-taken = Bu kullanıcı adı alınmış. Başka bir ad deneyin.
name-taken-try = Bu kullanıcı adı alınmış. Şunlardan birine ne dersiniz?
name-not-yours = Bu davet { $username } kullanıcı adı için. Lütfen bu adı kullanın.
name-refused = Bu kullanıcı adı burada kullanılamaz. Başka bir ad deneyin.
password-empty = Bir şifre belirleyin.
password-short = Çok kısa: en az { $count } karakter kullanın.
password-long = Çok uzun: daha kısa bir şifre belirleyin.
password-weak = Bu şifreyi tahmin etmek kolay. Bir iki sözcük daha ekleyin.
password-forbidden = Şifrede uygulamalarda çalışmayan bir karakter var. Harf, rakam, simge ve boşluk kullanın.
password-refused = Bu şifre burada kullanılamaz. Başka bir şifre deneyin.
server-says = Sunucunun yanıtı: { $reason }

server-refused-heading = İşlem tamamlanamadı
server-refused = Hiçbir şey değişmedi, davetiniz hâlâ geçerli. Lütfen yeniden deneyin ya da sizi davet eden kişiye sorun.
server-away-heading = Lütfen birkaç dakika sonra yeniden deneyin
server-away = Sunucuya şu anda ulaşılamıyor. Hiçbir şey değişmedi, davetiniz hâlâ geçerli.
server-unknown-heading = Tamamlandı mı, emin değiliz
server-unknown = Sunucu yanıt vermeyi kesti. Uygulamanızla giriş yapmayı deneyin. Olmazsa birkaç dakika sonra bu sayfaya dönüp yeniden deneyin.
form-foreign-heading = Lütfen formu yeniden doldurun
form-foreign = Form bu sayfadan gönderilmediği için güvenlik amacıyla hiçbir işlem yapmadık. Davetinizi açıp formu orada doldurun.
busy-heading = Şu anda biri bu davetle kaydoluyor
busy = Bir dakika sonra yeniden deneyin.
account-exists-heading = Bu adresin zaten bir hesabı var
account-exists = { $address } sizinse uygulamanızla giriş yapın. Şifreyi unuttuysanız sizi davet eden kişiden yeni şifre için bir bağlantı isteyin.
no-account-heading = Böyle bir hesap yok
no-account = { $address } adında bir hesap yok. Size bu bağlantıyı gönderen kişiye sorun.
bound-name-refused-heading = Bu kullanıcı adı burada kullanılamaz
bound-name-refused = Bu davet yalnızca { $address } içindir ve bu kullanıcı adı burada kullanılamaz. Sizi davet eden kişiden yeni bir davet isteyin.
server-setup-heading = Sunucu buna henüz hazır değil
server-setup = Davetler için henüz ayarlanmamış, bu yüzden yeniden denemek işe yaramaz. Lütfen bağlantıyı gönderen kişiye haber verin. Hiçbir şey değişmedi, bağlantı hâlâ geçerli.
server-encryption = Bu sayfa ile sunucu şifreleme konusunda anlaşamıyor, bu yüzden burada yeniden denemek işe yaramaz. Bağlantıyı bir uygulamada açın ve gönderen kişiye haber verin. Hiçbir şey değişmedi, bağlantı hâlâ geçerli.
server-field = Kaydolan herkesten bu sayfanın gönderemediği bir bilgi istiyor: { $field }. Lütfen bağlantıyı gönderen kişiye haber verin. Hiçbir şey değişmedi, bağlantı hâlâ geçerli.

## When the account is there

welcome-title = { $site } platformuna hoş geldiniz
youre-in = Aramıza hoş geldiniz, { $name }!
in-contacts = { $inviter } artık kişileriniz arasında.
are-in-groups = { $count ->
        [one] { $groups } grubundasınız.
       *[other] { $groups } gruplarındasınız.
    }
your-address = Adresiniz
your-password = Şifreniz
copy = Kopyala
password-shown-once = Şifre yalnızca bu kez gösterilir.
password-yours = Belirlediğiniz şifreyi kullanın.
save-card = Yazdırmak için kart olarak kaydet
say-hello = Selam verin
write-to = { $inviter } kişisine yaz
log-in-with = { $app } ile giriş yap
other-device = Başka bir cihazda da
other-device-hint = Orada bir uygulama yükleyin, aynı adres ve şifreyle giriş yapın. Bazı uygulamalar bunun yerine bu kodu okutabilir:
credentials-qr = Adresinizi ve şifrenizi içeren QR kodu
keep-private = Bu kodu gören herkes sizin hesabınızla giriş yapabilir.
welcome-login = Uygulamayı açın, adresiniz ve şifrenizle giriş yapın.
welcome-choose = Bir uygulama seçin
welcome-webchat = Tarayıcıda sohbet et

reset-form-heading = Yeni şifre
reset-form-lead = { $address } hesabınız için
reset-form-button = Şifreyi kaydet
reset-done-heading = Şifreniz değiştirildi
reset-done = Artık { $address } için yeni şifreyi kullanın. Uygulamalarınız sizden bu şifreyi isteyecek.

## When an invitation does not work

unknown-heading = Davet bulunamadı
unknown-what = Burada böyle bir davet yok. Bağlantı eksik kopyalanmış olabilir.
expired-heading = Davetin süresi doldu
expired-what = Bu davet yalnızca belirli bir süre geçerliydi.
used-heading = Bu davet kullanılmış
used-what = Bu davetle biri katılmış. Siz miydiniz?
used-advice = Sizseniz uygulamanızı açıp ilk belirlediğiniz şifreyle giriş yapın. Değilse sizi davet eden kişiden yeni bir davet isteyin.
revoked-heading = Davet iptal edildi
revoked-what = Bu davet artık geçerli değil.
new-link-advice = Sizi davet eden kişiden yeni bir davet isteyin.
reset-expired-heading = Bağlantının süresi doldu
reset-expired-what = Yeni şifre bağlantıları yalnızca belirli bir süre geçerlidir.
reset-used-heading = Bu bağlantı kullanılmış
reset-used-what = Bu bağlantıyla yeni bir şifre belirlenmiş. Siz miydiniz?
reset-used-advice = Sizseniz ilk belirlediğiniz şifreyle giriş yapın. Değilse bu bağlantıyı aldığınız yerden yeni bir bağlantı isteyin.
reset-revoked-heading = Bağlantı artık geçerli değil
reset-revoked-what = Size daha yeni bir bağlantı gönderilmiş olabilir. Öyleyse onu kullanın.
reset-new-link-advice = Bu bağlantıyı aldığınız yerden yeni bir bağlantı isteyin.
invited-by = { $inviter } sizi { $site } platformuna davet etti.
ask-again = { $inviter } kişisinden yeni davet iste
ask-again-operator = Yeni davet iste
ask-again-reset = Yeni bağlantı iste
asked-heading = Talebinizi ilettik
asked = Davetiniz yenilenir yenilenmez bu bağlantı yeniden çalışacak.
asked-reset = Bağlantınız yenilenir yenilenmez yeniden çalışacak.

already-joined = Zaten katıldım
joined-heading = Siz miydiniz? O zaman aramıza hoş geldiniz!
joined = Bu davetle biri katıldı. Sizseniz sohbete uygulamanızda devam edin; bu sayfayı kapatabilirsiniz.
joined-not-you = Siz değil miydiniz?
not-joined-heading = Henüz göremiyoruz
not-joined = Bu davetle henüz kimse katılmadı. Hesabınızı oluşturmayı tamamlayın, sonra yeniden kontrol edin.
check-again = Yeniden kontrol et
back-to-invitation = Davete dön

missing-heading = Sayfa bulunamadı
missing-what = Bu adreste bir sayfa yok.
missing-advice = Bir davetle geldiyseniz bağlantının eksiksiz kopyalandığından emin olun.

wait-heading = Lütfen biraz bekleyin
wait-what = Bulunduğunuz ağdan çok fazla hatalı davet bağlantısı açıldı.
wait-advice = Bir dakika sonra sayfayı yenileyin. Bir davetle geldiyseniz bağlantının eksiksiz kopyalandığından emin olun.

trouble-heading = Bir sorun oluştu
trouble-what = Davetiniz şu anda açılamıyor. Merak etmeyin, kaybolmadı.
trouble-advice = Bir dakika sonra sayfayı yenileyin.
try-again = Yeniden dene

## The first page, redesigned

invited-by-heading = { $inviter } sizi sohbete davet ediyor
invited-heading = { $site } üzerinden sohbete davetlisiniz
invited-by-title = { $inviter } sizi { $site } platformuna davet ediyor
promise-free = Ücretsiz
promise-no-phone = Telefon numarası gerekmez
promise-no-ads = Reklamsız
get-app = { $app } uygulamasını indir
app-costs = Bu mağazada ücretli
app-for-device = { $device } için uygulama
in-browser = Tarayıcıda, uygulama olmadan
installed-open = Zaten yüklü mü? Daveti açın
nothing-happens = Dokununca bir şey olmuyor mu?
other-ways = Başka bir uygulama, başka bir cihaz ya da tarayıcı
works-once-until = Yalnızca sizin için · { $date } tarihine kadar geçerli
works-many-until = { $count ->
        [one] Bir kişi daha katılabilir · { $date } tarihine kadar geçerli
       *[other] { $count } kişi daha katılabilir · { $date } tarihine kadar geçerli
    }
works-for-all-until = Bu bağlantıya sahip herkes için · { $date } tarihine kadar geçerli
expires-soon = Beklemeyin: yalnızca { $date } tarihine kadar geçerli.
in-groups = { $count ->
        [one] { $groups } grubunda olacaksınız.
       *[other] { $groups } gruplarında olacaksınız.
    }
rescue-install = Düğme yalnızca { $app } yüklüyse çalışır. Uygulamayı yükleyin, bu sayfaya dönün ve “Daveti açın” yazısına dokunun.
rescue-in-app = Bu sayfayı mesajlaşma uygulaması gibi başka bir uygulamanın içinde mi açtınız? Tarayıcınızda açın: ekranın köşesindeki menüye, sonra “Tarayıcıda aç” seçeneğine dokunun.
rescue-paste = Ya da bu adresi kopyalayıp uygulamaya yapıştırın:
rescue-browser = Ya da uygulamayı şimdilik atlayıp hesabınızı tarayıcıda oluşturun.
show-qr = Başka bir telefonda ya da tablette mi? Kamerasını bu koda tutun.
who-runs = Bu hizmeti kim yönetiyor?
list-separator = { ", " }
app-siskin = Kapsamlı, aramalarla.
front-link = Davetinizin bağlantısı
front-open = Daveti aç
front-account = Zaten hesabınız var mı?
to-front = Başlangıç sayfasına git
sheet-print = Yazdır
help-someone = Bunu başka biri için mi kuruyorsunuz? Bir sayfa yazdırın
front-what = { $site } üzerinden aileniz ve arkadaşlarınızla sohbet edin.
front-invitation = Davetle katılabilirsiniz. Zaten burada olan birinden size davet göndermesini isteyin.
front-have-link = Davetiniz var mı? Bağlantısını yeniden açın ya da kodunu okutun.
sheet-title = { $site } üzerinden sohbete başlama
sheet-for = Yardım eden kişi için
sheet-step-install = { $app } uygulamasını yükleyin.
sheet-step-scan = Bu kodu telefonun kamerasıyla okutun ve sayfayı açın.
sheet-step-open = “Daveti açın” yazısına dokunun, sonra bir kullanıcı adı ve şifre belirleyin.
sheet-step-first = { $inviter } kişisine ilk mesajı gönderin.
sheet-address = Adres
sheet-password = Şifre
sheet-help = Yardım için kimi aramalı

console-heading = { $site } yönetimi
console-overview = Genel bakış
console-invites = Davetler
console-new = Yeni davet
console-sessions = Oturum açık tarayıcılar
console-log-in = Oturum aç
console-log-out = Oturumu kapat
console-login-heading = Yönetimde oturum aç
console-login-what = Bu bağlantı bir kez çalışır. Yalnızca kendiniz oluşturduysanız kullanın.
console-link-over-heading = Bu giriş bağlantısı artık çalışmıyor
console-link-over-what = Giriş bağlantısı 15 dakika içinde, bir kez çalışır.
console-out-heading = Oturumunuz açık değil
console-out-what = Oturum 12 saat sonra veya 30 dakika kullanılmazsa kapanır.
console-how = Sunucudaki şu komut bir giriş bağlantısı oluşturur:
console-old-form-heading = Bu sayfa çok uzun süre açık kaldı
console-old-form-what = Hiçbir şey değiştirilmedi. Geri dönün, sayfayı yenileyin ve yeniden deneyin.
console-pending = Açık
console-used = Kullanıldı
console-expired = Süresi doldu
console-revoked = Geri alındı
console-all = Tümü
console-asked = Yeni bağlantı istiyor
console-pending-count = Açık davetler
console-asked-count = Yeni bağlantı isteyenler
console-joined-count = Son yedi günde katılanlar
console-joined = Katılanlar
console-nobody = Henüz kimse yok.
console-empty = Burada davet yok.
console-search = Notlarınızda arayın
console-show = Göster
console-older = Daha eskiler
console-by = davet eden:
console-until = son gün:
console-kind = Ne için?
console-account = Yeni hesap
console-account-and-contact = Yeni hesap ve kişi
console-contact = Kişi
console-password-reset = Yeni parola
console-for = Kimin için? Bunu yalnızca siz görürsünüz.
console-username = Kullanıcı adı (yalnızca yeni parola için gerekli)
console-message = Kişiye birkaç söz (isteğe bağlı)
console-uses = Kaç kişi için?
console-days = Kaç gün geçerli?
console-make = Davet oluştur
console-wrong = Lütfen yazdıklarınızı denetleyin.
console-code = Bağlantının QR kodu
console-preview = Kişinin ne göreceğine bakın
console-print = Bir sayfa yazdır
console-made = Oluşturuldu:
console-extend = Yedi gün daha
console-revoke = Geri al
console-restore = Yeniden geçerli yap
console-since = Başlangıç:
console-last-used = son kullanım:
console-this-browser = bu tarayıcı
console-end = Oradaki oturumu kapat
