# German (Deutsch), formal: Sie. Shown instead of de.ftl where the operator chooses it.

## On every page

language = Sprache
imprint = Impressum
privacy = Datenschutz
joiner = { " " }

## The invitation

invite-title = Einladung zu { $site }
contact-title = { $inviter } möchte mit Ihnen chatten
reset-title = Neues Passwort für { $address }
invite-preview = Öffnen Sie Ihre Einladung, kommen Sie zu { $site } und legen Sie gleich los.
contact-preview = Öffnen Sie die Einladung, um { $inviter } zu Ihren Kontakten hinzuzufügen.
reset-preview = Öffnen Sie den Link, um ein neues Passwort zu wählen.

join-contact = Sobald Sie dabei sind, finden Sie { $inviter } in Ihren Kontakten.
join-about = Schreiben Sie Nachrichten, schicken Sie Fotos und chatten Sie in Gruppen, mit der App, die Ihnen gefällt. Wie bei E-Mail erreichen Sie auch Menschen bei anderen Anbietern.
join-name-kept = Die Adresse { $address } ist für Sie reserviert.
join-places = { $count ->
        [one] Dieser Link gilt noch für eine weitere Person.
       *[other] Dieser Link gilt noch für { $count } weitere Personen.
    }

contact-heading = { $inviter } möchte mit Ihnen chatten
contact-invited = { $address } möchte Sie als Kontakt hinzufügen.
contact-no-account = Noch kein Konto? Installieren Sie eine App, erstellen Sie darin ein Konto und kommen Sie dann auf diese Seite zurück.
contact-button = { $inviter } hinzufügen

reset-heading = Wählen Sie ein neues Passwort
reset-invited = Dieser Link ist nur für { $address }. Geben Sie ihn nicht weiter.
reset-button = Neues Passwort wählen
reset-app = Oder in Ihrer App öffnen

step-app-hint = Haben Sie schon eine? Dann weiter mit dem nächsten Schritt.
step-join = Beitreten
join-button = { $site } beitreten
step-account = Erstellen Sie Ihr Konto
step-account-hint = Das dauert eine Minute, direkt hier im Browser. Danach melden Sie sich mit der App Ihrer Wahl an.
account-button = Konto erstellen
device-choice = Gerät wählen
device-ios = iPhone oder iPad

qr-heading = Weiter auf dem Handy
qr-hint = Scannen Sie diesen Code mit der Kamera Ihres Handys.
qr-alt = QR-Code mit dem Link zu dieser Seite

keep-link = Diese Einladung ist nur für Sie. Wer den Link hat, kann sie nutzen. Geben Sie ihn also nicht weiter.
copied = Kopiert

## Setting up one app

setup-heading = { $app } einrichten
setup-install = { $app } installieren
setup-install-hint = Kommen Sie danach auf diese Seite zurück.
setup-download = Herunterladen
setup-website = Website öffnen
setup-play-hint = Wenn Sie über den Knopf von Google Play installieren, kennt die App Ihre Einladung schon beim ersten Öffnen.
setup-open = Einladung in { $app } öffnen
setup-open-hint = Tippen Sie auf diesen Knopf, sobald die App installiert ist. Die App führt Sie durch den Rest.
setup-login = Melden Sie sich an
setup-login-hint = Öffnen Sie { $app } und melden Sie sich mit Ihrer Adresse und Ihrem Passwort an.
login-button = Suchen Sie in der App nach „{ $button }“.
login-address = Das Feld „{ $address }“ ist für Ihre Adresse.
setup-back = Andere App wählen

app-conversations = Der Klassiker für Android: einfach, sicher, auch zum Telefonieren.
app-yaxim = Klein und schlank, auch für ältere Handys.
app-monal = Für iPhone, iPad und Mac, auch zum Telefonieren.
app-snikket = Leicht zu bedienen, auch zum Telefonieren.
app-gajim = Kann viel und lässt sich anpassen.
app-dino = Übersichtlich und einfach, auch zum Telefonieren.
app-kaidan = Leicht zu bedienen, für Handy und Computer.

## Creating the account

