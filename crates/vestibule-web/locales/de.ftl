# German (Deutsch), informal: du.

## On every page

language = Sprache
imprint = Impressum
privacy = Datenschutz
joiner = { " " }

## The invitation

invite-title = Einladung zu { $site }
contact-title = { $inviter } möchte mit dir chatten
reset-title = Neues Passwort für { $address }
invite-preview = Öffne deine Einladung, komm zu { $site } und leg gleich los.
contact-preview = Öffne die Einladung, um { $inviter } zu deinen Kontakten hinzuzufügen.
reset-preview = Öffne den Link, um ein neues Passwort zu wählen.

join-contact = Sobald du dabei bist, findest du { $inviter } in deinen Kontakten.
join-about = Schreib Nachrichten, schick Fotos und chatte in Gruppen, mit der App, die dir gefällt. Wie bei E-Mail erreichst du auch Leute bei anderen Anbietern.
join-name-kept = Die Adresse { $address } ist für dich reserviert.
join-places = { $count ->
        [one] Dieser Link gilt noch für eine weitere Person.
       *[other] Dieser Link gilt noch für { $count } weitere Personen.
    }

contact-heading = { $inviter } möchte mit dir chatten
contact-invited = { $address } möchte dich als Kontakt hinzufügen.
contact-no-account = Noch kein Konto? Hol dir eine App, erstelle darin ein Konto und komm dann auf diese Seite zurück.
contact-button = { $inviter } hinzufügen

reset-heading = Wähle ein neues Passwort
reset-invited = Dieser Link ist nur für { $address }. Gib ihn nicht weiter.
reset-button = Neues Passwort wählen
reset-app = Oder in deiner App öffnen

step-app-hint = Hast du schon eine? Dann weiter mit dem nächsten Schritt.
step-join = Beitreten
join-button = { $site } beitreten
step-account = Erstelle dein Konto
step-account-hint = Das dauert eine Minute, direkt hier im Browser. Danach meldest du dich mit der App deiner Wahl an.
account-button = Konto erstellen
device-choice = Gerät wählen
device-ios = iPhone oder iPad

qr-heading = Weiter auf dem Handy
qr-hint = Scanne diesen Code mit der Kamera deines Handys.
qr-alt = QR-Code mit dem Link zu dieser Seite

keep-link = Diese Einladung ist nur für dich. Wer den Link hat, kann sie nutzen. Gib ihn also nicht weiter.
copied = Kopiert

## Setting up one app

setup-heading = { $app } einrichten
setup-install = { $app } installieren
setup-install-hint = Komm danach auf diese Seite zurück.
setup-download = Herunterladen
setup-website = Website öffnen
setup-play-hint = Wenn du über den Knopf von Google Play installierst, kennt die App deine Einladung schon beim ersten Öffnen.
setup-open = Einladung in { $app } öffnen
setup-open-hint = Tippe auf diesen Knopf, sobald die App installiert ist. Die App führt dich durch den Rest.
setup-login = Melde dich an
setup-login-hint = Öffne { $app } und melde dich mit deiner Adresse und deinem Passwort an.
login-button = Suche in der App nach „{ $button }“.
login-address = Das Feld „{ $address }“ ist für deine Adresse.
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
register-heading = Erstelle dein Konto
register-lead = Wähle einen Benutzernamen und ein Passwort. Damit meldest du dich in jeder App bei { $site } an.
username-label = Benutzername
username-hint = Deine Adresse lautet dann benutzername@{ $host }. Erlaubt sind Buchstaben, Ziffern, Punkte und Bindestriche.
address-preview = Deine Adresse: { $address }
password-label = Passwort
password-hint = Mindestens { $count } Zeichen. Ein paar ungewöhnliche Wörter sind leicht zu merken und schwer zu erraten.
password-keep = Schreib es auf oder lass es deinen Browser speichern: Später kannst du es nirgends nachsehen.
password-show = Passwort anzeigen
password-suggest = Passwort vorschlagen
register-button = Konto erstellen

strength-weak = Leicht zu erraten
strength-fair = Geht noch besser
strength-good = Gut
strength-strong = Sehr gut

