# Polish (polski), informal, gender-neutral wording.

## On every page

language = Język
imprint = Informacje prawne
privacy = Prywatność
joiner = { " " }

## The invitation

invite-title = Zaproszenie do serwisu { $site }
contact-title = { $inviter } chce z tobą rozmawiać
reset-title = Nowe hasło do konta { $address }
invite-preview = Otwórz zaproszenie, aby dołączyć do serwisu { $site } i zacząć rozmawiać.
contact-preview = Otwórz zaproszenie i dodaj do swoich kontaktów: { $inviter }.
reset-preview = Otwórz link, aby ustawić nowe hasło.

join-contact = Gdy tylko dołączysz, { $inviter } pojawi się w twoich kontaktach.
join-about = Wysyłaj wiadomości i zdjęcia, rozmawiaj w grupach, w aplikacji, którą lubisz. Tak jak w e-mailu możesz pisać też do osób z innych serwisów.
join-name-kept = Adres { $address } czeka na ciebie.
join-places = { $count ->
        [one] Z tego linku może skorzystać jeszcze jedna osoba.
        [few] Z tego linku mogą skorzystać jeszcze { $count } osoby.
        [many] Z tego linku może skorzystać jeszcze { $count } osób.
       *[other] Z tego linku może skorzystać jeszcze { $count } osoby.
    }

contact-heading = { $inviter } chce z tobą rozmawiać
contact-invited = { $address } chce dodać cię do kontaktów.
contact-no-account = Nie masz jeszcze konta? Zainstaluj aplikację, załóż w niej konto i wróć na tę stronę.
contact-button = Dodaj kontakt: { $inviter }

reset-heading = Ustaw nowe hasło
reset-invited = Ten link jest tylko do konta { $address }. Nie udostępniaj go.
reset-button = Ustaw nowe hasło
reset-app = Albo otwórz w swojej aplikacji

step-app-hint = Masz już aplikację? Przejdź do następnego kroku.
step-join = Dołącz
join-button = Dołącz do serwisu { $site }
step-account = Załóż konto
step-account-hint = Zajmie to minutę, tutaj w przeglądarce. Potem zalogujesz się w wybranej aplikacji.
account-button = Załóż konto
device-choice = Wybierz urządzenie
device-ios = iPhone lub iPad

qr-heading = Kontynuuj na telefonie
qr-hint = Zeskanuj ten kod aparatem telefonu.
qr-alt = Kod QR, który otwiera tę stronę

keep-link = To zaproszenie jest tylko dla ciebie. Może z niego skorzystać każdy, kto ma link, więc nie udostępniaj go.
copied = Skopiowano

## Setting up one app

setup-heading = Skonfiguruj aplikację { $app }
setup-install = Zainstaluj aplikację { $app }
setup-install-hint = Potem wróć na tę stronę.
setup-download = Pobierz
setup-website = Otwórz stronę
setup-play-hint = Użyj przycisku Google Play: aplikacja będzie mieć twoje zaproszenie już przy pierwszym otwarciu.
setup-open = Otwórz zaproszenie w aplikacji { $app }
setup-open-hint = Gdy aplikacja będzie już zainstalowana, dotknij tego przycisku. Aplikacja poprowadzi cię dalej.
setup-login = Zaloguj się
setup-login-hint = Otwórz aplikację { $app } i zaloguj się, podając swój adres i hasło.
login-button = Znajdź w aplikacji „{ $button }”.
login-address = Pole „{ $address }” jest na twój adres.
setup-back = Wybierz inną aplikację

app-conversations = Klasyka na Androidzie: prosta, bezpieczna, można też dzwonić.
app-yaxim = Mała i lekka, także na starsze telefony.
app-monal = Na iPhone’a, iPada i Maca, można też dzwonić.
app-snikket = Łatwa w obsłudze, można też dzwonić.
app-gajim = Rozbudowana, można ją dopasować do siebie.
app-dino = Przejrzysta i prosta, można też dzwonić.
app-kaidan = Łatwa w obsłudze, na telefony i komputery.