register-title = Konto bei { $site } erstellen
register-heading = Erstellen Sie Ihr Konto
register-lead = Wählen Sie einen Benutzernamen und ein Passwort. Damit melden Sie sich in jeder App bei { $site } an.
username-label = Benutzername
username-hint = Ihre Adresse lautet dann benutzername@{ $host }. Erlaubt sind Buchstaben, Ziffern, Punkte und Bindestriche.
address-preview = Ihre Adresse: { $address }
password-label = Passwort
password-hint = Mindestens { $count } Zeichen. Ein paar ungewöhnliche Wörter sind leicht zu merken und schwer zu erraten.
password-keep = Schreiben Sie es auf oder lassen Sie es Ihren Browser speichern: Später können Sie es nirgends nachsehen.
password-show = Passwort anzeigen
password-suggest = Passwort vorschlagen
register-button = Konto erstellen

strength-weak = Leicht zu erraten
strength-fair = Geht noch besser
strength-good = Gut
strength-strong = Sehr gut

error-heading = Fast geschafft! Bitte korrigieren Sie, was unten markiert ist.
error-title = Fehler: { $title }
name-empty = Wählen Sie einen Benutzernamen.
name-invalid = Ein Benutzername darf nur Buchstaben, Ziffern, Punkte und Bindestriche enthalten, keine Leerzeichen.
name-invalid-try = Ein Benutzername darf nur Buchstaben, Ziffern, Punkte und Bindestriche enthalten. Wie wäre es mit einem von diesen?
name-taken = Dieser Benutzername ist schon vergeben. Probieren Sie einen anderen.
name-taken-try = Dieser Benutzername ist schon vergeben. Wie wäre es mit einem von diesen?
name-not-yours = Diese Einladung gilt für den Benutzernamen { $username }. Bitte nehmen Sie diesen.
name-refused = Dieser Benutzername ist hier nicht erlaubt. Probieren Sie einen anderen.
password-empty = Wählen Sie ein Passwort.
password-short = Zu kurz: Bitte nehmen Sie mindestens { $count } Zeichen.
password-long = Zu lang: Wählen Sie ein kürzeres Passwort.
password-weak = Dieses Passwort ist leicht zu erraten. Hängen Sie noch ein oder zwei Wörter an.
password-forbidden = Das Passwort enthält ein Zeichen, mit dem Apps nicht zurechtkommen. Nehmen Sie Buchstaben, Ziffern, Sonderzeichen und Leerzeichen.
password-refused = Dieses Passwort ist hier nicht erlaubt. Probieren Sie ein anderes.
server-says = Antwort des Servers: { $reason }

server-refused-heading = Das hat nicht geklappt
server-refused = Es wurde nichts geändert, und Ihre Einladung gilt weiterhin. Versuchen Sie es noch einmal oder wenden Sie sich an die Person, die Sie eingeladen hat.
server-away-heading = Bitte versuchen Sie es in ein paar Minuten noch einmal
server-away = Der Server ist gerade nicht erreichbar. Es wurde nichts geändert, und Ihre Einladung gilt weiterhin.
server-unknown-heading = Wir wissen nicht, ob es geklappt hat
server-unknown = Der Server antwortet nicht mehr. Versuchen Sie, sich mit Ihrer App anzumelden. Wenn das nicht klappt, kommen Sie in ein paar Minuten auf diese Seite zurück und versuchen Sie es noch einmal.
form-foreign-heading = Bitte füllen Sie das Formular noch einmal aus
form-foreign = Es wurde nicht von dieser Seite abgeschickt, deshalb haben wir sicherheitshalber nichts getan. Öffnen Sie Ihre Einladung und füllen Sie das Formular dort aus.
busy-heading = Gerade registriert sich jemand mit dieser Einladung
busy = Versuchen Sie es in einer Minute noch einmal.
account-exists-heading = Für diese Adresse gibt es schon ein Konto
account-exists = Wenn { $address } Ihnen gehört, melden Sie sich mit Ihrer App an. Haben Sie das Passwort vergessen, bitten Sie die Person, die Sie eingeladen hat, um einen Link für ein neues.
no-account-heading = Dieses Konto gibt es nicht
no-account = Es gibt kein Konto { $address }. Fragen Sie die Person, die Ihnen diesen Link geschickt hat.
bound-name-refused-heading = Dieser Benutzername ist hier nicht erlaubt
bound-name-refused = Diese Einladung gilt nur für { $address }, und dieser Benutzername ist hier nicht erlaubt. Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.
server-setup-heading = Der Server ist dafür noch nicht eingerichtet
server-setup = Er kann noch nichts mit Einladungen anfangen, ein neuer Versuch hilft also nicht. Bitte sagen Sie der Person Bescheid, die Ihnen den Link geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.
server-encryption = Diese Seite und der Server sind sich über die Verschlüsselung nicht einig, ein neuer Versuch hier hilft also nicht. Öffnen Sie den Link stattdessen in einer App, und sagen Sie bitte der Person Bescheid, die ihn Ihnen geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.
server-field = Er verlangt von allen, die sich registrieren, etwas, das diese Seite nicht senden kann: { $field }. Bitte sagen Sie der Person Bescheid, die Ihnen den Link geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.