error-heading = Fast geschafft! Bitte korrigiere, was unten markiert ist.
error-title = Fehler: { $title }
name-empty = Wähle einen Benutzernamen.
name-invalid = Ein Benutzername darf nur Buchstaben, Ziffern, Punkte und Bindestriche enthalten, keine Leerzeichen.
name-invalid-try = Ein Benutzername darf nur Buchstaben, Ziffern, Punkte und Bindestriche enthalten. Wie wäre es mit einem von diesen?
name-taken = Dieser Benutzername ist schon vergeben. Probier einen anderen.
name-taken-try = Dieser Benutzername ist schon vergeben. Wie wäre es mit einem von diesen?
name-not-yours = Diese Einladung gilt für den Benutzernamen { $username }. Bitte nimm diesen.
name-refused = Dieser Benutzername ist hier nicht erlaubt. Probier einen anderen.
password-empty = Wähle ein Passwort.
password-short = Zu kurz: Bitte nimm mindestens { $count } Zeichen.
password-long = Zu lang: Wähle ein kürzeres Passwort.
password-weak = Dieses Passwort ist leicht zu erraten. Häng noch ein oder zwei Wörter an.
password-forbidden = Das Passwort enthält ein Zeichen, mit dem Apps nicht zurechtkommen. Nimm Buchstaben, Ziffern, Sonderzeichen und Leerzeichen.
password-refused = Dieses Passwort ist hier nicht erlaubt. Probier ein anderes.
server-says = Antwort des Servers: { $reason }

server-refused-heading = Das hat nicht geklappt
server-refused = Es wurde nichts geändert, und deine Einladung gilt weiterhin. Versuch es noch einmal oder wende dich an die Person, die dich eingeladen hat.
server-away-heading = Bitte versuch es in ein paar Minuten noch einmal
server-away = Der Server ist gerade nicht erreichbar. Es wurde nichts geändert, und deine Einladung gilt weiterhin.
server-unknown-heading = Wir wissen nicht, ob es geklappt hat
server-unknown = Der Server antwortet nicht mehr. Versuch, dich mit deiner App anzumelden. Wenn das nicht klappt, komm in ein paar Minuten auf diese Seite zurück und versuch es noch einmal.
form-foreign-heading = Bitte füll das Formular noch einmal aus
form-foreign = Es wurde nicht von dieser Seite abgeschickt, deshalb haben wir sicherheitshalber nichts getan. Öffne deine Einladung und füll das Formular dort aus.
busy-heading = Gerade registriert sich jemand mit dieser Einladung
busy = Versuch es in einer Minute noch einmal.
account-exists-heading = Für diese Adresse gibt es schon ein Konto
account-exists = Wenn { $address } dir gehört, melde dich mit deiner App an. Hast du das Passwort vergessen, bitte die Person, die dich eingeladen hat, um einen Link für ein neues.
no-account-heading = Dieses Konto gibt es nicht
no-account = Es gibt kein Konto { $address }. Frag die Person, die dir diesen Link geschickt hat.
bound-name-refused-heading = Dieser Benutzername ist hier nicht erlaubt
bound-name-refused = Diese Einladung gilt nur für { $address }, und dieser Benutzername ist hier nicht erlaubt. Bitte die Person, die dich eingeladen hat, um eine neue Einladung.
server-setup-heading = Der Server ist dafür noch nicht eingerichtet
server-setup = Er kann noch nichts mit Einladungen anfangen, ein neuer Versuch hilft also nicht. Bitte sag der Person Bescheid, die dir den Link geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.
server-encryption = Diese Seite und der Server sind sich über die Verschlüsselung nicht einig, ein neuer Versuch hier hilft also nicht. Öffne den Link stattdessen in einer App, und sag bitte der Person Bescheid, die ihn dir geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.
server-field = Er verlangt von allen, die sich registrieren, etwas, das diese Seite nicht senden kann: { $field }. Bitte sag der Person Bescheid, die dir den Link geschickt hat. Es wurde nichts geändert, und der Link gilt weiterhin.

## When the account is there

welcome-title = Willkommen bei { $site }
youre-in = Du bist dabei, { $name }!
in-contacts = { $inviter } ist schon in deinen Kontakten.
are-in-groups = { $count ->
        [one] Du bist in der Gruppe { $groups }.
       *[other] Du bist in den Gruppen { $groups }.
    }
