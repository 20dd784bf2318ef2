# Dutch (Nederlands), je.

## On every page

language = Taal
imprint = Juridische informatie
privacy = Privacy

## The invitation

invite-title = Uitnodiging voor { $site }
contact-title = { $inviter } wil met je chatten
reset-title = Nieuw wachtwoord voor { $address }
invite-preview = Open de uitnodiging, doe mee op { $site } en begin met chatten.
contact-preview = Open de uitnodiging om { $inviter } aan je contacten toe te voegen.
reset-preview = Open de link om een nieuw wachtwoord te kiezen.

join-heading = Doe mee op { $site }
join-invited-by = { $inviter } nodigt je uit om te chatten op { $site }.
join-invited = Je bent uitgenodigd om te chatten op { $site }.
join-contact = Zodra je meedoet, vind je { $inviter } in je contacten.
join-about = Schrijf berichten, stuur foto’s, praat in groepen. Je kiest zelf de app die je fijn vindt, en je kunt ook chatten met mensen op andere servers van het open XMPP-netwerk.
join-name-kept = Het adres { $address } is voor jou gereserveerd.
join-places = { $count ->
        [one] Deze link werkt nog voor één persoon.
       *[other] Deze link werkt nog voor { $count } personen.
    }

contact-heading = { $inviter } wil met je chatten
contact-invited = { $address } wil graag in je contacten staan.
contact-no-account = Nog geen account? Kies een app, maak daarin een account bij een aanbieder naar keuze in het XMPP-netwerk en kom dan terug naar deze pagina.
contact-button = { $inviter } toevoegen

reset-heading = Kies een nieuw wachtwoord
reset-invited = Deze link is voor de eigenaar van { $address }.
reset-button = Nieuw wachtwoord kiezen
reset-app = Of openen in een app

step-app = Kies een app
step-app-hint = Heb je er al een? Ga dan door met de volgende stap.
step-join = Doe mee
step-join-hint = Kom terug naar deze pagina als de app is geïnstalleerd en tik op de knop.
join-button = Meedoen op { $site }
step-account = Maak je account
step-account-hint = Het duurt maar een minuutje, gewoon hier in je browser. Daarna log je in met de app die je zelf kiest.
account-button = Account maken
account-instead = Maak je liever hier in de browser een account?
app-instead = Heb je een app die uitnodigingen kan openen?
device-choice = Apps voor
device-apps = Apps voor { $device }

qr-heading = Ga verder op je telefoon
qr-hint = Scan deze code met de camera.
qr-alt = QR-code met de link naar deze pagina

valid-until = Geldig tot { $time }.
keep-link = De uitnodiging is voor jou bedoeld. Wie deze link heeft, kan hem gebruiken.
copy-link = Link kopiëren
copied = Gekopieerd

## Setting up one app

setup-heading = { $app } instellen
setup-install = Installeer { $app }
setup-install-hint = Kom daarna terug naar deze pagina.
setup-download = Downloaden
setup-website = Website
setup-play-hint = Installeer je met de knop van Google Play, dan kent de app je uitnodiging al bij de eerste keer openen.
setup-open = Open de uitnodiging in { $app }
setup-open-hint = Tik op deze knop als de app is geïnstalleerd. De app doet de rest.
setup-login = Log in
setup-login-hint = Open { $app } en log in met je nieuwe adres en wachtwoord.
setup-back = Andere app kiezen

app-conversations = De klassieker op Android: eenvoudig, veilig, ook om te bellen.
app-yaxim = Klein en licht, ook voor oudere telefoons.
app-monal = Voor iPhone, iPad en Mac, ook om te bellen.
app-snikket = Makkelijk in gebruik, ook om te bellen.
app-gajim = Compleet en naar wens aan te passen.
app-dino = Overzichtelijk en eenvoudig, ook om te bellen.
app-kaidan = Vriendelijk, voor telefoons en computers.

## Creating the account

register-title = Account maken op { $site }
register-heading = Maak je account
register-lead = Kies een naam en een wachtwoord. Die gebruik je op { $site }, in elke app.
username-label = Gebruikersnaam
username-hint = Je adres wordt naam@{ $host }. Letters, cijfers, punten en streepjes mogen.
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
name-empty = Kies een naam.
name-invalid = Deze gebruikersnaam kan niet. Gebruik letters, cijfers, punten en streepjes, zonder spaties.
name-invalid-try = Een gebruikersnaam mag alleen letters, cijfers, punten en streepjes bevatten. Is een van deze iets voor je?
name-taken = Deze naam is al bezet. Kies een andere.
name-taken-try = Die gebruikersnaam is al in gebruik. Is een van deze iets voor je?
name-not-yours = Deze uitnodiging is voor { $username }. Gebruik die naam.
name-refused = De server staat deze naam niet toe. Kies een andere.
password-empty = Kies een wachtwoord.
password-short = Te kort: gebruik minstens { $count } tekens.
password-long = Te lang: gebruik hoogstens { $count } tekens.
password-weak = Dit wachtwoord is makkelijk te raden. Voeg nog een of twee woorden toe.
password-forbidden = Er staat een teken in dat apps niet kunnen versturen. Gebruik letters, cijfers, leestekens en spaties.
password-refused = De server staat dit wachtwoord niet toe. Kies een ander.
server-says = De server zegt: { $reason }

