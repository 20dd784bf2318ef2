# Italian (italiano), tu.

## On every page

language = Lingua
imprint = Note legali
privacy = Privacy

## The invitation

invite-title = Invito a unirsi a { $site }
contact-title = { $inviter } vuole chattare con te
reset-title = Nuova password per { $address }
invite-preview = Apri l’invito per unirti a { $site } e iniziare a chattare.
contact-preview = Apri l’invito per aggiungere { $inviter } ai tuoi contatti.
reset-preview = Apri il link per scegliere una nuova password.

join-heading = Unisciti a { $site }
join-invited-by = { $inviter } ti invita a chattare su { $site }.
join-invited = Hai ricevuto un invito a chattare su { $site }.
join-contact = Appena ti unisci, trovi { $inviter } tra i tuoi contatti.
join-about = Scrivi messaggi, manda foto, parla nei gruppi. Scegli tu l’app che preferisci, e puoi chattare anche con persone su altri server della rete aperta XMPP.
join-name-kept = L’indirizzo { $address } è riservato a te.
join-places = { $count ->
        [one] Questo link vale ancora per una persona.
       *[other] Questo link vale ancora per { $count } persone.
    }

contact-heading = { $inviter } vuole chattare con te
contact-invited = { $address } vorrebbe essere tra i tuoi contatti.
contact-no-account = Non hai ancora un account? Scegli un’app, crea al suo interno un account con un qualsiasi fornitore della rete XMPP, poi torna su questa pagina.
contact-button = Aggiungi { $inviter }

reset-heading = Scegli una nuova password
reset-invited = Questo link è per la persona a cui appartiene { $address }.
reset-button = Scegli una nuova password
reset-app = Oppure apri in un’app

step-app = Installa un’app
step-app-hint = Ne hai già una? Allora vai al passo successivo.
step-join = Unisciti
step-join-hint = Quando l’app è installata, torna su questa pagina e tocca il pulsante.
join-button = Unisciti a { $site }
step-account = Crea il tuo account
step-account-hint = Basta un minuto, qui nel browser. Poi accedi con l’app che preferisci.
account-button = Crea un account
account-instead = Preferisci creare l’account qui, nel browser?
app-instead = Hai un’app che apre gli inviti?
device-choice = App per
device-apps = App per { $device }

qr-heading = Continua sul telefono
qr-hint = Inquadra questo codice con la fotocamera.
qr-alt = Codice QR con il link a questa pagina

valid-until = Valido fino a { $time }.
keep-link = L’invito è per te. Chiunque abbia questo link può usarlo.
copy-link = Copia link
copied = Copiato

## Setting up one app

setup-heading = Configura { $app }
setup-install = Installa { $app }
setup-install-hint = Poi torna su questa pagina.
setup-download = Scarica
setup-website = Sito web
setup-play-hint = Se la installi con il pulsante Google Play, l’app conoscerà già il tuo invito alla prima apertura.
setup-open = Apri l’invito in { $app }
setup-open-hint = Quando l’app è installata, tocca questo pulsante. Al resto pensa l’app.
setup-login = Accedi
setup-login-hint = Apri { $app } e accedi con il tuo nuovo indirizzo e la password.
setup-back = Scegli un’altra app

app-conversations = Il classico su Android: semplice, sicuro, con chiamate.
app-yaxim = Piccola e leggera, anche per i telefoni meno recenti.
app-monal = Per iPhone, iPad e Mac, con chiamate.
app-snikket = Facile da usare, con chiamate.
app-gajim = Completa e personalizzabile.
app-dino = Chiara e semplice, con chiamate.
app-kaidan = Piacevole da usare, per telefoni e computer.

## Creating the account

register-title = Crea un account su { $site }
register-heading = Crea il tuo account
register-lead = Scegli un nome e una password. Ti serviranno su { $site }, con qualsiasi app.
username-label = Nome utente
username-hint = Il tuo indirizzo sarà nome@{ $host }. Puoi usare lettere, numeri, punti e trattini.
address-preview = Il tuo indirizzo: { $address }
password-label = Password
password-hint = Almeno { $count } caratteri. Qualche parola poco comune è facile da ricordare e difficile da indovinare.
password-keep = Scrivila da qualche parte o falla salvare dal browser: dopo non potrai più rivederla.
password-show = Mostra password
password-suggest = Suggerisci una password
register-button = Crea account

strength-weak = Facile da indovinare
strength-fair = Si può migliorare
strength-good = Buona
strength-strong = Ottima

error-heading = Ci siamo quasi: controlla quello che è segnalato qui sotto.
error-title = Errore: { $title }
name-empty = Scegli un nome.
name-invalid = Questo nome utente non va bene. Usa lettere, numeri, punti e trattini, senza spazi.
name-invalid-try = Il nome utente può contenere solo lettere, numeri, punti e trattini. Che ne dici di uno di questi?
name-taken = Questo nome è già in uso. Scegline un altro.
name-taken-try = Questo nome utente è già in uso. Che ne dici di uno di questi?
name-not-yours = Questo invito è per { $username }. Usa quel nome.
name-refused = Il server non accetta questo nome. Scegline un altro.
password-empty = Scegli una password.
password-short = Troppo corta: usa almeno { $count } caratteri.
password-long = Troppo lunga: usa al massimo { $count } caratteri.
password-weak = Questa password è facile da indovinare. Aggiungi una o due parole.
password-forbidden = Contiene un carattere che le app non possono inviare. Usa lettere, numeri, simboli e spazi.
password-refused = Il server non accetta questa password. Scegline un’altra.
server-says = Il server dice: { $reason }