your-address = Deine Adresse
your-password = Dein Passwort
copy = Kopieren
password-shown-once = Das Passwort wird nur dieses eine Mal angezeigt.
password-yours = Nimm das Passwort, das du gewählt hast.
save-card = Als Karte zum Ausdrucken speichern
say-hello = Sag Hallo
write-to = { $inviter } schreiben
log-in-with = Mit { $app } anmelden
other-device = Auch auf einem anderen Gerät
other-device-hint = Installiere dort eine App und melde dich mit derselben Adresse und demselben Passwort an. Manche Apps können stattdessen diesen Code scannen:
credentials-qr = QR-Code mit deiner Adresse und deinem Passwort
keep-private = Wer diesen Code sieht, kann sich als du anmelden.
welcome-login = Öffne die App und melde dich mit deiner Adresse und deinem Passwort an.
welcome-choose = App auswählen
welcome-webchat = Im Browser chatten

reset-form-heading = Neues Passwort
reset-form-lead = Für dein Konto { $address }
reset-form-button = Neues Passwort speichern
reset-done-heading = Dein Passwort wurde geändert
reset-done = Ab jetzt gilt für { $address } das neue Passwort. Deine Apps fragen dich danach.

## When an invitation does not work

unknown-heading = Einladung nicht gefunden
unknown-what = Diese Einladung ist hier nicht bekannt. Vielleicht wurde der Link nicht vollständig kopiert.
expired-heading = Einladung abgelaufen
expired-what = Diese Einladung galt nur für begrenzte Zeit.
used-heading = Einladung schon genutzt
used-what = Mit dieser Einladung ist schon jemand beigetreten. Warst du das?
used-advice = Wenn ja, öffne deine App und melde dich mit dem Passwort an, das du zuerst gewählt hast. Wenn nicht, bitte die Person, die dich eingeladen hat, um eine neue Einladung.
revoked-heading = Einladung zurückgezogen
revoked-what = Sie gilt nicht mehr.
new-link-advice = Bitte die Person, die dich eingeladen hat, um eine neue Einladung.
reset-expired-heading = Link abgelaufen
reset-expired-what = Links für ein neues Passwort gelten nur für begrenzte Zeit.
reset-used-heading = Link schon genutzt
reset-used-what = Mit diesem Link wurde schon ein neues Passwort gesetzt. Warst du das?
reset-used-advice = Wenn ja, melde dich mit dem Passwort an, das du zuerst gewählt hast. Wenn nicht, bitte dort um einen neuen Link, wo du diesen bekommen hast.
reset-revoked-heading = Link nicht mehr gültig
reset-revoked-what = Vielleicht hast du einen neueren Link bekommen. Dann nimm den.
reset-new-link-advice = Bitte dort um einen neuen Link, wo du diesen bekommen hast.
invited-by = { $inviter } hat dich zu { $site } eingeladen.
ask-again = { $inviter } um eine neue Einladung bitten
ask-again-operator = Um eine neue Einladung bitten
ask-again-reset = Um einen neuen Link bitten
asked-heading = Wir haben es weitergegeben
asked = Sobald deine Einladung erneuert ist, funktioniert dieser Link wieder.
asked-reset = Sobald dein Link erneuert ist, funktioniert er wieder.

already-joined = Ich bin schon beigetreten
joined-heading = Warst du das? Dann bist du dabei!
joined = Mit dieser Einladung ist jemand beigetreten. Wenn du das warst, chatte in deiner App weiter; diese Seite kannst du schließen.
joined-not-you = Das warst nicht du?
not-joined-heading = Wir sehen noch nichts
not-joined = Mit dieser Einladung ist bisher niemand beigetreten. Schließe das Erstellen deines Kontos ab und sieh dann noch einmal nach.
check-again = Noch einmal nachsehen
back-to-invitation = Zurück zur Einladung

missing-heading = Seite nicht gefunden
missing-what = Unter dieser Adresse gibt es keine Seite.
missing-advice = Wenn du eine Einladung geöffnet hast, prüfe, ob der Link vollständig kopiert wurde.

wait-heading = Bitte warte einen Moment
wait-what = Aus deinem Netz wurden zu viele Einladungslinks geöffnet, die nicht stimmen.
wait-advice = Lade diese Seite in einer Minute neu. Wenn du eine Einladung geöffnet hast, prüfe, ob der Link vollständig kopiert wurde.

trouble-heading = Da ist etwas schiefgelaufen
trouble-what = Wir können deine Einladung gerade nicht öffnen. Keine Sorge, sie ist nicht verloren.
trouble-advice = Lade diese Seite in einer Minute neu.
try-again = Noch einmal versuchen

