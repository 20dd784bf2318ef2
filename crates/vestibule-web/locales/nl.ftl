# Dutch (Nederlands), je.

## On every page

language = Taal
imprint = Juridische informatie
privacy = Privacy
joiner = { " " }

## The invitation

invite-title = Uitnodiging voor { $site }
contact-title = { $inviter } wil met je chatten
reset-title = Nieuw wachtwoord voor { $address }
invite-preview = Open de uitnodiging, doe mee op { $site } en begin met chatten.
contact-preview = Open de uitnodiging om { $inviter } aan je contacten toe te voegen.
reset-preview = Open de link om een nieuw wachtwoord te kiezen.

join-contact = Zodra je meedoet, vind je { $inviter } in je contacten.
join-about = Stuur berichten en foto’s en praat in groepen, met de app die jij fijn vindt. Net als bij e-mail bereik je ook mensen bij andere diensten.
join-name-kept = Het adres { $address } is voor jou gereserveerd.
join-places = { $count ->
        [one] Deze link werkt nog voor één persoon.
       *[other] Deze link werkt nog voor { $count } mensen.
    }

contact-heading = { $inviter } wil met je chatten
contact-invited = { $address } wil je graag als contact toevoegen.
contact-no-account = Nog geen account? Installeer een app, maak daarin een account en kom dan terug naar deze pagina.
contact-button = { $inviter } toevoegen

reset-heading = Kies een nieuw wachtwoord
reset-invited = Deze link is alleen voor { $address }. Deel hem niet.
reset-button = Nieuw wachtwoord kiezen
reset-app = Of openen in je app

step-app-hint = Heb je er al een? Ga dan door met de volgende stap.
step-join = Doe mee
join-button = Meedoen op { $site }
step-account = Maak je account
step-account-hint = Het duurt maar een minuutje, gewoon hier in je browser. Daarna log je in met de app die je zelf kiest.
account-button = Account maken
device-choice = Kies je apparaat
device-ios = iPhone of iPad

qr-heading = Ga verder op je telefoon
qr-hint = Scan deze code met de camera van je telefoon.
qr-alt = QR-code die deze pagina opent

keep-link = Deze uitnodiging is alleen voor jou. Wie de link heeft, kan hem gebruiken, dus deel hem niet.
copied = Gekopieerd

## Setting up one app

setup-heading = { $app } instellen
setup-install = Installeer { $app }
setup-install-hint = Kom daarna terug naar deze pagina.
setup-download = Downloaden
setup-website = Naar de website
setup-play-hint = Gebruik de knop van Google Play: dan heeft de app je uitnodiging al klaar als je hem voor het eerst opent.
setup-open = Open de uitnodiging in { $app }
setup-open-hint = Tik op deze knop als de app is geïnstalleerd. De app leidt je door de rest.
setup-login = Log in
setup-login-hint = Open { $app } en log in met je adres en wachtwoord.
login-button = Zoek “{ $button }” in de app.
login-address = Het veld “{ $address }” is voor je adres.
setup-back = Andere app kiezen

app-conversations = De klassieker op Android: eenvoudig, veilig, ook om te bellen.
app-yaxim = Klein en licht, ook voor oudere telefoons.
app-monal = Voor iPhone, iPad en Mac, ook om te bellen.
app-snikket = Makkelijk in gebruik, ook om te bellen.
app-gajim = Compleet en naar wens aan te passen.
app-dino = Overzichtelijk en eenvoudig, ook om te bellen.
app-kaidan = Makkelijk in gebruik, op telefoon en computer.

## Creating the account

register-title = Account maken op { $site }
register-heading = Maak je account
register-lead = Kies een gebruikersnaam en een wachtwoord. Die gebruik je op { $site }, in elke app.
username-label = Gebruikersnaam
username-hint = Je adres wordt gebruikersnaam@{ $host }. Letters, cijfers, punten en streepjes mogen.
address-preview = Je adres: { $address }
password-label = Wachtwoord
password-hint = Minstens { $count } tekens. Een paar ongewone woorden zijn makkelijk te onthouden en moeilijk te raden.
password-keep = Schrijf het op of laat je browser het bewaren: je kunt het later niet meer opzoeken.
password-show = Wachtwoord tonen
password-suggest = Wachtwoord voorstellen
register-button = Account maken

strength-weak = Makkelijk te raden
strength-fair = Kan beter
strength-good = Goed
strength-strong = Heel goed