server-refused-heading = Non ha funzionato
server-refused = Non è cambiato nulla e il tuo invito è ancora valido. Riprova, oppure chiedi a chi ti ha mandato l’invito.
server-away-heading = Riprova tra qualche minuto
server-away = Il server non è raggiungibile in questo momento. Non è cambiato nulla e il tuo invito è ancora valido.
server-unknown-heading = Non sappiamo se ha funzionato
server-unknown = Il server ha smesso di rispondere proprio in quel momento. Prova ad accedere con la tua app. Se non funziona, torna su questa pagina tra qualche minuto e riprova.
form-foreign-heading = Invia di nuovo il modulo
form-foreign = Non veniva da questa pagina, quindi non è stato fatto nulla. Apri di nuovo il tuo invito e compila il modulo che trovi lì.
busy-heading = Qualcuno si sta registrando con questo invito proprio ora
busy = Riprova tra un minuto.
account-exists-heading = Questo indirizzo ha già un account
account-exists = Se { $address } è tuo, accedi con la tua app. Se hai dimenticato la password, chiedi a chi ti ha mandato l’invito un link per sceglierne una nuova.
no-account-heading = Questo account non esiste
no-account = L’account { $address } non esiste. Chiedi a chi ti ha mandato questo link.
bound-name-refused-heading = Il server non accetta questo nome
bound-name-refused = Questo invito è solo per { $address }, e il server non permette questo nome. Chiedi un nuovo invito a chi te l’ha mandato.
server-setup-heading = Il server non è ancora pronto
server-setup = Non è ancora configurato per gli inviti, quindi riprovare non serve. Avvisa chi ti ha mandato il link. Non è cambiato nulla e il link è ancora valido.
server-encryption = Questa pagina e il server non si accordano sulla cifratura, quindi riprovare qui non serve. Apri il link in un’app e avvisa chi te l’ha mandato. Non è cambiato nulla e il link è ancora valido.
server-field = A chi si registra chiede qualcosa che questa pagina non può inviare: { $field }. Avvisa chi ti ha mandato il link. Non è cambiato nulla e il link è ancora valido.

## When the account is there

welcome-title = Ti diamo il benvenuto su { $site }
youre-in = Tutto pronto, { $name }!
in-contacts = { $inviter } è già tra i tuoi contatti.
are-in-groups = { $count ->
        [one] Sei nel gruppo { $groups }.
       *[other] Sei nei gruppi { $groups }.
    }
your-address = Il tuo indirizzo
your-password = La tua password
copy = Copia
password-shown-once = La password viene mostrata solo questa volta.
password-yours = Usa la password che hai scelto.
save-card = Salva come scheda da stampare
say-hello = Manda un saluto
write-to = Scrivi a { $inviter }
log-in-with = Accedi con { $app }
other-device = Anche su un altro dispositivo
other-device-hint = Installa lì un’app e accedi con lo stesso indirizzo e la stessa password. Alcune app possono anche inquadrare questo codice:
credentials-qr = Codice QR con il tuo indirizzo e la tua password
keep-private = Chi vede questo codice può accedere al tuo account.
welcome-login = Apri l’app e accedi con il tuo indirizzo e la tua password.
welcome-choose = Scegli un’app
welcome-webchat = Chatta nel browser

reset-form-heading = Nuova password
reset-form-lead = Per il tuo account { $address }.
reset-form-button = Salva la nuova password
reset-done-heading = La tua nuova password è salvata
reset-done = D’ora in poi accedi a { $address } con la nuova password. Le tue app te la chiederanno.

## When an invitation does not work

unknown-heading = Invito non trovato
unknown-what = Non conosciamo questo invito. Forse il link non è stato copiato per intero.
expired-heading = Invito scaduto
expired-what = Questo invito valeva per un periodo limitato, che ora è finito.
used-heading = Invito già usato
used-what = Qualcuno ha già usato questo invito, forse proprio tu.
used-advice = Se l’hai usato tu, apri la tua app e accedi con la password che hai scelto per prima. Altrimenti chiedi un nuovo link a chi ti ha mandato l’invito.
revoked-heading = Invito ritirato
revoked-what = Questo invito è stato ritirato e non vale più.
new-link-advice = Chiedi un nuovo link a chi ti ha mandato l’invito.
reset-expired-heading = Link scaduto
reset-expired-what = I link per una nuova password valgono solo per un periodo limitato.
reset-used-heading = Link già usato
reset-used-what = Con questo link è già stata impostata una nuova password, forse da te.
reset-used-advice = Se l’hai usato tu, accedi con la password che hai scelto per prima. Altrimenti chiedi un nuovo link a chi ti ha dato questo.
reset-revoked-heading = Questo link non è più valido
reset-revoked-what = Forse hai ricevuto un link più recente. In questo caso usa quello.
reset-new-link-advice = Chiedi un nuovo link a chi ti ha dato questo.

missing-heading = Qui non c’è nulla
missing-what = A questo indirizzo non c’è nessuna pagina.
missing-advice = Se hai aperto un invito, controlla che il link sia stato copiato per intero.

wait-heading = Attendi un momento
wait-what = Dalla tua connessione a internet ci sono stati troppi tentativi di aprire inviti che non conosciamo.
wait-advice = Ricarica questa pagina tra un minuto. Se hai aperto un invito, controlla che il link sia stato copiato per intero.

trouble-heading = Riprova
trouble-what = In questo momento non riusciamo ad aprire il tuo invito. Non è andato perso.
trouble-advice = Ricarica questa pagina tra un minuto.
