# Italian (italiano), tu.

## On every page

language = Lingua
imprint = Note legali
privacy = Privacy
joiner = { " " }

## The invitation

invite-title = Invito a unirsi a { $site }
contact-title = { $inviter } vuole chattare con te
reset-title = Nuova password per { $address }
invite-preview = Apri l’invito per unirti a { $site } e iniziare a chattare.
contact-preview = Apri l’invito per aggiungere { $inviter } ai tuoi contatti.
reset-preview = Apri il link per scegliere una nuova password.

join-contact = Appena ti unisci, troverai { $inviter } tra i tuoi contatti.
join-about = Scrivi messaggi, manda foto e chatta nei gruppi, con l’app che preferisci. Come con l’email, puoi raggiungere anche chi usa altri servizi.
join-name-kept = L’indirizzo { $address } è riservato a te.
join-places = { $count ->
        [one] Questo link vale ancora per una persona.
       *[other] Questo link vale ancora per { $count } persone.
    }

contact-heading = { $inviter } vuole chattare con te
contact-invited = { $address } vuole aggiungerti ai suoi contatti.
contact-no-account = Non hai ancora un account? Installa un’app, crea lì un account e torna su questa pagina.
contact-button = Aggiungi { $inviter }

reset-heading = Scegli una nuova password
reset-invited = Questo link è solo per { $address }. Non condividerlo.
reset-button = Scegli una nuova password
reset-app = Oppure apri nella tua app

step-app-hint = Ne hai già una? Allora vai al passo successivo.
step-join = Unisciti
join-button = Unisciti a { $site }
step-account = Crea il tuo account
step-account-hint = Basta un minuto, qui nel browser. Poi accedi con l’app che preferisci.
account-button = Crea un account
device-choice = Scegli il dispositivo
device-ios = iPhone o iPad

qr-heading = Continua sul telefono
qr-hint = Inquadra questo codice con la fotocamera del telefono.
qr-alt = Codice QR che apre questa pagina

keep-link = Questo invito è solo per te. Chi ha il link può usarlo, quindi non condividerlo.
copied = Copiato

## Setting up one app

setup-heading = Configura { $app }
setup-install = Installa { $app }
setup-install-hint = Poi torna su questa pagina.
setup-download = Scarica
setup-website = Vai al sito
setup-play-hint = Usa il pulsante Google Play: alla prima apertura l’app avrà già il tuo invito.
setup-open = Apri l’invito in { $app }
setup-open-hint = Quando l’app è installata, tocca questo pulsante. L’app ti guida nei passi successivi.
setup-login = Accedi
setup-login-hint = Apri { $app } e accedi con il tuo indirizzo e la tua password.
login-button = Cerca «{ $button }» nell’app.
login-address = Il campo «{ $address }» è per il tuo indirizzo.
setup-back = Scegli un’altra app

app-conversations = Il classico su Android: semplice e sicuro, per scrivere e chiamare.
app-yaxim = Piccola e leggera, anche per i telefoni meno recenti.
app-monal = Per iPhone, iPad e Mac, per scrivere e chiamare.
app-snikket = Facile da usare, per scrivere e chiamare.
app-gajim = Completa e personalizzabile.
app-dino = Chiara e semplice, per scrivere e chiamare.
app-kaidan = Facile da usare, su telefono e computer.

## Creating the account

register-title = Crea un account su { $site }
register-heading = Crea il tuo account
register-lead = Scegli un nome utente e una password. Ti serviranno su { $site }, con qualsiasi app.
username-label = Nome utente
username-hint = Il tuo indirizzo sarà nomeutente@{ $host }. Puoi usare lettere, numeri, punti e trattini.
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
name-empty = Scegli un nome utente.
name-invalid = Il nome utente può contenere solo lettere, numeri, punti e trattini, senza spazi.
name-invalid-try = Il nome utente può contenere solo lettere, numeri, punti e trattini. Che ne dici di uno di questi?
name-taken = Questo nome utente è già in uso. Provane un altro.
name-taken-try = Questo nome utente è già in uso. Che ne dici di uno di questi?
name-not-yours = Questo invito è per il nome utente { $username }. Usa quello.
name-refused = Qui non puoi usare questo nome utente. Provane un altro.
password-empty = Scegli una password.
password-short = Troppo corta: usa almeno { $count } caratteri.
password-long = Troppo lunga: scegli una password più corta.
password-weak = Questa password è facile da indovinare. Aggiungi una o due parole.
password-forbidden = La password contiene un carattere che le app non gestiscono. Usa lettere, numeri, simboli e spazi.
password-refused = Qui non puoi usare questa password. Provane un’altra.
server-says = Risposta del server: { $reason }