error-heading = Bijna klaar: pas aan wat hieronder is gemarkeerd.
error-title = Fout: { $title }
name-empty = Kies een gebruikersnaam.
name-invalid = Een gebruikersnaam mag alleen letters, cijfers, punten en streepjes bevatten, geen spaties.
name-invalid-try = Een gebruikersnaam mag alleen letters, cijfers, punten en streepjes bevatten. Is een van deze iets voor je?
name-taken = Die gebruikersnaam is al in gebruik. Probeer een andere.
name-taken-try = Die gebruikersnaam is al in gebruik. Is een van deze iets voor je?
name-not-yours = Deze uitnodiging is voor de gebruikersnaam { $username }. Gebruik die.
name-refused = Die gebruikersnaam kan hier niet. Probeer een andere.
password-empty = Kies een wachtwoord.
password-short = Te kort: gebruik minstens { $count } tekens.
password-long = Te lang: kies een korter wachtwoord.
password-weak = Dit wachtwoord is makkelijk te raden. Voeg nog een of twee woorden toe.
password-forbidden = Dit wachtwoord bevat een teken dat niet werkt in apps. Gebruik letters, cijfers, leestekens en spaties.
password-refused = Dat wachtwoord kan hier niet. Probeer een ander.
server-says = Antwoord van de server: { $reason }

server-refused-heading = Dat is niet gelukt
server-refused = Er is niets veranderd en je uitnodiging is nog geldig. Probeer het opnieuw of vraag hulp aan degene die je heeft uitgenodigd.
server-away-heading = Probeer het over een paar minuten opnieuw
server-away = De server is op dit moment niet bereikbaar. Er is niets veranderd en je uitnodiging is nog geldig.
server-unknown-heading = We weten niet of het is gelukt
server-unknown = De server geeft geen antwoord meer. Probeer in te loggen met je app. Lukt dat niet, kom dan over een paar minuten terug naar deze pagina en probeer het opnieuw.
form-foreign-heading = Vul het formulier opnieuw in
form-foreign = Het is niet vanaf deze pagina verstuurd, dus voor de zekerheid hebben we niets gedaan. Open je uitnodiging en vul het formulier daar in.
busy-heading = Iemand registreert zich op dit moment met deze uitnodiging
busy = Probeer het over een minuut opnieuw.
account-exists-heading = Dit adres heeft al een account
account-exists = Is { $address } van jou, log dan in met je app. Ben je het wachtwoord vergeten, vraag dan een link voor een nieuw wachtwoord aan degene die je heeft uitgenodigd.
no-account-heading = Dit account bestaat niet
no-account = Er is geen account { $address }. Vraag het aan degene die je deze link heeft gestuurd.
bound-name-refused-heading = Deze gebruikersnaam kan hier niet
bound-name-refused = Deze uitnodiging is alleen voor { $address }, en die gebruikersnaam kan hier niet. Vraag een nieuwe uitnodiging aan degene die je heeft uitgenodigd.
server-setup-heading = De server is hier nog niet klaar voor
server-setup = Hij is nog niet ingesteld voor uitnodigingen, dus opnieuw proberen helpt niet. Laat het weten aan degene die je de link heeft gestuurd. Er is niets veranderd en de link is nog geldig.
server-encryption = Deze pagina en de server zijn het niet eens over de versleuteling, dus hier opnieuw proberen helpt niet. Open de link in een app en laat het weten aan degene die hem heeft gestuurd. Er is niets veranderd en de link is nog geldig.
server-field = Hij vraagt iedereen die zich registreert om iets wat deze pagina niet kan sturen: { $field }. Laat het weten aan degene die je de link heeft gestuurd. Er is niets veranderd en de link is nog geldig.

## When the account is there

welcome-title = Welkom op { $site }
youre-in = Je bent binnen, { $name }!
in-contacts = { $inviter } staat al in je contacten.
are-in-groups = { $count ->
        [one] Je zit in de groep { $groups }.
       *[other] Je zit in de groepen { $groups }.
    }
your-address = Je adres
your-password = Je wachtwoord
copy = Kopiëren
password-shown-once = Het wachtwoord wordt alleen deze ene keer getoond.
password-yours = Gebruik het wachtwoord dat je hebt gekozen.
save-card = Opslaan als kaart om af te drukken
say-hello = Zeg hallo
write-to = Stuur { $inviter } een bericht
log-in-with = Inloggen met { $app }
other-device = Ook op een ander apparaat
other-device-hint = Installeer daar een app en log in met hetzelfde adres en wachtwoord. Sommige apps kunnen in plaats daarvan deze code scannen:
credentials-qr = QR-code met je adres en wachtwoord
keep-private = Wie deze code ziet, kan als jou inloggen.
welcome-login = Open de app en log in met je adres en wachtwoord.
welcome-choose = Kies een app
welcome-webchat = Chatten in de browser