## Creating the account

register-title = Załóż konto w serwisie { $site }
register-heading = Załóż konto
register-lead = Wybierz nazwę użytkownika i hasło. Będą działać w serwisie { $site } z każdą aplikacją.
username-label = Nazwa użytkownika
username-hint = Twój adres będzie wyglądać tak: nazwa@{ $host }. Możesz użyć liter, cyfr, kropek i myślników.
address-preview = Twój adres: { $address }
password-label = Hasło
password-hint = Użyj co najmniej { $count } znaków. Kilka nietypowych słów łatwo zapamiętać, a trudno odgadnąć.
password-keep = Zapisz je albo pozwól to zrobić przeglądarce: później nie da się go sprawdzić.
password-show = Pokaż hasło
password-suggest = Zaproponuj hasło
register-button = Załóż konto

strength-weak = Łatwe do odgadnięcia
strength-fair = Może być lepsze
strength-good = Dobre
strength-strong = Bardzo dobre

error-heading = Prawie gotowe: popraw to, co zaznaczono poniżej.
error-title = Błąd: { $title }
name-empty = Podaj nazwę użytkownika.
name-invalid = Nazwa użytkownika może zawierać tylko litery, cyfry, kropki i myślniki, bez spacji.
name-invalid-try = Nazwa użytkownika może zawierać tylko litery, cyfry, kropki i myślniki. Może jedna z tych?
name-taken = Ta nazwa użytkownika jest już zajęta. Wybierz inną.
name-taken-try = Ta nazwa użytkownika jest już zajęta. Może jedna z tych?
name-not-yours = To zaproszenie dotyczy nazwy użytkownika { $username }. Użyj właśnie jej.
name-refused = Tej nazwy użytkownika nie można tu użyć. Wybierz inną.
password-empty = Podaj hasło.
password-short = Za krótkie: użyj co najmniej { $count } znaków.
password-long = Hasło jest za długie. Wybierz krótsze.
password-weak = To hasło łatwo odgadnąć. Dodaj jeszcze jedno lub dwa słowa.
password-forbidden = Hasło zawiera znak, który nie działa w aplikacjach. Użyj liter, cyfr, symboli i spacji.
password-refused = Tego hasła nie można tu użyć. Wybierz inne.
server-says = Odpowiedź serwera: { $reason }

server-refused-heading = Nie udało się
server-refused = Nic się nie zmieniło, a twoje zaproszenie jest nadal ważne. Spróbuj ponownie albo zapytaj osobę, od której je masz.
server-away-heading = Spróbuj ponownie za kilka minut
server-away = W tej chwili nie można połączyć się z serwerem. Nic się nie zmieniło, a twoje zaproszenie jest nadal ważne.
server-unknown-heading = Nie wiemy, czy się udało
server-unknown = Serwer przestał odpowiadać. Spróbuj zalogować się w aplikacji. Jeśli to się nie uda, wróć na tę stronę za kilka minut i spróbuj ponownie.
form-foreign-heading = Wypełnij formularz jeszcze raz
form-foreign = Nie został wysłany z tej strony, więc dla bezpieczeństwa nic nie zrobiliśmy. Otwórz zaproszenie i wypełnij formularz, który się tam pojawi.
busy-heading = Ktoś właśnie rejestruje się z tym zaproszeniem
busy = Spróbuj ponownie za minutę.
account-exists-heading = Pod tym adresem istnieje już konto
account-exists = Jeśli { $address } to twój adres, zaloguj się w swojej aplikacji. Jeśli nie pamiętasz hasła, poproś osobę, od której masz zaproszenie, o link do ustawienia nowego.
no-account-heading = Nie ma takiego konta
no-account = Konto { $address } nie istnieje. Zapytaj osobę, od której masz ten link.
bound-name-refused-heading = Tej nazwy użytkownika nie można tu użyć
bound-name-refused = To zaproszenie jest tylko dla { $address }, a tej nazwy użytkownika nie można tu użyć. Poproś o nowe zaproszenie osobę, od której masz to.
server-setup-heading = Serwer nie jest jeszcze gotowy
server-setup = Nie jest jeszcze skonfigurowany do przyjmowania zaproszeń, więc ponowna próba nie pomoże. Daj znać osobie, od której masz ten link. Nic się nie zmieniło, a link jest nadal ważny.
server-encryption = Ta strona i serwer nie uzgodniły szyfrowania, więc ponowna próba tutaj nie pomoże. Otwórz link w aplikacji i daj znać osobie, od której go masz. Nic się nie zmieniło, a link jest nadal ważny.
server-field = Przy rejestracji wymaga czegoś, czego ta strona nie może wysłać: { $field }. Daj znać osobie, od której masz ten link. Nic się nie zmieniło, a link jest nadal ważny.