## The first page, redesigned

invited-by-heading = { $inviter } lädt dich zum Chatten ein
invited-heading = Du bist eingeladen, bei { $site } zu chatten
invited-by-title = { $inviter } lädt dich zu { $site } ein
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
works-once-until = Nur für dich · gültig bis { $date }
works-many-until = { $count ->
        [one] Für eine weitere Person · gültig bis { $date }
       *[other] Für { $count } weitere Personen · gültig bis { $date }
    }
works-for-all-until = Für alle, die diesen Link haben · gültig bis { $date }
expires-soon = Warte nicht: gültig nur bis { $date }.
in-groups = { $count ->
        [one] Du bist dann in der Gruppe { $groups }.
       *[other] Du bist dann in den Gruppen { $groups }.
    }
rescue-install = Der Knopf funktioniert nur, wenn { $app } installiert ist. Installiere die App, komm auf diese Seite zurück und tippe auf „Einladung öffnen“.
rescue-in-app = Hast du diese Seite in einer anderen App geöffnet, zum Beispiel in einem Messenger? Öffne sie im Browser: Tippe auf das Menü in der Ecke des Bildschirms und dann auf „Im Browser öffnen“.
rescue-paste = Oder kopiere diese Adresse und füge sie in der App ein:
rescue-browser = Oder lass die App vorerst weg und erstelle dein Konto im Browser.
show-qr = Auf einem anderen Handy oder Tablet? Richte dessen Kamera auf diesen Code.
who-runs = Wer betreibt das hier?
list-separator = { ", " }
app-siskin = Großer Funktionsumfang, mit Anrufen.
front-link = Link deiner Einladung
front-open = Einladung öffnen
front-account = Hast du schon ein Konto?
to-front = Zur Startseite
sheet-print = Drucken
help-someone = Richtest du das für jemand anderen ein? Anleitung drucken
front-what = Chatte mit Familie und Freunden bei { $site }.
front-invitation = Dabei sein kannst du mit einer Einladung. Bitte jemanden, der schon hier ist, dir eine zu schicken.
front-have-link = Hast du eine Einladung? Öffne ihren Link noch einmal oder scanne ihren Code.
sheet-title = Chatten bei { $site } einrichten
sheet-for = Für die Person, die hilft
sheet-step-install = Installiere { $app }.
sheet-step-scan = Scanne diesen Code mit der Kamera des Handys und öffne die Seite.
sheet-step-open = Tippe auf „Einladung öffnen“ und wähle dann einen Benutzernamen und ein Passwort.
sheet-step-first = Schick { $inviter } eine erste Nachricht.
sheet-address = Adresse
sheet-password = Passwort
sheet-help = Hier anrufen, wenn du Hilfe brauchst

console-heading = Verwaltung von { $site }
console-overview = Übersicht
console-invites = Einladungen
console-new = Neue Einladung
console-sessions = Angemeldete Browser
console-log-in = Anmelden
console-log-out = Abmelden
console-login-heading = Bei der Verwaltung anmelden
console-login-what = Dieser Link gilt einmal. Benutze ihn nur, wenn du ihn selbst erzeugt hast.
console-link-over-heading = Dieser Anmeldelink gilt nicht mehr
console-link-over-what = Ein Anmeldelink gilt einmal, 15 Minuten lang.
console-out-heading = Du bist nicht angemeldet
console-out-what = Eine Anmeldung endet nach 12 Stunden oder nach 30 Minuten ohne Benutzung.
console-how = Dieser Befehl auf dem Server erzeugt einen Anmeldelink:
console-old-form-heading = Diese Seite war zu lange offen
console-old-form-what = Es wurde nichts geändert. Geh zurück, lade die Seite neu und versuche es noch einmal.
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
console-search = In deinen Notizen suchen
console-show = Anzeigen
console-older = Ältere
console-by = von
console-until = bis
console-kind = Wofür?
console-account = Neues Konto
console-account-and-contact = Neues Konto und Kontakt
console-contact = Kontakt
console-password-reset = Neues Passwort
console-for = Für wen? Das siehst nur du.
console-username = Benutzername (nötig nur für ein neues Passwort)
console-message = Ein paar Worte an die Person (freiwillig)
console-uses = Für wie viele Personen?
console-days = Wie viele Tage gültig?
console-make = Einladung erstellen
console-wrong = Bitte prüfe deine Eingaben.
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