reset-form-heading = Nieuw wachtwoord
reset-form-lead = Voor je account { $address }
reset-form-button = Wachtwoord opslaan
reset-done-heading = Je wachtwoord is gewijzigd
reset-done = Gebruik vanaf nu het nieuwe wachtwoord voor { $address }. Je apps vragen erom.

## When an invitation does not work

unknown-heading = Uitnodiging niet gevonden
unknown-what = Deze uitnodiging is hier niet bekend. Misschien is de link niet helemaal gekopieerd.
expired-heading = Uitnodiging verlopen
expired-what = Deze uitnodiging was maar een beperkte tijd geldig.
used-heading = Uitnodiging al gebruikt
used-what = Iemand heeft deze uitnodiging al gebruikt. Was jij dat?
used-advice = Zo ja, open dan je app en log in met het wachtwoord dat je als eerste hebt gekozen. Zo nee, vraag dan een nieuwe uitnodiging aan degene die je heeft uitgenodigd.
revoked-heading = Uitnodiging ingetrokken
revoked-what = Deze uitnodiging werkt niet meer.
new-link-advice = Vraag een nieuwe uitnodiging aan degene die je heeft uitgenodigd.
reset-expired-heading = Link verlopen
reset-expired-what = Links voor een nieuw wachtwoord zijn maar een beperkte tijd geldig.
reset-used-heading = Link al gebruikt
reset-used-what = Met deze link is al een nieuw wachtwoord ingesteld. Was jij dat?
reset-used-advice = Zo ja, log dan in met het wachtwoord dat je als eerste hebt gekozen. Zo nee, vraag dan een nieuwe link waar je deze hebt gekregen.
reset-revoked-heading = Deze link is niet meer geldig
reset-revoked-what = Misschien heb je een nieuwere link gekregen. Gebruik dan die.
reset-new-link-advice = Vraag een nieuwe link waar je deze hebt gekregen.
invited-by = { $inviter } heeft je uitgenodigd voor { $site }.
ask-again = Vraag { $inviter } om een nieuwe uitnodiging
ask-again-operator = Vraag om een nieuwe uitnodiging
ask-again-reset = Vraag om een nieuwe link
asked-heading = We hebben het doorgegeven
asked = Zodra je uitnodiging is vernieuwd, werkt deze link weer.
asked-reset = Zodra je link is vernieuwd, werkt hij weer.

already-joined = Ik doe al mee
joined-heading = Was jij dat? Dan ben je binnen!
joined = Iemand doet nu mee met deze uitnodiging. Was jij dat, chat dan verder in je app; je kunt deze pagina sluiten.
joined-not-you = Was jij het niet?
not-joined-heading = We zien het nog niet
not-joined = Nog niemand doet mee met deze uitnodiging. Maak eerst je account af en kijk dan opnieuw.
check-again = Opnieuw kijken
back-to-invitation = Terug naar de uitnodiging

missing-heading = Pagina niet gevonden
missing-what = Er is geen pagina op dit adres.
missing-advice = Heb je een uitnodiging geopend? Controleer dan of de link helemaal is gekopieerd.

wait-heading = Wacht even
wait-what = Via jouw netwerk zijn te veel verkeerde uitnodigingslinks geopend.
wait-advice = Laad deze pagina over een minuut opnieuw. Heb je een uitnodiging geopend? Controleer dan of de link helemaal is gekopieerd.

trouble-heading = Er ging iets mis
trouble-what = We kunnen je uitnodiging nu even niet openen, maar je bent niets kwijt.
trouble-advice = Laad deze pagina over een minuut opnieuw.
try-again = Opnieuw proberen

## The first page, redesigned

invited-by-heading = { $inviter } nodigt je uit om te chatten
invited-heading = Je bent uitgenodigd om te chatten op { $site }
invited-by-title = { $inviter } nodigt je uit voor { $site }
promise-free = Gratis
promise-no-phone = Geen telefoonnummer nodig
promise-no-ads = Geen reclame
get-app = { $app } downloaden
app-costs = Kost geld in deze winkel
app-for-device = De app voor { $device }
in-browser = In je browser, zonder app
installed-open = Al geïnstalleerd? Open de uitnodiging
nothing-happens = Gebeurt er niets als je tikt?
other-ways = Andere app, ander apparaat of in de browser
works-once-until = Alleen voor jou · werkt tot { $date }
works-many-until = { $count ->
        [one] Voor nog één persoon · werkt tot { $date }
       *[other] Voor nog { $count } mensen · werkt tot { $date }
    }