## When the account is there

welcome-title = Willkommen bei { $site }
youre-in = Sie sind dabei, { $name }!
in-contacts = { $inviter } ist schon in Ihren Kontakten.
are-in-groups = { $count ->
        [one] Sie sind in der Gruppe { $groups }.
       *[other] Sie sind in den Gruppen { $groups }.
    }
your-address = Ihre Adresse
your-password = Ihr Passwort
copy = Kopieren
password-shown-once = Das Passwort wird nur dieses eine Mal angezeigt.
password-yours = Nehmen Sie das Passwort, das Sie gewählt haben.
save-card = Als Karte zum Ausdrucken speichern
say-hello = Sagen Sie Hallo
write-to = { $inviter } schreiben
log-in-with = Mit { $app } anmelden
other-device = Auch auf einem anderen Gerät
other-device-hint = Installieren Sie dort eine App und melden Sie sich mit derselben Adresse und demselben Passwort an. Manche Apps können stattdessen diesen Code scannen:
credentials-qr = QR-Code mit Ihrer Adresse und Ihrem Passwort
keep-private = Wer diesen Code sieht, kann sich mit Ihrem Konto anmelden.
welcome-login = Öffnen Sie die App und melden Sie sich mit Ihrer Adresse und Ihrem Passwort an.
welcome-choose = App auswählen
welcome-webchat = Im Browser chatten

reset-form-heading = Neues Passwort
reset-form-lead = Für Ihr Konto { $address }
reset-form-button = Neues Passwort speichern
reset-done-heading = Ihr Passwort wurde geändert
reset-done = Ab jetzt gilt für { $address } das neue Passwort. Ihre Apps fragen Sie danach.

## When an invitation does not work

unknown-heading = Einladung nicht gefunden
unknown-what = Diese Einladung ist hier nicht bekannt. Vielleicht wurde der Link nicht vollständig kopiert.
expired-heading = Einladung abgelaufen
expired-what = Diese Einladung galt nur für begrenzte Zeit.
used-heading = Einladung schon genutzt
used-what = Mit dieser Einladung ist schon jemand beigetreten. Waren Sie das?
used-advice = Wenn ja, öffnen Sie Ihre App und melden Sie sich mit dem Passwort an, das Sie zuerst gewählt haben. Wenn nicht, bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.
revoked-heading = Einladung zurückgezogen
revoked-what = Sie gilt nicht mehr.
new-link-advice = Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.
reset-expired-heading = Link abgelaufen
reset-expired-what = Links für ein neues Passwort gelten nur für begrenzte Zeit.
reset-used-heading = Link schon genutzt
reset-used-what = Mit diesem Link wurde schon ein neues Passwort gesetzt. Waren Sie das?
reset-used-advice = Wenn ja, melden Sie sich mit dem Passwort an, das Sie zuerst gewählt haben. Wenn nicht, bitten Sie dort um einen neuen Link, wo Sie diesen bekommen haben.
reset-revoked-heading = Link nicht mehr gültig
reset-revoked-what = Vielleicht haben Sie einen neueren Link bekommen. Dann nehmen Sie den.
reset-new-link-advice = Bitten Sie dort um einen neuen Link, wo Sie diesen bekommen haben.
invited-by = { $inviter } hat Sie zu { $site } eingeladen.
ask-again = { $inviter } um eine neue Einladung bitten
ask-again-operator = Um eine neue Einladung bitten
ask-again-reset = Um einen neuen Link bitten
asked-heading = Wir haben es weitergegeben
asked = Sobald Ihre Einladung erneuert ist, funktioniert dieser Link wieder.
asked-reset = Sobald Ihr Link erneuert ist, funktioniert er wieder.