server-refused-heading = Non ha funzionato
server-refused = Non è cambiato nulla e il tuo invito è ancora valido. Riprova, oppure chiedi a chi ti ha mandato l’invito.
server-away-heading = Riprova tra qualche minuto
server-away = Il server non è raggiungibile in questo momento. Non è cambiato nulla e il tuo invito è ancora valido.
server-unknown-heading = Non sappiamo se ha funzionato
server-unknown = Il server non risponde più. Prova ad accedere con la tua app. Se non funziona, torna su questa pagina tra qualche minuto e riprova.
form-foreign-heading = Compila di nuovo il modulo
form-foreign = Non è stato inviato da questa pagina, quindi per sicurezza non abbiamo fatto nulla. Apri il tuo invito e compila il modulo che trovi lì.
busy-heading = Qualcuno si sta registrando con questo invito proprio ora
busy = Riprova tra un minuto.
account-exists-heading = Questo indirizzo ha già un account
account-exists = Se { $address } è tuo, accedi con la tua app. Se hai dimenticato la password, chiedi a chi ti ha mandato l’invito un link per sceglierne una nuova.
no-account-heading = Questo account non esiste
no-account = L’account { $address } non esiste. Chiedi a chi ti ha mandato questo link.
bound-name-refused-heading = Qui non puoi usare questo nome utente
bound-name-refused = Questo invito è solo per { $address }, e qui non puoi usare questo nome utente. Chiedi un nuovo invito a chi ti ha mandato questo.
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
reset-form-lead = Per il tuo account { $address }
reset-form-button = Salva password
reset-done-heading = La password è stata cambiata
reset-done = D’ora in poi usa la nuova password per { $address }. Le tue app te la chiederanno.

## When an invitation does not work

unknown-heading = Invito non trovato
unknown-what = Non conosciamo questo invito. Forse il link non è stato copiato per intero.
expired-heading = Invito scaduto
expired-what = Questo invito era valido solo per un periodo limitato.
used-heading = Invito già usato
used-what = Qualcuno si è già unito con questo invito. Forse tu?
used-advice = Se sì, apri la tua app e accedi con la password che hai scelto per prima. Altrimenti chiedi un nuovo invito a chi ti ha mandato questo.
revoked-heading = Invito annullato
revoked-what = Non è più valido.
new-link-advice = Chiedi un nuovo invito a chi ti ha mandato questo.
reset-expired-heading = Link scaduto
reset-expired-what = I link per una nuova password valgono solo per un periodo limitato.
reset-used-heading = Link già usato
reset-used-what = Con questo link è già stata impostata una nuova password. Forse da te?
reset-used-advice = Se sì, accedi con la password che hai scelto per prima. Altrimenti chiedi un nuovo link a chi ti ha dato questo.
reset-revoked-heading = Questo link non è più valido
reset-revoked-what = Forse hai ricevuto un link più recente. In questo caso usa quello.
reset-new-link-advice = Chiedi un nuovo link a chi ti ha dato questo.
invited-by = Questo invito su { $site } viene da { $inviter }.
ask-again = Chiedi a { $inviter } un nuovo invito
ask-again-operator = Chiedi un nuovo invito
ask-again-reset = Chiedi un nuovo link
asked-heading = Richiesta inoltrata
asked = Appena il tuo invito sarà rinnovato, questo stesso link funzionerà di nuovo.
asked-reset = Appena il tuo link sarà rinnovato, funzionerà di nuovo.

already-joined = Ho già creato l’account
joined-heading = Eri tu? Allora è tutto pronto!
joined = Qualcuno si è unito con questo invito. Se eri tu, continua a chattare nella tua app; puoi chiudere questa pagina.
joined-not-you = Non eri tu?
not-joined-heading = Non risulta ancora
not-joined = Finora nessuno si è unito con questo invito. Finisci di creare l’account, poi controlla di nuovo.
check-again = Controlla di nuovo
back-to-invitation = Torna all’invito

missing-heading = Pagina non trovata
missing-what = A questo indirizzo non c’è nessuna pagina.
missing-advice = Se hai aperto un invito, controlla che il link sia stato copiato per intero.

wait-heading = Attendi un momento
wait-what = Dalla tua rete sono stati aperti troppi link di invito sbagliati.
wait-advice = Ricarica questa pagina tra un minuto. Se hai aperto un invito, controlla che il link sia stato copiato per intero.

trouble-heading = Qualcosa è andato storto
trouble-what = In questo momento non riusciamo ad aprire il tuo invito, ma non è andato perso.
trouble-advice = Ricarica questa pagina tra un minuto.
try-again = Riprova

## The first page, redesigned