works-for-all-until = Voor iedereen die deze link heeft · werkt tot { $date }
expires-soon = Wacht niet: dit werkt maar tot { $date }.
in-groups = { $count ->
        [one] Je komt in de groep { $groups }.
       *[other] Je komt in de groepen { $groups }.
    }
rescue-install = De knop werkt alleen als { $app } is geïnstalleerd. Installeer de app, kom terug naar deze pagina en tik op “Open de uitnodiging”.
rescue-in-app = Heb je deze pagina in een andere app geopend, zoals een berichtenapp? Open hem in je browser: tik op het menu in de hoek van het scherm en dan op “Openen in browser”.
rescue-paste = Of kopieer dit adres en plak het in de app:
rescue-browser = Of sla de app nu even over en maak je account in de browser.
show-qr = Op een andere telefoon of tablet? Richt de camera daarvan op deze code.
who-runs = Wie beheert deze dienst?
list-separator = { ", " }
app-siskin = Uitgebreid, met bellen.
front-link = Link van je uitnodiging
front-open = Uitnodiging openen
front-account = Heb je al een account?
to-front = Naar de startpagina
sheet-print = Afdrukken
help-someone = Doe je dit voor iemand anders? Druk een blad af
front-what = Chat met familie en vrienden op { $site }.
front-invitation = Meedoen kan met een uitnodiging. Vraag iemand die hier al is om je er een te sturen.
front-have-link = Heb je een uitnodiging? Open de link opnieuw of scan de code.
sheet-title = Chatten op { $site } instellen
sheet-for = Voor wie helpt
sheet-step-install = Installeer { $app }.
sheet-step-scan = Scan deze code met de camera van de telefoon en open de pagina.
sheet-step-open = Tik op “Open de uitnodiging” en kies dan een gebruikersnaam en een wachtwoord.
sheet-step-first = Stuur { $inviter } een eerste bericht.
sheet-address = Adres
sheet-password = Wachtwoord
sheet-help = Wie te bellen voor hulp

console-heading = Beheer van { $site }
console-overview = Overzicht
console-invites = Uitnodigingen
console-new = Nieuwe uitnodiging
console-sessions = Ingelogde browsers
console-log-in = Inloggen
console-log-out = Uitloggen
console-login-heading = Inloggen bij het beheer
console-login-what = Deze link werkt één keer. Gebruik hem alleen als je hem zelf hebt gemaakt.
console-link-over-heading = Deze inloglink werkt niet meer
console-link-over-what = Een inloglink werkt één keer, 15 minuten lang.
console-out-heading = Je bent niet ingelogd
console-out-what = Een sessie eindigt na 12 uur, of na 30 minuten zonder gebruik.
console-how = Dit commando op de server maakt een inloglink:
console-old-form-heading = Deze pagina stond te lang open
console-old-form-what = Er is niets gewijzigd. Ga terug, laad de pagina opnieuw en probeer het nog eens.
console-pending = Open
console-used = Gebruikt
console-expired = Verlopen
console-revoked = Ingetrokken
console-all = Alle
console-asked = Vraagt om een nieuwe link
console-pending-count = Open uitnodigingen
console-asked-count = Vragen om een nieuwe link
console-joined-count = Lid geworden in de laatste zeven dagen
console-joined = Lid geworden
console-nobody = Nog niemand.
console-empty = Hier zijn geen uitnodigingen.
console-search = Zoeken in je notities
console-show = Tonen
console-older = Ouder
console-by = van
console-until = tot
console-kind = Waarvoor?
console-account = Nieuw account
console-account-and-contact = Nieuw account en contact
console-contact = Contact
console-password-reset = Nieuw wachtwoord
console-for = Voor wie is het? Alleen jij ziet dit.
console-username = Gebruikersnaam (alleen nodig voor een nieuw wachtwoord)
console-message = Een paar woorden aan de persoon (niet verplicht)
console-uses = Voor hoeveel mensen?
console-days = Hoeveel dagen geldig?
console-make = Uitnodiging maken
console-wrong = Controleer wat je hebt ingevuld.
console-code = QR-code van de link
console-preview = Bekijken wat de persoon ziet
console-print = Een blad afdrukken
console-made = Gemaakt
console-extend = Zeven dagen langer
console-revoke = Intrekken
console-restore = Weer geldig maken
console-since = Sinds
console-last-used = laatst gebruikt
console-this-browser = deze browser
console-end = Daar uitloggen