server-refused-heading = Dat is niet gelukt
server-refused = Er is niets veranderd en je uitnodiging is nog geldig. Probeer het opnieuw of vraag hulp aan degene die je heeft uitgenodigd.
server-away-heading = Probeer het over een paar minuten opnieuw
server-away = De server is op dit moment niet bereikbaar. Er is niets veranderd en je uitnodiging is nog geldig.
server-unknown-heading = We weten niet of het is gelukt
server-unknown = De server gaf net op dat moment geen antwoord meer. Probeer in te loggen met je app. Lukt dat niet, kom dan over een paar minuten terug naar deze pagina en probeer het opnieuw.
form-foreign-heading = Verstuur het formulier opnieuw
form-foreign = Het kwam niet van deze pagina, dus er is niets gebeurd. Open je uitnodiging opnieuw en vul het formulier daar in.
busy-heading = Iemand registreert zich op dit moment met deze uitnodiging
busy = Probeer het over een minuut opnieuw.
account-exists-heading = Dit adres heeft al een account
account-exists = Is { $address } van jou, log dan in met je app. Ben je het wachtwoord vergeten, vraag dan een link voor een nieuw wachtwoord aan degene die je heeft uitgenodigd.
no-account-heading = Dit account bestaat niet
no-account = Er is geen account { $address }. Vraag het aan degene die je deze link heeft gestuurd.
bound-name-refused-heading = De server accepteert deze naam niet
bound-name-refused = Deze uitnodiging is alleen voor { $address }, en de server staat die naam niet toe. Vraag een nieuwe uitnodiging aan degene die je heeft uitgenodigd.
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
welcome-login = Open de app en log in met je adres en je wachtwoord.
welcome-choose = Kies een app
welcome-webchat = Chatten in de browser

reset-form-heading = Nieuw wachtwoord
reset-form-lead = Voor je account { $address }.
reset-form-button = Nieuw wachtwoord opslaan
reset-done-heading = Je nieuwe wachtwoord is opgeslagen
reset-done = Log vanaf nu met het nieuwe wachtwoord in op { $address }. Je apps zullen erom vragen.

## When an invitation does not work

unknown-heading = Uitnodiging niet gevonden
unknown-what = Deze uitnodiging is hier niet bekend. Misschien is de link niet helemaal gekopieerd.
expired-heading = Uitnodiging verlopen
expired-what = Deze uitnodiging was maar een beperkte tijd geldig, en die tijd is voorbij.
used-heading = Uitnodiging al gebruikt
used-what = Iemand heeft deze uitnodiging al gebruikt, misschien jijzelf.
used-advice = Was jij het, open dan je app en log in met het wachtwoord dat je als eerste hebt gekozen. Vraag anders een nieuwe link aan degene die je heeft uitgenodigd.
revoked-heading = Uitnodiging ingetrokken
revoked-what = Deze uitnodiging is ingetrokken en niet meer geldig.
new-link-advice = Vraag een nieuwe link aan degene die je heeft uitgenodigd.
reset-expired-heading = Link verlopen
reset-expired-what = Links voor een nieuw wachtwoord zijn maar een beperkte tijd geldig.
reset-used-heading = Link al gebruikt
reset-used-what = Met deze link is al een nieuw wachtwoord ingesteld, misschien door jou.
reset-used-advice = Was jij het, log dan in met het wachtwoord dat je als eerste hebt gekozen. Vraag anders een nieuwe link waar je deze hebt gekregen.
reset-revoked-heading = Deze link is niet meer geldig
reset-revoked-what = Misschien heb je een nieuwere link gekregen. Gebruik dan die.
reset-new-link-advice = Vraag een nieuwe link waar je deze hebt gekregen.

missing-heading = Hier is niets
missing-what = Er is geen pagina op dit adres.
missing-advice = Heb je een uitnodiging geopend? Controleer dan of de link helemaal is gekopieerd.

wait-heading = Wacht even
wait-what = Via jouw internetverbinding zijn te veel uitnodigingen geopend die hier niet bekend zijn.
wait-advice = Laad deze pagina over een minuut opnieuw. Heb je een uitnodiging geopend? Controleer dan of de link helemaal is gekopieerd.

trouble-heading = Probeer het opnieuw
trouble-what = Je uitnodiging kan nu niet worden geopend, maar ze is niet verloren.
trouble-advice = Laad deze pagina over een minuut opnieuw.