invited-by-heading = { $inviter } ti invita a chattare
invited-heading = Hai un invito a chattare su { $site }
invited-by-title = { $inviter } ti invita su { $site }
promise-free = Gratis
promise-no-phone = Senza numero di telefono
promise-no-ads = Senza pubblicità
get-app = Scarica { $app }
app-costs = A pagamento in questo store
app-for-device = L’app per { $device }
in-browser = Nel browser, senza app
installed-open = Già installata? Apri l’invito
nothing-happens = Non succede nulla quando tocchi?
other-ways = Un’altra app, un altro dispositivo o nel browser
works-once-until = Solo per te · scadenza: { $date }
works-many-until = { $count ->
        [one] Per un’altra persona · scadenza: { $date }
       *[other] Per altre { $count } persone · scadenza: { $date }
    }
works-for-all-until = Per chiunque abbia questo link · scadenza: { $date }
expires-soon = Non aspettare! Scadenza: { $date }.
in-groups = { $count ->
        [one] Sarai nel gruppo { $groups }.
       *[other] Sarai nei gruppi { $groups }.
    }
rescue-install = Il pulsante funziona solo se { $app } è installata. Installala, torna su questa pagina e tocca «Apri l’invito».
rescue-in-app = Hai aperto questa pagina dentro un’altra app, ad esempio di messaggistica? Aprila nel browser: tocca il menu nell’angolo dello schermo e poi «Apri nel browser».
rescue-paste = Oppure copia questo indirizzo e incollalo nell’app:
rescue-browser = Oppure per ora fai a meno dell’app e crea il tuo account nel browser.
show-qr = Su un altro telefono o tablet? Inquadra questo codice con la sua fotocamera.
who-runs = Chi gestisce questo servizio?
list-separator = { ", " }
app-siskin = Molto completa, con chiamate.
front-link = Link del tuo invito
front-open = Apri l’invito
front-account = Hai già un account?
to-front = Vai alla pagina iniziale
sheet-print = Stampa
help-someone = Stai aiutando qualcun altro? Stampa un foglio
front-what = Chatta con la famiglia e gli amici su { $site }.
front-invitation = Per unirti ti serve un invito. Chiedi a chi è già qui di mandartene uno.
front-have-link = Hai un invito? Apri di nuovo il suo link o inquadra il suo codice.
sheet-title = Iniziare a chattare su { $site }
sheet-for = Per chi dà una mano
sheet-step-install = Installa { $app }.
sheet-step-scan = Inquadra questo codice con la fotocamera del telefono e apri la pagina.
sheet-step-open = Tocca «Apri l’invito», poi scegli un nome utente e una password.
sheet-step-first = Manda un primo messaggio a { $inviter }.
sheet-address = Indirizzo
sheet-password = Password
sheet-help = Chi chiamare per avere aiuto

console-heading = Amministrazione di { $site }
console-overview = Panoramica
console-invites = Inviti
console-new = Nuovo invito
console-sessions = Browser con accesso attivo
console-log-in = Accedi
console-log-out = Esci
console-login-heading = Accedi all’amministrazione
console-login-what = Questo link funziona una volta sola. Usalo solo se lo hai creato tu.
console-link-over-heading = Questo link di accesso non funziona più
console-link-over-what = Un link di accesso funziona una volta, per 15 minuti.
console-out-heading = Non hai effettuato l’accesso
console-out-what = L’accesso termina dopo 12 ore, o dopo 30 minuti senza utilizzo.
console-how = Questo comando sul server crea un link di accesso:
console-old-form-heading = Questa pagina è rimasta aperta troppo a lungo
console-old-form-what = Non è stato cambiato nulla. Torna indietro, ricarica la pagina e riprova.
console-pending = Aperto
console-used = Usato
console-expired = Scaduto
console-revoked = Ritirato
console-all = Tutti
console-asked = Chiede un nuovo link
console-pending-count = Inviti aperti
console-asked-count = Chiedono un nuovo link
console-joined-count = Entrati negli ultimi sette giorni
console-joined = Entrati
console-nobody = Ancora nessuno.
console-empty = Qui non ci sono inviti.
console-search = Cerca nelle tue note
console-show = Mostra
console-older = Meno recenti
console-by = da
console-until = fino al
console-kind = Per che cosa?
console-account = Nuovo account
console-account-and-contact = Nuovo account e contatto
console-contact = Contatto
console-password-reset = Nuova password
console-for = Per chi è? Lo vedi solo tu.
console-username = Nome utente (necessario solo per una nuova password)
console-message = Qualche parola alla persona (facoltativo)
console-uses = Per quante persone?
console-days = Valido per quanti giorni?
console-make = Crea invito
console-wrong = Controlla quello che hai scritto.
console-code = Codice QR del link
console-preview = Guarda che cosa vedrà la persona
console-print = Stampa un foglio
console-made = Creato
console-extend = Sette giorni in più
console-revoke = Ritira
console-restore = Rendi di nuovo valido
console-since = Dal
console-last-used = ultimo uso
console-this-browser = questo browser
console-end = Esci lì