already-joined = Ich bin schon beigetreten
joined-heading = Waren Sie das? Dann sind Sie dabei!
joined = Mit dieser Einladung ist jemand beigetreten. Wenn Sie das waren, chatten Sie in Ihrer App weiter; diese Seite können Sie schließen.
joined-not-you = Das waren nicht Sie?
not-joined-heading = Wir sehen noch nichts
not-joined = Mit dieser Einladung ist bisher niemand beigetreten. Schließen Sie das Erstellen Ihres Kontos ab und sehen Sie dann noch einmal nach.
check-again = Noch einmal nachsehen
back-to-invitation = Zurück zur Einladung

missing-heading = Seite nicht gefunden
missing-what = Unter dieser Adresse gibt es keine Seite.
missing-advice = Wenn Sie eine Einladung geöffnet haben, prüfen Sie, ob der Link vollständig kopiert wurde.

wait-heading = Bitte warten Sie einen Moment
wait-what = Aus Ihrem Netz wurden zu viele Einladungslinks geöffnet, die nicht stimmen.
wait-advice = Laden Sie diese Seite in einer Minute neu. Wenn Sie eine Einladung geöffnet haben, prüfen Sie, ob der Link vollständig kopiert wurde.

trouble-heading = Da ist etwas schiefgelaufen
trouble-what = Wir können Ihre Einladung gerade nicht öffnen. Keine Sorge, sie ist nicht verloren.
trouble-advice = Laden Sie diese Seite in einer Minute neu.
try-again = Noch einmal versuchen

## The first page, redesigned

invited-by-heading = { $inviter } lädt Sie zum Chatten ein
invited-heading = Sie sind eingeladen, bei { $site } zu chatten
invited-by-title = { $inviter } lädt Sie zu { $site } ein
promise-free = Kostenlos
promise-no-phone = Ohne Telefonnummer
promise-no-ads = Ohne Werbung
get-app = { $app } holen
app-costs = In diesem Store kostenpflichtig
app-for-device = Die App für { $device }
in-browser = Im Browser, ohne App
installed-open = Schon installiert? Einladung öffnen
nothing-happens = Beim Antippen passiert nichts?
other-ways = Andere App, anderes Gerät oder im Browser
works-once-until = Nur für Sie · gültig bis { $date }
works-many-until = { $count ->
        [one] Für eine weitere Person · gültig bis { $date }
       *[other] Für { $count } weitere Personen · gültig bis { $date }
    }
works-for-all-until = Für alle, die diesen Link haben · gültig bis { $date }
expires-soon = Warten Sie nicht: gültig nur bis { $date }.
in-groups = { $count ->
        [one] Sie sind dann in der Gruppe { $groups }.
       *[other] Sie sind dann in den Gruppen { $groups }.
    }