## When the account is there

welcome-title = Witamy w serwisie { $site }
youre-in = Udało się, { $name }!
in-contacts = { $inviter } już jest w twoich kontaktach.
are-in-groups = { $count ->
        [one] Jesteś w grupie { $groups }.
        [few] Jesteś w grupach { $groups }.
        [many] Jesteś w grupach { $groups }.
       *[other] Jesteś w grupach { $groups }.
    }
your-address = Twój adres
your-password = Twoje hasło
copy = Kopiuj
password-shown-once = Hasło pokazujemy tylko ten jeden raz.
password-yours = Użyj hasła ustawionego przy zakładaniu konta.
save-card = Zapisz jako kartę do wydruku
say-hello = Przywitaj się
write-to = Napisz do: { $inviter }
log-in-with = Zaloguj się w aplikacji { $app }
other-device = Także na innym urządzeniu
other-device-hint = Zainstaluj tam aplikację i zaloguj się, podając ten sam adres i hasło. Niektóre aplikacje mogą zamiast tego zeskanować ten kod:
credentials-qr = Kod QR z twoim adresem i hasłem
keep-private = Każdy, kto zobaczy ten kod, może zalogować się na twoje konto.
welcome-login = Otwórz aplikację i zaloguj się, podając swój adres i hasło.
welcome-choose = Wybierz aplikację
welcome-webchat = Rozmawiaj w przeglądarce

reset-form-heading = Nowe hasło
reset-form-lead = Do twojego konta { $address }
reset-form-button = Zapisz hasło
reset-done-heading = Hasło zostało zmienione
reset-done = Od teraz używaj nowego hasła do konta { $address }. Twoje aplikacje o nie zapytają.

## When an invitation does not work

unknown-heading = Nie znaleziono zaproszenia
unknown-what = Nie znamy tego zaproszenia. Być może link nie został skopiowany w całości.
expired-heading = Zaproszenie wygasło
expired-what = To zaproszenie było ważne tylko przez ograniczony czas.
used-heading = Zaproszenie już wykorzystane
used-what = Ktoś już skorzystał z tego zaproszenia. Czy to ty?
used-advice = Jeśli tak, otwórz aplikację i zaloguj się hasłem wybranym za pierwszym razem. Jeśli nie, poproś o nowe zaproszenie osobę, od której masz to.
revoked-heading = Zaproszenie wycofane
revoked-what = Nie jest już ważne.
new-link-advice = Poproś o nowe zaproszenie osobę, od której masz to.
reset-expired-heading = Link wygasł
reset-expired-what = Linki do ustawienia nowego hasła są ważne tylko przez ograniczony czas.
reset-used-heading = Link już wykorzystany
reset-used-what = Za pomocą tego linku ustawiono już nowe hasło. Czy to ty?
reset-used-advice = Jeśli tak, zaloguj się hasłem wybranym za pierwszym razem. Jeśli nie, poproś o nowy link tam, skąd masz ten.
reset-revoked-heading = Ten link nie jest już ważny
reset-revoked-what = Być może masz już nowszy link. Wtedy użyj jego.
reset-new-link-advice = Poproś o nowy link tam, skąd masz ten.
invited-by = Zaproszenie do serwisu { $site } wysyła { $inviter }.
ask-again = Poproś o nowe zaproszenie od: { $inviter }
ask-again-operator = Poproś o nowe zaproszenie
ask-again-reset = Poproś o nowy link
asked-heading = Prośba przekazana
asked = Gdy tylko zaproszenie zostanie odnowione, ten sam link znów zadziała.
asked-reset = Gdy tylko link zostanie odnowiony, znów zadziała.

