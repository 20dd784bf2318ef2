# German (Deutsch), informal: du.

## On every page

language = Sprache
imprint = Impressum
privacy = Datenschutz

## The invitation

invite-title = Einladung zu { $site }
contact-title = { $inviter } möchte mit dir chatten
reset-title = Neues Passwort für { $address }
invite-preview = Öffne die Einladung, um bei { $site } mitzumachen und gleich loszuchatten.
contact-preview = Öffne die Einladung, um { $inviter } zu deinen Kontakten hinzuzufügen.
reset-preview = Öffne den Link, um ein neues Passwort zu wählen.

join-heading = Mach mit bei { $site }
join-invited-by = { $inviter } lädt dich ein, bei { $site } zu chatten.
join-invited = Du bist eingeladen, bei { $site } zu chatten.
join-contact = Sobald du dabei bist, findest du { $inviter } in deinen Kontakten.
join-about = Schreib Nachrichten, schick Bilder, unterhalte dich in Gruppen. Du nimmst die App, die dir gefällt, und kannst auch mit Leuten auf anderen Servern des offenen XMPP-Netzwerks chatten.
join-name-kept = Die Adresse { $address } ist für dich reserviert.
join-places = { $count ->
        [one] Dieser Link gilt noch für eine weitere Person.
       *[other] Dieser Link gilt noch für { $count } weitere Personen.
    }

contact-heading = { $inviter } möchte mit dir chatten
contact-invited = { $address } möchte zu deinen Kontakten gehören.
contact-no-account = Noch kein Konto? Such dir eine App aus, erstelle darin ein Konto bei einem beliebigen Anbieter im XMPP-Netzwerk und komm dann auf diese Seite zurück.
contact-button = { $inviter } hinzufügen

reset-heading = Wähle ein neues Passwort
reset-invited = Dieser Link ist für die Person, der { $address } gehört.
reset-button = Neues Passwort wählen
reset-app = Oder in einer App öffnen

step-app = Hol dir eine App
step-app-hint = Du hast schon eine? Dann mach mit dem nächsten Schritt weiter.
step-join = Mach mit
step-join-hint = Komm auf diese Seite zurück, wenn die App installiert ist, und tippe auf den Knopf.
join-button = Bei { $site } mitmachen
step-account = Erstelle dein Konto
step-account-hint = Das dauert eine Minute, direkt hier im Browser. Danach loggst du dich in der App deiner Wahl ein.
account-button = Konto erstellen
account-instead = Du möchtest dein Konto lieber hier im Browser erstellen?
app-instead = Du hast eine App, die Einladungen öffnen kann?
device-choice = Apps für
device-apps = Apps für { $device }

qr-heading = Weiter auf dem Handy
qr-hint = Scanne diesen Code mit der Kamera.
qr-alt = QR-Code mit dem Link zu dieser Seite

valid-until = Gültig bis { $time }.
keep-link = Die Einladung ist für dich gedacht. Wer diesen Link hat, kann sie nutzen.
copy-link = Link kopieren
copied = Kopiert

## Setting up one app

setup-heading = { $app } einrichten
setup-install = { $app } installieren
setup-install-hint = Komm danach auf diese Seite zurück.
setup-download = Herunterladen
setup-website = Website
setup-play-hint = Wenn du über den Knopf von Google Play installierst, kennt die App deine Einladung schon beim ersten Öffnen.
setup-open = Einladung in { $app } öffnen
setup-open-hint = Tippe auf diesen Knopf, sobald die App installiert ist. Den Rest macht die App.
setup-login = Log dich ein
setup-login-hint = Öffne { $app } und log dich mit deiner neuen Adresse und deinem Passwort ein.
setup-back = Andere App wählen

app-conversations = Der Klassiker für Android: einfach, sicher, mit Anrufen.
app-yaxim = Klein und schlank, auch für ältere Handys.
app-monal = Für iPhone, iPad und Mac, mit Anrufen.
app-snikket = Leicht zu bedienen, mit Anrufen.
app-gajim = Kann viel und lässt sich anpassen.
app-dino = Übersichtlich und einfach, mit Anrufen.
app-kaidan = Freundlich, für Handys und Computer.

## Creating the account

register-title = Konto bei { $site } erstellen
register-heading = Erstelle dein Konto
register-lead = Wähle einen Namen und ein Passwort. Beides gilt bei { $site } in jeder App.
username-label = Benutzername
username-hint = Deine Adresse wird name@{ $host } sein. Erlaubt sind Buchstaben, Ziffern, Punkte und Bindestriche.
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
name-empty = Bitte wähle einen Namen.
name-invalid = Das geht nicht als Benutzername. Nimm Buchstaben, Ziffern, Punkte und Bindestriche, ohne Leerzeichen.
name-invalid-try = Ein Benutzername darf nur Buchstaben, Ziffern, Punkte und Bindestriche enthalten. Wie wäre es mit einem von diesen?
name-taken = Dieser Name ist schon vergeben. Bitte wähle einen anderen.
name-taken-try = Dieser Benutzername ist schon vergeben. Wie wäre es mit einem von diesen?
name-not-yours = Diese Einladung ist für { $username }. Bitte nimm diesen Namen.
name-refused = Der Server erlaubt diesen Namen nicht. Bitte wähle einen anderen.
password-empty = Bitte wähle ein Passwort.
password-short = Zu kurz: Bitte nimm mindestens { $count } Zeichen.
password-long = Zu lang: Bitte nimm höchstens { $count } Zeichen.
password-weak = Dieses Passwort ist leicht zu erraten. Häng noch ein oder zwei Wörter an.
password-forbidden = Darin ist ein Zeichen, das Apps nicht senden können. Bitte nimm Buchstaben, Ziffern, Satzzeichen und Leerzeichen.
password-refused = Der Server erlaubt dieses Passwort nicht. Bitte wähle ein anderes.
server-says = Der Server sagt: { $reason }