rescue-install = Der Knopf funktioniert nur, wenn { $app } installiert ist. Installieren Sie die App, kommen Sie auf diese Seite zurück und tippen Sie auf „Einladung öffnen“.
rescue-in-app = Haben Sie diese Seite in einer anderen App geöffnet, zum Beispiel in einem Messenger? Öffnen Sie sie im Browser: Tippen Sie auf das Menü in der Ecke des Bildschirms und dann auf „Im Browser öffnen“.
rescue-paste = Oder kopieren Sie diese Adresse und fügen Sie sie in der App ein:
rescue-browser = Oder lassen Sie die App vorerst weg und erstellen Sie Ihr Konto im Browser.
show-qr = Auf einem anderen Handy oder Tablet? Richten Sie dessen Kamera auf diesen Code.
who-runs = Wer betreibt das hier?
list-separator = { ", " }
app-siskin = Großer Funktionsumfang, mit Anrufen.
front-link = Link Ihrer Einladung
front-open = Einladung öffnen
front-account = Haben Sie schon ein Konto?
to-front = Zur Startseite
sheet-print = Drucken
help-someone = Richten Sie das für jemand anderen ein? Anleitung drucken
front-what = Chatten Sie mit Familie und Freunden bei { $site }.
front-invitation = Dabei sein können Sie mit einer Einladung. Bitten Sie jemanden, der schon hier ist, Ihnen eine zu schicken.
front-have-link = Haben Sie eine Einladung? Öffnen Sie deren Link noch einmal oder scannen Sie deren Code.
sheet-title = Chatten bei { $site } einrichten
sheet-for = Für die Person, die hilft
sheet-step-install = Installieren Sie { $app }.
sheet-step-scan = Scannen Sie diesen Code mit der Kamera des Handys und öffnen Sie die Seite.
sheet-step-open = Tippen Sie auf „Einladung öffnen“ und wählen Sie dann einen Benutzernamen und ein Passwort.
sheet-step-first = Schicken Sie { $inviter } eine erste Nachricht.
sheet-address = Adresse
sheet-password = Passwort
sheet-help = Hier anrufen, wenn Sie Hilfe brauchen

console-heading = Verwaltung von { $site }
console-overview = Übersicht
console-invites = Einladungen
console-new = Neue Einladung
console-sessions = Angemeldete Browser
console-log-in = Anmelden
console-log-out = Abmelden
console-login-heading = Bei der Verwaltung anmelden
console-login-what = Dieser Link gilt einmal. Benutzen Sie ihn nur, wenn Sie ihn selbst erzeugt haben.
console-link-over-heading = Dieser Anmeldelink gilt nicht mehr
console-link-over-what = Ein Anmeldelink gilt einmal, 15 Minuten lang.
console-out-heading = Sie sind nicht angemeldet
console-out-what = Eine Anmeldung endet nach 12 Stunden oder nach 30 Minuten ohne Benutzung.
console-how = Dieser Befehl auf dem Server erzeugt einen Anmeldelink:
console-old-form-heading = Diese Seite war zu lange offen
console-old-form-what = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
console-pending = Offen
console-used = Benutzt
console-expired = Abgelaufen
console-revoked = Zurückgenommen
console-all = Alle
console-asked = Bittet um einen neuen Link
console-pending-count = Offene Einladungen
console-asked-count = Bitten um einen neuen Link
console-joined-count = In den letzten sieben Tagen beigetreten
console-joined = Beigetreten
console-nobody = Noch niemand.
console-empty = Hier gibt es keine Einladungen.
console-search = In Ihren Notizen suchen
console-show = Anzeigen
console-older = Ältere
console-by = von
console-until = bis
console-kind = Wofür?
console-account = Neues Konto
console-account-and-contact = Neues Konto und Kontakt
console-contact = Kontakt
console-password-reset = Neues Passwort
console-for = Für wen? Das sehen nur Sie.
console-username = Benutzername (nötig nur für ein neues Passwort)
console-message = Ein paar Worte an die Person (freiwillig)
console-uses = Für wie viele Personen?
console-days = Wie viele Tage gültig?
console-make = Einladung erstellen
console-wrong = Bitte prüfen Sie Ihre Eingaben.
console-code = QR-Code des Links
console-preview = Ansehen, was die Person sieht
console-print = Ein Blatt drucken
console-made = Erstellt
console-extend = Sieben Tage länger
console-revoke = Zurücknehmen
console-restore = Wieder gültig machen
console-since = Seit
console-last-used = zuletzt benutzt
console-this-browser = dieser Browser
console-end = Dort abmelden