already-joined = Mam już konto
joined-heading = To ty? W takim razie udało się!
joined = Ktoś skorzystał z tego zaproszenia. Jeśli to ty, rozmawiaj dalej w swojej aplikacji; tę stronę możesz zamknąć.
joined-not-you = To nie ty?
not-joined-heading = Jeszcze tego nie widzimy
not-joined = Na razie nikt nie skorzystał z tego zaproszenia. Dokończ tworzenie konta i sprawdź ponownie.
check-again = Sprawdź ponownie
back-to-invitation = Wróć do zaproszenia

missing-heading = Nie znaleziono strony
missing-what = Pod tym adresem nie ma żadnej strony.
missing-advice = Jeśli to link z zaproszenia, sprawdź, czy został skopiowany w całości.

wait-heading = Poczekaj chwilę
wait-what = Z twojej sieci otwarto zbyt wiele nieprawidłowych linków z zaproszeniem.
wait-advice = Odśwież tę stronę za minutę. Jeśli to link z zaproszenia, sprawdź, czy został skopiowany w całości.

trouble-heading = Coś poszło nie tak
trouble-what = W tej chwili nie możemy otworzyć twojego zaproszenia, ale ono nie przepadło.
trouble-advice = Odśwież tę stronę za minutę.
try-again = Spróbuj ponownie

## The first page, redesigned

invited-by-heading = { $inviter } zaprasza cię do rozmowy
invited-heading = Masz zaproszenie do rozmowy w serwisie { $site }
invited-by-title = { $inviter } zaprasza cię do serwisu { $site }
promise-free = Za darmo
promise-no-phone = Bez numeru telefonu
promise-no-ads = Bez reklam
get-app = Pobierz aplikację { $app }
app-costs = Płatna w tym sklepie
app-for-device = Aplikacja na: { $device }
in-browser = W przeglądarce, bez aplikacji
installed-open = Już zainstalowana? Otwórz zaproszenie
nothing-happens = Nic się nie dzieje po dotknięciu?
other-ways = Inna aplikacja, inne urządzenie albo przeglądarka
works-once-until = Tylko dla ciebie · ważne do { $date }
works-many-until = { $count ->
        [one] Dla jeszcze jednej osoby · ważne do { $date }
        [few] Dla jeszcze { $count } osób · ważne do { $date }
        [many] Dla jeszcze { $count } osób · ważne do { $date }
       *[other] Dla jeszcze { $count } osoby · ważne do { $date }
    }
works-for-all-until = Dla każdego, kto ma ten link · ważne do { $date }
expires-soon = Nie czekaj: ważne tylko do { $date }.
in-groups = { $count ->
        [one] Będziesz w grupie { $groups }.
        [few] Będziesz w grupach { $groups }.
        [many] Będziesz w grupach { $groups }.
       *[other] Będziesz w grupach { $groups }.
    }