server-refused-heading = Das hat nicht geklappt
server-refused = Es wurde nichts geändert, und deine Einladung gilt weiterhin. Versuch es noch einmal oder frag die Person, die dich eingeladen hat.
server-away-heading = Bitte versuch es in ein paar Minuten noch einmal
server-away = Der Server ist gerade nicht erreichbar. Es wurde nichts geändert, und deine Einladung gilt weiterhin.
server-unknown-heading = Wir wissen nicht, ob es geklappt hat
server-unknown = Der Server hat plötzlich nicht mehr geantwortet. Versuch, dich mit deiner App einzuloggen. Wenn das nicht klappt, komm in ein paar Minuten auf diese Seite zurück und versuch es noch einmal.
form-foreign-heading = Bitte schick das Formular noch einmal ab
form-foreign = Es kam nicht von dieser Seite, deshalb ist nichts passiert. Öffne deine Einladung noch einmal und füll das Formular dort aus.
busy-heading = Gerade registriert sich jemand mit dieser Einladung
busy = Versuch es in einer Minute noch einmal.
account-exists-heading = Für diese Adresse gibt es schon ein Konto
account-exists = Wenn { $address } dir gehört, log dich mit deiner App ein. Hast du das Passwort vergessen, bitte die Person, die dich eingeladen hat, um einen Link für ein neues.
no-account-heading = Dieses Konto gibt es nicht
no-account = Es gibt kein Konto { $address }. Frag die Person, die dir diesen Link geschickt hat.
bound-name-refused-heading = Der Server nimmt diesen Namen nicht an
bound-name-refused = Diese Einladung gilt nur für { $address }, und der Server erlaubt diesen Namen nicht. Bitte die Person, die dich eingeladen hat, um eine neue Einladung.
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
welcome-login = Öffne die App und log dich mit deiner Adresse und deinem Passwort ein.
welcome-choose = App auswählen
welcome-webchat = Im Browser chatten

reset-form-heading = Neues Passwort
reset-form-lead = Für dein Konto { $address }.
reset-form-button = Neues Passwort speichern
reset-done-heading = Dein neues Passwort ist gespeichert
reset-done = Ab jetzt loggst du dich bei { $address } mit dem neuen Passwort ein. Deine Apps werden dich danach fragen.

## When an invitation does not work

unknown-heading = Einladung nicht gefunden
unknown-what = Diese Einladung ist hier nicht bekannt. Vielleicht wurde der Link nicht vollständig kopiert.
expired-heading = Einladung abgelaufen
expired-what = Diese Einladung galt nur für begrenzte Zeit, und die ist vorbei.
used-heading = Einladung schon genutzt
used-what = Diese Einladung hat schon jemand genutzt, vielleicht du selbst.
used-advice = Wenn du es warst, öffne deine App und log dich mit dem Passwort ein, das du zuerst gewählt hast. Sonst frag die Person, die dich eingeladen hat, nach einem neuen Link.
revoked-heading = Einladung zurückgezogen
revoked-what = Diese Einladung gilt nicht mehr, sie wurde zurückgezogen.
new-link-advice = Frag die Person, die dich eingeladen hat, nach einem neuen Link.
reset-expired-heading = Link abgelaufen
reset-expired-what = Links für ein neues Passwort gelten nur für begrenzte Zeit.
reset-used-heading = Link schon genutzt
reset-used-what = Mit diesem Link wurde ein neues Passwort gesetzt, vielleicht von dir.
reset-used-advice = Wenn du es warst, log dich mit dem Passwort ein, das du zuerst gewählt hast. Sonst bitte dort um einen neuen Link, wo du diesen bekommen hast.
reset-revoked-heading = Link nicht mehr gültig
reset-revoked-what = Vielleicht hast du einen neueren Link bekommen. Dann nimm den.
reset-new-link-advice = Bitte dort um einen neuen Link, wo du diesen bekommen hast.

missing-heading = Hier ist nichts
missing-what = Unter dieser Adresse gibt es keine Seite.
missing-advice = Wenn du eine Einladung geöffnet hast, prüfe, ob der Link vollständig kopiert wurde.

wait-heading = Bitte warte einen Moment
wait-what = Über deinen Internetanschluss wurden zu viele Einladungen aufgerufen, die es hier nicht gibt.
wait-advice = Lade diese Seite in einer Minute neu. Wenn du eine Einladung geöffnet hast, prüfe, ob der Link vollständig kopiert wurde.

trouble-heading = Bitte versuch es noch einmal
trouble-what = Deine Einladung lässt sich gerade nicht öffnen. Sie ist aber nicht verloren.
trouble-advice = Lade diese Seite in einer Minute neu.