rescue-install = Przycisk działa tylko wtedy, gdy aplikacja { $app } jest zainstalowana. Zainstaluj ją, wróć na tę stronę i dotknij „Otwórz zaproszenie”.
rescue-in-app = Ta strona otworzyła się w innej aplikacji, na przykład w komunikatorze? Otwórz ją w przeglądarce: dotknij menu w rogu ekranu, a potem „Otwórz w przeglądarce”.
rescue-paste = Albo skopiuj ten adres i wklej go w aplikacji:
rescue-browser = Albo zostaw aplikację na później i załóż konto w przeglądarce.
show-qr = Na innym telefonie lub tablecie? Skieruj jego aparat na ten kod.
who-runs = Kto prowadzi ten serwis?
list-separator = { ", " }
app-siskin = Rozbudowana, z rozmowami.
front-link = Link do zaproszenia
front-open = Otwórz zaproszenie
front-account = Masz już konto?
to-front = Przejdź na stronę główną
sheet-print = Drukuj
help-someone = Pomagasz komuś innemu? Wydrukuj instrukcję
front-what = Rozmawiaj z rodziną i przyjaciółmi w serwisie { $site }.
front-invitation = Dołączyć można z zaproszeniem. Poproś o nie kogoś, kto już tu jest.
front-have-link = Masz zaproszenie? Otwórz jeszcze raz jego link albo zeskanuj jego kod.
sheet-title = Jak zacząć rozmawiać w serwisie { $site }
sheet-for = Dla osoby, która pomaga
sheet-step-install = Zainstaluj aplikację { $app }.
sheet-step-scan = Zeskanuj ten kod aparatem telefonu i otwórz stronę.
sheet-step-open = Dotknij „Otwórz zaproszenie”, a potem wybierz nazwę użytkownika i hasło.
sheet-step-first = Wyślij pierwszą wiadomość do: { $inviter }.
sheet-address = Adres
sheet-password = Hasło
sheet-help = Do kogo zadzwonić po pomoc

console-heading = Administracja: { $site }
console-overview = Przegląd
console-invites = Zaproszenia
console-new = Nowe zaproszenie
console-sessions = Zalogowane przeglądarki
console-log-in = Zaloguj się
console-log-out = Wyloguj się
console-login-heading = Logowanie do administracji
console-login-what = Ten link działa jeden raz. Użyj go tylko wtedy, gdy jest twój.
console-link-over-heading = Ten link do logowania już nie działa
console-link-over-what = Link do logowania działa jeden raz, przez 15 minut.
console-out-heading = Brak aktywnego logowania
console-out-what = Sesja kończy się po 12 godzinach albo po 30 minutach bez użycia.
console-how = To polecenie na serwerze tworzy link do logowania:
console-old-form-heading = Ta strona była otwarta zbyt długo
console-old-form-what = Nic nie zostało zmienione. Wróć, odśwież stronę i spróbuj ponownie.
console-pending = Otwarte
console-used = Wykorzystane
console-expired = Wygasłe
console-revoked = Wycofane
console-all = Wszystkie
console-asked = Prośba o nowy link
console-pending-count = Otwarte zaproszenia
console-asked-count = Prośby o nowy link
console-joined-count = Nowe osoby w ostatnich siedmiu dniach
console-joined = Nowe osoby
console-nobody = Jeszcze nikt.
console-empty = Nie ma tu zaproszeń.
console-search = Szukaj w notatkach
console-show = Pokaż
console-older = Starsze
console-by = od
console-until = do
console-kind = Do czego?
console-account = Nowe konto
console-account-and-contact = Nowe konto i kontakt
console-contact = Kontakt
console-password-reset = Nowe hasło
console-for = Dla kogo? Tylko ty to widzisz.
console-username = Nazwa użytkownika (potrzebna tylko do nowego hasła)
console-message = Kilka słów do tej osoby (nieobowiązkowo)
console-uses = Dla ilu osób?
console-days = Ile dni ma być ważne?
console-make = Utwórz zaproszenie
console-wrong = Sprawdź wpisane dane.
console-code = Kod QR linku
console-preview = Zobacz, co zobaczy ta osoba
console-print = Wydrukuj kartkę
console-made = Utworzono
console-extend = Siedem dni dłużej
console-revoke = Wycofaj
console-restore = Przywróć ważność
console-since = Od
console-last-used = ostatnio używane
console-this-browser = ta przeglądarka
console-end = Wyloguj tam
